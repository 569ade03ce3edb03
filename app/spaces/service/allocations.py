"""The only writers of the calendar: occupy and release, and what becomes of a hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Insert, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.ddl import is_overlap
from app.domain.availability import units_for
from app.domain.errors import RoomTaken, UnknownSpace
from app.domain.ids import UnitId
from app.domain.intervals import Span, union
from app.spaces.network import Space
from app.spaces.occupancy import AllocationKind, Taken
from app.spaces.queries.occupancy import among_units, rows_around
from app.spaces.queries.standing import living
from app.spaces.tables import AllocationRow, UnitRow


def lock_space(session: Session, space: Space) -> None:
    """Make other writers of the space's units wait until this transaction ends.

    SQLite locks nothing here: a writing transaction there holds the only lock from its start.
    Raises UnknownSpace when a load of the network has retired it since it was looked up.
    """
    lock_units(session, space.unit_ids, [space.code])


def lock_units(session: Session, unit_ids: Sequence[UnitId], codes: Sequence[str]) -> None:
    """Make other writers of these units wait until this transaction ends, in order of number.

    Raises UnknownSpace, with the codes of their places, when one was retired meanwhile.
    """
    one = len(unit_ids) == 1
    units = unit_ids[0] if one else list(unit_ids)
    standing = session.connection().execute(_LOCKS[one], {"units": units}).all()
    if len(standing) < len(unit_ids):
        raise UnknownSpace(", ".join(codes))


def occupy(
    session: Session,
    *,
    space: Space,
    span: Span,
    units_wanted: int,
    kind: AllocationKind | str,
    holder_id: int,
    expires_at: datetime | None,
    now: datetime,
    has_released: bool = False,
) -> list[UnitId]:
    """Take the space for the span: all its units, or so many free ones of a pool.

    Raises RoomTaken, saying when it is taken and never by whom. A constraint cannot see the
    clock, so holds that ran out are removed from the way first. `has_released` says that this
    transaction gave other units back: two who swap would each wait for the other's deletion, so
    they look before they write.
    """
    alone = units_for(space.sharing, space.unit_ids, (), span, people=units_wanted)
    if len(space.unit_ids) == 1 and alone and not has_released:
        row = row_of(alone[0], span, space, kind, holder_id, expires_at)
        if _write_unless_taken(session, _AT_ONCE, row):
            return alone
    lock_space(session, space)
    for _ in space.unit_ids:
        found = rows_around(session, space.unit_ids, span)
        standing = standing_of(session, found, now)
        busy = [(row.unit, row.span) for row in standing]
        chosen = units_for(space.sharing, space.unit_ids, busy, span, people=units_wanted)
        if not chosen:
            raise RoomTaken(tuple(union(row.span for row in standing)))
        rows = [row_of(unit, span, space, kind, holder_id, expires_at) for unit in chosen]
        if insert_rows(session, rows):
            return chosen
    raise RoomTaken((span,))


def release(session: Session, *, kind: AllocationKind | str, holder_id: int) -> int:
    """Give back all that a holder occupies; says how many units that were."""
    return session.connection().execute(_RELEASE, {"of_kind": kind, "holder": holder_id}).rowcount


def confirm_hold(session: Session, *, holder_id: int, expires_at: datetime | None = None) -> int:
    """Turn what a booking holds into what it has; 0 when the hold was given away meanwhile."""
    values = {"holder": holder_id, "until": expires_at}
    return session.connection().execute(_CONFIRM, values).rowcount


def keep_until(session: Session, *, holder_id: int, expires_at: datetime | None) -> int:
    """Say until when a booking keeps what it has, None for good; 0 when it was given away."""
    values = {"holder": holder_id, "until": expires_at}
    return session.connection().execute(_KEEP, values).rowcount


def end_early(session: Session, *, holder_id: int, until: datetime) -> int:
    """Give back what a booking has after that instant; says how many units are freed."""
    return session.connection().execute(_END, {"holder": holder_id, "until": until}).rowcount


def forget_expired_holds(session: Session, *, now: datetime) -> int:
    """Tidy away holds that ran out; nothing depends on it, they count as free already."""
    return session.connection().execute(_FORGET, {"now": now}).rowcount


def standing_of(session: Session, found: Sequence[Taken], now: datetime) -> list[Taken]:
    """Give the rows that stand and delete those that ran out; no statement for none."""
    standing = living(session, found, now, lock=True)
    if len(standing) < len(found):
        alive = set(standing)
        dead = [row for row in found if row not in alive]
        units, starts = [row.unit for row in dead], [row.span.start for row in dead]
        session.connection().execute(_REMOVE, {"units": units, "starts": starts, "now": now})
    return standing


def row_of(
    unit: UnitId,
    span: Span,
    space: Space,
    kind: AllocationKind | str,
    holder_id: int,
    expires_at: datetime | None,
) -> dict[str, object]:
    """Give a unit taken for a span as a row."""
    return {
        "unit_id": unit,
        "starts_at": span.start,
        "ends_at": span.end,
        "space_id": space.id,
        "kind": str(kind),
        "holder_id": holder_id,
        "expires_at": expires_at,
    }


def insert_rows(session: Session, rows: list[dict[str, object]]) -> bool:
    """Write the rows, all or none; False when the database knows of an overlap we did not see.

    No savepoint: PostgreSQL leaves a row that would overlap out, and SQLite's trigger undoes its
    own statement only, so that the transaction lives on in both.
    """
    # One row by itself: a list of one would open a pipeline of the driver.
    written = _write_unless_taken(session, _INSERT, rows if len(rows) > 1 else rows[0])
    if written == len(rows):
        return True
    if len(rows) > 1:
        units = [row["unit_id"] for row in rows]
        session.connection().execute(_TAKE_BACK, rows[0] | {"units": units})
    return False


def _write_unless_taken(
    session: Session,
    statements: Mapping[str, Insert],
    rows: Mapping[str, object] | Sequence[Mapping[str, object]],
) -> int:
    """Insert; says how many rows the constraint let through."""
    connection = session.connection()
    try:
        return connection.execute(statements[connection.dialect.name], rows).rowcount
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        return 0


_unit = UnitRow.__table__.c
_LOCKS = {
    one: select(_unit.id)
    .where(among_units(_unit.id, one=one), _unit.retired_at.is_(None))
    .order_by(_unit.id)
    .with_for_update(key_share=True)
    for one in (True, False)
}
_PLAIN: dict[str, Insert] = {
    "postgresql": postgresql.insert(AllocationRow).on_conflict_do_nothing(),
    "sqlite": insert(AllocationRow),
}
_INSERT = {
    name: plain.inline().execution_options(preserve_rowcount=True) for name, plain in _PLAIN.items()
}
# Lock, look and write in one: most places are one unit, and the constraint looks. What wrote
# nothing is gone through again step by step, and so finds its reason.
_columns = AllocationRow.__table__.c
_STANDING_UNIT = (
    select(*(bindparam(column.name, type_=column.type) for column in _columns))
    .where(_unit.id == bindparam("unit_id"), _unit.retired_at.is_(None))
    .with_for_update(key_share=True)
)
_AT_ONCE = {
    name: plain.from_select(_columns.keys(), _STANDING_UNIT, include_defaults=False)
    .inline()
    .execution_options(preserve_rowcount=True)
    for name, plain in _PLAIN.items()
}
_TAKE_BACK = delete(AllocationRow).where(
    AllocationRow.unit_id.in_(bindparam("units", expanding=True)),
    AllocationRow.starts_at == bindparam("starts_at"),
    AllocationRow.kind == bindparam("kind"),
    AllocationRow.holder_id == bindparam("holder_id"),
)
_REMOVE = delete(AllocationRow).where(
    AllocationRow.unit_id.in_(bindparam("units", expanding=True)),
    AllocationRow.starts_at.in_(bindparam("starts", expanding=True)),
    AllocationRow.expires_at <= bindparam("now"),
)
_RELEASE = delete(AllocationRow).where(
    AllocationRow.kind == bindparam("of_kind"), AllocationRow.holder_id == bindparam("holder")
)
_CONFIRM = (
    update(AllocationRow)
    .where(
        AllocationRow.kind == AllocationKind.HOLD.value,
        AllocationRow.holder_id == bindparam("holder"),
    )
    .values(kind=AllocationKind.BOOKING.value, expires_at=bindparam("until"))
)
_KEEP = (
    update(AllocationRow)
    .where(
        AllocationRow.kind == AllocationKind.BOOKING.value,
        AllocationRow.holder_id == bindparam("holder"),
    )
    .values(expires_at=bindparam("until"))
)
_END = (
    update(AllocationRow)
    .where(
        AllocationRow.kind == AllocationKind.BOOKING.value,
        AllocationRow.holder_id == bindparam("holder"),
        AllocationRow.starts_at < bindparam("until"),
        AllocationRow.ends_at > bindparam("until"),
    )
    .values(ends_at=bindparam("until", type_=_columns.ends_at.type))
)
_FORGET = delete(AllocationRow).where(
    AllocationRow.kind == AllocationKind.HOLD.value, AllocationRow.expires_at <= bindparam("now")
)
