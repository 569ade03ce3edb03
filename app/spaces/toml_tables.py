"""Reads TOML tables key by key and notes every fault with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from app.spaces.toml_lines import LineIndex, line_of_error
from app.spaces.toml_lines import Path as KeyPath

LANGUAGES = ("fr", "de", "en")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where to look."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A place in a file."""

    file: str
    line: int

    def fault(self, text: str) -> Fault:
        """Say what is wrong here."""
        return Fault(self.file, self.line, text)


@dataclass(slots=True)
class Source:
    """One file as read, with the faults found in it so far."""

    file: str
    data: dict[str, object]
    lines: LineIndex
    faults: list[Fault] = field(default_factory=list)

    def at(self, path: KeyPath) -> At:
        """Where that key stands."""
        return At(self.file, self.lines.line_of(path))

    def root(self) -> Table:
        """The whole file as a table."""
        return Table(self, (), self.data)


def read_source(path: Path, name: str) -> Source:
    """Read a TOML file; one that is missing or broken is empty and has one fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Source(name, {}, LineIndex(""), [Fault(name, 1, f"cannot be read: {error}")])
    lines = LineIndex(text)
    try:
        return Source(name, tomllib.loads(text), lines)
    except tomllib.TOMLDecodeError as error:
        return Source(name, {}, lines, [Fault(name, line_of_error(error), f"not TOML: {error}")])


class Table:
    """One table being read: each key is asked for once, by type; what is left over is unknown."""

    def __init__(self, source: Source, path: KeyPath, content: Mapping[str, object]) -> None:
        self._source = source
        self._path = path
        self._content = content
        self._asked: set[str] = set()
        self._excused = False

    @property
    def at(self) -> At:
        """Where the table begins."""
        return self._source.at(self._path)

    def where(self, key: str) -> At:
        """Where a key stands, or the table when the key is missing."""
        return self._source.at((*self._path, key))

    def fault(self, key: str, text: str) -> None:
        """Note a fault of a key."""
        self._source.faults.append(self.where(key).fault(f"{key}: {text}"))

    def has(self, key: str) -> bool:
        """Whether the key is there; asking so does not count as reading it."""
        return key in self._content

    def text(self, key: str, *, most: int = 300, default: str | None = None) -> str:
        """Read a text that is not empty."""
        value = self._value(key, default)
        if isinstance(value, str) and value.strip() and len(value) <= most:
            return value
        if value is not None:
            self.fault(key, f"must be a text of 1 to {most} characters")
        return ""

    def code(self, key: str, *, most: int = 60) -> str:
        """Read a code: small letters, digits and hyphens, as addresses have them."""
        value = self.text(key, most=most)
        if value and not _CODE.fullmatch(value):
            self.fault(key, f"{value!r} must be small letters, digits and hyphens")
        return value

    def number(
        self, key: str, *, least: int, most: int = 100_000, default: int | None = None
    ) -> int:
        """Read a whole number within bounds."""
        value = self._value(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            self.fault(key, f"must be a whole number from {least} to {most}")
        return least

    def decimal(self, key: str) -> Decimal | None:
        """Read an exact number written as text, or None when it is not there."""
        if not self.has(key):
            self._asked.add(key)
            return None
        value = self._value(key, None)
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number <= 0:
            self.fault(key, 'must be a positive number written as text, such as "34.50"')
            return None
        return number

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._value(key, default)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.fault(key, "must be true or false")
        return False

    def choice(self, key: str, among: Collection[str], *, default: str | None = None) -> str:
        """Read one of a few words."""
        value = self._value(key, default)
        if isinstance(value, str) and value in among:
            return value
        if value is not None:
            self.fault(key, f"{value!r} is none of {', '.join(sorted(among))}")
        return ""

    def texts(self, key: str, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """Read a list of texts, each once; a missing list is empty."""
        value = self._value(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            self.fault(key, "must be a list of texts")
            return ()
        found = tuple(cast("list[str]", value))
        if len(set(found)) < len(found):
            self.fault(key, "names something twice")
        for one in found if among is not None else ():
            if one not in cast("Collection[str]", among):
                self.fault(key, f"{one!r} is not known")
        return found

    def words(self, key: str) -> dict[str, str]:
        """Read the same text in the three languages."""
        table = self.table(key)
        found = {language: table.text(language) for language in LANGUAGES}
        table.finish()
        return found

    def table(self, key: str) -> Table:
        """Read an inner table; a missing one is a fault and empty."""
        value = self._value(key, None)
        if value is not None and not isinstance(value, dict):
            self.fault(key, "must be a table")
        content = cast("dict[str, object]", value) if isinstance(value, dict) else {}
        inner = Table(self._source, (*self._path, key), content)
        inner._excused = not isinstance(value, dict)  # a missing table is one fault, not ten
        return inner

    def tables(self, key: str) -> list[Table]:
        """Read a list of tables; a missing list is empty."""
        value = self._value(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(one, dict) for one in value):
            self.fault(key, "must be a list of tables")
            return []
        return [
            Table(self._source, (*self._path, key, number), cast("dict[str, object]", one))
            for number, one in enumerate(value)
        ]

    def raw(self, key: str) -> object:
        """Read a value as it is, for a reader that knows its shape; a missing one is a fault."""
        return self._value(key, None)

    def rest(self) -> dict[str, object]:
        """Give the whole table as it is and count every key as read."""
        self._asked.update(self._content)
        return dict(self._content)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._content:
            if key not in self._asked:
                self.fault(key, "is not known here")

    def _value(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._content:
            return self._content[key]
        if default is None and not self._excused:
            self._source.faults.append(self.at.fault(f"{key}: is missing"))
        return default
