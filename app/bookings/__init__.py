"""Bookings: holds, bookings, their log, and the calendar feeds that show them."""
