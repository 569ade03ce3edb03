"""Which bookings are in the way of a closure, each with its person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Visit
from app.bookings.queries.rows import visits, visits_from
from app.bookings.tables import BookingRow
from app.domain.intervals import Span
from app.spaces.network import Network, Space
from app.spaces.occupancy import OF_BOOKINGS
from app.spaces.queries import taken, units_of


def visits_in_the_way(
    session: Session,
    network: Network,
    spaces: Sequence[Space],
    span: Span,
    *,
    now: datetime,
    lock: bool = False,
) -> list[Visit]:
    """Give the bookings that occupy any unit of the places in the span, by start.

    In two statements, however many there are. Locked, nobody else changes them before this
    transaction ends.
    """
    rows = taken(session, units_of(spaces), span, now)
    holders = {row.holder for each in rows.values() for row in each if row.kind in OF_BOOKINGS}
    if not holders:
        return []
    wanted = visits().where(BookingRow.id.in_(sorted(holders))).order_by(BookingRow.id)
    if lock:
        wanted = wanted.with_for_update(of=BookingRow)
    found = visits_from(session, session.execute(wanted), network, now)
    return sorted(found, key=lambda each: (each.booking.span.start, each.booking.id))
