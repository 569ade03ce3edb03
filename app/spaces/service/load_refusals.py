"""What a load may not do: take away or turn into something else what people have booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.spaces.plan import NetworkPlan, SpacePlan
from app.spaces.service.stock import Stock
from app.spaces.tables import DoorRow, SpaceRow


def refusals(
    plan: NetworkPlan,
    stock: Stock,
    *,
    by_space: Mapping[int, int],
    by_unit: Mapping[int, int],
    announced: Mapping[int, int],
) -> list[str]:
    """Give every reason to refuse the plan, with the number of bookings to come at each place.

    `announced` is the most people that any booking to come of a space has announced.
    """
    return [
        *_moved(plan, stock),
        *_identities(plan, stock),
        *_spaces(plan, stock, by_space),
        *_capacities(plan, stock, announced),
        *_units(plan, stock, by_unit),
        *_doors(plan, stock, by_space),
    ]


def _moved(plan: NetworkPlan, stock: Stock) -> Iterator[str]:
    """A code stays at its site: what moves is a new thing with a new code."""
    sites = {row.id: code for code, row in stock.sites.items()}
    groups = (
        ("building", plan.buildings, {row.code: row.site_id for row in stock.buildings.values()}),
        ("door", plan.doors, {row.code: row.site_id for row in stock.doors.values()}),
        ("space", plan.spaces, {row.code: row.site_id for row in stock.spaces.values()}),
    )
    for kind, items, have in groups:
        for item in items:
            old = sites.get(have.get(item.code, 0), item.site)
            if old != item.site:
                yield str(item.at.fault(f"{kind} {item.code!r} belongs to {old}: use a new code"))


def _identities(plan: NetworkPlan, stock: Stock) -> Iterator[str]:
    """Passes in people's hands name sites and doors by these: they never change or come back."""
    for site in plan.sites:
        row = stock.sites.get(site.code)
        if row is not None and row.pass_code != site.pass_code:
            yield str(site.at.fault(f"pass_code: passes in circulation say {row.pass_code!r}"))
    numbers = {row.number: row.code for row in stock.doors.values()}
    for door in plan.doors:
        old = stock.doors.get(door.code)
        if old is not None and old.number != door.number:
            yield str(
                door.at.fault(f"number: door {door.code!r} is {old.number} on passes already")
            )
        elif numbers.get(door.number, door.code) != door.code:
            yield str(door.at.fault(f"number: {door.number} was that of {numbers[door.number]!r}"))


def _spaces(plan: NetworkPlan, stock: Stock, by_space: Mapping[int, int]) -> Iterator[str]:
    wanted = {space.code: space for space in plan.spaces}
    for row in _booked(stock, by_space):
        number = by_space[row.id]
        space = wanted.get(row.code)
        if space is None:
            yield f"space {row.code} cannot be removed: {number} booking(s) to come"
            continue
        for what in _turned(row, space, plan, stock):
            yield str(
                space.at.fault(f"{what} of {row.code} cannot change: {number} booking(s) to come")
            )


def _capacities(plan: NetworkPlan, stock: Stock, announced: Mapping[int, int]) -> Iterator[str]:
    for space in plan.spaces:
        row = stock.spaces.get(space.code)
        people = announced.get(row.id, 0) if row is not None else 0
        if space.capacity < people:
            yield str(
                space.at.fault(
                    f"capacity of {space.code} cannot fall to {space.capacity}:"
                    f" {people} people are announced for a booking to come"
                )
            )


def _turned(row: SpaceRow, space: SpacePlan, plan: NetworkPlan, stock: Stock) -> Iterator[str]:
    if row.kind != space.kind:
        yield "kind"
    if row.sharing != space.sharing:
        yield "sharing"
    codes = {unit.code for unit in plan.units_of(space)}
    kept = {stock.units[code].id for code in codes if code in stock.units}
    if space.sharing == "whole" and (len(kept) < len(codes) or kept != stock.units_of[row.id]):
        yield "units"


def _units(plan: NetworkPlan, stock: Stock, by_unit: Mapping[int, int]) -> Iterator[str]:
    """A pool may shrink by the seats that nobody has; rooms were refused above already."""
    wanted = {unit.code for space in plan.spaces for unit in space.own_units}
    gone = {space.code for space in plan.spaces}
    for code, row in sorted(stock.units.items()):
        if code not in wanted and by_unit.get(row.id) and _space_of(code) in gone:
            yield f"unit {code} cannot be removed: {by_unit[row.id]} booking(s) to come"


def _doors(plan: NetworkPlan, stock: Stock, by_space: Mapping[int, int]) -> Iterator[str]:
    wanted = {door.code for door in plan.doors}
    for code, row in sorted(stock.doors.items()):
        number = sum(by_space[space.id] for space in _behind(row, stock, by_space))
        if code not in wanted and number:
            yield f"door {code} cannot be removed: {number} booking(s) to come behind it"


def _booked(stock: Stock, by_space: Mapping[int, int]) -> list[SpaceRow]:
    return [row for _, row in sorted(stock.spaces.items()) if by_space.get(row.id)]


def _behind(door: DoorRow, stock: Stock, by_space: Mapping[int, int]) -> list[SpaceRow]:
    return [row for row in _booked(stock, by_space) if door.id in stock.doors_of.get(row.id, [])]


def _space_of(unit_code: str) -> str:
    """The space that a numbered unit belongs to, by its code."""
    return unit_code.rpartition("-")[0]
