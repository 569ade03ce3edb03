"""Taking and giving back many stays at once: in as many statements for fifty dates as for two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from app.domain.availability import units_for
from app.domain.errors import RoomTaken
from app.domain.ids import UnitId
from app.domain.intervals import Span
from app.spaces.network import Space
from app.spaces.occupancy import OF_BOOKINGS, AllocationKind, spans_by_unit
from app.spaces.queries.occupancy import units_of
from app.spaces.queries.windows import rows_within
from app.spaces.service.allocations import insert_rows, lock_units, row_of, standing_of
from app.spaces.tables import AllocationRow


@dataclass(frozen=True, slots=True)
class Stay:
    """A place to be taken for a span, all of it or so many of its units, and for whom."""

    space: Space
    span: Span
    units_wanted: int
    kind: AllocationKind
    holder_id: int
    expires_at: datetime | None = None


def occupy_many(session: Session, stays: Sequence[Stay], *, now: datetime) -> list[Stay]:
    """Take every stay, or none: gives those that others have in the way, earliest asked first.

    Units of all the places are locked in their order, looked at, then written.
    """
    spaces = list({stay.space.id: stay.space for stay in stays}.values())
    lock_units(session, units_of(spaces), [space.code for space in spaces])
    found = rows_within(session, units_of(spaces), {stay.span for stay in stays})
    taken = spans_by_unit(standing_of(session, found, now))
    refused: list[Stay] = []
    rows: list[dict[str, object]] = []
    for stay in stays:
        chosen = _choose(stay, taken)
        if not chosen:
            refused.append(stay)
        for unit in chosen:
            taken[unit].append(stay.span)
            rows.append(
                row_of(unit, stay.span, stay.space, stay.kind, stay.holder_id, stay.expires_at)
            )
    if not refused and rows and not insert_rows(session, rows):
        raise RoomTaken(tuple(stay.span for stay in stays))
    return refused


def release_many(session: Session, holders: Collection[int]) -> int:
    """Give back all that these bookings occupy or hold; says how many units that were."""
    if not holders:
        return 0
    return session.connection().execute(_RELEASE, {"holders": sorted(holders)}).rowcount


def _choose(stay: Stay, taken: dict[UnitId, list[Span]]) -> list[UnitId]:
    space = stay.space
    busy = [(unit, span) for unit in space.unit_ids for span in taken.get(unit, ())]
    return units_for(space.sharing, space.unit_ids, busy, stay.span, people=stay.units_wanted)


_RELEASE = delete(AllocationRow).where(
    AllocationRow.kind.in_(sorted(OF_BOOKINGS)),
    AllocationRow.holder_id.in_(bindparam("holders", expanding=True)),
)
