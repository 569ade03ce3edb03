"""Reads of the calendar in many windows of time at once: dates of a series, one statement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CompoundSelect, column, func, select, union, values
from sqlalchemy.orm import Session

from app.db.base import UtcDateTime
from app.domain.ids import SpaceId, UnitId
from app.domain.intervals import Span
from app.spaces.occupancy import Taken
from app.spaces.queries.standing import living
from app.spaces.tables import AllocationRow, UnitRow


def rows_within(
    session: Session, units: Collection[UnitId], windows: Collection[Span]
) -> list[Taken]:
    """Give every row of the units that overlaps a window, dead holds too, by unit and start."""
    if not units or not windows:
        return []
    return [
        Taken(UnitId(row[0]), Span(row[1], row[2]), SpaceId(row[3]), row[4], row[5], row[6])
        for row in session.connection().execute(_overlapping(sorted(units), sorted(windows)))
    ]


def taken_within(
    session: Session,
    units: Collection[UnitId],
    windows: Collection[Span],
    now: datetime,
    *,
    ignoring: Collection[int] = (),
) -> dict[UnitId, list[Taken]]:
    """Give what occupies each of the units in those windows, save for bookings to be moved."""
    by_unit: dict[UnitId, list[Taken]] = {unit: [] for unit in units}
    for row in living(session, rows_within(session, units, windows), now):
        moving = row.kind in _OF_BOOKINGS and row.holder in ignoring
        if not moving:
            by_unit[row.unit].append(row)
    return by_unit


_COLUMNS = ("unit_id", "starts_at", "ends_at", "space_id", "kind", "holder_id", "expires_at")
_OF_BOOKINGS = ("booking", "hold")


def _overlapping(
    units: list[UnitId], windows: list[Span]
) -> CompoundSelect[int, datetime, datetime, int, str, int, datetime | None]:
    """Rows that begin inside a window, and the one of each unit that reaches into it.

    Each window is one step into the key of each unit, whatever lies between two of them.
    """
    window = (
        values(column("opens", UtcDateTime), column("closes", UtcDateTime), name="windows")
        .data([(each.start, each.end) for each in windows])
        .cte("windows")
    )
    allocations, unit = AllocationRow.__table__, UnitRow.__table__.c
    row, earlier = allocations.c, allocations.alias("earlier").c
    columns = [row[name] for name in _COLUMNS]
    last_before = (
        select(func.max(earlier.starts_at))
        .where(earlier.unit_id == unit.id, earlier.starts_at < window.c.opens)
        .correlate(UnitRow.__table__, window)
        .scalar_subquery()
    )
    pairs = window.join(UnitRow.__table__, unit.id.in_(units))
    begins = (row.starts_at >= window.c.opens) & (row.starts_at < window.c.closes)
    inside = select(*columns).select_from(
        pairs.join(allocations, (row.unit_id == unit.id) & begins)
    )
    reaching = (
        select(*columns)
        .select_from(
            pairs.join(allocations, (row.unit_id == unit.id) & (row.starts_at == last_before))
        )
        .where(row.ends_at > window.c.opens)
    )
    return union(inside, reaching).order_by("unit_id", "starts_at")
