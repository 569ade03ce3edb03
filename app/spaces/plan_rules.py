"""Reads the rules of places from TOML: those of a kind, and a place's own on top of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from app.domain.json_values import JsonObject
from app.domain.rules_reading import KEYS, rules_from
from app.spaces.plan import INDUCTIONS, SETUPS, NetworkPlan, SpacePlan
from app.spaces.toml_tables import Table

LONGEST_HORIZON = 366


def rules_of(table: Table, of_kind: Mapping[str, object]) -> JsonObject:
    """Read a table of rules over those of its kind; a fault is noted and the kind's rules stay."""
    own = table.rest()
    for key in sorted(set(own) - KEYS):
        table.fault(key, "is not known here")
    merged = {**of_kind, **{key: value for key, value in own.items() if key in KEYS}}
    try:
        rules_from(merged)
    except ValueError as error:
        key, _, text = str(error).partition(": ")
        table.fault(key, text)
        return cast("JsonObject", dict(of_kind))
    return cast("JsonObject", merged)


def rule_faults(plan: NetworkPlan, space: SpacePlan) -> Iterator[str]:
    """Say what of a place's rules contradicts the place or names what is not there."""
    rules = rules_from(space.rules)
    for setup in rules.setups:
        if setup.code not in SETUPS:
            yield f"rules: set-up {setup.code!r} is none of {', '.join(SETUPS)}"
        if setup.capacity > space.capacity:
            yield f"rules: set-up {setup.code!r} holds more than capacity {space.capacity}"
    if rules.induction is not None and rules.induction not in INDUCTIONS:
        yield f"rules: induction {rules.induction!r} is none of {', '.join(INDUCTIONS)}"
    if max([rules.horizon_days or 0, *rules.horizons.values()]) > LONGEST_HORIZON:
        yield f"rules: nothing is given out more than {LONGEST_HORIZON} days ahead"
    if space.count is not None and (rules.setups or rules.linked):
        yield "rules: single seats have neither set-ups nor anything linked to them"
    yield from _linked(plan, space)


def _linked(plan: NetworkPlan, space: SpacePlan) -> Iterator[str]:
    for code in space.linked:
        other = next((one for one in plan.spaces if one.code == code), None)
        if other is None or other.site != space.site or other is space or not other.own_units:
            yield f"rules: {code!r} is nothing of this site that can be linked"
