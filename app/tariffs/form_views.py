"""The form of a card laid out: tables of prices, profiles, products, times, each field named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.json_values import JsonObject
from app.domain.profiles import BASE, Profile
from app.domain.tariffs import Family
from app.domain.vat_rules import PlaceRule, VatCode
from app.tariffs import card_words, path_words, words
from app.tariffs.card_form import PRICE_KEYS, CardForm, found_at
from app.web import formats


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its name, what it is called, what it shows, and what is wrong with it."""

    name: str
    label: str
    text: str
    fault: str
    placeholder: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A line of fields."""

    label: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Lines of fields under columns."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[FieldRow, ...]


class Layout:
    """Lays a form out; `below` is what shows through where a site has nothing of its own."""

    def __init__(self, form: CardForm, below: JsonObject | None = None) -> None:
        self._form = form
        self._below = below or {}
        self._known = {each.name for each in form.fields}
        self._lines = below or form.content

    def tables(self) -> Iterator[FieldTable]:
        """Give every table that has fields."""
        for table in (self._rows(), self._products(), *self._families()):
            if table.rows:
                yield table

    def field(self, name: str, choices: tuple[tuple[str, str], ...] = ()) -> FieldView:
        """Give one field by its name."""
        path = tuple(name.split("."))
        shown = found_at(self._below, path)
        return FieldView(
            name=name,
            label=path_words.path(path if path[1:] else ("site", *path), self._lines),
            text=_local(self._form.text(name)),
            fault=self._form.faults.get(name, ""),
            placeholder=_local(str(shown)) if isinstance(shown, (str, int)) else "",
            choices=choices,
        )

    def fields(self, *names: str) -> list[FieldView]:
        """Give the fields of these names that the form has."""
        return [self.field(name) for name in names if name in self._known]

    def _rows(self) -> FieldTable:
        keys = [*PRICE_KEYS, "capacity"]
        keys = [key for key in keys if any(name.endswith(f".{key}") for name in self._known)]
        rows = tuple(
            FieldRow(
                path_words.row(name, self._lines),
                tuple(self.field(f"rows.{name}.{key}") for key in keys),
            )
            for name in self._names("rows")
        )
        columns = tuple(path_words.key(key) for key in keys)
        return FieldTable("rows", path_words.path(("rows",), {}), columns, rows)

    def _products(self) -> FieldTable:
        keys = [key for key in ("price", "factor") if self._has("products", key)]
        rows = tuple(
            FieldRow(
                words.product(name), tuple(self.field(f"products.{name}.{key}") for key in keys)
            )
            for name in self._names("products")
        )
        columns = tuple(path_words.key(key) for key in keys)
        return FieldTable("products", path_words.path(("products",), {}), columns, rows)

    def _families(self) -> Iterator[FieldTable]:
        families = [name for name in self._names("families") if name in set(Family)]
        titles = {name: card_words.family(Family(name)) for name in families}
        with_profiles = [name for name in families if self._has(f"families.{name}", "student")]
        rows = tuple(
            FieldRow(
                words.profile(profile),
                tuple(
                    self.field(f"families.{name}.profiles.{profile.value}")
                    for name in with_profiles
                ),
            )
            for profile in Profile
            if profile is not BASE and with_profiles
        )
        columns = tuple(titles[name] for name in with_profiles)
        yield FieldTable("profiles", card_words.profiles_title(), columns, rows)
        taxes = tuple(
            FieldRow(
                titles[name],
                (
                    self.field(f"families.{name}.vat", vat_choices()),
                    self.field(f"families.{name}.place", place_choices()),
                ),
            )
            for name in families
        )
        keys = (path_words.key("vat"), path_words.key("place"))
        yield FieldTable("taxes", card_words.taxes_title(), keys, taxes)

    def _names(self, table: str) -> list[str]:
        under = [name.split(".")[1] for name in self._known if name.startswith(f"{table}.")]
        order = found_at(self._lines, (table,))
        return [name for name in order if name in under] if isinstance(order, dict) else []

    def _has(self, start: str, key: str) -> bool:
        return any(name.startswith(start) and name.endswith(f".{key}") for name in self._known)


def vat_choices() -> tuple[tuple[str, str], ...]:
    """Give the codes of VAT a card may name."""
    codes = (code for code in VatCode if code is not VatCode.REVERSE_CHARGE)
    return tuple((code.value, card_words.vat_code(code)) for code in codes)


def place_choices() -> tuple[tuple[str, str], ...]:
    """Give the rules of place a card may name."""
    return tuple((rule.value, card_words.place_rule(rule)) for rule in PlaceRule)


def _local(text: str) -> str:
    """Write a kept number as the reader types it: with a comma, but for the English."""
    digits = text.replace(".", "", 1)
    if formats.language() == "en" or not (digits.isascii() and digits.isdigit()):
        return text
    return text.replace(".", ",")
