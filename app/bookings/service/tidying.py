"""Tidying up after the clock: no answer depends on it, tables only stay small and plain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.spaces import service as spaces


def tidy(session: Session, now: datetime) -> int:
    """Mark holds that ran out as expired and free their rows; says how many there were."""
    marked = session.connection().execute(
        update(BookingRow)
        .where(BookingRow.state == BookingState.HELD.value, BookingRow.hold_expires_at <= now)
        .values(state=BookingState.EXPIRED.value)
    )
    spaces.forget_expired_holds(session, now=now)
    return marked.rowcount
