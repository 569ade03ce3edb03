"""How a site's card is made: what the charter says for all, and what the site has of its own.

A site's own table gives its reference rent or coefficient, what costs nothing there, and, under
`rows` and `products`, prices that differ from the charter's or that only this site sells.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.json_values import JsonObject, JsonValue

SITE = "site"
OWN_TABLES = ("rows", "products")
# A card gets these when it is published; they stand in columns, never in its content.
GIVEN = ("version", "effective_on", "deliberation")


def compose(charter: Mapping[str, JsonValue], own: Mapping[str, JsonValue]) -> JsonObject:
    """Give the content of a site's card: the charter's, with the site's own laid over it."""
    content = {key: copied(value) for key, value in charter.items() if key != SITE}
    for name in OWN_TABLES:
        table = own.get(name)
        if isinstance(table, dict):
            content[name] = _laid_over(content.get(name), table)
    content[SITE] = {key: copied(value) for key, value in own.items() if key not in OWN_TABLES}
    return content


def charter_of(content: Mapping[str, JsonValue]) -> JsonObject:
    """Give what a composed card has in common with the others, if it changed no price of them."""
    return {key: copied(value) for key, value in content.items() if key != SITE}


def own_of(content: Mapping[str, JsonValue]) -> JsonObject:
    """Give the site's own table of a composed card that changed no price of the charter."""
    table = content.get(SITE)
    return {key: copied(value) for key, value in table.items()} if isinstance(table, dict) else {}


def without_given(content: Mapping[str, JsonValue]) -> JsonObject:
    """Leave out what only a published card has."""
    return {key: value for key, value in content.items() if key not in GIVEN}


def as_json(value: object) -> JsonValue:
    """Write TOML's own dates as text, as JSON keeps them; a float becomes a text no rule takes."""
    if isinstance(value, Mapping):
        return json_object(value)
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    return f"{value} without quotes"


def json_object(table: Mapping[str, object]) -> JsonObject:
    """Write a table of TOML as JSON keeps it."""
    return {str(key): as_json(each) for key, each in table.items()}


def copied(value: JsonValue) -> JsonValue:
    """Copy a value so deep that changing the copy changes nothing else."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value


def _laid_over(below: JsonValue, above: Mapping[str, JsonValue]) -> JsonObject:
    """Lay tables over tables, key by key."""
    merged = {key: copied(value) for key, value in below.items()} if isinstance(below, dict) else {}
    for key, value in above.items():
        merged[key] = _laid_over(merged.get(key), value) if isinstance(value, dict) else value
    return merged
