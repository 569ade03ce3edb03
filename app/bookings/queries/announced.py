"""How many people are announced: what a place must go on being able to hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bookings.queries.rows import state_at
from app.bookings.tables import BookingRow
from app.domain.booking_states import OCCUPYING


def announced_people(session: Session, *, now: datetime) -> dict[int, int]:
    """Give the most people that any booking to come or running has announced, by space id."""
    rows = session.execute(
        select(BookingRow.space_id, func.max(BookingRow.people))
        .where(BookingRow.ends_at > now, state_at(now).in_(sorted(OCCUPYING)))
        .group_by(BookingRow.space_id)
        .order_by(BookingRow.space_id)
    )
    return {row[0]: row[1] for row in rows}
