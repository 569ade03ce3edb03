"""Rebates of profiles to undertakings, valued month by month into the ledger of state aid.

Who pays below the base price by a profile, and pays as an organisation, is spared something that
others pay. Persons who pay themselves, and organisations without economic activity, get no aid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from app.bookings.tables import BookingRow
from app.domain.aid import Rebate
from app.domain.booking_states import BookingState
from app.domain.calendars import local_day
from app.domain.entitlements import EntryKind
from app.domain.money import Money, half_up
from app.domain.months import ONE_DAY, add_months
from app.domain.tariffs import quote_from_json
from app.domain.tariffs.explaining import exact_amount
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow
from app.leases.aid import AidSource
from app.leases.service.aid import Grant, record_enjoyed
from app.spaces.network import Site

# What was agreed and not given up; somebody who stays away was spared the money all the same.
COUNTED = (
    BookingState.CONFIRMED,
    BookingState.CHECKED_IN,
    BookingState.COMPLETED,
    BookingState.NO_SHOW,
)
_Found = dict[int, list[Rebate]]


def value_month(
    session: Session, sites: Sequence[Site], month: date, *, now: datetime
) -> list[str]:
    """Enter what each undertaking was spared at each Totem in a month that is over.

    Gives the new numbers; what was valued before is not entered again.
    """
    month = month.replace(day=1)
    last = add_months(month, 1) - ONE_DAY
    numbers = []
    for site in sites:
        if site.calendar.local_date(now) <= last:
            continue
        for organisation, rebates in sorted(_spared(session, site, month, last).items()):
            grant = Grant(
                organisation_id=organisation,
                site=site,
                source=AidSource.REBATES,
                reference=f"{month:%Y-%m}",
                rebates=tuple(rebates),
                granted_on=last,
            )
            numbers.append(record_enjoyed(session, grant, now=now))
    return [number for number in numbers if number is not None]


def rebates_in(quote: Mapping[str, Any], on: date) -> Iterator[Rebate]:
    """Give what the lines of a frozen quote spared by their profile, against the base price."""
    for line in quote_from_json(dict(quote)).lines:
        if Fraction(str(line.facts.get("profile_factor", 1))) >= 1:
            continue
        base = {name: fact for name, fact in line.facts.items() if name != "profile_factor"}
        market = exact_amount(replace(line, facts=base))
        paid = line.amount.minor + int(str(line.facts.get("credit_minor", 0)))
        yield Rebate(on, Money(half_up(market.numerator, market.denominator)), Money(paid))


def _spared(session: Session, site: Site, month: date, last: date) -> _Found:
    """Gather the rebates of a month at a site by organisation: stays by day, packs by sale."""
    start, end = local_day(site.calendar, month).start, local_day(site.calendar, last).end
    found: _Found = defaultdict(list)
    stays = session.execute(
        select(BookingRow.organisation_id, BookingRow.starts_at, BookingRow.quote)
        .where(
            BookingRow.site_id == site.id,
            BookingRow.organisation_id.is_not(None),
            BookingRow.starts_at >= start,
            BookingRow.starts_at < end,
            BookingRow.state.in_([state.value for state in COUNTED]),
        )
        .order_by(BookingRow.starts_at, BookingRow.id)
    )
    for organisation, starts_at, quote in stays:
        found[organisation or 0] += rebates_in(quote, site.calendar.local_date(starts_at))
    sold = session.execute(
        select(EntitlementRow.organisation_id, EntitlementRow.valid_from, EntitlementRow.quote)
        .where(
            EntitlementRow.site_id == site.id,
            EntitlementRow.organisation_id.is_not(None),
            EntitlementRow.valid_from.between(month, last),
            ~_taken_back(),
        )
        .order_by(EntitlementRow.valid_from, EntitlementRow.id)
    )
    for organisation, valid_from, bought in sold:
        if bought is not None:  # what came with a month, or as a gift, has no price of its own
            found[organisation or 0] += rebates_in(bought, valid_from)
    return found


def _taken_back() -> ColumnElement[bool]:
    """The condition that what filled a right was taken back: then nothing was sold."""
    filling, undoing = aliased(EntitlementEntryRow), aliased(EntitlementEntryRow)
    return (
        exists()
        .where(
            filling.entitlement_id == EntitlementRow.id,
            filling.kind == EntryKind.GRANTED,
            undoing.undoes_id == filling.id,
        )
        .correlate(EntitlementRow)
    )
