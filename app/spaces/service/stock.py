"""What the database has of the network before a load, retired rows included, by code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.spaces.tables import (
    BuildingRow,
    DoorRow,
    OperatorRow,
    SiteRow,
    SpaceDoorRow,
    SpaceRow,
    SpaceUnitRow,
    UnitRow,
)


@dataclass(slots=True)
class Stock:
    """Every row of the network; a load adds to it as it goes."""

    operators: dict[str, OperatorRow]
    sites: dict[str, SiteRow]
    buildings: dict[str, BuildingRow]
    doors: dict[str, DoorRow]
    spaces: dict[str, SpaceRow]
    units: dict[str, UnitRow]
    units_of: dict[int, set[int]]
    doors_of: dict[int, list[int]]

    @classmethod
    def read(cls, session: Session) -> Stock:
        """Read it all, and make writers of allocations wait until the load is done."""
        units = session.scalars(select(UnitRow).order_by(UnitRow.id).with_for_update()).all()
        stock = cls(
            operators={row.code: row for row in session.scalars(select(OperatorRow))},
            sites={row.code: row for row in session.scalars(select(SiteRow))},
            buildings={row.code: row for row in session.scalars(select(BuildingRow))},
            doors={row.code: row for row in session.scalars(select(DoorRow))},
            spaces={row.code: row for row in session.scalars(select(SpaceRow))},
            units={row.code: row for row in units},
            units_of={},
            doors_of={},
        )
        for link in session.scalars(select(SpaceUnitRow)):
            stock.units_of.setdefault(link.space_id, set()).add(link.unit_id)
        ordered = select(SpaceDoorRow).order_by(SpaceDoorRow.space_id, SpaceDoorRow.position)
        for door in session.scalars(ordered):
            stock.doors_of.setdefault(door.space_id, []).append(door.door_id)
        return stock
