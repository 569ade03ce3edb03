"""Test keys and papers of one door, with every default in sight."""

from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devices.passes.claims import Claims
from devices.passes.keys import KeyRing, PassKey
from devices.passes.proofs import holder_key
from devices.passes.rules import DoorRules, Knowledge
from devices.passes.text import answer, make_live, seal

KID = b"\x01"
STAFF_KID = b"\x09"
ISSUER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STAFF = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
SECRET = b"a secret for tests only"

STARTS = 1_795_356_000  # 2026-11-22 14:00 UTC
ENDS = STARTS + 7200
DOOR = 207
OTHER_DOOR = 209
KEYS_END = STARTS + 400 * 86_400
PASS_ID = bytes.fromhex("0102030405060708")

CLAIMS = Claims("mz", STARTS, ENDS, PASS_ID, (100, DOOR))
KEYS = KeyRing(
    [
        PassKey(KID, ISSUER.public_key(), KEYS_END),
        PassKey(STAFF_KID, STAFF.public_key(), KEYS_END, staff=True),
    ]
)
RULES = DoorRules("mz", DOOR)
KNOWN = Knowledge(RULES, KEYS, frozenset(), server_time=STARTS, clock_floor=STARTS)

PHONE = derive_private_key(20_261_122, SECP256R1())
OTHER_PHONE = derive_private_key(20_261_123, SECP256R1())
EDWARDS_PHONE = Ed25519PrivateKey.from_private_bytes(bytes(range(96, 128)))
PHONE_PUBLIC = PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
BOUND = replace(CLAIMS, holder=holder_key(PHONE_PUBLIC))
EDWARDS_BOUND = replace(CLAIMS, holder=holder_key(EDWARDS_PHONE.public_key().public_bytes_raw()))
NONCE = bytes.fromhex("a0a1a2a3a4a5a6a7")
ASKING = replace(KNOWN, challenges=frozenset({NONCE}))


def phone_signs(key: EllipticCurvePrivateKey = PHONE) -> Callable[[bytes], bytes]:
    """Return how a phone signs: P-256 with r and s of 32 bytes, here the same each time."""

    def sign(message: bytes) -> bytes:
        der = key.sign(message, ECDSA(SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def live(
    at: int = STARTS,
    claims: Claims = BOUND,
    sign: Callable[[bytes], bytes] = phone_signs(),  # noqa: B008 - a constant of the tests
) -> str:
    """Return a live code drawn at an instant."""
    return make_live(sealed(claims), at, sign)


def answered(
    nonce: bytes = NONCE,
    door: int = DOOR,
    claims: Claims = BOUND,
    sign: Callable[[bytes], bytes] = phone_signs(),  # noqa: B008 - a constant of the tests
) -> str:
    """Return the answer of a phone to a door's challenge."""
    return answer(sealed(claims), door, nonce, sign)


def sealed(claims: Claims = CLAIMS) -> str:
    """Return pass text signed by the test issuer."""
    return seal(claims, kid=KID, key=ISSUER)


def staff_sealed(claims: Claims = CLAIMS) -> str:
    """Return pass text signed by the test staff key."""
    return seal(claims, kid=STAFF_KID, key=STAFF)


def knowing(known: Knowledge = KNOWN, **rules: object) -> Knowledge:
    """Return the same knowledge under other rules of the door."""
    return replace(known, rules=replace(known.rules, **rules))  # type: ignore[arg-type]
