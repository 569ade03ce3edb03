"""Phones for tests: keys of their own that sign as a browser does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from app.access import queries, service
from app.access.holders import Phone, PhoneAsking
from app.access.passes import Pass
from app.db.transaction import reading, transaction
from app.domain.permissions import Actor
from devices.passes.text import make_live
from tests.readers import keys_of


@dataclass(frozen=True)
class TestPhone:
    """A phone of a test; `code` is how the server knows it."""

    __test__ = False

    key: EllipticCurvePrivateKey
    code: str = ""

    @property
    def public(self) -> bytes:
        """The public key as WebCrypto exports it."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, message: bytes) -> bytes:
        """Sign as WebCrypto does: r and s of 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(message, ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def asking(self, nonce: bytes, name: str = "iPhone") -> PhoneAsking:
        """Ask to be enrolled."""
        unsigned = PhoneAsking(self.public, b"", nonce, name)
        return PhoneAsking(self.public, self.sign(unsigned.signed_message), nonce, name)

    def live(self, given: Pass, at: datetime) -> str:
        """Draw the live code of a pass at an instant."""
        return make_live(given.text, int(at.timestamp()), self.sign)


def new_phone() -> TestPhone:
    """Make a phone that nobody knows yet."""
    return TestPhone(generate_private_key(SECP256R1()))


def enrol(app: Flask, actor: Actor, now: datetime, phone: TestPhone | None = None) -> TestPhone:
    """Enrol a phone for somebody."""
    phone = phone or new_phone()
    keys = keys_of(app)
    with app.app_context(), transaction() as session:
        nonce = keys.enrolment_nonces(actor.account_id, now)[0]
        known = service.enrol_phone(session, actor, phone.asking(nonce), keys=keys, now=now)
    return TestPhone(phone.key, known.code)


def known(app: Flask, code: str) -> Phone:
    """Give what the server holds of a phone."""
    with app.app_context(), reading() as session:
        phone = queries.find_phone(session, code)
    assert phone is not None
    return phone


def passes(app: Flask, actor: Actor, phone: TestPhone, now: datetime) -> list[Pass]:
    """Give the passes that a phone may show."""
    with app.app_context(), reading() as session:
        holder = queries.find_phone(session, phone.code)
        assert holder is not None
        return service.passes_of_phone(session, actor, holder, keys=keys_of(app), now=now)
