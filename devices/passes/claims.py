"""What a pass says: site, doors, hours and an id, and never a name."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

import cbor2

from devices.passes.cbor import Cbor, NotStrictCbor, load

Seconds: TypeAlias = int
"""An instant as papers carry it: whole seconds since 1970, UTC."""

PASS_ID_LENGTH: Final = 8
_COORDINATE_LENGTH: Final = 32
_LATEST: Final = 1 << 40
_LONGEST_SITE: Final = 8
_HIGHEST_DOOR: Final = 1 << 32


class Label(IntEnum):
    """The CWT claims a pass uses (RFC 8392, RFC 8747, RFC 9200)."""

    AUDIENCE = 3
    EXPIRES = 4
    NOT_BEFORE = 5
    ID = 7
    CONFIRMATION = 8
    SCOPE = 9


class Curve(IntEnum):
    """The curves a holder's device may use, by their COSE number."""

    P256 = 1
    ED25519 = 6


_REQUIRED: Final = frozenset(
    {Label.AUDIENCE, Label.EXPIRES, Label.NOT_BEFORE, Label.ID, Label.SCOPE}
)
_HOLDER_BOUND: Final = _REQUIRED | {Label.CONFIRMATION}


class NotClaims(ValueError):
    """The payload does not say what a pass must say."""


@dataclass(frozen=True, slots=True)
class HolderKey:
    """The public key of the device a pass is bound to; P-256 is compressed to x and a sign."""

    curve: Curve
    x: bytes
    y_is_odd: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """The content of one pass: its doors open from `not_before` until `not_after`."""

    site: str
    not_before: Seconds
    not_after: Seconds
    pass_id: bytes
    doors: tuple[int, ...]
    holder: HolderKey | None = None


def pass_id(secret: bytes, booking: int, version: int, device: str) -> bytes:
    """Return the 8 bytes that name the pass of this booking, in this version, on this device."""
    message = b"".join(
        (
            b"RB-pass-1\0",
            booking.to_bytes(8, "big"),
            version.to_bytes(8, "big"),
            device.encode("utf-8"),
        )
    )
    return hmac.new(secret, message, hashlib.sha256).digest()[:PASS_ID_LENGTH]


def to_payload(claims: Claims) -> bytes:
    """Write claims as a CWT payload, always in the same order."""
    content: dict[int, object] = {
        int(Label.AUDIENCE): claims.site,
        int(Label.EXPIRES): claims.not_after,
        int(Label.NOT_BEFORE): claims.not_before,
        int(Label.ID): claims.pass_id,
    }
    if claims.holder is not None:
        content[int(Label.CONFIRMATION)] = {1: _to_cose_key(claims.holder)}
    content[int(Label.SCOPE)] = cbor2.dumps(sorted(set(claims.doors)))
    return cbor2.dumps(content)


def from_payload(payload: bytes) -> Claims:
    """Read a payload whose signature is already good; raises NotClaims."""
    try:
        content = load(payload)
    except NotStrictCbor as error:
        raise NotClaims(str(error)) from error
    if not isinstance(content, dict) or content.keys() not in (_REQUIRED, _HOLDER_BOUND):
        raise NotClaims("claims missing or unknown")
    not_before, not_after = _window(content[Label.NOT_BEFORE], content[Label.EXPIRES])
    holder = content.get(Label.CONFIRMATION)
    return Claims(
        _site(content[Label.AUDIENCE]),
        not_before,
        not_after,
        _id(content[Label.ID]),
        _doors(content[Label.SCOPE]),
        None if holder is None else _holder(holder),
    )


def _site(value: Cbor) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_SITE or not value.isascii():
        raise NotClaims("site")
    return value


def _window(not_before: Cbor, not_after: Cbor) -> tuple[Seconds, Seconds]:
    if type(not_before) is not int or type(not_after) is not int:
        raise NotClaims("hours are not numbers")
    if not 0 <= not_before < not_after < _LATEST:
        raise NotClaims("hours out of order")
    return not_before, not_after


def _id(value: Cbor) -> bytes:
    if not isinstance(value, bytes) or len(value) != PASS_ID_LENGTH:
        raise NotClaims("id")
    return value


def _doors(value: Cbor) -> tuple[int, ...]:
    if not isinstance(value, bytes):
        raise NotClaims("doors")
    try:
        numbers = load(value)
    except NotStrictCbor as error:
        raise NotClaims("doors") from error
    if not isinstance(numbers, list) or not numbers:
        raise NotClaims("doors")
    doors: list[int] = []
    previous = -1
    for number in numbers:
        if type(number) is not int or not previous < number < _HIGHEST_DOOR:
            raise NotClaims("doors are not sorted numbers")
        doors.append(number)
        previous = number
    return tuple(doors)


def _to_cose_key(holder: HolderKey) -> dict[int, object]:
    if holder.curve is Curve.ED25519:
        return {1: 1, -1: 6, -2: holder.x}
    return {1: 2, -1: 1, -2: holder.x, -3: holder.y_is_odd}


def _holder(value: Cbor) -> HolderKey:
    key = value.get(1) if isinstance(value, dict) and value.keys() == {1} else None
    x = key.get(-2) if isinstance(key, dict) else None
    if not isinstance(key, dict) or not isinstance(x, bytes) or len(x) != _COORDINATE_LENGTH:
        raise NotClaims("holder key")
    if key == {1: 1, -1: 6, -2: x}:
        return HolderKey(Curve.ED25519, x)
    sign = key.get(-3)
    if isinstance(sign, bool) and key == {1: 2, -1: 1, -2: x, -3: sign}:
        return HolderKey(Curve.P256, x, sign)
    raise NotClaims("holder key")
