"""Brings the database to what the files say, and refuses what would break bookings to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.buffers import usable
from app.domain.calendars import is_open
from app.domain.errors import BadNetwork
from app.domain.events import NetworkChanged
from app.spaces.network import Network
from app.spaces.plan import NetworkPlan, SpacePlan
from app.spaces.queries.network import read_network
from app.spaces.queries.occupancy import count_to_come, spans_to_come
from app.spaces.service.load_refusals import refusals
from app.spaces.service.stock import Stock
from app.spaces.tables import (
    BuildingRow,
    DoorRow,
    NetworkRevisionRow,
    OperatorRow,
    SiteRow,
    SpaceDoorRow,
    SpaceRow,
    SpaceUnitRow,
    UnitRow,
)


class _Row(Protocol):
    """What all rows of the network have in common."""

    id: int
    code: str


_AnyRow = TypeVar("_AnyRow", OperatorRow, SiteRow, BuildingRow, DoorRow, SpaceRow, UnitRow)
_Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load changed, and what the desk should look at; nothing changed, nothing said."""

    changed: tuple[str, ...]
    warnings: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed)


def load_network(
    session: Session,
    plan: NetworkPlan,
    *,
    now: datetime,
    announced: Mapping[int, int] | None = None,
) -> LoadReport:
    """Bring the places to the plan and move the revision if anything changed.

    Raises BadNetwork, listing everything that would break bookings to come.
    """
    report = apply_plan(session, plan, now=now, announced=announced)
    if report:
        move_revision(session, plan.digest, now=now)
    return report


def apply_plan(
    session: Session,
    plan: NetworkPlan,
    *,
    now: datetime,
    announced: Mapping[int, int] | None = None,
) -> LoadReport:
    """Bring the places to the plan without moving the revision; raises BadNetwork.

    `announced` gives the most people of any booking to come, by space: places do not know them.
    """
    stock = Stock.read(session)
    by_space, by_unit = count_to_come(session, now=now)
    reasons = refusals(plan, stock, by_space=by_space, by_unit=by_unit, announced=announced or {})
    if reasons:
        raise BadNetwork(tuple(reasons))
    before = read_network(session, 0)
    loader = _Loader(session, plan, stock, now)
    changes = loader.apply()
    session.flush()
    warnings = _outside_hours(session, before, read_network(session, 0), now) if changes else []
    return LoadReport(tuple(changes), tuple(warnings))


def move_revision(session: Session, digest: str, *, now: datetime) -> int:
    """Count the network's revision up, so that every process reads it anew; gives the number."""
    row = session.get(NetworkRevisionRow, 1, with_for_update=True)
    if row is None:
        row = NetworkRevisionRow(id=1, number=0)
        session.add(row)
    row.number += 1
    row.digest = digest
    row.changed_at = now
    session.flush()
    outbox.put(session, NetworkChanged(revision=row.number), now=now)
    return row.number


