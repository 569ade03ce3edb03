"""Constraints that each engine writes in its own way: no overlap, and tables nobody rewrites.

That no two allocations of a unit overlap is an exclusion constraint over a range on PostgreSQL and
triggers on SQLite. Both rely on nothing but `allocations(unit_id, starts_at, ends_at)`, and both
name themselves in the error they raise. Tables that are only added to (published cards, rates of
VAT, ledgers) have triggers that refuse UPDATE and DELETE on both engines.
"""

from __future__ import annotations

from sqlalchemy import Connection, FromClause, Table, event, text
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

# Shared by every table that is only added to; it stays when the last of them goes.
_REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = '23000';
END $$
"""
_KEEP_ON_POSTGRESQL = """
CREATE TRIGGER append_only_{table} BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_KEEP_ON_SQLITE = """
CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""


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


def append_only(target: FromClause) -> None:
    """Have `forbid_changes` run wherever this table is created from the rows in code."""
    event.listen(target, "after_create", _keep)


def _keep(target: Table, connection: Connection, **_: object) -> None:
    forbid_changes(connection, target.name)


def forbid_changes(connection: Connection, table: str) -> None:
    """Make the database refuse to change or delete any row of a table that is only added to.

    An attempt is an IntegrityError that names the table.
    """
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(_KEEP_ON_SQLITE.format(table=table, verb=verb)))
        return
    connection.execute(text(_REFUSE_CHANGE))
    connection.execute(text(_KEEP_ON_POSTGRESQL.format(table=table)))


def allow_changes(connection: Connection, table: str) -> None:
    """Take ``forbid_changes`` back, before a migration moves the table."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER append_only_{table}_{verb}"))
        return
    connection.execute(text(f"DROP TRIGGER append_only_{table} ON {table}"))


def is_change(error: IntegrityError) -> bool:
    """Whether the database refused because the table is only added to."""
    return "append-only:" in str(error.orig)
