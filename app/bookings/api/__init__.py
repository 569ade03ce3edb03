"""Bookings and prices as JSON, under /api/v1."""

from app.bookings.api.bookings import blueprint as bookings
from app.bookings.api.days import blueprint as days
from app.bookings.api.lives import blueprint as lives
from app.bookings.api.offers import blueprint as offers
from app.bookings.api.requests import blueprint as requests
from app.bookings.api.series import blueprint as series
from app.bookings.api.waits import blueprint as waits

blueprints = (offers, days, bookings, requests, series, lives, waits)
