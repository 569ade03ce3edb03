"""Reads tables of data and collects what is wrong with them, each fault with its key path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.domain.opening_hours import minute_from
from app.domain.profiles import ONE

Choice = TypeVar("Choice", bound=StrEnum)

_PRICE = re.compile(r"\d{1,9}(\.\d{1,2})?")
_FACTOR = re.compile(r"\d{1,4}(\.\d{1,6})?")


@dataclass
class Table:
    """A table under a key path; reads give a harmless value where they note a fault."""

    content: Mapping[str, object]
    path: str
    faults: list[str]
    read: set[str] = field(default_factory=set)

    def fault(self, key: str, why: str) -> None:
        """Note a fault under this table."""
        where = ".".join(part for part in (self.path, str(key)) if part)
        self.faults.append(f"{where}: {why}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self.read.add(str(key))
        return key in self.content

    def refuse_unknown(self, why: str = "unknown key") -> None:
        """Note every key that nobody asked for: a typing error, most likely."""
        for key in self.content:
            if key not in self.read:
                self.fault(key, why)

    def number(self, key: str) -> int:
        """Read a whole number above zero."""
        value = self._get(key)
        if type(value) is int and value > 0:
            return value
        return self._wrong(key, value, "a whole number above zero", 1)

    def flag(self, key: str) -> bool:
        """Read true or false; left out is false."""
        if not self.has(key):
            return False
        value = self.content[key]
        if isinstance(value, bool):
            return value
        return self._wrong(key, value, "true or false", default=False)

    def text(self, key: str, *, default: str | None = None) -> str:
        """Read a text that is not empty."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if isinstance(value, str) and value.strip():
            return value
        return self._wrong(key, value, "a text", "")

    def price(self, key: str, *, required: bool = True) -> int | None:
        """Read euros such as "15.00" as cents."""
        if not required and not self.has(key):
            return None
        value = self._get(key)
        if isinstance(value, str) and _PRICE.fullmatch(value):
            return int(Decimal(value) * 100)
        return self._wrong(key, value, 'a price in euros such as "15.00", not negative', 0)

    def factor(self, key: str) -> Decimal:
        """Read a factor or a rate such as "0.85", not negative."""
        value = self._get(key)
        if isinstance(value, str) and _FACTOR.fullmatch(value):
            return Decimal(value)
        return self._wrong(key, value, 'a number such as "0.85", in quotes, not negative', ONE)

    def date(self, key: str) -> date:
        """Read a date, written as TOML's own or as a text."""
        value = self._get(key)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self._wrong(key, value, "a date such as 2026-01-01", date.min)

    def clock(self, key: str) -> int:
        """Read a time of day such as "18:00" as minutes."""
        return self._minute(key, self._get(key))

    def clocks(self, key: str) -> tuple[int, int]:
        """Read two times of day, the first before the second."""
        value = self._get(key)
        if isinstance(value, list) and len(value) == 2:
            begins, ends = (self._minute(key, each) for each in value)
            if begins < ends:
                return begins, ends
        return self._wrong(key, value, 'two times such as ["18:00", "23:00"]', (0, 1))

    def choice(self, key: str, choices: type[Choice]) -> Choice | None:
        """Read one of the names of an enumeration."""
        value = self._get(key)
        if isinstance(value, str) and value in set(choices):
            return choices(value)
        return self._wrong(key, value, f"one of {' '.join(choices)}", None)

    def choices(self, key: str, choices: type[Choice]) -> list[Choice]:
        """Read a list of names of an enumeration; left out is empty."""
        value = self.content[key] if self.has(key) else []
        if isinstance(value, list) and all(each in set(choices) for each in value):
            return [choices(each) for each in value]
        return self._wrong(key, value, f"a list of {' '.join(choices)}", [])

    def table(self, key: str) -> "Table":
        """Open the table under a key."""
        value = self._get(key)
        path = ".".join(part for part in (self.path, key) if part)
        if not isinstance(value, Mapping):
            value = self._wrong(key, value, "a table", dict[str, object]())
        return Table(value, path, self.faults)

    def tables(self, key: str) -> list[tuple[str, "Table"]]:
        """Open every table under a key, by name, in order."""
        parent = self.table(key)
        return [(name, parent.table(name)) for name in parent.content]

    def list_of_tables(self, key: str) -> list["Table"]:
        """Open a list of tables, which has at least one."""
        value = self._get(key)
        if not isinstance(value, list) or not value:
            value = self._wrong(key, value, "a list of tables", list[object]())
        path = ".".join(part for part in (self.path, key) if part)
        numbered = Table({str(n): each for n, each in enumerate(value)}, path, self.faults)
        return [numbered.table(name) for name in numbered.content]

    def _get(self, key: str) -> object:
        self.read.add(str(key))
        return self.content.get(key)

    def _minute(self, key: str, value: object) -> int:
        try:
            return minute_from(str(value))
        except ValueError:
            return self._wrong(key, value, 'a time of day such as "18:00"', 0)

    def _wrong(self, key: str, value: object, wanted: str, default: "Default") -> "Default":
        self.fault(key, f"missing; {wanted}" if value is None else f"{value!r} is not {wanted}")
        return default


Default = TypeVar("Default")


def open_table(content: Mapping[str, object], faults: list[str]) -> Table:
    """Open the topmost table; faults are added to the list given."""
    return Table(content, "", faults)
