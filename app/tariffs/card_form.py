"""The form of a card: each price and factor a field by its path, read back exactly or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from flask_babel import gettext as _

from app.domain.json_values import JsonObject, JsonValue
from app.domain.opening_hours import clock, minute_from
from app.domain.profiles import BASE, Profile
from app.tariffs.charter import copied

PRICE_KEYS = ("hour", "half_day", "day", "evening")
_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_FACTOR = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")
_CLOCK = re.compile(r"([0-9]{1,2})\s*[:h]\s*([0-9]{2})?", re.IGNORECASE)
LONGEST = 300
NO_CHANGE = "1.00"


class FieldKind(StrEnum):
    """How a field is read."""

    PRICE = "price"
    FACTOR = "factor"
    NUMBER = "number"
    CLOCK = "clock"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class CardField:
    """One value that may be edited: where it stands, how it is read, what an empty one means."""

    path: tuple[str, ...]
    kind: FieldKind
    optional: bool = True

    @property
    def name(self) -> str:
        """Its name in the form."""
        return ".".join(self.path)


def charter_fields(content: Mapping[str, JsonValue]) -> Iterator[CardField]:
    """Give the fields of a charter: its rows, products, profiles, formula, times, offices."""
    for name in _tables(content, "rows"):
        for key in PRICE_KEYS:
            yield CardField(("rows", name, key), FieldKind.PRICE)
        yield CardField(("rows", name, "capacity"), FieldKind.NUMBER)
    for name in _tables(content, "products"):
        yield CardField(("products", name, "price"), FieldKind.PRICE, optional=False)
        yield CardField(("products", name, "factor"), FieldKind.FACTOR)
    yield from _family_fields(content)
    yield from _formula_fields(content)
    yield from _time_fields()
    yield from _office_fields(content)


def own_fields(charter: Mapping[str, JsonValue]) -> Iterator[CardField]:
    """Give the fields of what a site has of its own: rent, coefficient, prices unlike the rest."""
    yield CardField(("reference_rent",), FieldKind.PRICE)
    yield CardField(("rent_source",), FieldKind.TEXT)
    yield CardField(("rent_dated",), FieldKind.DAY)
    yield CardField(("coefficient",), FieldKind.FACTOR)
    yield CardField(("reason",), FieldKind.TEXT)
    for name in _tables(charter, "rows"):
        for key in PRICE_KEYS:
            yield CardField(("rows", name, key), FieldKind.PRICE)
    for name in _tables(charter, "products"):
        yield CardField(("products", name, "price"), FieldKind.PRICE)


@dataclass
class CardForm:
    """What was typed over a content, field by field; a fault keeps what was typed."""

    content: JsonObject
    fields: tuple[CardField, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give what a field shows: what was typed, else what the content says."""
        if name in self.typed:
            return self.typed[name]
        found = found_at(self.content, tuple(name.split(".")))
        return "" if found is None or isinstance(found, dict | list) else str(found)

    def read(self) -> JsonObject:
        """Give the content with everything typed laid over it; faults are noted by field."""
        copy = copied(self.content)
        content = copy if isinstance(copy, dict) else {}
        for each in self.fields:
            if each.name not in self.typed:
                continue
            try:
                value = parsed(each, self.typed[each.name])
            except ValueError as error:
                self.faults[each.name] = str(error)
            else:
                put_at(content, each.path, value)
        _begin_evening(content)
        return content


def parsed(each: CardField, typed: str) -> JsonValue:
    """Read what was typed as the card keeps it, None for nothing; raises ValueError in words."""
    text = typed.strip().replace("\u00a0", "").replace("\u202f", "")
    if not text:
        if each.path[-2:-1] == ("profiles",):
            return NO_CHANGE  # a card names every profile, be it worth nothing
        if each.optional:
            return None
        raise ValueError(_("Remplissez ce champ."))
    if each.kind is FieldKind.TEXT:
        return text[:LONGEST]
    if each.kind is FieldKind.CLOCK:
        return _clock(text)
    if each.kind is FieldKind.NUMBER:
        return _number(text)
    if each.kind in (FieldKind.DAY, FieldKind.CHOICE):
        return text
    return _decimal(each.kind, text.replace(" ", "").replace("€", "").replace(",", "."))


def _number(text: str) -> int:
    if not re.fullmatch(r"0*[1-9][0-9]{0,5}", text):
        raise ValueError(_("Écrivez un nombre entier, 1 ou plus."))
    return int(text)


