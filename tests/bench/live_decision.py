"""A live decision of a door against the two signature checks it contains."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from devices.passes import base45, cose, proofs
from devices.passes.rules import Granted, judge
from devices.passes.text import PREFIX
from tests.bench.ratios import Line, in_turns
from tests.unit.passes.papers import ISSUER, KNOWN, PHONE, STARTS, live

ROUNDS = 4000
WANTED = 1.8


def measure() -> Line:
    """Give the cost of the decision over that of one bare check of each signature."""
    text = live()
    content, proof = proofs.unwrap(base45.decode(text[len(PREFIX) :]))
    signed = cose.split(content)
    issued = cose.to_be_signed(signed.header, signed.payload)
    message = proofs.live_message(content, STARTS)
    r, s = proof.signature[:32], proof.signature[32:]
    der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    issuer, phone, algorithm = ISSUER.public_key(), PHONE.public_key(), ECDSA(SHA256())
    assert isinstance(judge(text, KNOWN, now=STARTS), Granted)

    def both() -> None:
        issuer.verify(signed.signature, issued)
        phone.verify(der, message, algorithm)

    bare, whole = in_turns(both, lambda: judge(text, KNOWN, now=STARTS), ROUNDS)
    note = f"{whole * 1e6:.0f} µs over {bare * 1e6:.0f} µs"
    return Line("live door decision / bare Ed25519 + P-256 verify", whole / bare, WANTED, note=note)
