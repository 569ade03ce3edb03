"""Doors: passes, the devices at the doors, what they are told and what they report."""
