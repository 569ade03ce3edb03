"""A card as a TOML text and back: the same content, so that it can be written in an editor."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping

from app.domain.errors import BadRateCard
from app.domain.json_values import JsonObject, JsonValue
from app.tariffs.charter import json_object

LONGEST = 200_000
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(content: Mapping[str, JsonValue], *, head: str = "") -> str:
    """Write a card: plain values first, then each table under its path; `head` is a comment."""
    lines = [f"# {line}" for line in head.splitlines()]
    return "\n".join([*lines, *_table(content, ())]) + "\n"


def from_toml(text: str) -> JsonObject:
    """Read a card's content; raises BadRateCard for what is not TOML."""
    if len(text) > LONGEST:
        raise BadRateCard((f": longer than {LONGEST} characters",))
    try:
        return json_object(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadRateCard((f": {error}",)) from error


def _table(content: Mapping[str, JsonValue], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in content.items():
        if not isinstance(value, dict):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in content.items():
        if isinstance(value, dict):
            below = (*path, key)
            if not value or any(not isinstance(each, dict) for each in value.values()):
                yield ""
                yield f"[{'.'.join(_key(part) for part in below)}]"
            yield from _table(value, below)


def _value(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
        )
    return _text("" if value is None else value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """Quote a text: JSON's escapes are TOML's, but for the sign of deletion."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
