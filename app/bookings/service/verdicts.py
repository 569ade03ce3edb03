"""The table of a series: every date free or not, at what price, why not, and what is near.

As many statements for fifty dates as for two; looking writes nothing and locks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings.booking import Visit, Wanted
from app.bookings.queries import find_visits_by_id, lawful_space
from app.bookings.queries.buyers import Buyer, Whom, find_buyer
from app.bookings.queries.nearby import (
    Calendar,
    near_in_place,
    near_in_time,
    read_calendar,
    stand_ins,
    window_of,
)
from app.bookings.queries.ruled import Facts, counted_as, read_facts
from app.bookings.series import DateVerdict, Deed, Near, Planned, SeriesTable
from app.bookings.service.rules import Verdict, judge
from app.domain.calendars import is_open
from app.domain.errors import Closed, DomainError, NonexistentTime, RoomTaken
from app.domain.ids import BookingId, SpaceId
from app.domain.intervals import Span, union
from app.domain.opening_hours import wall_instant
from app.domain.permissions import Actor, Permission, allowed
from app.domain.tariffs import Right
from app.spaces.network import Network, Space
from app.spaces.occupancy import OF_BOOKINGS, Taken
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards

DAYS_NEAR = (1, -1, 2, -2)


@dataclass(slots=True)
class Judged:
    """One date that the rules grant, with what it costs and may use up."""

    verdict: DateVerdict
    space: Space
    wanted: Wanted
    usable: tuple[Right, ...]
    ruling: Verdict


@dataclass(slots=True)
class Court:
    """What is known of who asks and of the rules, to judge one date after the other."""

    network: Network
    cards: Cards
    buyer: Buyer
    actor: Actor
    now: datetime
    facts: dict[SpaceId, Facts]
    granted: dict[datetime, Judged] = field(default_factory=dict)

    def judge(self, planned: Planned) -> DateVerdict:
        """Say what the rules say to a date, whoever has the place; a granted one is priced."""
        if planned.wanted is None:
            return DateVerdict(planned, _skipped(planned))
        try:
            judged = self._granted(planned, planned.wanted)
        except DomainError as refusal:
            return DateVerdict(planned, refusal, is_holiday=self._is_holiday(planned, refusal))
        self.granted[planned.occurrence.original] = judged
        return judged.verdict

    def price(self, space: Space, wanted: Wanted) -> Near | None:
        """Give something near that the house may grant, with its price; nothing is spent."""
        try:
            lawful_space(self.network, wanted, now=self.now)
            quote, _ = self.buyer.quote(self.cards, space, wanted, now=self.now, spend=False)
        except DomainError:
            return None
        return Near(space, wanted.span, quote)

    def _granted(self, planned: Planned, wanted: Wanted) -> Judged:
        space = lawful_space(self.network, wanted, now=self.now)
        who = self.buyer.asker(space.calendar.local_date(wanted.span.start), wanted.companion)
        facts = self.facts[space.id]
        ruling = judge(facts, self.network, space, wanted, who, actor=self.actor, now=self.now)
        if planned.deed is Deed.DROP:
            return Judged(DateVerdict(planned), space, wanted, (), ruling)
        quote, usable = self.buyer.quote(self.cards, space, wanted, now=self.now)
        self.facts[space.id] = facts.beside(counted_as(space, wanted.span, who), wanted.people)
        return Judged(DateVerdict(planned, quote=quote), space, wanted, usable, ruling)

    def _is_holiday(self, planned: Planned, refusal: DomainError) -> bool:
        if not isinstance(refusal, Closed) or planned.wanted is None:
            return False
        calendar = self.network.get_space(planned.wanted.space).calendar
        return refusal.day in calendar.holidays and refusal.day not in calendar.exceptions


def open_court(
    session: Session,
    network: Network,
    actor: Actor,
    planned: Sequence[Planned],
    whom: Whom,
    *,
    now: datetime,
    lock: bool = False,
) -> Court:
    """Read what judging these dates takes; raises UnknownSpace for a place that is not there."""
    wishes = [each.wanted for each in planned if each.wanted is not None]
    spaces = {space.id: space for space in map(network.get_space, {wish.space for wish in wishes})}
    days = {each.day for each in planned}
    days |= {_day_of(network, wish) for wish in wishes}
    buyer = find_buyer(session, network, whom, days, lock=lock)
    facts = {
        number: read_facts(
            session,
            network,
            space,
            [wish.span for wish in wishes if wish.space == space.code],
            buyer.asker(min(days)),
            now=now,
            leaving=whom.leaving,
            lock=lock,
        )
        for number, space in spaces.items()
    }
    return Court(network, find_cards(session, network), buyer, actor, now, facts)


def tabulate(
    session: Session,
    network: Network,
    actor: Actor,
    planned: Sequence[Planned],
    whom: Whom,
    *,
    now: datetime,
) -> SeriesTable:
    """Give the verdict of every date, with what is near to those that cannot be had."""
    court = open_court(session, network, actor, planned, whom, now=now)
    in_order = sorted(planned, key=lambda each: each.occurrence.original)
    verdicts = [court.judge(each) for each in in_order]
    calendar = _own_calendar(session, court, verdicts, whom)
    verdicts = [_looked(court, calendar, each) for each in verdicts]
    names = _holders(session, court, verdicts)
    verdicts = [_named(court, each, names) for each in verdicts]
    return SeriesTable(tuple(_with_near(session, court, calendar, verdicts)))


def _own_calendar(
    session: Session, court: Court, verdicts: Sequence[DateVerdict], whom: Whom
) -> Calendar:
    """Read the places asked for on every date, and on days near to those when they are shut."""
    windows, spaces = [], {}
    for each in verdicts:
        wanted = each.planned.wanted
        if wanted is None:
            continue
        space = court.network.get_space(wanted.space)
        spaces[space.id] = space
        spans = [wanted.span] if each.refusal is None else _other_days(each, space, wanted)
        windows += [window_of(space, span) for span in spans]
    places = list(spaces.values())
    return read_calendar(session, places, windows, now=court.now, ignoring=whom.leaving)


def _looked(court: Court, calendar: Calendar, verdict: DateVerdict) -> DateVerdict:
    """Refuse a date at which somebody else has the place."""
    wanted = verdict.planned.wanted
    if wanted is None or verdict.refusal is not None:
        return verdict
    space = court.network.get_space(wanted.space)
    clashes = calendar.clashes(space, wanted.span, wanted.people)
    if clashes is None:
        return verdict
    taken = RoomTaken(tuple(union(row.span for row in clashes)))
    return replace(verdict, refusal=taken, quote=None, taken_by=_bookings_among(clashes))


def _bookings_among(rows: Sequence[Taken]) -> tuple[BookingId, ...]:
    return tuple(dict.fromkeys(BookingId(row.holder) for row in rows if row.kind in OF_BOOKINGS))


def _holders(
    session: Session, court: Court, verdicts: Sequence[DateVerdict]
) -> dict[BookingId, Visit]:
    """Read whose bookings are in the way, in one statement; none where nothing is."""
    ids = {number for each in verdicts for number in each.taken_by}
    return find_visits_by_id(session, court.network, ids, now=court.now)


def _named(court: Court, verdict: DateVerdict, visits: dict[BookingId, Visit]) -> DateVerdict:
    """Say who has the place: to themselves, and to the staff of the Totem."""
    found = [visits[number] for number in verdict.taken_by if number in visits]
    if not found:
        return verdict
    is_own = all(visit.booking.account_id == court.actor.account_id for visit in found)
    seen = [
        visit.person.name
        for visit in found
        if allowed(court.actor, Permission.DAY_VIEW_NAMES, visit.booking.subject)
    ]
    holder = ", ".join(dict.fromkeys(seen)) if len(seen) == len(found) else None
    return replace(verdict, is_own=is_own, holder=holder)


def _with_near(
    session: Session, court: Court, calendar: Calendar, verdicts: Sequence[DateVerdict]
) -> Iterator[DateVerdict]:
    """Add to each date that cannot be had what is free near to it."""
    asked = [
        (court.network.get_space(wanted.space), wanted.span, wanted.people)
        for each in verdicts
        if isinstance(each.refusal, RoomTaken) and (wanted := each.planned.wanted)
    ]
    others = stand_ins(court.network, asked)
    beside = read_calendar(session, others, [span for _, span, _ in asked], now=court.now)
    for each in verdicts:
        wanted = each.planned.wanted
        if wanted is None or each.refusal is None:
            yield each
        elif isinstance(each.refusal, RoomTaken):
            yield replace(each, near=tuple(_beside(court, calendar, beside, others, wanted)))
        elif isinstance(each.refusal, Closed):
            yield replace(each, near=tuple(_another_day(court, calendar, each, wanted)))
        else:
            yield each


def _beside(
    court: Court, calendar: Calendar, beside: Calendar, others: Sequence[Space], wanted: Wanted
) -> Iterator[Near]:
    """Give another hour of the day in the same place, and another place at the same hour."""
    space = court.network.get_space(wanted.space)
    span = near_in_time(calendar, space, wanted.span, wanted.people, not_before=court.now)
    other = near_in_place(beside, others, space, wanted.span, wanted.people)
    if span is not None and (near := court.price(space, replace(wanted, span=span))):
        yield near
    if other is not None and (near := court.price(other, replace(wanted, space=other.code))):
        yield near


def _another_day(
    court: Court, calendar: Calendar, verdict: DateVerdict, wanted: Wanted
) -> Iterator[Near]:
    """Give the nearest day on which the same hours are open and free."""
    space = court.network.get_space(wanted.space)
    for span in _other_days(verdict, space, wanted):
        is_free = calendar.clashes(space, span, wanted.people) is None
        if is_free and (near := court.price(space, replace(wanted, span=span))):
            yield near
            return


def _other_days(verdict: DateVerdict, space: Space, wanted: Wanted) -> list[Span]:
    """Give the same hours of the days around a date on which the place is shut."""
    if not isinstance(verdict.refusal, Closed):
        return []
    start = wanted.span.start.astimezone(space.calendar.zone)
    spans = []
    for far in DAYS_NEAR:
        day = start.date() + timedelta(days=far)
        begins = wall_instant(day, start.hour * 60 + start.minute, space.calendar.zone)
        span = Span(begins, begins + wanted.span.duration)
        if is_open(space.calendar, span, overnight=space.limits.overnight):
            spans.append(span)
    return spans


def _skipped(planned: Planned) -> NonexistentTime:
    original = planned.occurrence.original
    return NonexistentTime(planned.day, original.time(), original)


def _day_of(network: Network, wanted: Wanted) -> date:
    return network.get_space(wanted.space).calendar.local_date(wanted.span.start)
