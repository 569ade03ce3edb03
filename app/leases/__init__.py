"""Titles of occupation: private offices, their rents, revisions and letters."""
