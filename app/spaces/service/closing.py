"""Shutting places for a while: their units are occupied by the closure, and given back after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app.domain.errors import ClosureChanged, RoomTaken
from app.domain.ids import AccountId, UnitId
from app.domain.intervals import Span, gaps
from app.spaces.closure_tables import ClosureRow
from app.spaces.closures import Closure, ClosureReason
from app.spaces.network import Site, Space
from app.spaces.occupancy import OF_BOOKINGS, AllocationKind, Taken, spans_by_unit
from app.spaces.queries.closures import lock_closure
from app.spaces.queries.occupancy import rows_around, units_of
from app.spaces.service.allocations import insert_rows, lock_units, row_of, standing_of
from app.spaces.tables import AllocationRow


def shut(
    session: Session,
    site: Site,
    spaces: Sequence[Space],
    span: Span,
    *,
    reason: ClosureReason,
    words: str,
    staying: Collection[int],
    by: AccountId,
    now: datetime,
) -> Closure:
    """Occupy what is left of the places for the span; gives the closure.

    Leases, other closures and the bookings that stay keep what they have. Raises ClosureChanged
    when another booking stands in the way: it came in after the caller looked.
    """
    units = units_of(spaces)
    lock_units(session, units, [space.code for space in spaces])
    found = rows_around(session, units, span)
    standing = standing_of(session, found, now)
    if any(row.kind in OF_BOOKINGS and row.holder not in staying for row in standing):
        raise ClosureChanged
    closure = _write(session, site, spaces, span, reason, words, by, now)
    rows = list(_rows(spaces, standing, span, closure.id))
    if rows and not insert_rows(session, rows):
        raise RoomTaken((span,))
    return closure


def reopen(session: Session, site: Site, number: int, *, by: AccountId, now: datetime) -> Closure:
    """End a closure: what is left of its time is free at once. Twice is once.

    Raises UnknownClosure for one of another Totem.
    """
    closure = lock_closure(session, site, number)
    if not closure.is_on(now):
        return closure
    connection = session.connection()
    connection.execute(
        update(ClosureRow).where(ClosureRow.id == number).values(ended_at=now, ended_by=by)
    )
    connection.execute(_FREE_REST, {"closure": number, "now": now})
    connection.execute(_END_NOW, {"closure": number, "now": now})
    return closure


def _write(
    session: Session,
    site: Site,
    spaces: Sequence[Space],
    span: Span,
    reason: ClosureReason,
    words: str,
    by: AccountId,
    now: datetime,
) -> Closure:
    codes = tuple(space.code for space in spaces)
    row = {
        "site_id": site.id,
        "spaces": list(codes),
        "starts_at": span.start,
        "ends_at": span.end,
        "reason": reason.value,
        "words": words,
        "created_at": now,
        "created_by": by,
    }
    statement = insert(ClosureRow).returning(ClosureRow.id)
    number = session.connection().execute(statement, row).scalar_one()
    return Closure(number, site.id, codes, span, reason, words)


def _rows(
    spaces: Sequence[Space], standing: Iterable[Taken], span: Span, number: int
) -> Iterable[dict[str, object]]:
    """Give the rows that fill what stands of each unit; a part of a room is filled once."""
    busy = spans_by_unit(standing)
    for unit, space in sorted(_space_of(spaces).items()):
        for gap in gaps(span, busy.get(unit, ())):
            yield row_of(unit, gap, space, AllocationKind.CLOSURE, number, None)


def _space_of(spaces: Sequence[Space]) -> Mapping[UnitId, Space]:
    return {unit: space for space in reversed(spaces) for unit in space.unit_ids}


_rows_of = AllocationRow.__table__.c
_IS_OF = (_rows_of.kind == AllocationKind.CLOSURE.value) & (
    _rows_of.holder_id == bindparam("closure")
)
_FREE_REST = delete(AllocationRow).where(_IS_OF, _rows_of.starts_at >= bindparam("now"))
_END_NOW = (
    update(AllocationRow)
    .where(_IS_OF, _rows_of.ends_at > bindparam("now"))
    .values(ends_at=bindparam("now", type_=_rows_of.ends_at.type))
)
