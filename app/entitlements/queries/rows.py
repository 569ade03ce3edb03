"""Turns the rows of rights into values, and what a right honours into JSON and back."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.json_values import JsonObject, JsonValue
from app.domain.kinds import SpaceKind
from app.domain.tariffs import Family
from app.entitlements.entitlement import Honours


def honours_from(content: Mapping[str, JsonValue]) -> Honours:
    """Read what a right is good for."""
    product, roaming = content.get("product"), content.get("roaming")
    return Honours(
        families=frozenset(Family(each) for each in _texts(content.get("families"))),
        kinds=frozenset(SpaceKind(each) for each in _texts(content.get("kinds"))),
        product=product if isinstance(product, str) else None,
        roaming=roaming if isinstance(roaming, int) else None,
    )


def honours_json(honours: Honours) -> JsonObject:
    """Write what a right is good for."""
    families: list[JsonValue] = [each.value for each in sorted(honours.families)]
    kinds: list[JsonValue] = [each.value for each in sorted(honours.kinds)]
    return {
        "families": families,
        "kinds": kinds,
        "product": honours.product,
        "roaming": honours.roaming,
    }


def _texts(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