def _decimal(kind: FieldKind, text: str) -> str:
    if kind is FieldKind.PRICE:
        if _PRICE.fullmatch(text):
            return f"{Decimal(text):.2f}"
        raise ValueError(_("Écrivez un prix en euros, comme 15,00 ; jamais négatif."))
    if _FACTOR.fullmatch(text):
        return text if "." in text else f"{text}.00"
    raise ValueError(_("Écrivez un nombre positif, comme 0,85."))


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    written = f"{int(found[1]):02d}:{found[2] or '00'}" if found else text
    try:
        return clock(minute_from(written))
    except ValueError as error:
        raise ValueError(_("Écrivez une heure, comme 18:00.")) from error


def found_at(content: JsonValue, path: tuple[str, ...]) -> JsonValue:
    """Give the value at a path, or None."""
    for step in path:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content


def put_at(content: JsonObject, path: tuple[str, ...], value: JsonValue) -> None:
    """Set the value at a path, or take it out for None; empty tables go with their last value."""
    inner = content.get(path[0])
    if len(path) == 1:
        if value is None:
            content.pop(path[0], None)
        else:
            content[path[0]] = value
    elif isinstance(inner, list):
        _put_in_list(inner, path[1:], value)
    else:
        table = inner if isinstance(inner, dict) else {}
        put_at(table, path[1:], value)
        if table or inner is not None:
            content[path[0]] = table
        if not table and path[0] not in ("profiles",):
            content.pop(path[0], None)


def _put_in_list(items: list[JsonValue], path: tuple[str, ...], value: JsonValue) -> None:
    place = int(path[0])
    item = items[place] if place < len(items) else None
    if len(path) == 1:
        items[place] = value
    elif isinstance(item, dict):
        put_at(item, path[1:], value)


def _begin_evening(content: JsonObject) -> None:
    """Let the evening begin where the day ends: one field says both."""
    time = content.get("time")
    evening = time.get("evening") if isinstance(time, dict) else None
    if isinstance(time, dict) and isinstance(evening, list) and evening:
        evening[0] = time.get("day_ends")


def _family_fields(content: Mapping[str, JsonValue]) -> Iterator[CardField]:
    for name, table in _tables(content, "families").items():
        for key in ("vat", "place"):
            yield CardField(("families", name, key), FieldKind.CHOICE)
        if not isinstance(table.get("profiles"), dict):
            continue
        for profile in Profile:
            if profile is not BASE:
                where = ("families", name, "profiles", profile.value)
                yield CardField(where, FieldKind.FACTOR)


def _formula_fields(content: Mapping[str, JsonValue]) -> Iterator[CardField]:
    """Give the formula of the coefficients: all of it, or none as before it was the charter's."""
    none = "coefficient" not in content
    yield CardField(("coefficient", "rent_share"), FieldKind.FACTOR, optional=none)
    yield CardField(("coefficient", "reference_rent"), FieldKind.PRICE, optional=none)
    yield CardField(("coefficient", "step"), FieldKind.FACTOR, optional=none)


def _time_fields() -> Iterator[CardField]:
    yield CardField(("time", "half_day_minutes"), FieldKind.NUMBER, optional=False)
    for key in (("day_ends",), ("evening", "1"), ("late_from",)):
        yield CardField(("time", *key), FieldKind.CLOCK, optional=False)
    for name in ("late", "saturday", "sunday"):
        yield CardField(("time", name), FieldKind.FACTOR, optional=False)


def _office_fields(content: Mapping[str, JsonValue]) -> Iterator[CardField]:
    offices = content.get("offices")
    if not isinstance(offices, dict):
        return
    yield CardField(("offices", "charges_per_m2"), FieldKind.PRICE, optional=False)
    stages = offices.get("stages")
    for place in range(len(stages) if isinstance(stages, list) else 0):
        where = ("offices", "stages", str(place))
        yield CardField((*where, "months"), FieldKind.NUMBER, optional=False)
        yield CardField((*where, "share"), FieldKind.FACTOR, optional=False)


def _tables(content: Mapping[str, JsonValue], name: str) -> dict[str, JsonObject]:
    found = content.get(name)
    if not isinstance(found, dict):
        return {}
    return {key: table for key, table in found.items() if isinstance(table, dict)}
