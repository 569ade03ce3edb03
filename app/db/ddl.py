"""Constraints that each engine writes in its own way: no two allocations of a unit overlap.

PostgreSQL has an exclusion constraint over a range; SQLite has triggers. Both rely on nothing but
`allocations(unit_id, starts_at, ends_at)`, and both name themselves in the error they raise.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.schema import SchemaItem

NO_OVERLAP = "ex_allocations_no_overlap"

_EXCLUDE = (
    "ALTER TABLE allocations ADD CONSTRAINT {name} "
    "EXCLUDE USING gist ({unit}, tstzrange(starts_at, ends_at) WITH &&)"
)
_WITH_BTREE_GIST = _EXCLUDE.format(name=NO_OVERLAP, unit="unit_id WITH =")
_WITHOUT_BTREE_GIST = _EXCLUDE.format(
    name=NO_OVERLAP, unit="int8range(unit_id, unit_id, '[]') WITH &&"
)

# Rows of a unit are disjoint, so of those that start before the new end the last one ends last:
# one step into the primary key decides, however long the history of the unit.
_TRIGGER = """
CREATE TRIGGER {name}_{verb} BEFORE {event} ON allocations
WHEN (
    SELECT ends_at FROM allocations
    WHERE unit_id = NEW.unit_id AND starts_at < NEW.ends_at {others}
    ORDER BY starts_at DESC LIMIT 1
) > NEW.starts_at
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""
_ON_INSERT = _TRIGGER.format(name=NO_OVERLAP, verb="insert", event="INSERT", others="")
_ON_UPDATE = _TRIGGER.format(
    name=NO_OVERLAP,
    verb="update",
    event="UPDATE OF unit_id, starts_at, ends_at",
    others="AND NOT (unit_id = OLD.unit_id AND starts_at = OLD.starts_at)",
)


def forbid_overlap(target: SchemaItem | None, connection: Connection, **_: object) -> None:
    """Make the database refuse overlapping allocations; also a listener of `after_create`."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(_ON_INSERT))
        connection.execute(text(_ON_UPDATE))
    elif _has_btree_gist(connection):
        connection.execute(text(_WITH_BTREE_GIST))
    else:
        connection.execute(text(_WITHOUT_BTREE_GIST))


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused a row because its unit is already occupied then."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name in (NO_OVERLAP, "pk_allocations")
    reason = str(error.orig)
    return NO_OVERLAP in reason or "allocations.unit_id, allocations.starts_at" in reason


def _has_btree_gist(connection: Connection) -> bool:
    """Whether plain equality may stand in a GiST index; the extension is created if allowed."""
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
    except DBAPIError:  # not installed, or not ours to create: the range of one number serves
        return False
    return True
