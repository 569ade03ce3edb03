"""Fills today and the coming week with bookings, and lets people come and go.

What happens on a day depends on the day and the site alone (a digest throws the dice), so that a
second start of the same day adds nothing and two machines show the same house.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.booking import Booking, Visit, Wanted
from app.db import outbox
from app.demonstration.cast import CROWD, TITLES
from app.domain.booking_states import BookingState
from app.domain.calendars import opening_spans
from app.domain.errors import DomainError
from app.domain.events import BookingConfirmed
from app.domain.ids import AccountId, SpaceCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.permissions import Actor
from app.spaces.network import Network, Site, Space

WEEK = 8  # today and the seven days after it
EARLY = timedelta(hours=2)  # bookings of a day are made this long before its opening
GRID = timedelta(minutes=30)
# How many bookings of an open day a kind of place gets, and how long they are in half hours.
HABITS: dict[SpaceKind, tuple[int, tuple[int, ...]]] = {
    SpaceKind.SEAT: (5, (8, 16, 18)),
    SpaceKind.MEETING_ROOM: (2, (2, 3, 4, 8)),
    SpaceKind.VIDEOCONFERENCE: (2, (2, 3)),
    SpaceKind.TRAINING: (1, (8, 14)),
    SpaceKind.STUDIO: (1, (4, 8)),
    SpaceKind.MACHINE: (1, (2, 4)),
    SpaceKind.CONFERENCE: (1, (6,)),
    SpaceKind.DEMO: (1, (4,)),
    SpaceKind.ASSOCIATION_OFFICE: (1, (4, 6)),
}


@dataclass(frozen=True, slots=True)
class Dice:
    """Throws that depend on what is named, and on nothing else."""

    name: str

    def throw(self, what: str, sides: int) -> int:
        """Give a number from 0 to ``sides`` - 1."""
        digest = hashlib.sha256(f"{self.name}:{what}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % sides


def fill(
    session: Session,
    network: Network,
    staff: Actor,
    people: dict[str, AccountId],
    *,
    now: datetime,
) -> int:
    """Book the coming days of every site that has none yet; gives how many bookings were made."""
    made = 0
    for site in network.sites:
        today = now.astimezone(site.calendar.zone).date()
        for day in (today + timedelta(days=n) for n in range(WEEK)):
            opening = opening_spans(site.calendar, day)
            if not opening or _is_filled(session, network, site, opening, now=now):
                continue
            made += _fill_day(session, site, day, opening[0].start - EARLY, staff, people, now=now)
    return made


def _is_filled(
    session: Session, network: Network, site: Site, opening: tuple[Span, ...], *, now: datetime
) -> bool:
    whole = Span(opening[0].start, opening[-1].end)
    logins = {player.name for player in CROWD}
    visits = queries.visits_of_site(session, network, site, whole, now=now)
    return any(visit.person.name in logins for visit in visits)


def _fill_day(
    session: Session,
    site: Site,
    day: date,
    booked_at: datetime,
    staff: Actor,
    people: dict[str, AccountId],
    *,
    now: datetime,
) -> int:
    made = 0
    for space in site.spaces:
        for login, wanted in _wishes(site, space, day):
            made += _book(session, staff, people[login], wanted, now=min(now, booked_at))
    return made


def _wishes(site: Site, space: Space, day: date) -> Iterator[tuple[str, Wanted]]:
    """List who wants this place on this day, and when."""
    count, lengths = HABITS.get(space.kind, (0, ()))
    opening = opening_spans(space.calendar, day)
    if not space.bookable or not opening:
        return
    dice = Dice(f"{space.code}:{day}")
    locals_ = [player for player in CROWD if player.home == site.code] or list(CROWD)
    for number in range(count):
        if dice.throw(f"comes {number}", 4) == 0:
            continue
        span = _stay(dice, number, opening[0], lengths)
        player = locals_[dice.throw(f"who {number}", len(locals_))]
        title = (
            ""
            if space.kind is SpaceKind.SEAT
            else TITLES[dice.throw(f"title {number}", len(TITLES))]
        )
        most = 1 if space.kind is SpaceKind.SEAT else max(1, space.capacity * 3 // 4)
        yield (
            player.login,
            Wanted(SpaceCode(space.code), span, 1 + dice.throw(f"people {number}", most), title),
        )


def _stay(dice: Dice, number: int, opening: Span, lengths: tuple[int, ...]) -> Span:
    slots = int(opening.duration / GRID)
    length = min(lengths[dice.throw(f"length {number}", len(lengths))], slots)
    first = dice.throw(f"start {number}", slots - length + 1)
    start = opening.start + first * GRID
    return Span(start, start + length * GRID)


def _book(
    session: Session, staff: Actor, person: AccountId, wanted: Wanted, *, now: datetime
) -> bool:
    """Book unless the rules or somebody else say no; nobody is mailed about the crowd."""
    try:
        with session.begin_nested():
            booking = service.book_for(session, staff, person, wanted, now=now)
            outbox.withdraw(session, BookingConfirmed(booking.id, booking.version))
    except DomainError:
        return False
    return True


def come_and_go(session: Session, network: Network, staff: Actor, *, now: datetime) -> int:
    """Let the crowd of today arrive and leave as the clock has it; gives how many moved."""
    moved = 0
    for site in network.sites:
        today = now.astimezone(site.calendar.zone).date()
        for opening in opening_spans(site.calendar, today):
            for visit in queries.visits_of_site(session, network, site, opening, now=now):
                moved += _move_along(session, staff, visit, now=now)
    return moved


def _move_along(session: Session, staff: Actor, visit: Visit, *, now: datetime) -> bool:
    booking: Booking = visit.booking
    if visit.person.name not in {player.name for player in CROWD}:
        return False
    dice = Dice(booking.ref)
    arrival = booking.span.start + timedelta(minutes=dice.throw("late", 12) - 4)
    if dice.throw("no-show", 8) == 0 or arrival > now:
        return False
    try:
        with session.begin_nested():
            if booking.state is BookingState.CONFIRMED and now < booking.span.end:
                service.check_in(session, staff, booking.ref, now=now)
            elif booking.state is BookingState.NO_SHOW:
                service.arrive(session, booking.id, at=arrival, now=now)
            else:
                return False
    except DomainError:
        return False
    return True
