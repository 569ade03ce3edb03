"""Any stretch of a length in a window, as « 2 h this week »: where and when it is free, priced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from math import lcm

from sqlalchemy.orm import Session

from app.bookings.queries.offers import (
    Offer,
    Search,
    Whose,
    criteria_of,
    find_price,
    is_lawful,
    paying_of,
    raise_first,
    rank,
)
from app.domain.availability import next_free
from app.domain.booking_rules import Wish
from app.domain.calendars import local_dates, local_day, opening_spans
from app.domain.day_parts import DayPart, part_of_day
from app.domain.errors import DomainError, SpanInPast, TooLong
from app.domain.ids import UnitId
from app.domain.intervals import Span
from app.domain.stays import GRACE, LONGEST_STAY, refuse_length
from app.spaces import queries as spaces
from app.spaces.network import Network, Space
from app.spaces.occupancy import Taken
from app.tariffs.cards import Cards

OF_EACH = 3  # days of one place
LONGEST_WINDOW = LONGEST_STAY
QUARTER = 15  # minutes between the beginnings that are tried, or more where the grid is coarser
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many minutes within the window of a search, at a part of the day if asked."""

    minutes: int
    part: DayPart | None = None


def find_stretches(
    session: Session,
    network: Network,
    cards: Cards,
    search: Search,
    stretch: Stretch,
    whose: Whose,
    *,
    now: datetime,
) -> list[Offer]:
    """Give where and when the people can stay for so long, best first, each with its price.

    Of each place the first such stay of at most three days of the window. Raises ``SpanInPast``
    when the window is over, and why when no place that fits is given out so.
    """
    _refuse_window(search.span, now)
    wanted = criteria_of(network, search, people=search.people)
    fitting = [space for space in spaces.search_spaces(network, wanted) if space.bookable]
    given_out = _given_out(fitting, stretch, now)
    if not given_out:
        return []
    window = Span(max(search.span.start, now - GRACE), search.span.end)
    rows = spaces.taken_beside(session, given_out, window, now)
    found = [
        (space, stay, spaces.free_count(space, rows, stay))
        for space in given_out
        for stay in islice(_stays(space, rows, window, search, stretch, now), OF_EACH)
    ]
    if not found:
        return []
    space, first, _units = min(found, key=lambda each: (each[1], each[0].code))
    paying = paying_of(session, network, whose, space, first)
    offers = [
        Offer(space, stay, price, units)
        for space, stay, units in found
        if (price := find_price(cards, space, stay, search.people, paying, now))
    ]
    return sorted(offers, key=lambda offer: rank(offer, search))


def _refuse_window(window: Span, now: datetime) -> None:
    if window.end <= now:
        raise SpanInPast(window.start, now)
    if window.duration > LONGEST_WINDOW:
        raise TooLong(LONGEST_WINDOW // MINUTE, window.minutes)


def _given_out(fitting: Sequence[Space], stretch: Stretch, now: datetime) -> list[Space]:
    """Keep the places that are given out for so long at all; raises why when none is."""
    kept: list[Space] = []
    odd: list[DomainError] = []
    start = now.replace(minute=0, second=0, microsecond=0)
    for space in fitting:
        try:
            refuse_length(Span(start, start + stretch.minutes * MINUTE), space.limits)
        except DomainError as refusal:
            odd.append(refusal)
        else:
            kept.append(space)
    if odd and not kept:
        raise_first(odd, is_shut=False)
    return kept


def _stays(
    space: Space,
    rows: Mapping[UnitId, Sequence[Taken]],
    window: Span,
    search: Search,
    stretch: Stretch,
    now: datetime,
) -> Iterator[Span]:
    """Give the first free stay of each local date of the window that the place allows."""
    wanted = stretch.minutes * MINUTE
    step = lcm(QUARTER, space.limits.step_minutes) * MINUTE
    earliest = max(window.start, now - GRACE, now + space.rules.notice_minutes * MINUTE)
    for day in local_dates(space.calendar, window):
        midnight = local_day(space.calendar, day).start
        free = [
            each
            for opening in _hours(space, day, window, stretch.part)
            for each in spaces.free_stretches(space, rows, opening, people=search.people)
        ]
        found = next_free(free, Span(midnight, midnight + wanted), not_before=earliest, step=step)
        if found is not None and is_lawful(space, Wish(found, search.people, search.setup), now):
            yield found


def _hours(space: Space, day: date, window: Span, part: DayPart | None) -> Iterator[Span]:
    """Give the open hours of a local date within the window and the part of the day."""
    asked: Span | None = window
    if part is not None:
        asked = part_of_day(part, day, space.calendar.zone).within(window)
    for opening in opening_spans(space.calendar, day) if asked else ():
        if asked and (within := opening.within(asked)):
            yield within
