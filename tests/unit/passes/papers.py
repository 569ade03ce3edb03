"""Test keys and papers of one door, with every default in sight."""

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.passes.claims import Claims
from devices.passes.keys import KeyRing, PassKey
from devices.passes.rules import DoorRules, Knowledge
from devices.passes.text import seal

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


def sealed(claims: Claims = CLAIMS) -> str:
    """Return pass text signed by the test issuer."""
    return seal(claims, kid=KID, key=ISSUER)


def staff_sealed(claims: Claims = CLAIMS) -> str:
    """Return pass text signed by the test staff key."""
    return seal(claims, kid=STAFF_KID, key=STAFF)


def knowing(known: Knowledge = KNOWN, **rules: object) -> Knowledge:
    """Return the same knowledge under other rules of the door."""
    return replace(known, rules=replace(known.rules, **rules))  # type: ignore[arg-type]
