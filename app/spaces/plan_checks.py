"""What no single key can tell: references, doubles, and numbers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from app.domain.kinds import SpaceKind
from app.domain.rents import LARGEST_OFFICE
from app.spaces.plan import NetworkPlan, SpacePlan
from app.spaces.plan_rules import rule_faults
from app.spaces.toml_tables import At, Fault


class _Coded(Protocol):
    @property
    def at(self) -> At: ...

    @property
    def code(self) -> str: ...


def faults_of(plan: NetworkPlan) -> list[Fault]:
    """Give every contradiction of the plan, in the order of the files."""
    return sorted(
        {
            *_doubles(plan),
            *_sites(plan),
            *_doors(plan),
            *(fault for space in plan.spaces for fault in _Checks(plan, space).faults()),
        }
    )


def _doubles(plan: NetworkPlan) -> Iterator[Fault]:
    for items in (plan.operators, plan.sites, plan.buildings, plan.doors, plan.spaces):
        yield from _doubled(items)
    units = [unit.code for space in plan.spaces for unit in space.own_units]
    doubled = {code for code in units if units.count(code) > 1}
    for space in plan.spaces:
        for unit in space.own_units:
            if unit.code in doubled and unit.code != space.code:
                yield space.at.fault(f"count: its unit {unit.code!r} has the code of another")


def _doubled(items: Iterable[_Coded]) -> Iterator[Fault]:
    first: dict[str, At] = {}
    for item in items:
        if (other := first.setdefault(item.code, item.at)) is not item.at:
            yield item.at.fault(f"code: {item.code!r} is already that of {other.file}:{other.line}")


def _sites(plan: NetworkPlan) -> Iterator[Fault]:
    operators = {operator.code for operator in plan.operators}
    pass_codes: dict[str, str] = {}
    for site in plan.sites:
        if site.operator not in operators:
            yield site.at.fault(f"operator: {site.operator!r} is not known")
        if (other := pass_codes.setdefault(site.pass_code, site.code)) != site.code:
            yield site.at.fault(f"pass_code: {site.pass_code!r} is already that of {other}")
        days = [day.on for day in (*site.closed, *site.opened)]
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield site.at.fault(f"holidays: {day.isoformat()} is named twice")
    capacities = {site.code: site.safe_capacity for site in plan.sites}
    for building in plan.buildings:
        if building.safe_capacity > capacities[building.site]:
            yield building.at.fault("safe_capacity: is above that of its site")


def _doors(plan: NetworkPlan) -> Iterator[Fault]:
    numbers: dict[int, str] = {}
    for door in plan.doors:
        if (other := numbers.setdefault(door.number, door.code)) != door.code:
            yield door.at.fault(f"number: {door.number} is already that of door {other!r}")


class _Checks:
    """The contradictions of one space."""

    def __init__(self, plan: NetworkPlan, space: SpacePlan) -> None:
        self._plan = plan
        self._space = space

    def faults(self) -> Iterator[Fault]:
        """Give them all."""
        for text in (
            *self._building(),
            *self._capacity(),
            *self._doors(),
            *self._parts(),
            *self._use(),
            *rule_faults(self._plan, self._space),
        ):
            yield self._space.at.fault(f"{text} (space {self._space.code!r})")

    def _building(self) -> Iterator[str]:
        code, site = self._space.building, self._space.site
        building = next((one for one in self._plan.buildings if one.code == code), None)
        if building is None or building.site != site:
            yield f"building: {code!r} is no building of this site"
        elif self._space.safe_capacity > building.safe_capacity:
            yield "safe_capacity: is above that of its building"

    def _capacity(self) -> Iterator[str]:
        space = self._space
        if space.capacity > space.safe_capacity:
            yield f"capacity: {space.capacity} is above safe_capacity {space.safe_capacity}"
        if space.count is not None and space.count != space.capacity:
            yield f"count: {space.count} places do not make a capacity of {space.capacity}"

    def _doors(self) -> Iterator[str]:
        known = {door.code for door in self._plan.doors if door.site == self._space.site}
        if not self._space.doors:
            yield "doors: names no door to come in by"
        for code in self._space.doors:
            if code not in known:
                yield f"doors: {code!r} is no door of this site"

    def _parts(self) -> Iterator[str]:
        space = self._space
        if space.parts and (space.count is not None or len(space.parts) < 2):
            yield "parts: a divisible room has two parts or more and no count"
        for code in space.parts:
            part = next((one for one in self._plan.spaces if one.code == code), None)
            if part is None or part.site != space.site:
                yield f"parts: {code!r} is no space of this site"
            elif part.parts or part.count is not None:
                yield f"parts: {code!r} is itself divisible"

    def _use(self) -> Iterator[str]:
        space = self._space
        if space.kind == SpaceKind.OFFICE and space.area_m2 is None:
            yield "area_m2: an office is let by the square metre"
        if space.kind == SpaceKind.OFFICE and (space.area_m2 or 0) > LARGEST_OFFICE:
            yield f"area_m2: no office has more than {LARGEST_OFFICE} m²"
        if space.bookable and space.kind in (SpaceKind.OFFICE, SpaceKind.CAFE):
            yield f"bookable: a place of kind {space.kind!r} is not given out by the hour"
