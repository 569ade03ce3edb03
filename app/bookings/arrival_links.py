"""The link by which people say that they are there: signed, good for one booking and its day."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app

from app.bookings.booking import Booking
from app.web.addresses import base_url

LENGTH = 24


def arrival_link(booking: Booking) -> str:
    """Give the address that is mailed to who comes."""
    return f"{base_url()}/arrive/{booking.ref}/{signature(booking)}"


def is_signed(booking: Booking, given: str) -> bool:
    """Whether a link was made by us for who holds the booking now."""
    return hmac.compare_digest(signature(booking).encode(), given.encode())


def signature(booking: Booking) -> str:
    """Sign a booking's reference; handed over, it is another."""
    told = f"arrive:{booking.ref}:{booking.account_id}"
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:LENGTH]
