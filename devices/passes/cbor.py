"""A strict reader of the small part of CBOR (RFC 8949) that our papers use.

Definite lengths and shortest forms only; no tags, floats, null or duplicate keys. General readers
build objects, compile regular expressions or loop before a signature was looked at; this cannot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

Cbor: TypeAlias = int | bool | bytes | str | list["Cbor"] | dict[int | str, "Cbor"]
_Read: TypeAlias = tuple[Cbor, int]

_FALSE: Final = 20
_TRUE: Final = 21
_ONE_BYTE_LENGTH: Final = 24
_EIGHT_BYTE_LENGTH: Final = 27


class NotStrictCbor(ValueError):
    """The bytes are not CBOR, or not the strict part of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a paper may be: in bytes, in nesting, in items of one array or map."""

    size: int
    depth: int
    items: int


PASS_LIMITS: Final = Limits(size=1024, depth=5, items=32)
SNAPSHOT_LIMITS: Final = Limits(size=8 * 1024 * 1024, depth=8, items=200_000)


def load(content: bytes, limits: Limits = PASS_LIMITS) -> Cbor:
    """Read the one item that fills `content`; raises NotStrictCbor for anything else."""
    if len(content) > limits.size:
        raise NotStrictCbor("oversize")
    value, position = _item(content, 0, limits.depth, limits)
    if position != len(content):
        raise NotStrictCbor("trailing bytes")
    return value


def _item(content: bytes, position: int, depth: int, limits: Limits) -> _Read:
    if depth < 0:
        raise NotStrictCbor("too deep")
    try:
        first = content[position]
    except IndexError:
        raise NotStrictCbor("short") from None
    argument = first & 31
    position += 1
    if argument >= _ONE_BYTE_LENGTH:
        argument, position = _long_argument(content, position, argument)
    return _READERS[first >> 5](content, position, argument, depth, limits)


def _long_argument(content: bytes, position: int, code: int) -> tuple[int, int]:
    if code > _EIGHT_BYTE_LENGTH:
        raise NotStrictCbor("indefinite length")
    width = 1 << (code - _ONE_BYTE_LENGTH)
    end = position + width
    if end > len(content):
        raise NotStrictCbor("short")
    value = int.from_bytes(content[position:end], "big")
    if value < _ONE_BYTE_LENGTH or (width > 1 and not value >> (4 * width)):
        raise NotStrictCbor("not the shortest form")
    return value, end


def _unsigned(content: bytes, position: int, value: int, depth: int, limits: Limits) -> _Read:
    return value, position


def _negative(content: bytes, position: int, value: int, depth: int, limits: Limits) -> _Read:
    return -1 - value, position


def _bytes(content: bytes, position: int, length: int, depth: int, limits: Limits) -> _Read:
    end = position + length
    if end > len(content):
        raise NotStrictCbor("short")
    return content[position:end], end


def _text(content: bytes, position: int, length: int, depth: int, limits: Limits) -> _Read:
    end = position + length
    if end > len(content):
        raise NotStrictCbor("short")
    try:
        return content[position:end].decode("utf-8"), end
    except UnicodeDecodeError as error:
        raise NotStrictCbor("text is not UTF-8") from error


def _array(content: bytes, position: int, length: int, depth: int, limits: Limits) -> _Read:
    if length > limits.items or length > len(content) - position:
        raise NotStrictCbor("array too long")
    items: list[Cbor] = []
    for _ in range(length):
        value, position = _item(content, position, depth - 1, limits)
        items.append(value)
    return items, position


def _map(content: bytes, position: int, length: int, depth: int, limits: Limits) -> _Read:
    if length > limits.items or 2 * length > len(content) - position:
        raise NotStrictCbor("map too long")
    entries: dict[int | str, Cbor] = {}
    for _ in range(length):
        key, position = _item(content, position, depth - 1, limits)
        if not isinstance(key, int | str) or isinstance(key, bool):
            raise NotStrictCbor("key is neither a number nor text")
        if key in entries:
            raise NotStrictCbor("duplicate key")
        entries[key], position = _item(content, position, depth - 1, limits)
    return entries, position


def _tag(content: bytes, position: int, value: int, depth: int, limits: Limits) -> _Read:
    raise NotStrictCbor("tag")


def _simple(content: bytes, position: int, value: int, depth: int, limits: Limits) -> _Read:
    if content[position - 1] & 31 == value and value in {_FALSE, _TRUE}:
        return value == _TRUE, position
    raise NotStrictCbor("simple value or float")


_READERS: Final[tuple[Callable[[bytes, int, int, int, Limits], _Read], ...]] = (
    _unsigned,
    _negative,
    _bytes,
    _text,
    _array,
    _map,
    _tag,
    _simple,
)