class _Loader:
    """Writes what differs, feature by feature, and notes each difference in a line."""

    def __init__(self, session: Session, plan: NetworkPlan, stock: Stock, now: datetime) -> None:
        self._session = session
        self._plan = plan
        self._stock = stock
        self._now = now
        self._changes: list[str] = []

    def apply(self) -> list[str]:
        """Write the whole plan; gives what changed."""
        plan, stock = self._plan, self._stock
        self._sync(OperatorRow, stock.operators, _operators(plan))
        self._sync(SiteRow, stock.sites, self._site_values())
        self._sync(BuildingRow, stock.buildings, self._building_values())
        self._sync(DoorRow, stock.doors, self._door_values())
        self._sync(SpaceRow, stock.spaces, self._space_values())
        self._sync(UnitRow, stock.units, self._unit_values())
        for space in plan.spaces:
            self._link_units(space)
            self._link_doors(space)
        return self._changes

    def _sync(
        self, row_type: type[_AnyRow], have: dict[str, _AnyRow], want: Mapping[str, _Values]
    ) -> None:
        for code, values in want.items():
            row = have.get(code)
            if row is None:
                row = row_type(code=code, **values)
                self._session.add(row)
                have[code] = row
                self._note(row, "added")
            else:
                self._change(row, values)
        for code in [code for code in have if code not in want]:
            self._retire(have[code])
        self._session.flush()

    def _change(self, row: _AnyRow, values: _Values) -> None:
        for name, value in values.items():
            if (old := getattr(row, name)) != value:
                setattr(row, name, value)
                told = f"{name} {old} -> {value}" if _is_short(old, value) else name
                self._note(row, f"changed: {told}")
        if row.retired_at is not None:
            row.retired_at = None
            self._note(row, "is back")

    def _retire(self, row: _AnyRow) -> None:
        if row.retired_at is None:
            row.retired_at = self._now
            self._note(row, "retired")

    def _note(self, row: _Row, what: str) -> None:
        kind = type(row).__name__.removesuffix("Row").lower()
        self._changes.append(f"{kind} {row.code} {what}")

    def _site_values(self) -> dict[str, _Values]:
        return {
            site.code: {
                "operator_id": self._stock.operators[site.operator].id,
                "name": site.name,
                "pass_code": site.pass_code,
                "zone": site.zone,
                "town": site.town,
                "address": site.address,
                "description": site.description,
                "arrival": site.arrival,
                "safe_capacity": site.safe_capacity,
                "hours": site.hours,
                "holidays": site.holidays(),
                "position": site.position,
            }
            for site in self._plan.sites
        }

    def _building_values(self) -> dict[str, _Values]:
        return {
            building.code: {
                "site_id": self._stock.sites[building.site].id,
                "name": building.name,
                "safe_capacity": building.safe_capacity,
            }
            for building in self._plan.buildings
        }

    def _door_values(self) -> dict[str, _Values]:
        return {
            door.code: {
                "site_id": self._stock.sites[door.site].id,
                "number": door.number,
                "name": door.name,
                "policy": door.policy,
                "max_stale_minutes": door.max_stale_minutes,
                "is_muster": door.is_muster,
            }
            for door in self._plan.doors
        }

    def _space_values(self) -> dict[str, _Values]:
        return {space.code: self._space(space) for space in self._plan.spaces}

    def _space(self, space: SpacePlan) -> _Values:
        same = (
            "kind", "name", "description", "way", "capacity", "safe_capacity", "area_m2", "floor",
            "accessible", "hearing_loop", "hours", "bookable", "closed_reason", "sharing", "rate",
            "rules", "position",
        )  # fmt: skip
        return {
            "site_id": self._stock.sites[space.site].id,
            "building_id": self._stock.buildings[space.building].id,
            "equipment": list(space.equipment),
            **{name: getattr(space, name) for name in same},
        }

    def _unit_values(self) -> dict[str, _Values]:
        return {
            unit.code: {
                "site_id": self._stock.sites[unit.site].id,
                "label": unit.label,
                "position": position,
            }
            for space in self._plan.spaces
            for position, unit in enumerate(space.own_units)
        }

    def _link_units(self, space: SpacePlan) -> None:
        row = self._stock.spaces[space.code]
        have = self._stock.units_of.get(row.id, set())
        want = {self._stock.units[unit.code].id for unit in self._plan.units_of(space)}
        for unit_id in sorted(want - have):
            self._session.add(SpaceUnitRow(space_id=row.id, unit_id=unit_id))
        for unit_id in sorted(have - want):
            self._session.delete(self._session.get_one(SpaceUnitRow, (row.id, unit_id)))
        if have and have != want:
            self._note(row, "changed: units")

    def _link_doors(self, space: SpacePlan) -> None:
        row = self._stock.spaces[space.code]
        have = self._stock.doors_of.get(row.id, [])
        want = [self._stock.doors[code].id for code in space.doors]
        if have == want:
            return
        for door_id in have:
            self._session.delete(self._session.get_one(SpaceDoorRow, (row.id, door_id)))
        self._session.flush()
        for position, door_id in enumerate(want):
            self._session.add(SpaceDoorRow(space_id=row.id, door_id=door_id, position=position))
        if have:
            self._note(row, "changed: doors")


def _operators(plan: NetworkPlan) -> dict[str, _Values]:
    return {
        operator.code: {
            "name": operator.name,
            "legal_form": operator.legal_form,
            "address": operator.address,
        }
        for operator in plan.operators
    }


def _is_short(*values: object) -> bool:
    return all(isinstance(value, str | int | bool | None) for value in values)


def _outside_hours(
    session: Session, before: Network, after: Network, now: datetime
) -> Iterable[str]:
    """Say which bookings to come lie outside hours that the load has just shortened."""
    for space in after.spaces:
        old = before.find_space(space.code)
        if old is None or old.calendar == space.calendar:
            continue
        shut = [
            span
            for span in spans_to_come(session, space, now=now)
            if not is_open(
                space.calendar, usable(span, old.buffers) or span, overnight=space.limits.overnight
            )
        ]
        if shut:
            yield f"{space.code}: {len(shut)} booking(s) to come lie outside the new hours"
