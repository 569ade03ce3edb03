"""Demonstration people and bookings, so that a first visit finds a house that lives."""
