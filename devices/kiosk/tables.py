"""A table of settings read name by name, collecting faults instead of stopping at the first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

_NO_DEFAULT: Final = object()


class Table:
    """One TOML table; every reader returns something usable and notes what was wrong."""

    def __init__(
        self, content: dict[str, object], name: str, folder: Path, faults: list[str]
    ) -> None:
        self._content = content
        self._name = name
        self._folder = folder
        self._faults = faults
        self._read: set[str] = set()

    def fault(self, name: str, problem: str) -> None:
        """Note what is wrong with one setting."""
        where = f"{self._name}.{name}" if self._name else name
        self._faults.append(f"{where} {problem}")

    def has(self, name: str) -> bool:
        """Say whether the setting is written at all."""
        return name in self._content

    def text(self, name: str) -> str:
        """Read text that must be there."""
        value = self._value(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._missing_or(name, value, "must be text")
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts with at least one."""
        value = self._value(name)
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._missing_or(name, value, "must be a list of texts")
        return ()

    def path(self, name: str) -> Path:
        """Read a path; a relative one starts at the folder of the file."""
        return self._folder / self.text(name)

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """Read one of a few words."""
        value = self._value(name) if self.has(name) or default is None else default
        if isinstance(value, str) and value in choices:
            return value
        self._missing_or(name, value, f"must be one of: {', '.join(choices)}")
        return choices[0]

    def number(self, name: str, *, low: float, high: float, default: float | None = None) -> float:
        """Read a number within bounds."""
        value = self._value(name) if self.has(name) or default is None else default
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._missing_or(name, value, f"must be a number from {low:g} to {high:g}")
        return low

    def flag(self, name: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._value(name) if self.has(name) else default
        if isinstance(value, bool):
            return value
        self.fault(name, "must be true or false")
        return default

    def number_or_text(self, name: str) -> int | str:
        """Read a number or a code."""
        value = self._value(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self.text(name)

    def table(self, name: str, *, default_kind: str) -> "Table":
        """Read a table; a bare word stands for a table with only its `kind`."""
        value = self._value(name) if self.has(name) else default_kind
        if isinstance(value, str):
            value = {"kind": value}
        if not isinstance(value, dict):
            self.fault(name, "must be a table or a word")
            value = {}
        return Table(value, name, self._folder, self._faults)

    def refuse_the_rest(self) -> None:
        """Note every setting that nobody read: a misspelt one must not pass in silence."""
        for name in sorted(self._content.keys() - self._read):
            self.fault(name, "is not a setting")

    def _value(self, name: str) -> object:
        self._read.add(name)
        return self._content.get(name, _NO_DEFAULT)

    def _missing_or(self, name: str, value: object, problem: str) -> None:
        self.fault(name, "is missing" if value is _NO_DEFAULT else problem)
