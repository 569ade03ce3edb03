"""Cards that open doors: a person's, those shown that nobody has, and what each opens when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.holders import Card, ShownCard
from app.access.keys import IssuerKeys
from app.access.pass_names import CARD, device_of, named
from app.access.passes import pass_days, seconds
from app.access.queries.stays import touches
from app.access.tables import AccessCardRow, JournalRow
from app.bookings.tables import BookingRow
from app.domain.booking_states import OPENING
from app.domain.calendars import local_day
from app.domain.ids import AccountId, SpaceId
from app.domain.intervals import Span
from app.people.tables import AccountRow
from app.spaces.network import Site
from devices.passes.cards import CardStay
from devices.passes.reasons import Reason

SHOWN_LATELY: Final = timedelta(hours=1)
MOST_CARDS: Final = 100


def cards_of(session: Session, account_id: AccountId) -> list[Card]:
    """Give the cards of a person that open doors, oldest first; one statement."""
    rows = session.scalars(
        select(AccessCardRow)
        .where(AccessCardRow.account_id == account_id, AccessCardRow.revoked_at.is_(None))
        .order_by(AccessCardRow.id)
    )
    return [card_from(row) for row in rows]


def find_card_by_id(session: Session, card_id: int) -> Card | None:
    """Give a card, taken back or not; None when unknown."""
    row = session.get(AccessCardRow, card_id)
    return None if row is None else card_from(row)


def cards_given(session: Session) -> list[tuple[Card, str]]:
    """Give the cards that were given last, with whose they are; one statement."""
    rows = session.execute(
        select(AccessCardRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == AccessCardRow.account_id)
        .where(AccessCardRow.revoked_at.is_(None))
        .order_by(AccessCardRow.id.desc())
        .limit(MOST_CARDS)
    )
    return [(card_from(row), name) for row, name in rows]


def cards_shown(session: Session, sites: Collection[Site], *, now: datetime) -> list[ShownCard]:
    """Give the cards that nobody has, shown at these sites in the last hour, latest first."""
    doors = {door.number: door for site in sites for door in site.doors}
    rows = session.execute(
        select(JournalRow.pass_id, JournalRow.door, JournalRow.at)
        .where(
            JournalRow.site_id.in_(sorted(site.id for site in sites)),
            JournalRow.at > now - SHOWN_LATELY,
            JournalRow.reason == Reason.UNKNOWN_CARD.value,
            JournalRow.pass_id.is_not(None),
        )
        .order_by(JournalRow.at.desc(), JournalRow.device_id, JournalRow.seq.desc())
        .limit(MOST_CARDS)
    )
    found: dict[bytes, ShownCard] = {}
    for pass_id, number, at in rows:
        shown = bytes.fromhex(pass_id or "")
        if number in doors:
            found.setdefault(shown, ShownCard(shown, doors[number], at))
    held = select(AccessCardRow.fingerprint).where(
        AccessCardRow.fingerprint.in_(sorted(found)), AccessCardRow.revoked_at.is_(None)
    )
    given = set(session.scalars(held))
    return [card for shown, card in found.items() if shown not in given]


def card_stays(
    session: Session, site: Site, keys: IssuerKeys, reach: Span
) -> list[tuple[SpaceId, CardStay]]:
    """Give which cards open which spaces of a site when, within that span; one statement."""
    rows = session.execute(
        select(
            AccessCardRow.fingerprint,
            AccessCardRow.code,
            BookingRow.id,
            BookingRow.pass_version,
            BookingRow.space_id,
            BookingRow.starts_at,
            BookingRow.ends_at,
        )
        .join(BookingRow, BookingRow.account_id == AccessCardRow.account_id)
        .where(
            AccessCardRow.revoked_at.is_(None),
            touches(site, reach),
            BookingRow.state.in_(sorted(state.value for state in OPENING)),
        )
        .order_by(BookingRow.starts_at, BookingRow.id, AccessCardRow.id)
    )
    return [
        (SpaceId(row.space_id), stay) for row in rows for stay in _stays(row, site, keys, reach)
    ]


def card_from(row: AccessCardRow) -> Card:
    """Make a value of a row."""
    return Card(
        id=row.id,
        code=row.code,
        account_id=AccountId(row.account_id),
        label=row.label,
        given_at=row.given_at,
        revoked_at=row.revoked_at,
    )


def _stays(
    row: Row[bytes, str, int, int, int, datetime, datetime],
    site: Site,
    keys: IssuerKeys,
    reach: Span,
) -> Iterator[CardStay]:
    """Give what a card opens for one booking: its hours, or of a long stay those of each day."""
    span = Span(row.starts_at, row.ends_at)
    for day in pass_days(span, site.calendar) or (None,):
        hours = span if day is None else span.within(local_day(site.calendar, day))
        if hours is not None and hours.overlaps(reach):
            device = device_of(day, named(CARD, row.code))
            yield CardStay(
                row.fingerprint,
                seconds(hours.start),
                seconds(hours.end),
                keys.pass_id(row.id, row.pass_version, device),
            )
