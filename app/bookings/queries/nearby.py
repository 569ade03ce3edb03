"""What is taken around many dates, and what is free near to one: by rows read all at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.availability import nearest_free
from app.domain.buffers import occupied
from app.domain.calendars import local_day, opening_spans
from app.domain.ids import UnitId
from app.domain.intervals import Span, union
from app.spaces.network import Network, Space
from app.spaces.occupancy import Taken
from app.spaces.queries import can_take, free_stretches, may_stand_in, taken_within, units_of


@dataclass(frozen=True, slots=True)
class Calendar:
    """What occupies some units in the windows that were read, each unit's rows in order."""

    rows: dict[UnitId, list[Taken]]
    starts: dict[UnitId, list[datetime]]

    def around(self, space: Space, window: Span) -> dict[UnitId, list[Taken]]:
        """Give what occupies a place in a window; rows of a unit are apart from each other."""
        found: dict[UnitId, list[Taken]] = {}
        for unit in space.unit_ids:
            starts = self.starts[unit]
            first = max(0, bisect_left(starts, window.start) - 1)
            rows = self.rows[unit][first : bisect_left(starts, window.end)]
            found[unit] = [row for row in rows if row.span.overlaps(window)]
        return found

    def clashes(self, space: Space, span: Span, people: int) -> list[Taken] | None:
        """Give what is in the way of a stay, or None when the place can take it."""
        whole = occupied(span, space.buffers)
        rows = self.around(space, whole)
        if can_take(space, rows, span, people=people):
            return None
        return [row for unit in space.unit_ids for row in rows[unit]]


def read_calendar(
    session: Session,
    spaces: Sequence[Space],
    windows: Collection[Span],
    *,
    now: datetime,
    ignoring: Collection[int] = (),
) -> Calendar:
    """Read what occupies places in those windows, in one statement; none without windows."""
    units = units_of(spaces)
    rows = taken_within(session, units, union(windows), now, ignoring=ignoring)
    return Calendar(rows, {unit: [row.span.start for row in rows[unit]] for unit in units})


def window_of(space: Space, span: Span) -> Span:
    """Give the stretch to be read to judge a stay there and to find another hour near to it."""
    day = local_day(space.calendar, space.calendar.local_date(span.start))
    whole = occupied(span, space.buffers)
    wide = occupied(day, space.buffers)
    return Span(min(wide.start, whole.start), max(wide.end, whole.end))


def near_in_time(
    calendar: Calendar, space: Space, span: Span, people: int, *, not_before: datetime
) -> Span | None:
    """Give the free stay of that length that begins nearest to the one wanted, the same day."""
    rows = calendar.around(space, window_of(space, span))
    opening = opening_spans(space.calendar, space.calendar.local_date(span.start))
    coming = [each.within(Span(not_before, each.end)) for each in opening if each.end > not_before]
    free = [
        stretch
        for each in coming
        if each is not None
        for stretch in free_stretches(space, rows, each, people=people)
    ]
    return nearest_free(free, span)


def stand_ins(network: Network, wanted: Iterable[tuple[Space, Span, int]]) -> list[Space]:
    """Give every place that might be offered instead of one of those wanted."""
    asked = list(wanted)
    return [
        other
        for other in network.spaces
        if any(may_stand_in(other, space, span, people) for space, span, people in asked)
    ]


def near_in_place(
    calendar: Calendar, others: Sequence[Space], space: Space, span: Span, people: int
) -> Space | None:
    """Give the best place that is free instead: same Totem, same kind, fewest spare chairs."""
    free = [
        other
        for other in others
        if may_stand_in(other, space, span, people)
        and calendar.clashes(other, span, people) is None
    ]
    return min(
        free,
        key=lambda other: (
            other.site != space.site,
            other.kind is not space.kind,
            other.capacity,
            other.code,
        ),
        default=None,
    )
