"""When people come through the doors of a site, counted without telling who."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.queries.journal import OPENINGS
from app.access.tables import JournalRow
from app.bookings.tables import BookingRow
from app.spaces.network import Site

FOUR_WEEKS = timedelta(weeks=4)


def entries_of_weeks(session: Session, site: Site, *, now: datetime) -> list[tuple[int, datetime]]:
    """Give who entered when in the last four weeks, in local time; one statement."""
    rows = session.execute(
        select(BookingRow.account_id, JournalRow.at)
        .join(BookingRow, BookingRow.id == JournalRow.booking_id)
        .where(
            JournalRow.site_id == site.id,
            JournalRow.at >= now - FOUR_WEEKS,
            JournalRow.status.in_(OPENINGS),
        )
        .order_by(JournalRow.at, JournalRow.device_id, JournalRow.seq)
    )
    return [(account_id, at.astimezone(site.calendar.zone)) for account_id, at in rows]
