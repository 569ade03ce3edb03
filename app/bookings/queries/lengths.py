"""Which ends a stay may have instead of its own, and what each would cost: one page of choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries.offers import is_lawful
from app.bookings.queries.rights import proven_with, use_of
from app.domain.availability import units_for
from app.domain.booking_rules import Wish
from app.domain.cancellation import kept_of_change
from app.domain.errors import DomainError
from app.domain.intervals import Span
from app.domain.money import Money
from app.entitlements import queries as rights
from app.spaces.network import Network
from app.spaces.queries.occupancy import taken
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for

STEPS = tuple(timedelta(minutes=each) for each in (-120, -60, -30, -15, 15, 30, 60, 90, 120))


@dataclass(frozen=True, slots=True)
class Length:
    """Another end of a stay, what would be due in all, and how that differs from now."""

    ends_at: datetime
    due: Money
    more: Money
    is_longer: bool


def lengths_of(
    session: Session, network: Network, booking: Booking, *, now: datetime
) -> list[Length]:
    """Give the ends that may be had instead, earliest first; a constant number of statements.

    Judged and priced as ``service.move`` would: of what has begun nothing comes back.
    """
    ends = [booking.span.end + step for step in STEPS]
    spans = [Span(booking.span.start, end) for end in ends if end > max(now, booking.span.start)]
    free = [span for span in spans if span.end < booking.span.end]
    free += list(_free(session, booking, [s for s in spans if s.end > booking.span.end], now))
    return list(_priced(session, network, booking, free, now))


def _free(session: Session, booking: Booking, longer: list[Span], now: datetime) -> Iterator[Span]:
    """Give those that are lawful and free; what the booking has itself is not in its way."""
    if not longer:
        return
    space, after = booking.space, booking.occupied.end - booking.span.end
    widest = Span(booking.occupied.start, longer[-1].end + after)
    rows = taken(session, space.unit_ids, widest, now)
    others = [
        (row.unit, row.span)
        for unit in space.unit_ids
        for row in rows[unit]
        if row.holder != booking.id or row.kind != "booking"
    ]
    for span in longer:
        occupied = Span(booking.occupied.start, span.end + after)
        units = units_for(space.sharing, space.unit_ids, others, occupied, people=booking.people)
        wish = Wish(span, booking.people, booking.setup)
        if units and is_lawful(space, wish, _asked_at(booking, now)):
            yield span


def _asked_at(booking: Booking, now: datetime) -> datetime:
    """Give the instant as of which another end is judged: what began lawfully, as it was booked."""
    return booking.created_at if booking.span.start <= now else now


def _priced(
    session: Session, network: Network, booking: Booking, spans: list[Span], now: datetime
) -> Iterator[Length]:
    use = use_of(booking)
    paying, has_rights = rights.paying(session, use.account_id, use.organisation_id, on=use.on)
    usable = rights.NO_RIGHTS
    if has_rights or booking.quote.spent:
        usable = rights.usable_rights(session, network, use)
    cards, begun = find_cards(session, network), booking.span.start <= now
    asked_at = _asked_at(booking, now)
    percent, before = booking.percent_back(now), booking.gross + booking.kept
    for span in spans:
        is_longer = span.end > booking.span.end
        if begun and not is_longer:
            yield Length(span.end, before, Money(0), is_longer)
            continue
        try:
            quote = quote_for(
                cards,
                booking.space,
                span,
                booking.people,
                proven_with(paying, usable),
                booked_on=booking.space.calendar.local_date(asked_at),
                customer=paying.customer,
                rights=usable.rights,
            )
        except DomainError:
            continue
        due = quote.gross + kept_of_change(before, quote.gross, percent)
        yield Length(span.end, due, due - before, is_longer)
