"""Signed requests (RFC 9421) by which a device speaks to the server, made and checked alike."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

COVERED: Final = ("@method", "@target-uri", "content-digest")
LABEL: Final = "totem"
TAG: Final = "totem-device"
LIFE: Final = datetime.timedelta(seconds=60)
_SKEW: Final = datetime.timedelta(seconds=5)
_PARAMETERS: Final = frozenset({"created", "keyid", "alg", "tag"})


class InvalidLetter(Exception):
    """The request was not signed by the device it names, or too long ago."""


@dataclass(slots=True)
class Letter:
    """A request as it is signed: the URL absolute, just as the sender wrote it."""

    method: str
    url: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def sign_letter(
    letter: Letter, *, device: str, key: Ed25519PrivateKey, now: datetime.datetime
) -> dict[str, str]:
    """Return the headers that sign this request: Content-Digest, Signature-Input, Signature."""
    signed = Letter(letter.method, letter.url, letter.body)
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Own(key))
    signer.sign(
        signed,
        key_id=device,
        created=now,
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        body=letter.body,
    )
    return signed.headers


def verify_letter(
    letter: Letter,
    *,
    find_key: Callable[[str], Ed25519PublicKey | None],
    now: datetime.datetime,
) -> str:
    """Return the id of the device that signed this request; raises InvalidLetter."""
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_Known(find_key))
    verifier.now = now
    try:
        (result,) = verifier.verify(
            letter,
            max_age=LIFE,
            expect_tag=TAG,
            require_components=COVERED,
            body=letter.body,
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as error:
        raise InvalidLetter(str(error)) from error
    if not result.parameters.keys() <= _PARAMETERS:
        raise InvalidLetter("unexpected parameters")
    return str(result.parameters["keyid"])


class _Own(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


class _Known(HTTPSignatureKeyResolver):
    def __init__(self, find_key: Callable[[str], Ed25519PublicKey | None]) -> None:
        self._find_key = find_key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self._find_key(key_id)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with the time handed in, as everywhere in this house."""

    now: datetime.datetime
    max_clock_skew = _SKEW

    def validate_created_and_expires(
        self, sig_input: Mapping[str, object], max_age: datetime.timedelta | None = None
    ) -> None:
        """Refuse a request signed more than 60 s ago, or in the future."""
        created = getattr(sig_input, "params", {}).get("created")
        if type(created) is not int:
            raise InvalidSignature("created is missing")
        age = self.now.timestamp() - created
        if not -_SKEW.total_seconds() <= age <= LIFE.total_seconds():
            raise InvalidSignature(f"signed {age:.0f} s ago")
