"""Writes devices/passes/vectors.json: `python -m tests.unit.passes.write_vectors`.

Everything in it is computed from fixed test keys, so two runs, and two versions of the CBOR
library, give the same bytes; a test compares them.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.passes import base45, cose, proofs
from devices.passes.claims import Claims, Curve, HolderKey, pass_id, to_payload
from devices.passes.keys import public_bytes
from devices.passes.text import PREFIX, make_live, seal
from tests.unit.passes.papers import (
    BOUND,
    CLAIMS,
    DOOR,
    EDWARDS_BOUND,
    EDWARDS_PHONE,
    ENDS,
    ISSUER,
    KEYS_END,
    KID,
    NONCE,
    OTHER_DOOR,
    OTHER_PHONE,
    PASS_ID,
    PHONE_PUBLIC,
    RULES,
    SECRET,
    STAFF,
    STAFF_KID,
    STARTS,
    STRANGER,
    answered,
    live,
    phone_signs,
    sealed,
    staff_sealed,
)

VECTORS = Path(__file__).parents[3] / "devices" / "passes" / "vectors.json"
REVOKED = bytes.fromhex("ffeeddccbbaa9988")
USED = bytes.fromhex("1112131415161718")
PAYLOAD = to_payload(CLAIMS)
HEADER = cose.protected_header(KID)


@dataclass(frozen=True)
class Vector:
    """A text shown to the door of the vectors at an instant, and what the door must answer."""

    name: str
    text: str
    reason: str
    now: int = STARTS
    decision: str = "deny"


def signed(
    payload: bytes, header: bytes = HEADER, key: Ed25519PrivateKey = ISSUER
) -> tuple[bytes, bytes, bytes]:
    """Sign any bytes under any header, as an issuer gone wrong would."""
    signature = key.sign(cbor2.dumps(["Signature1", header, b"", payload]))
    return header, payload, signature


def text_of(content: bytes) -> str:
    """Wrap any bytes as pass text."""
    return PREFIX + base45.encode(content)


def odd(payload: bytes, header: bytes = HEADER) -> str:
    """Return pass text validly signed over odd content."""
    protected, body, signature = signed(payload, header)
    return text_of(cbor2.dumps([protected, {}, body, signature]))


def payload_with(**changes: object) -> bytes:
    """Return a payload whose claims are changed or, given None, left out."""
    labels = {"aud": 3, "exp": 4, "nbf": 5, "cti": 7, "cnf": 8, "scope": 9}
    content = cbor2.loads(PAYLOAD)
    for name, value in changes.items():
        content.pop(labels[name], None)
        if value is not None:
            content[labels[name]] = value
    return cbor2.dumps(content)


def good() -> list[Vector]:
    """Passes that open the door."""
    return [
        Vector("a booking pass at its start", sealed(), "static", decision="open"),
        Vector("ten minutes early", sealed(), "static", STARTS - 600, "open"),
        Vector("the last second of grace", sealed(), "static", ENDS + 299, "open"),
        Vector("only this door", sealed(replace(CLAIMS, doors=(DOOR,))), "static", STARTS, "open"),
        Vector("staff", staff_sealed(), "staff", STARTS, "open"),
        Vector("live, P-256", live(), "live", decision="open"),
        Vector(
            "live, Ed25519", live(STARTS, EDWARDS_BOUND, EDWARDS_PHONE.sign), "live", STARTS, "open"
        ),
        Vector("live, phone 30 s behind", live(STARTS - 30), "live", STARTS, "open"),
        Vector("live, phone 30 s ahead", live(STARTS + 30), "live", STARTS, "open"),
        Vector("an answered challenge", answered(), "challenge", STARTS, "open"),
        Vector(
            "an answered challenge, Ed25519",
            answered(claims=EDWARDS_BOUND, sign=EDWARDS_PHONE.sign),
            "challenge",
            STARTS,
            "open",
        ),
    ]


def believed_but_refused() -> list[Vector]:
    """True passes that this door must refuse."""
    holder = HolderKey(Curve.P256, bytes(range(32)), y_is_odd=True)
    edwards = HolderKey(Curve.ED25519, bytes(range(32)))
    return [
        Vector("a second too early", sealed(), "too-early", STARTS - 601),
        Vector("grace is over", sealed(), "ended", ENDS + 300),
        Vector("another site", sealed(replace(CLAIMS, site="nc")), "other-site"),
        Vector("another door", sealed(replace(CLAIMS, doors=(OTHER_DOOR,))), "other-door"),
        Vector("revoked", sealed(replace(CLAIMS, pass_id=REVOKED)), "revoked"),
        Vector("bound to a phone, no proof", sealed(replace(CLAIMS, holder=holder)), "live-needed"),
        Vector("bound, Ed25519", sealed(replace(CLAIMS, holder=edwards)), "live-needed"),
        Vector("the clock went back", sealed(), "clock", STARTS - 7200),
        Vector("offline too long", sealed(), "offline-too-long", STARTS - 3600 + 129_601),
    ]


def proofs_refused() -> list[Vector]:
    """Live codes and answers that this door must refuse."""
    used = replace(BOUND, pass_id=USED)
    forgery = seal(BOUND, kid=KID, key=STRANGER)
    stranger = phone_signs(OTHER_PHONE)
    content = base45.decode(sealed(BOUND)[len(PREFIX) :])
    moved = proofs.wrap(content, proofs.Live(STARTS + 5, proofs_signature(live())))
    other_nonce = bytes(proofs.NONCE_LENGTH)
    return [
        Vector("live, 31 s old", live(STARTS - 31), "stale-code"),
        Vector("live, 31 s ahead", live(STARTS + 31), "stale-code"),
        Vector("live, signed by another phone", live(sign=stranger), "bad-signature"),
        Vector("live, its instant changed", text_of(moved), "bad-signature"),
        Vector("live, around a static pass", live(claims=CLAIMS), "bad-signature"),
        Vector(
            "live, around a forged pass", make_live(forgery, STARTS, phone_signs()), "bad-signature"
        ),
        Vector("live, the second use", live(claims=used), "used"),
        Vector("live, older than the last", live(STARTS - 5, used), "used"),
        Vector("live, too early", live(STARTS - 601), "too-early", STARTS - 601),
        Vector("live, another door", live(claims=replace(BOUND, doors=(9,))), "other-door"),
        Vector("live, revoked", live(claims=replace(BOUND, pass_id=REVOKED)), "revoked"),
        Vector("an answer to a nonce never asked", answered(other_nonce), "stale-code"),
        Vector("an answer to another door", answered(door=OTHER_DOOR), "bad-signature"),
        Vector("an answer by another phone", answered(sign=stranger), "bad-signature"),
    ]


def proofs_signature(text: str) -> bytes:
    """Return the signature that a phone put into its code."""
    return proofs.unwrap(base45.decode(text[len(PREFIX) :]))[1].signature


def misshapen_proofs() -> list[Vector]:
    """Envelopes that are neither a live code nor an answer."""
    content = base45.decode(sealed(BOUND)[len(PREFIX) :])
    signature = proofs_signature(live())
    shapes: dict[str, list[object]] = {
        "a live code without its signature": [content, STARTS],
        "a live code with more in it": [content, STARTS, signature, 1],
        "true as an instant": [content, True, signature],
        "a negative instant": [content, -1, signature],
        "an instant beyond all clocks": [content, 1 << 40, signature],
        "a nonce of 7 bytes": [content, bytes(7), signature],
        "a live signature of 63 bytes": [content, STARTS, signature[:63]],
        "a live code around text": ["RB1:", STARTS, signature],
        "a live code around a live code": [
            cbor2.dumps([content, STARTS, signature]),
            STARTS,
            signature,
        ],
    }
    return [
        Vector(name, text_of(cbor2.dumps(shape)), "not-a-pass") for name, shape in shapes.items()
    ]


def forged() -> list[Vector]:
    """Texts that nobody we trust has signed."""
    header, payload, signature = signed(PAYLOAD)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    later = to_payload(replace(CLAIMS, not_after=ENDS + 86_400))
    return [
        Vector(
            "a stranger's key under our kid", seal(CLAIMS, kid=KID, key=STRANGER), "bad-signature"
        ),
        Vector("an unknown kid", seal(CLAIMS, kid=b"\x02", key=STRANGER), "unknown-key"),
        Vector(
            "one bit of the signature",
            text_of(cbor2.dumps([header, {}, payload, flipped])),
            "bad-signature",
        ),
        Vector(
            "a longer life under the old signature",
            text_of(cbor2.dumps([header, {}, later, signature])),
            "bad-signature",
        ),
        Vector(
            "staff's kid on a guest's pass",
            seal(CLAIMS, kid=STAFF_KID, key=ISSUER),
            "bad-signature",
        ),
    ]


def misshapen_text() -> list[Vector]:
    """Texts that are no pass before any key is asked."""
    text = sealed()
    return [
        Vector("nothing", "", "not-a-pass"),
        Vector("a web address", "https://totem.example/pass", "not-a-pass"),
        Vector("prefix only", PREFIX, "not-a-pass"),
        Vector("a COVID certificate's prefix", "HC1:" + text[4:], "not-a-pass"),
        Vector("lower case", text.lower(), "not-a-pass"),
        Vector("a space in front", " " + text, "not-a-pass"),
        Vector("one character short", text[:-1], "not-a-pass"),
        Vector("one character long", text + "0", "not-a-pass"),
        Vector("too long", PREFIX + "0" * 597, "not-a-pass"),
        Vector("a value over 65535", PREFIX + ":::", "not-a-pass"),
        Vector("letters that are not base45", PREFIX + "é" * 30, "not-a-pass"),
    ]


def misshapen_structure() -> list[Vector]:
    """Base45 that is not our COSE_Sign1."""
    header, payload, signature = signed(PAYLOAD)
    parts = [header, {}, payload, signature]
    es256 = cbor2.dumps({1: -7, 4: KID})
    extra = cbor2.dumps({1: -8, 2: [99], 4: KID})
    swapped = b"\xa2\x04\x41\x01\x01\x27"
    return [
        Vector("tagged", text_of(cbor2.dumps(cbor2.CBORTag(18, parts))), "not-a-pass"),
        Vector("trailing byte", text_of(cbor2.dumps(parts) + b"\x00"), "not-a-pass"),
        Vector("three parts", text_of(cbor2.dumps(parts[:3])), "not-a-pass"),
        Vector(
            "indefinite array", text_of(b"\x9f" + cbor2.dumps(parts)[1:] + b"\xff"), "not-a-pass"
        ),
        Vector(
            "kid unprotected",
            text_of(cbor2.dumps([header, {4: KID}, payload, signature])),
            "not-a-pass",
        ),
        Vector(
            "signature of 63 bytes",
            text_of(cbor2.dumps([*parts[:3], signature[:63]])),
            "not-a-pass",
        ),
        Vector("ES256", odd(PAYLOAD, es256), "not-a-pass"),
        Vector("an unknown critical header", odd(PAYLOAD, extra), "not-a-pass"),
        Vector("header in another order", odd(PAYLOAD, swapped), "not-a-pass"),
        Vector(
            "a regular expression", text_of(cbor2.dumps(cbor2.CBORTag(35, "(a+)+$"))), "not-a-pass"
        ),
        Vector("nested too deep", text_of(b"\x81" * 200 + b"\x00"), "not-a-pass"),
        Vector("an array of four billion", text_of(b"\x9a\xff\xff\xff\xff"), "not-a-pass"),
        Vector("length not shortest", text_of(b"\x98\x04" + cbor2.dumps(parts)[1:]), "not-a-pass"),
        Vector(
            "a static pass dressed as a live one",
            text_of(cbor2.dumps([cbor2.dumps(parts), STARTS, bytes(64)])),
            "bad-signature",
        ),
    ]


def misshapen_claims() -> list[Vector]:
    """Validly signed papers that do not say what a pass must say."""
    duplicate = b"\xa6" + PAYLOAD[1:] + cbor2.dumps(4) + cbor2.dumps(ENDS + 86_400)
    unsorted = cbor2.dumps([DOOR, 100])
    payloads = {
        "no end": payload_with(exp=None),
        "an end that is not a number": payload_with(exp=float("nan")),
        "a fractional end": payload_with(exp=ENDS + 0.5),
        "two ends": duplicate,
        "ends before it starts": payload_with(exp=STARTS - 1),
        "a negative start": payload_with(nbf=-1),
        "true as a start": payload_with(nbf=True),
        "an id of 7 bytes": payload_with(cti=bytes(7)),
        "no doors": payload_with(scope=cbor2.dumps([])),
        "doors not sorted": payload_with(scope=unsorted),
        "a door twice": payload_with(scope=cbor2.dumps([DOOR, DOOR])),
        "doors as text": payload_with(scope="100 207"),
        "true as a door": payload_with(scope=cbor2.dumps([True, DOOR])),
        "a name in it": cbor2.dumps({**cbor2.loads(PAYLOAD), 2: "Marie Curie"}),
        "an empty holder key": payload_with(cnf={}),
        "a holder key on another curve": payload_with(
            cnf={1: {1: 2, -1: 2, -2: bytes(32), -3: True}}
        ),
        "not a map": cbor2.dumps([1, 2]),
        "no payload": b"",
    }
    return [Vector(name, odd(payload), "not-a-pass") for name, payload in payloads.items()]


def document() -> dict[str, object]:
    """Return everything another implementation needs to check itself."""
    hostile = [
        *believed_but_refused(),
        *proofs_refused(),
        *misshapen_proofs(),
        *forged(),
        *misshapen_text(),
        *misshapen_structure(),
        *misshapen_claims(),
    ]
    return {
        "about": "Passes and what one door must answer. Test keys: never trust them.",
        "door": _door(),
        "server_time": STARTS - 3600,
        "clock_floor": STARTS - 3600,
        "revoked": [REVOKED.hex()],
        "challenges": [NONCE.hex()],
        "used": {USED.hex(): STARTS},
        "keys": [_key(KID, ISSUER, staff=False), _key(STAFF_KID, STAFF, staff=True)],
        "golden": {
            "seed": bytes(range(32)).hex(),
            "claims": _shown(CLAIMS),
            "payload": PAYLOAD.hex(),
            "text": sealed(),
            "pass_id": {
                "secret": SECRET.hex(),
                "booking": 42,
                "version": 3,
                "device": "static",
                "id": pass_id(SECRET, 42, 3, "static").hex(),
            },
        },
        "golden_live": _golden_live(),
        "good": [vars(vector) for vector in good()],
        "hostile": [vars(vector) for vector in hostile],
    }


def _golden_live() -> dict[str, object]:
    """Return a live code and an answer with what each signed, for those who write the phone."""
    content = base45.decode(sealed(BOUND)[len(PREFIX) :])
    return {
        "holder": PHONE_PUBLIC.hex(),
        "pass": sealed(BOUND),
        "pass_id": PASS_ID.hex(),
        "at": STARTS,
        "live_message": proofs.live_message(content, STARTS).hex(),
        "live": live(),
        "nonce": NONCE.hex(),
        "challenge": proofs.challenge_text(DOOR, NONCE),
        "answer_message": proofs.answer_message(content, DOOR, NONCE).hex(),
        "answer": answered(),
    }


def _door() -> dict[str, object]:
    return {
        "site": RULES.site,
        "number": RULES.door,
        "policy": str(RULES.policy),
        "early": RULES.early,
        "late": RULES.late,
        "max_stale": RULES.max_stale,
        "window": RULES.window,
    }


def _key(kid: bytes, key: Ed25519PrivateKey, *, staff: bool) -> dict[str, object]:
    public = public_bytes(key).hex()
    return {"kid": kid.hex(), "public": public, "not_after": KEYS_END, "staff": staff}


def _shown(claims: Claims) -> dict[str, object]:
    return {
        "site": claims.site,
        "not_before": claims.not_before,
        "not_after": claims.not_after,
        "pass_id": claims.pass_id.hex(),
        "doors": list(claims.doors),
    }


def written() -> str:
    """Return the vectors as the file holds them."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(written(), encoding="utf-8")
