"""Texts that nobody should get in with: noise, spoilt passes, and papers of ours that say nonsense.

Whoever holds no key cannot sign; so genuine passes are spoilt in their text, in their bytes and in
their parts. What the house itself signed is for another door, another site and hours long gone, so
that no spoiling of it can be right by chance.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import cbor2

from devices.passes import base45, cose, proofs
from devices.passes.claims import Claims, to_payload
from devices.passes.text import LONGEST_TEXT, PREFIX
from tests.unit.passes.papers import (
    BOUND,
    CLAIMS,
    DOOR,
    EDWARDS_BOUND,
    EDWARDS_PHONE,
    ISSUER,
    KID,
    NONCE,
    OTHER_PHONE,
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

GENUINE: Final = (
    sealed(),
    staff_sealed(),
    live(),
    live(claims=EDWARDS_BOUND, sign=EDWARDS_PHONE.sign),
    answered(),
)
ELSEWHERE: Final = Claims("xx", 1_000, 2_000, bytes(8), (1,))
_CONTENTS: Final = tuple(base45.decode(text[len(PREFIX) :]) for text in GENUINE)
_KEYS: Final = ((KID, ISSUER), (STAFF_KID, STAFF), (KID, STRANGER), (b"\x02", ISSUER), (b"", STAFF))
_TRIPLES: Final = tuple(base45.encode(pair.to_bytes(2, "big")) for pair in range(65536))
_ANY_SIGN: Final = (base45.ALPHABET * 6)[:256].encode()
_EDGES: Final = (0, 1, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63, 2**64 - 1)
_HEADS: Final = bytes(
    kind << 5 | length for kind in range(8) for length in (0, 1, 3, 4, 8, 23, 24, 25, 26, 27, 31)
)


class Grammar:
    """An endless source of hostile texts, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 — which text comes next is no secret
        self._makers: tuple[Callable[[], str], ...] = (
            self._noise,
            self._prefixed_noise,
            self._spoilt_text,
            self._spoilt_text,
            self._spoilt_bytes,
            self._spoilt_bytes,
            self._spoilt_bytes,
            self._bytes_of_a_bomb,
            self._parts_swapped,
            self._signed_nonsense,
            self._wrong_hand,
        )

    def text(self) -> str:
        """Give the next text; never one that the house would let in."""
        while (text := self._chance.choice(self._makers)()) in GENUINE:
            pass
        return text

    def portions(self, content: bytes) -> list[bytes]:
        """Cut bytes as a line might deliver them."""
        cut = sorted(self._chance.randrange(len(content) + 1) for _ in range(2))
        return [content[: cut[0]], content[cut[0] : cut[1]], content[cut[1] :]]

    def seconds(self) -> float:
        """Say how long passes before the next text."""
        return self._chance.choice((0.01, 0.4, 4.0, 12.0))

    def _noise(self) -> str:
        length = self._chance.choice((0, 1, 8, 64, LONGEST_TEXT, 2 * LONGEST_TEXT))
        encoding = self._chance.choice(("latin-1", "utf-8", "utf-16-le", "utf-32-le"))
        return self._chance.randbytes(length).decode(encoding, "replace")

    def _prefixed_noise(self) -> str:
        length = self._chance.choice((0, 1, 2, 3, 90, 349, LONGEST_TEXT - 4, LONGEST_TEXT))
        return PREFIX + self._chance.randbytes(length).translate(_ANY_SIGN).decode()

    def _spoilt_text(self) -> str:
        text = list(self._chance.choice(GENUINE))
        for _ in range(self._chance.choice((1, 1, 2, 5))):
            at = self._chance.randrange(len(text) + 1)
            match self._chance.randrange(5):
                case 0:
                    text[at : at + 1] = self._chance.choice(base45.ALPHABET)
                case 1:
                    text[at:at] = [self._chance.choice(" \x00\n%é\ud800Ｒ" + base45.ALPHABET)]
                case 2:
                    del text[at : at + self._chance.choice((1, 2, 3, 30))]
                case 3:
                    text[at:at] = text[: self._chance.choice((3, 6, 60))]
                case _:
                    text[at : at + 9] = "".join(text[at : at + 9]).lower()
        return "".join(text)

    def _spoilt_bytes(self) -> str:
        content = bytearray(self._chance.choice(_CONTENTS))
        for _ in range(self._chance.choice((1, 1, 1, 2, 4))):
            self._spoil(content)
        return _shown(bytes(content))

    def _spoil(self, content: bytearray) -> None:
        at = self._chance.randrange(len(content) + 1)
        match self._chance.randrange(6):
            case 0 if at < len(content):
                content[at] ^= 1 << self._chance.randrange(8)
            case 1 if at < len(content):
                content[at] = self._chance.choice(_HEADS)
            case 2:
                width = self._chance.choice((1, 2, 4, 8))
                edge = self._chance.choice(_EDGES) % 256**width
                content[at : at + width] = edge.to_bytes(width, "big")
            case 3:
                del content[at : at + self._chance.choice((1, 2, 8, 64))]
            case 4:
                other = self._chance.choice(_CONTENTS)
                content[at:] = other[min(at, len(other)) :]
            case _:
                content[at:at] = self._chance.randbytes(self._chance.choice((1, 2, 8, 64)))

    def _bytes_of_a_bomb(self) -> str:
        """Lengths that promise the world, nesting without end, keys without number."""
        count = self._chance.choice((1, 30, 200, 380))
        start = self._chance.choice((b"\x84", b"\x83", b""))
        match self._chance.randrange(4):
            case 0:
                body = bytes((self._chance.choice(_HEADS),)) * count
            case 1:
                body = bytes((self._chance.choice(_HEADS),)) + b"\xff" * 8
            case 2:
                body = b"\xb8" + bytes((min(count, 255),)) + b"\x01" * count
            case _:
                body = bytes(self._chance.choices(_HEADS, k=count))
        return _shown(start + body)

    def _parts_swapped(self) -> str:
        """Parts of genuine passes, put together anew or left out."""
        wrapped = [cbor2.loads(content) for content in _CONTENTS]
        signed = [part if len(part) == 4 else cbor2.loads(part[0]) for part in wrapped]
        one, other = self._chance.sample(signed, 2)
        match self._chance.randrange(4):
            case 0:
                return _dumped([one[0], {}, other[2], one[3]])
            case 1:
                proof = self._chance.choice(wrapped[2:])
                return _dumped([cbor2.dumps(other), proof[1], self._chance.randbytes(64)])
            case 2:
                return _dumped(self._chance.choice(wrapped[2:])[: self._chance.randrange(3)])
            case _:
                return _dumped([one[0], {4: KID}, one[2], one[3]])

    def _signed_nonsense(self) -> str:
        """What a mistake of the house could sign; it is for nowhere and for long ago."""
        payload = bytearray(to_payload(replace(ELSEWHERE, pass_id=self._chance.randbytes(8))))
        for _ in range(self._chance.randrange(3)):
            self._spoil(payload)
        kid, key = self._chance.choice(_KEYS)
        return _shown(cose.sign(bytes(payload), kid=kid, key=key))

    def _wrong_hand(self) -> str:
        """A right pass in the wrong hand: another phone, another instant, another door."""
        sign = phone_signs(OTHER_PHONE)
        at = STARTS + self._chance.choice((-(10**6), -31, 31, 10**6))
        match self._chance.randrange(4):
            case 0:
                return live(STARTS + self._chance.randrange(-30, 31), sign=sign)
            case 1:
                return live(at)
            case 2:
                return answered(self._chance.randbytes(8), self._chance.choice((DOOR, 1)))
            case _:
                content = base45.decode(sealed(self._chance.choice((CLAIMS, BOUND)))[4:])
                proof = proofs.Answer(NONCE, sign(proofs.answer_message(content, DOOR, NONCE)))
                return _shown(proofs.wrap(content, proof))


def _shown(content: bytes) -> str:
    """Write bytes as the text of a code, by a table: the writer of the house is made for few."""
    even = len(content) & ~1
    pairs = struct.unpack(f">{even // 2}H", content[:even])
    return PREFIX + "".join([_TRIPLES[pair] for pair in pairs]) + base45.encode(content[even:])


def _dumped(parts: list[object]) -> str:
    return _shown(cbor2.dumps(parts))
