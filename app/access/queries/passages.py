"""The passages of one person, found by the bookings that are theirs and by nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.journal import KEPT, JournalLine
from app.access.passages import Lookup, Passages
from app.access.queries.journal import read_lines
from app.access.tables import JournalRow, LookupRow
from app.bookings.tables import BookingRow
from app.domain.ids import AccountId
from app.people.tables import AccountRow
from app.spaces.network import Network, Site

MOST_LINES = 500


def passages_of(
    session: Session, network: Network, account_id: AccountId, *, now: datetime
) -> Passages:
    """Give what doors wrote down of a person's own bookings, and who looked at it."""
    return Passages(
        tuple(lines_about(session, network, account_id, now=now)),
        tuple(_lookups(session, network, account_id)),
    )


def lines_about(
    session: Session,
    network: Network,
    account_id: AccountId,
    *,
    now: datetime,
    site: Site | None = None,
) -> list[JournalLine]:
    """Give the lines about a person's own bookings, at one site or all; one statement."""
    mine = select(BookingRow.id).where(BookingRow.account_id == account_id)
    wanted = [JournalRow.booking_id.in_(mine), JournalRow.received_at >= now - KEPT]
    if site is not None:
        wanted.append(JournalRow.site_id == site.id)
    doors = [door for each in network.sites for door in each.doors]
    return read_lines(session, wanted, doors, most=MOST_LINES)


def _lookups(session: Session, network: Network, account_id: AccountId) -> list[Lookup]:
    sites: dict[int, Site] = {site.id: site for site in network.sites}
    rows = session.execute(
        select(LookupRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == LookupRow.account_id)
        .where(LookupRow.about_id == account_id)
        .order_by(LookupRow.at.desc(), LookupRow.id.desc())
        .limit(MOST_LINES)
    )
    return [Lookup(row.at, name, sites.get(row.site_id), row.reason) for row, name in rows]
