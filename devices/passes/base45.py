"""Base45 (RFC 9285), the alphabet that QR codes pack tightest, read without any leniency."""

import struct

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_INVALID = 0xFF
_VALUES = bytes(
    ALPHABET.index(chr(code)) if chr(code) in ALPHABET else _INVALID for code in range(256)
)


class NotBase45(ValueError):
    """The text is not what `encode` would have written."""


def encode(content: bytes) -> str:
    """Write bytes as base45, two bytes in three characters."""
    even = len(content) & ~1
    text = []
    for (pair,) in struct.iter_unpack(">H", content[:even]):
        rest, first = divmod(pair, 45)
        third, second = divmod(rest, 45)
        text.append(ALPHABET[first] + ALPHABET[second] + ALPHABET[third])
    if even != len(content):
        second, first = divmod(content[-1], 45)
        text.append(ALPHABET[first] + ALPHABET[second])
    return "".join(text)


def decode(text: str) -> bytes:
    """Read base45 back, raising NotBase45 for a foreign character, length or value."""
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError as error:
        raise NotBase45("character") from error
    if _INVALID in values:
        raise NotBase45("character")
    whole = len(values) - len(values) % 3
    try:
        content = struct.pack(
            f">{whole // 3}H",
            *[
                first + 45 * second + 2025 * third
                for first, second, third in zip(
                    values[0:whole:3], values[1:whole:3], values[2:whole:3], strict=True
                )
            ],
        )
    except struct.error as error:
        raise NotBase45("value") from error
    return content + _last_byte(values[whole:])


def _last_byte(values: bytes) -> bytes:
    if not values:
        return b""
    if len(values) == 1:
        raise NotBase45("length")
    value = values[0] + 45 * values[1]
    if value > 0xFF:
        raise NotBase45("value")
    return bytes((value,))
