"""COSE_Sign1 (RFC 9052) with Ed25519 and nothing else: how every paper of ours is signed."""

from dataclasses import dataclass
from typing import Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from devices.passes.cbor import PASS_LIMITS, Limits, NotStrictCbor, load

_SIGNATURE_LENGTH: Final = 64
_PARTS: Final = 4
# {1: -8, 4: kid}: algorithm EdDSA, then the name of the key; the kid follows as a byte string.
_HEADER_START: Final = b"\xa2\x01\x27\x04"
_SIGNED_START: Final = b"\x84\x6aSignature1"
_BYTES: Final = 0x40
_SHORT: Final = 24
_ONE_BYTE: Final = 0x100
_TWO_BYTES: Final = 0x10000


class NotSigned(ValueError):
    """The bytes are not a COSE_Sign1 of our profile."""


class WrongSignature(ValueError):
    """The signature does not belong to these bytes and this key."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The three parts of a signed paper; nothing in it has been believed yet."""

    header: bytes
    payload: bytes
    signature: bytes


def protected_header(kid: bytes) -> bytes:
    """Return the only header bytes under which a key named `kid` signs."""
    return _HEADER_START + _byte_string(kid)


def sign(payload: bytes, *, kid: bytes, key: Ed25519PrivateKey) -> bytes:
    """Sign a payload as an untagged COSE_Sign1; the same input always gives the same bytes."""
    header = protected_header(kid)
    signature = key.sign(to_be_signed(header, payload))
    return cbor2.dumps([header, {}, payload, signature])


def split(content: bytes, limits: Limits = PASS_LIMITS) -> Signed:
    """Take a COSE_Sign1 apart without believing it; raises NotSigned."""
    try:
        parts = load(content, limits)
    except NotStrictCbor as error:
        raise NotSigned(str(error)) from error
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise NotSigned("not four parts")
    header, unprotected, payload, signature = parts
    if unprotected != {} or not isinstance(header, bytes) or not isinstance(payload, bytes):
        raise NotSigned("parts of the wrong kind")
    if not isinstance(signature, bytes) or len(signature) != _SIGNATURE_LENGTH:
        raise NotSigned("signature of the wrong length")
    return Signed(header, payload, signature)


def is_header(content: bytes) -> bool:
    """Say whether these bytes are a header of our profile, whatever key they name."""
    try:
        header = load(content)
    except NotStrictCbor:
        return False
    if not isinstance(header, dict):
        return False
    kid = header.get(4)
    return isinstance(kid, bytes) and content == protected_header(kid)


def verify(signed: Signed, key: Ed25519PublicKey) -> None:
    """Return quietly when `key` signed this paper; raises WrongSignature."""
    try:
        key.verify(signed.signature, to_be_signed(signed.header, signed.payload))
    except InvalidSignature as error:
        raise WrongSignature("signature") from error


def to_be_signed(header: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052 §4.4, written out because it never varies."""
    return b"".join((_SIGNED_START, _byte_string(header), b"\x40", _byte_string(payload)))


def _byte_string(content: bytes) -> bytes:
    length = len(content)
    if length < _SHORT:
        return bytes((_BYTES | length,)) + content
    if length < _ONE_BYTE:
        return bytes((_BYTES | 24, length)) + content
    if length < _TWO_BYTES:
        return bytes((_BYTES | 25,)) + length.to_bytes(2, "big") + content
    return bytes((_BYTES | 26,)) + length.to_bytes(4, "big") + content
