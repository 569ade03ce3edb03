"""The text in the QR code: seal claims into it, read them back only if the issuer signed them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.passes import base45, cose, proofs
from devices.passes.claims import Claims, NotClaims, Seconds, from_payload, to_payload
from devices.passes.keys import KeyRing, PassKey
from devices.passes.proofs import Answer, Live, Proof
from devices.passes.reasons import InvalidPass, Reason

PREFIX: Final = "RB1:"
LONGEST_TEXT: Final = 600
_ENVELOPE: Final = bytes((proofs.ENVELOPE,))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader saw, taken apart; nothing in it has been believed yet."""

    content: bytes
    signed: cose.Signed
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass whose signatures were good, the key that made it, and the proof of its phone."""

    claims: Claims
    key: PassKey
    proof: Proof | None = None


def seal(claims: Claims, *, kid: bytes, key: Ed25519PrivateKey) -> str:
    """Write claims as signed pass text; a pure function of its arguments."""
    return PREFIX + base45.encode(cose.sign(to_payload(claims), kid=kid, key=key))


def make_live(text: str, at: Seconds, sign: Callable[[bytes], bytes]) -> str:
    """Turn the text of a pass into a live code, as its phone does every few seconds."""
    content = base45.decode(text[len(PREFIX) :])
    signature = sign(proofs.live_message(content, at))
    return PREFIX + base45.encode(proofs.wrap(content, Live(at, signature)))


def answer(text: str, door: int, nonce: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Turn the text of a pass into the answer to a door's challenge."""
    content = base45.decode(text[len(PREFIX) :])
    signature = sign(proofs.answer_message(content, door, nonce))
    return PREFIX + base45.encode(proofs.wrap(content, Answer(nonce, signature)))


def take_apart(text: str) -> Shown:
    """Take the text of a code apart; raises InvalidPass with `not-a-pass`."""
    if len(text) > LONGEST_TEXT or not text.startswith(PREFIX):
        raise InvalidPass(Reason.NOT_A_PASS, "prefix or length")
    proof: Proof | None = None
    try:
        content = base45.decode(text[len(PREFIX) :])
        if content[:1] == _ENVELOPE:
            content, proof = proofs.unwrap(content)
        return Shown(content, cose.split(content), proof)
    except (base45.NotBase45, cose.NotSigned) as error:
        raise InvalidPass(Reason.NOT_A_PASS, str(error)) from error


def believe(shown: Shown, keys: KeyRing, *, door: int = 0) -> Pass:
    """Return the pass, the issuer's signature checked first and then that of the phone.

    No claim is looked at before; `door` is the one whose challenge an answer must be for.
    Raises InvalidPass with `not-a-pass`, `unknown-key` or `bad-signature`.
    """
    key = keys.find_by_header(shown.signed.header)
    if key is None:
        known = cose.is_header(shown.signed.header)
        raise InvalidPass(Reason.UNKNOWN_KEY if known else Reason.NOT_A_PASS, "header")
    try:
        cose.verify(shown.signed, key.public)
        claims = from_payload(shown.signed.payload)
        if shown.proof is not None:
            _verify_proof(shown, claims, door)
    except cose.WrongSignature as error:
        raise InvalidPass(Reason.BAD_SIGNATURE, str(error)) from error
    except NotClaims as error:
        raise InvalidPass(Reason.NOT_A_PASS, str(error)) from error
    return Pass(claims, key, shown.proof)


def read(text: str, keys: KeyRing, *, door: int = 0) -> Pass:
    """Return the pass in `text`; raises InvalidPass as `take_apart` and `believe` do."""
    return believe(take_apart(text), keys, door=door)


def _verify_proof(shown: Shown, claims: Claims, door: int) -> None:
    if claims.holder is None or shown.proof is None:
        raise cose.WrongSignature("a proof, but no phone in the pass")
    proofs.verify_proof(shown.proof, shown.content, claims.holder, door=door)
