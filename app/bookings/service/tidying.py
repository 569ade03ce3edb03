"""Tidying up after the clock: no answer depends on it, tables only stay small and plain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.bookings.service.absences import release_unseen
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.spaces import service as spaces


def tidy(session: Session, now: datetime) -> int:
    """Mark holds that ran out and stays nobody came to; says how many holds there were."""
    release_unseen(session, now=now)
    marked = session.connection().execute(
        update(BookingRow)
        .where(BookingRow.state == BookingState.HELD.value, BookingRow.hold_expires_at <= now)
        .values(state=BookingState.EXPIRED.value)
    )
    spaces.forget_expired_holds(session, now=now)
    return marked.rowcount
