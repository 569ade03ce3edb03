"""Two versions of a card side by side: every line that differs, in the order of the card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.json_values import JsonValue

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that is not the same; None where a version does not have it."""

    path: KeyPath
    before: str | None
    after: str | None


def compare(
    before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]
) -> tuple[Difference, ...]:
    """Give what differs, in the order of the later version, then what it no longer has."""
    old, new = dict(leaves(before)), dict(leaves(after))
    changed = [
        Difference(path, old.get(path), text) for path, text in new.items() if old.get(path) != text
    ]
    gone = [Difference(path, text, None) for path, text in old.items() if path not in new]
    return (*changed, *gone)


def leaves(content: Mapping[str, JsonValue], under: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Give every value of a card by its path, as text; a list of words is one value."""
    for key, value in content.items():
        path = (*under, key)
        if isinstance(value, dict):
            yield from leaves(value, path)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            numbered = {str(place): each for place, each in enumerate(value)}
            yield from leaves(numbered, path)
        else:
            yield path, text_of(value)


def text_of(value: JsonValue) -> str:
    """Write a value as one text that can be compared and shown."""
    if isinstance(value, list):
        return ", ".join(text_of(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
