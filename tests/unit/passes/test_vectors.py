"""The published vectors: what every door, in any language, must answer to these texts."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from devices.passes.claims import Claims, pass_id, to_payload
from devices.passes.keys import KeyRing, PassKey
from devices.passes.rules import DoorRules, Granted, Knowledge, Policy, judge
from devices.passes.text import read, seal
from devices.passes.uses import Uses
from tests.unit.passes.write_vectors import VECTORS, written

DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
ALL = [*DOCUMENT["good"], *DOCUMENT["hostile"]]


def knowledge() -> Knowledge:
    """Return what the door of the vectors knows."""
    keys = [
        PassKey(
            bytes.fromhex(key["kid"]),
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public"])),
            key["not_after"],
            key["staff"],
        )
        for key in DOCUMENT["keys"]
    ]
    door = DOCUMENT["door"]
    rules = DoorRules(
        door["site"],
        door["number"],
        Policy(door["policy"]),
        door["early"],
        door["late"],
        door["max_stale"],
        window=door["window"],
    )
    revoked = frozenset(bytes.fromhex(one) for one in DOCUMENT["revoked"])
    uses = Uses()
    for used, at in DOCUMENT["used"].items():
        uses.note(bytes.fromhex(used), at)
    return Knowledge(
        rules,
        KeyRing(keys),
        revoked,
        DOCUMENT["server_time"],
        DOCUMENT["clock_floor"],
        uses,
        frozenset(bytes.fromhex(one) for one in DOCUMENT["challenges"]),
    )


@pytest.mark.parametrize("vector", ALL, ids=[vector["name"] for vector in ALL])
def test_every_vector_is_answered_as_published(vector: dict[str, str]) -> None:
    decision = judge(vector["text"], knowledge(), now=int(vector["now"]))
    if isinstance(decision, Granted):
        assert (vector["decision"], vector["reason"]) == ("open", decision.opening)
    else:
        assert (vector["decision"], vector["reason"]) == ("deny", decision.reason)


def test_the_published_file_is_what_our_own_code_writes() -> None:
    assert VECTORS.read_text(encoding="utf-8") == written()


def test_the_golden_pass_is_sealed_and_read_byte_for_byte() -> None:
    golden = DOCUMENT["golden"]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(golden["seed"]))
    said = golden["claims"]
    claims = Claims(
        said["site"],
        said["not_before"],
        said["not_after"],
        bytes.fromhex(said["pass_id"]),
        tuple(said["doors"]),
    )
    assert to_payload(claims).hex() == golden["payload"]
    assert seal(claims, kid=b"\x01", key=key) == golden["text"]
    assert read(golden["text"], knowledge().keys).claims == claims


def test_a_pass_id_depends_on_nothing_but_booking_version_and_device() -> None:
    golden = DOCUMENT["golden"]["pass_id"]
    secret = bytes.fromhex(golden["secret"])
    assert pass_id(secret, 42, 3, "static").hex() == golden["id"]
    others = {
        pass_id(secret, 43, 3, "static"),
        pass_id(secret, 42, 4, "static"),
        pass_id(secret, 42, 3, "phone"),
        pass_id(b"other", 42, 3, "static"),
    }
    assert len(others) == 4
    assert bytes.fromhex(golden["id"]) not in others
