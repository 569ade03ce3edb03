"""Which of one's own dates would be given up from one day to another."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries.rows import visits, visits_from
from app.bookings.tables import BookingRow
from app.domain.booking_states import CANCELLABLE
from app.domain.ids import AccountId
from app.spaces.network import Network

A_DAY = timedelta(days=1)


def own_between(
    session: Session,
    network: Network,
    account_id: AccountId,
    first: date,
    last: date,
    *,
    now: datetime,
    lock: bool = False,
) -> list[Booking]:
    """Give a person's bookings to come that begin on those local dates, both included, by start.

    Locked, nobody else changes them before this transaction ends.
    """
    wanted = (
        visits()
        .where(
            BookingRow.account_id == account_id,
            BookingRow.starts_at > now,
            BookingRow.starts_at >= datetime.combine(first, time.min, UTC) - A_DAY,
            BookingRow.starts_at < datetime.combine(last, time.min, UTC) + 2 * A_DAY,
        )
        .order_by(BookingRow.id)
    )
    if lock:
        wanted = wanted.with_for_update(of=BookingRow)
    found = [
        visit.booking
        for visit in visits_from(session, session.execute(wanted), network, now)
        if visit.booking.state in CANCELLABLE
    ]
    return sorted(
        (each for each in found if first <= each.site.calendar.local_date(each.span.start) <= last),
        key=lambda each: (each.span.start, each.id),
    )
