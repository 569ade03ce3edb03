"""The text in the QR code: seal claims into it, read them back only if the issuer signed them."""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.passes import base45, cose
from devices.passes.claims import Claims, NotClaims, from_payload, to_payload
from devices.passes.keys import KeyRing, PassKey
from devices.passes.reasons import InvalidPass, Reason

PREFIX: Final = "RB1:"
LONGEST_TEXT: Final = 600


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass whose signature was good, and the key that made it."""

    claims: Claims
    key: PassKey


def seal(claims: Claims, *, kid: bytes, key: Ed25519PrivateKey) -> str:
    """Write claims as signed pass text; a pure function of its arguments."""
    return PREFIX + base45.encode(cose.sign(to_payload(claims), kid=kid, key=key))


def read(text: str, keys: KeyRing) -> Pass:
    """Return the pass in `text`, signature checked before any claim is looked at.

    Raises InvalidPass with `not-a-pass`, `unknown-key` or `bad-signature`.
    """
    if len(text) > LONGEST_TEXT or not text.startswith(PREFIX):
        raise InvalidPass(Reason.NOT_A_PASS, "prefix or length")
    try:
        signed = cose.split(base45.decode(text[len(PREFIX) :]))
    except (base45.NotBase45, cose.NotSigned) as error:
        raise InvalidPass(Reason.NOT_A_PASS, str(error)) from error
    key = keys.find_by_header(signed.header)
    if key is None:
        known = cose.is_header(signed.header)
        raise InvalidPass(Reason.UNKNOWN_KEY if known else Reason.NOT_A_PASS, "header")
    try:
        cose.verify(signed, key.public)
        return Pass(from_payload(signed.payload), key)
    except cose.WrongSignature as error:
        raise InvalidPass(Reason.BAD_SIGNATURE) from error
    except NotClaims as error:
        raise InvalidPass(Reason.NOT_A_PASS, str(error)) from error
