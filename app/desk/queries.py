"""The day of a Totem as the desk sees it: four columns, and what the doors told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from app.access import queries as access
from app.access.journal import JournalLine, Status
from app.bookings import queries as bookings
from app.bookings.booking import Booking, Visit
from app.domain.booking_states import BookingState
from app.domain.calendars import local_day, next_opening, opening_spans
from app.domain.plain_text import folded
from app.spaces.network import Network, Site

ALARMING = frozenset({Status.OPENED_ALTHOUGH_CANCELLED, Status.OPENED_ALTHOUGH_MOVED})


class Column(StrEnum):
    """Where a visit stands on the board."""

    COMING = "coming"
    ARRIVED = "arrived"
    RUNNING = "running"
    GONE = "gone"


INSIDE = frozenset({Column.ARRIVED, Column.RUNNING})  # by what the desk knows


@dataclass(frozen=True, slots=True)
class Card:
    """One visit on the board."""

    visit: Visit
    column: Column
    is_late: bool
    is_released: bool
    openings: tuple[JournalLine, ...]

    @property
    def booking(self) -> Booking:
        """The booking of the visit."""
        return self.visit.booking


@dataclass(frozen=True, slots=True)
class Board:
    """One day of one Totem."""

    site: Site
    day: date
    is_open: bool
    next_opening: datetime | None
    expected: int  # people of the whole day, whatever was searched for; and of those in the house
    present: int
    cards: tuple[Card, ...]
    alarms: tuple[JournalLine, ...]

    def column(self, name: str) -> list[Card]:
        """Give the cards of a column, in the order of the day."""
        return [card for card in self.cards if card.column == name]

    @property
    def only_arrival(self) -> Card | None:
        """Give the one visit that is still to come, when there is exactly one."""
        coming = self.column(Column.COMING)
        return coming[0] if len(coming) == 1 else None


def board_of(
    session: Session,
    network: Network,
    site: Site,
    day: date,
    *,
    now: datetime,
    text: str = "",
    with_doors: bool = True,
) -> Board:
    """Read the board of a day: three statements, whatever the number of bookings.

    ``text`` keeps the visits whose name, organisation, place, title or reference hold it, accents
    or not; without doors nothing is told of who passed which.
    """
    whole = local_day(site.calendar, day)
    visits = bookings.visits_of_site(session, network, site, whole, now=now)
    found = [visit for visit in visits if _matches(visit, text)]
    shown = [visit.booking.id for visit in found] if with_doors else []
    openings = access.openings_of_bookings(session, network, shown)
    alarms = access.journal_of_day(session, site, day, only=ALARMING) if with_doors else []
    return Board(
        site=site,
        day=day,
        is_open=bool(opening_spans(site.calendar, day)),
        next_opening=next_opening(site.calendar, max(now, whole.start)),
        expected=_people(each for each in visits if each.booking.state is not BookingState.NO_SHOW),
        present=_people(each for each in visits if _column(each.booking, now) in INSIDE),
        cards=tuple(_card(visit, openings.get(visit.booking.id, ()), now=now) for visit in found),
        alarms=tuple(alarms),
    )


def day_to_show(site: Site, *, now: datetime) -> date:
    """Give today, or the next open day when the Totem is closed today."""
    today = now.astimezone(site.calendar.zone).date()
    if opening_spans(site.calendar, today):
        return today
    opens = next_opening(site.calendar, now)
    return opens.astimezone(site.calendar.zone).date() if opens else today


def _card(visit: Visit, openings: Iterable[JournalLine], *, now: datetime) -> Card:
    booking = visit.booking
    late = booking.state is BookingState.CONFIRMED and now >= booking.span.start + GRACE
    return Card(visit, _column(booking, now), late, _is_released(booking, now), tuple(openings))


GRACE = timedelta(minutes=10)  # later than that, the desk may want to call


def _is_released(booking: Booking, now: datetime) -> bool:
    """Whether nobody came and the place was given back, while who comes late may have it again."""
    return booking.state is BookingState.NO_SHOW and now < booking.span.end


def _column(booking: Booking, now: datetime) -> Column:
    if _is_released(booking, now):
        return Column.COMING
    if booking.checked_out_at is not None or booking.state in (
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
    ):
        return Column.GONE
    if booking.state is BookingState.CHECKED_IN:
        return Column.RUNNING if now >= booking.span.start else Column.ARRIVED
    return Column.COMING


def _people(visits: Iterable[Visit]) -> int:
    return sum(visit.booking.people for visit in visits)


def _matches(visit: Visit, text: str) -> bool:
    booking, person = visit.booking, visit.person
    known = folded(
        f"{person.name} {person.organisation or ''} {booking.space.name.fr}"
        f" {booking.title} {booking.ref}"
    )
    return all(word in known for word in folded(text).split())
