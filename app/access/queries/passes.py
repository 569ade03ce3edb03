"""The booking whose pass a person wants to see next."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries import upcoming
from app.domain.booking_states import OPENING
from app.domain.permissions import Actor
from app.spaces.network import Network

_LOOKED_AT: Final = 50


def next_pass_booking(
    session: Session, network: Network, actor: Actor, *, now: datetime
) -> Booking | None:
    """Give the actor's running or next booking that has a pass, or None."""
    for booking in upcoming(session, network, actor, now=now, limit=_LOOKED_AT):
        own = booking.account_id == actor.account_id
        if own and booking.state in OPENING and booking.space.doors:
            return booking
    return None
