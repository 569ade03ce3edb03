"""Fills today and the coming week with bookings, and lets people come and go.

What happens on a day depends on the day and the site alone (a digest throws the dice), so that a
second start of the same day adds nothing and two machines show the same house.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.booking import Booking, Override, Visit, Wanted
from app.db import outbox
from app.demonstration.cast import CROWD, TITLES
from app.domain.booking_states import BookingState
from app.domain.calendars import opening_spans
from app.domain.errors import DomainError
from app.domain.events import BookingConfirmed
from app.domain.ids import AccountId, SpaceCode
from app.domain.intervals import Span, clashes
from app.domain.kinds import SpaceKind
from app.domain.permissions import Actor
from app.spaces.network import Network, Site, Space
from app.spaces.plan import INDUCTIONS

WEEK = 8  # today and the seven days after it
EARLY = timedelta(hours=2)  # bookings of a day are made this long before its opening
GRID = timedelta(minutes=30)
SHOWN_FOR = timedelta(days=730)
FILLED = Override("Démonstration")
SECOND = CROWD[0].email
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


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who may come: the accounts by login, who books for them, and when they are busy already."""

    staff: Actor
    people: dict[str, AccountId]
    busy: dict[str, list[Span]] = field(default_factory=dict)  # nobody is in two rooms at once


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
    crowd = Crowd(staff, people)
    _show_machines(session, staff, people, now=now)
    for site in network.sites:
        today = now.astimezone(site.calendar.zone).date()
        for day in (today + timedelta(days=n) for n in range(WEEK)):
            opening = opening_spans(site.calendar, day)
            if not opening or _is_filled(session, network, site, opening, now=now):
                continue
            made += _fill_day(session, site, day, crowd, now=min(now, opening[0].start - EARLY))
    return made


def _show_machines(
    session: Session, staff: Actor, people: dict[str, AccountId], *, now: datetime
) -> None:
    """Let everybody of the crowd have been shown the machines, once."""
    last = now.date() + SHOWN_FOR
    for player in CROWD:
        account = people[player.login]
        if not queries.inductions_of(session, account):
            for code in INDUCTIONS:
                service.grant_induction(session, staff, account, code, valid_until=last, now=now)


def _is_filled(
    session: Session, network: Network, site: Site, opening: tuple[Span, ...], *, now: datetime
) -> bool:
    whole = Span(opening[0].start, opening[-1].end)
    logins = {player.name for player in CROWD}
    visits = queries.visits_of_site(session, network, site, whole, now=now)
    return any(visit.person.name in logins for visit in visits)


def _fill_day(session: Session, site: Site, day: date, crowd: Crowd, *, now: datetime) -> int:
    made = 0
    for space in site.spaces:
        for wanted in _wishes(space, day):
            login = _find_player(site, wanted, crowd.busy)
            if login is not None and _book(session, crowd, login, wanted, now=now):
                crowd.busy.setdefault(login, []).append(wanted.span)
                made += 1
    return made


def _find_player(site: Site, wanted: Wanted, busy: dict[str, list[Span]]) -> str | None:
    """Give somebody who has nothing else then: people of the site first, then guests."""
    dice = Dice(f"{wanted.space}:{wanted.span.start}")
    ranked = sorted(
        CROWD, key=lambda player: (player.home != site.code, dice.throw(player.login, 1000))
    )
    for player in ranked:
        if not clashes([wanted.span], taken=busy.get(player.login, [])):
            return player.login
    return None


def _wishes(space: Space, day: date) -> Iterator[Wanted]:
    """List what is wanted of this place on this day."""
    count, lengths = HABITS.get(space.kind, (0, ()))
    opening = opening_spans(space.calendar, day)
    if not space.bookable or not opening:
        return
    dice = Dice(f"{space.code}:{day}")
    for number in range(count):
        if dice.throw(f"comes {number}", 4) == 0:
            continue
        span = _stay(dice, number, opening[0], lengths)
        title = (
            ""
            if space.kind is SpaceKind.SEAT
            else TITLES[dice.throw(f"title {number}", len(TITLES))]
        )
        most = 1 if space.kind is SpaceKind.SEAT else max(1, space.capacity * 3 // 4)
        people = 1 + dice.throw(f"people {number}", most)
        yield Wanted(SpaceCode(space.code), span, people, title, companion=SECOND, override=FILLED)


def _stay(dice: Dice, number: int, opening: Span, lengths: tuple[int, ...]) -> Span:
    slots = int(opening.duration / GRID)
    length = min(lengths[dice.throw(f"length {number}", len(lengths))], slots)
    first = dice.throw(f"start {number}", slots - length + 1)
    start = opening.start + first * GRID
    return Span(start, start + length * GRID)


def _book(session: Session, crowd: Crowd, login: str, wanted: Wanted, *, now: datetime) -> bool:
    """Book unless the rules or somebody else say no; nobody is mailed about the crowd."""
    person = crowd.people[login]
    try:
        with session.begin_nested():
            booking = service.book_for(session, crowd.staff, person, wanted, now=now)
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
