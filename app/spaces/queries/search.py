"""Finding a place: by what it must be or have, free for a stay, or near to one that is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from app.domain.alternatives import Candidate, Nearness, rank_alternatives
from app.domain.availability import nearest_free, next_free
from app.domain.calendars import is_open, local_day, opening_spans
from app.domain.ids import UnitId
from app.domain.intervals import Span
from app.domain.kinds import is_similar
from app.domain.opening_hours import wall_instant
from app.spaces.network import Network, Space
from app.spaces.occupancy import Free, Taken
from app.spaces.queries.occupancy import can_take, free_count, free_stretches, taken_beside

DAYS_AHEAD = 7
OF_EACH = 3
MANY = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a place must be or have; None and empty ask for nothing."""

    site: str | None = None
    kind: str | None = None
    people: int | None = None
    equipment: tuple[str, ...] = ()
    accessible: bool = False
    hearing_loop: bool = False
    setup: str | None = None


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Ways out of a clash: the same place later or earlier that day, then a similar one.

    Also rooms that are several joined, and the same kind at other Totems.
    """

    later: tuple[Span, ...]
    earlier: tuple[Span, ...]
    similar: tuple[Space, ...]
    joined: tuple[Space, ...]
    elsewhere: tuple[Space, ...]


def search_spaces(network: Network, wanted: Wanted) -> list[Space]:
    """Give the places that fit, in the order of display; no query is made."""
    return [space for space in network.spaces if _fits(space, wanted)]


def find_free(
    session: Session, spaces: Sequence[Space], span: Span, people: int, now: datetime
) -> list[Free]:
    """Give those of the places that can take the people for the whole span, best first.

    Best is the fewest spare chairs, then the order given. Hours and prices are not looked at:
    the caller asks the rules for those first.
    """
    rows = taken_beside(session, spaces, span, now)
    found = [
        Free(space, span, free_count(space, rows, span))
        for space in spaces
        if space.capacity >= people and can_take(space, rows, span, people=people)
    ]
    return sorted(found, key=lambda free: _spare(free.space, people))


def alternatives(
    session: Session, network: Network, space: Space, span: Span, people: int, now: datetime
) -> Alternatives:
    """Give what is free near to a place that is taken, best first, in two statements."""
    midnight = local_day(space.calendar, space.calendar.local_date(span.start)).start
    week = Span(midnight, span.start + timedelta(days=DAYS_AHEAD))
    own = taken_beside(session, [space], week, now)
    others = [other for other in network.spaces if may_stand_in(other, space, span, people)]
    free = [each.space for each in find_free(session, others, span, people, now)]
    ranked = rank_alternatives(
        _candidate(space, span),
        [_candidate(other, span) for other in free],
        people=people,
        of_each=OF_EACH,
    )
    chosen = [(each.nearness, network.get_space(each.candidate.space)) for each in ranked]
    joined = [one for one in free if one.site == space.site and parts_of(network, one)]
    return Alternatives(
        later=tuple(_later(space, own, span, people, now)),
        earlier=tuple(_earlier(space, own, span, people, now)),
        similar=tuple(
            one for near, one in chosen if near is Nearness.SIMILAR_HERE and one not in joined
        ),
        joined=tuple(joined[:OF_EACH]),
        elsewhere=tuple(one for near, one in chosen if near is Nearness.SAME_KIND_ELSEWHERE),
    )


def parts_of(network: Network, space: Space) -> list[Space]:
    """Give the rooms that are joined to make a place, none where it is one; no query is made."""
    own = frozenset(space.unit_ids)
    if space.is_pooled or len(own) < MANY:
        return []
    here = network.get_site(space.site).spaces
    parts = [one for one in here if not one.is_pooled and own > frozenset(one.unit_ids)]
    return parts if len(parts) >= MANY else []


def _fits(space: Space, wanted: Wanted) -> bool:
    return (
        wanted.site in (None, space.site)
        and wanted.kind in (None, space.kind)
        and _can_be(space, wanted.setup)
        and (wanted.people is None or _holds(space, wanted.setup, wanted.people))
        and set(wanted.equipment) <= set(space.equipment)
        and (space.accessible or not wanted.accessible)
        and (space.hearing_loop or not wanted.hearing_loop)
    )


def _can_be(space: Space, setup: str | None) -> bool:
    """Whether it can be furnished so."""
    return setup is None or any(each.code == setup for each in space.rules.setups)


def _holds(space: Space, setup: str | None, people: int) -> bool:
    return space.rules.capacity_of(setup, space.capacity) >= people


def _spare(space: Space, people: int) -> int:
    """Chairs left empty; a seat of a pool leaves none."""
    return 0 if space.is_pooled else space.capacity - people


def may_stand_in(other: Space, space: Space, span: Span, people: int) -> bool:
    """Whether a place, if free, may be offered instead of another for that stay."""
    return (
        other.bookable
        and other.code != space.code
        and other.capacity >= people
        and _is_similar(other, space)
        and is_open(other.calendar, span, overnight=other.limits.overnight)
    )


def _is_similar(other: Space, space: Space) -> bool:
    """Whether it may be offered instead; a machine only for one of the same price."""
    same_kind = other.kind is space.kind
    return other.rate == space.rate if same_kind else is_similar(other.kind, space.kind)


def _candidate(space: Space, span: Span) -> Candidate:
    return Candidate(space.code, space.site, space.kind, space.capacity, span)


def _later(
    space: Space, rows: Mapping[UnitId, Sequence[Taken]], span: Span, people: int, now: datetime
) -> Iterator[Span]:
    """Give the next stays of the same length: later today, then from the same hour on."""
    earliest = max(span.start + timedelta.resolution, now)
    days = (
        _first_of_day(space, rows, span, people, max(earliest, same_hour), day)
        for day, same_hour in _days_from(space, span.start)
    )
    yield from islice((later for later in days if later is not None), OF_EACH)


def _earlier(
    space: Space, rows: Mapping[UnitId, Sequence[Taken]], span: Span, people: int, now: datetime
) -> Iterator[Span]:
    """Give the nearest stay of the same length that begins earlier on the same day, if any."""
    day = space.calendar.local_date(span.start)
    free = [
        stretch.within(Span(now, span.end))
        for opening in opening_spans(space.calendar, day)
        if now < span.end
        for stretch in free_stretches(space, rows, opening, people=people)
    ]
    near = nearest_free([each for each in free if each is not None], span)
    if near is not None and near.start < span.start:
        yield near


def _first_of_day(
    space: Space,
    rows: Mapping[UnitId, Sequence[Taken]],
    span: Span,
    people: int,
    not_before: datetime,
    day: date,
) -> Span | None:
    free = [
        stretch
        for opening in opening_spans(space.calendar, day)
        for stretch in free_stretches(space, rows, opening, people=people)
    ]
    return next_free(free, span, not_before=not_before)


def _days_from(space: Space, start: datetime) -> Iterator[tuple[date, datetime]]:
    """Give each local date from a start on, with the instant of the same wall clock there."""
    local = start.astimezone(space.calendar.zone)
    for ahead in range(DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        yield day, wall_instant(day, local.hour * 60 + local.minute, space.calendar.zone)
