"""Reads of the calendar in many windows of time at once: dates of a series, one statement."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.domain.ids import UnitId
from app.domain.intervals import Span
from app.spaces.occupancy import OF_BOOKINGS, Taken, taken_from
from app.spaces.queries.standing import living
from app.spaces.tables import AllocationRow


def rows_within(
    session: Session, units: Collection[UnitId], windows: Collection[Span]
) -> list[Taken]:
    """Give every row of the units that overlaps a window, dead holds too, by unit and start."""
    if not units or not windows:
        return []
    connection = session.connection()
    dialect = connection.dialect.name
    found = connection.execute(_OVERLAPPING[dialect], _asked(dialect, units, windows))
    return taken_from(found)


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
        moving = row.kind in OF_BOOKINGS and row.holder in ignoring
        if not moving:
            by_unit[row.unit].append(row)
    return by_unit


def _asked(dialect: str, units: Collection[UnitId], windows: Collection[Span]) -> dict[str, object]:
    """Give units and windows as one value each, so that the statement is the same for any many."""
    spans = sorted(windows)
    if dialect == "sqlite":
        pairs = [(each.start.strftime(_KEPT), each.end.strftime(_KEPT)) for each in spans]
        return {"units": json.dumps(sorted(units)), "windows": json.dumps(pairs)}
    opens, closes = [each.start for each in spans], [each.end for each in spans]
    return {"units": sorted(units), "opens": opens, "closes": closes}


def _overlapping(asked: str, inside: str) -> TextClause:
    """Rows that begin inside a window, and the one of each unit that reaches into it.

    Each window is one step into the key of each unit, whatever lies between two of them.
    """
    columns = ", ".join(f"allocations.{name}" for name in _COLUMNS)
    statement = f"""
        WITH {asked}
        SELECT {columns} FROM windows CROSS JOIN wanted {inside}
        UNION
        SELECT {columns} FROM windows CROSS JOIN wanted
        JOIN allocations ON allocations.unit_id = wanted.id
            AND allocations.starts_at = (
                SELECT max(earlier.starts_at) FROM allocations AS earlier
                WHERE earlier.unit_id = wanted.id AND earlier.starts_at < windows.opens
            )
        WHERE allocations.ends_at > windows.opens
        ORDER BY unit_id, starts_at
    """  # noqa: S608 - names of columns of ours
    return text(statement)


_KEPT = "%Y-%m-%d %H:%M:%S.%f"  # how SQLite keeps an instant, see UtcDateTime
_COLUMNS = ("unit_id", "starts_at", "ends_at", "space_id", "kind", "holder_id", "expires_at")
_BEGINS = """allocations.unit_id = wanted.id
    AND allocations.starts_at >= windows.opens AND allocations.starts_at < windows.closes"""
_OVERLAPPING = {
    name: _overlapping(asked, inside).columns(
        *(AllocationRow.__table__.c[column] for column in _COLUMNS)
    )
    for name, (asked, inside) in {
        "sqlite": (
            """
            windows AS (
                SELECT json_extract(value, '$[0]') AS opens, json_extract(value, '$[1]') AS closes
                FROM json_each(:windows)
            ), wanted AS (SELECT value AS id FROM json_each(:units))
            """,
            f"JOIN allocations ON {_BEGINS}",
        ),
        # OFFSET 0 lets PostgreSQL look up each window; else it reads a unit's whole history once.
        "postgresql": (
            """
            windows AS (
                SELECT opens, closes FROM unnest(
                    CAST(:opens AS timestamptz[]), CAST(:closes AS timestamptz[])
                ) AS pairs(opens, closes)
            ), wanted AS (SELECT unnest(CAST(:units AS integer[])) AS id)
            """,
            f"""CROSS JOIN LATERAL (
                SELECT * FROM allocations WHERE {_BEGINS} OFFSET 0
            ) AS allocations""",  # noqa: S608 - constants of ours
        ),
    }.items()
}
