"""Reads of the calendar: what is taken around a span, whatever the length of the history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from app.domain.availability import free_spans, free_units, units_for
from app.domain.buffers import Buffers, occupied, usable
from app.domain.calendars import local_day, opening_spans
from app.domain.ids import UnitId
from app.domain.intervals import Span
from app.spaces.network import Site, Space
from app.spaces.occupancy import SiteDay, SpaceDay, Taken, taken_from
from app.spaces.queries.standing import living
from app.spaces.tables import AllocationRow, UnitRow

_Rows = Mapping[UnitId, Sequence[Taken]]


def rows_around(session: Session, units: Collection[UnitId], around: Span) -> list[Taken]:
    """Give every row of the units that overlaps the span, dead holds too, by unit and start."""
    if not units:
        return []
    statement, whose = (
        (_OVERLAPPING_ONE, min(units)) if len(units) == 1 else (_OVERLAPPING, sorted(units))
    )
    found = session.connection().execute(
        statement, {"units": whose, "start": around.start, "end": around.end}
    )
    return taken_from(found)


def taken_beside(
    session: Session, spaces: Sequence[Space], around: Span, now: datetime
) -> dict[UnitId, list[Taken]]:
    """Give what occupies the units of these spaces around a span, and where its buffers lie."""
    buffers = [space.buffers for space in spaces]
    widest = Buffers(
        max((each.before_minutes for each in buffers), default=0),
        max((each.after_minutes for each in buffers), default=0),
    )
    return taken(session, units_of(spaces), occupied(around, widest), now)


def taken(
    session: Session, units: Collection[UnitId], around: Span, now: datetime
) -> dict[UnitId, list[Taken]]:
    """Give what occupies each of the units around a span; a hold that ran out does not."""
    by_unit: dict[UnitId, list[Taken]] = {unit: [] for unit in units}
    for row in living(session, rows_around(session, units, around), now):
        by_unit[row.unit].append(row)
    return by_unit


def day_of_site(session: Session, site: Site, day: date, now: datetime) -> SiteDay:
    """Give one local date of all spaces of a site, in one statement."""
    window = local_day(site.calendar, day)
    rows = taken_beside(session, site.spaces, window, now)
    return SiteDay(
        site=site,
        day=day,
        span=window,
        spaces=tuple(_space_day(space, day, window, rows) for space in site.spaces),
    )


def day_of_space(session: Session, space: Space, day: date, now: datetime) -> SpaceDay:
    """Give one local date of one space, in one statement."""
    window = local_day(space.calendar, day)
    return _space_day(space, day, window, taken_beside(session, [space], window, now))


def can_take(space: Space, rows: _Rows, span: Span, *, people: int) -> bool:
    """Whether the space can take the people for the span and its buffers, by rows already read."""
    spans = [(unit, row.span) for unit in space.unit_ids for row in rows.get(unit, ())]
    whole = occupied(span, space.buffers)
    return bool(units_for(space.sharing, space.unit_ids, spans, whole, people=people))


def free_count(space: Space, rows: _Rows, span: Span) -> int:
    """Count the units of the space that nobody has during the span and its buffers."""
    spans = [(unit, row.span) for unit in space.unit_ids for row in rows.get(unit, ())]
    return len(free_units(space.unit_ids, spans, occupied(span, space.buffers)))


def free_stretches(space: Space, rows: _Rows, window: Span, *, people: int) -> list[Span]:
    """Give the stretches of the window in which the space can take the people, by rows read.

    The buffers of a stay may lie outside the window, as before the doors open; a stay does not.
    """
    by_unit = {unit: [row.span for row in rows.get(unit, ())] for unit in space.unit_ids}
    if not space.buffers:
        return free_spans(space.sharing, by_unit, window, people=people)
    wide = free_spans(space.sharing, by_unit, occupied(window, space.buffers), people=people)
    fitting = [usable(stretch, space.buffers) for stretch in wide]
    return [stretch for stretch in fitting if stretch is not None]


def count_to_come(session: Session, *, now: datetime) -> tuple[dict[int, int], dict[int, int]]:
    """Count the holders still to come or running: by the space they asked for, and by unit."""
    by_space, by_unit = (
        {row[0]: row[1] for row in session.execute(statement, {"now": now})}
        for statement in (_TO_COME_BY_SPACE, _TO_COME_BY_UNIT)
    )
    return by_space, by_unit


def spans_to_come(session: Session, space: Space, *, now: datetime) -> list[Span]:
    """Give the spans for which somebody asked for that very space, from now on, each once."""
    rows = session.execute(_SPANS_TO_COME, {"space": space.id, "now": now})
    return [Span(start, end) for start, end in rows]


def _space_day(space: Space, day: date, window: Span, rows: _Rows) -> SpaceDay:
    opening = opening_spans(space.calendar, day)
    free = tuple(
        stretch for each in opening for stretch in free_stretches(space, rows, each, people=1)
    )
    here = tuple(
        row for unit in space.unit_ids for row in rows.get(unit, ()) if row.span.overlaps(window)
    )
    return SpaceDay(space=space, opening=opening, taken=here, free=free)


def units_of(spaces: Sequence[Space]) -> list[UnitId]:
    """Give the units of all these spaces, each once, by id."""
    return sorted({unit for space in spaces for unit in space.unit_ids})


def among_units(column: ColumnElement[int], *, one: bool) -> ColumnElement[bool]:
    """Whether a column is one of the parameter `units`: a list, or the one unit most rooms have.

    A list is spelled out anew each time it is asked; a single value is not, on the hot path.
    """
    if one:
        return column == bindparam("units")
    return column.in_(bindparam("units", expanding=True))


def _overlapping(
    *, one: bool
) -> CompoundSelect[int, datetime, datetime, int, str, int, datetime | None]:
    """Rows that begin inside the span, and the one of each unit that reaches into it.

    Rows of a unit are disjoint, so at most one that began earlier can: the last before the span,
    one step into the key. A plain pair of comparisons would read the unit's whole history.
    """
    allocations, units = AllocationRow.__table__, UnitRow.__table__
    row, earlier = allocations.c, allocations.alias("earlier").c
    columns = (
        row.unit_id,
        row.starts_at,
        row.ends_at,
        row.space_id,
        row.kind,
        row.holder_id,
        row.expires_at,
    )
    last_before = (
        select(func.max(earlier.starts_at))
        .where(earlier.unit_id == units.c.id, earlier.starts_at < bindparam("start"))
        .correlate(units)
        .scalar_subquery()
    )
    inside = select(*columns).where(
        among_units(row.unit_id, one=one),
        row.starts_at >= bindparam("start"),
        row.starts_at < bindparam("end"),
    )
    reaching = (
        select(*columns)
        .join_from(allocations, units, (units.c.id == row.unit_id) & (row.starts_at == last_before))
        .where(among_units(units.c.id, one=one), row.ends_at > bindparam("start"))
    )
    return union_all(inside, reaching).order_by("unit_id", "starts_at")


_OVERLAPPING = _overlapping(one=False)
_OVERLAPPING_ONE = _overlapping(one=True)
_IS_TO_COME = (AllocationRow.ends_at > bindparam("now")) & (
    AllocationRow.expires_at.is_(None) | (AllocationRow.expires_at > bindparam("now"))
)
_TO_COME_BY_SPACE = (
    select(AllocationRow.space_id, func.count(AllocationRow.holder_id.distinct()))
    .where(_IS_TO_COME)
    .group_by(AllocationRow.space_id)
    .order_by(AllocationRow.space_id)
)
_TO_COME_BY_UNIT = (
    select(AllocationRow.unit_id, func.count())
    .where(_IS_TO_COME)
    .group_by(AllocationRow.unit_id)
    .order_by(AllocationRow.unit_id)
)
_SPANS_TO_COME = (
    select(AllocationRow.starts_at, AllocationRow.ends_at)
    .distinct()
    .where(_IS_TO_COME, AllocationRow.space_id == bindparam("space"))
    .order_by(AllocationRow.starts_at, AllocationRow.ends_at)
)
