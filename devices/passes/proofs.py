"""What a phone adds to its pass: its signature over the instant, or over a door's challenge.

The pass names the phone's public key. The two kinds of proof sign under different words, and never
bytes that somebody else chose alone, so that neither can be made to serve as anything else.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, TypeAlias

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from devices.passes import base45
from devices.passes.cbor import NotStrictCbor, load
from devices.passes.claims import Curve, HolderKey, Seconds
from devices.passes.cose import NotSigned, WrongSignature

NONCE_LENGTH: Final = 8
SIGNATURE_LENGTH: Final = 64
CHALLENGE_PREFIX: Final = "RBC1:"
ENVELOPE: Final = 0x83
"""The first byte of a pass with a proof, an array of three; a bare pass is one of four."""

_LIVE: Final = b"RB-live-1\0"
_ANSWER: Final = b"RB-chal-1\0"
_LATEST: Final = 1 << 40
_HALF: Final = SIGNATURE_LENGTH // 2
_ALGORITHM: Final = ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Live:
    """The phone signed the instant at which it drew the code."""

    at: Seconds
    signature: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The phone signed the number and the nonce of one door, which it had read from its screen."""

    nonce: bytes
    signature: bytes


Proof: TypeAlias = Live | Answer


def live_message(content: bytes, at: Seconds) -> bytes:
    """Return what the phone signs, every few seconds, for a live pass."""
    return _LIVE + hashlib.sha256(content).digest() + at.to_bytes(8, "big")


def answer_message(content: bytes, door: int, nonce: bytes) -> bytes:
    """Return what the phone signs to answer the challenge of one door."""
    return _ANSWER + hashlib.sha256(content).digest() + door.to_bytes(4, "big") + nonce


def wrap(content: bytes, proof: Proof) -> bytes:
    """Join a signed pass and a proof."""
    said = proof.at if isinstance(proof, Live) else proof.nonce
    return cbor2.dumps([content, said, proof.signature])


def unwrap(content: bytes) -> tuple[bytes, Proof]:
    """Take a pass and its proof apart without believing either; raises NotSigned."""
    try:
        parts = load(content)
    except NotStrictCbor as error:
        raise NotSigned(str(error)) from error
    match parts:
        case [bytes() as signed, said, bytes() as signature] if len(signature) == SIGNATURE_LENGTH:
            if isinstance(said, bytes) and len(said) == NONCE_LENGTH:
                return signed, Answer(said, signature)
            if type(said) is int and 0 <= said < _LATEST:
                return signed, Live(said, signature)
    raise NotSigned("not a pass with a proof")


def verify_proof(proof: Proof, content: bytes, holder: HolderKey, *, door: int) -> None:
    """Return quietly when the holder's phone made this proof; raises WrongSignature."""
    if isinstance(proof, Live):
        message = live_message(content, proof.at)
    else:
        message = answer_message(content, door, proof.nonce)
    verify_signature(holder, message, proof.signature)


def verify_signature(holder: HolderKey, message: bytes, signature: bytes) -> None:
    """Return quietly when this phone signed this message; raises WrongSignature."""
    try:
        if holder.curve is Curve.ED25519:
            Ed25519PublicKey.from_public_bytes(holder.x).verify(signature, message)
        else:
            _p256(holder).verify(_as_der(signature), message, _ALGORITHM)
    except (InvalidSignature, ValueError) as error:  # ValueError: no point of the curve
        raise WrongSignature("signature of the holder") from error


def holder_key(public: bytes) -> HolderKey:
    """Read a public key as browsers export it: 65 bytes of P-256, or 32 of Ed25519.

    Raises ValueError for anything that is no key.
    """
    if len(public) == _HALF:
        Ed25519PublicKey.from_public_bytes(public)
        return HolderKey(Curve.ED25519, public)
    if len(public) != 1 + 2 * _HALF:
        raise ValueError("length of a public key")
    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
    return HolderKey(Curve.P256, public[1 : 1 + _HALF], bool(public[-1] & 1))


def challenge_text(door: int, nonce: bytes) -> str:
    """Write the code that a door shows: its number and a nonce, for a phone to answer."""
    return CHALLENGE_PREFIX + base45.encode(door.to_bytes(4, "big") + nonce)


def _p256(holder: HolderKey) -> EllipticCurvePublicKey:
    point = (b"\x03" if holder.y_is_odd else b"\x02") + holder.x
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def _as_der(signature: bytes) -> bytes:
    """Write r and s, as browsers and COSE give them, the way the library wants them."""
    r, s = signature[:_HALF], signature[_HALF:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
