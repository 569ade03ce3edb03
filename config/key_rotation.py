"""Changing the keys that seal passes, without a gap for anybody, or at once when one has leaked.

A key is published first: doors hear of it with their next snapshot, those out of reach when they
are heard again. Two days later it may sign; the one before stays listed until its last pass ended.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from config.pass_keys import SEED_LENGTH, KeySeed, PassKeySet

PUBLISHED_BEFORE: Final = timedelta(hours=48)
_TWO_OCTETS: Final = 0x100
_HIGHEST_KID: Final = 0xFFFF


class KeyChangeRefused(ValueError):
    """The change would leave a gap, or no key at all; the message says what to do instead."""


def publish(known: PassKeySet, *, now: datetime) -> tuple[PassKeySet, bytes]:
    """List a new key that signs nothing yet; gives the set and the kid of the key."""
    key = KeySeed(_free_kid(known), secrets.token_bytes(SEED_LENGTH), published=now)
    return replace(known, keys=(*known.keys, key)), key.kid


def sign_with(known: PassKeySet, kid: bytes, *, now: datetime) -> PassKeySet:
    """Let a published key sign from now on; raises KeyChangeRefused before every door knows it."""
    key = _found(known, kid)
    if key.staff:
        raise KeyChangeRefused("a key of staff passes signs no others")
    if key.published is not None and now < key.published + PUBLISHED_BEFORE:
        ready = key.published + PUBLISHED_BEFORE
        raise KeyChangeRefused(
            f"published less than 48 hours ago: doors out of reach may not know it; "
            f"wait until {ready:%Y-%m-%d %H:%M %Z}"
        )
    return replace(known, sign_with=kid)


def remove(known: PassKeySet, kid: bytes, *, now: datetime) -> PassKeySet:
    """Drop a key at once, because it leaked or its last pass has ended.

    If it signs, the oldest other key takes over, or a fresh one when there is none.
    """
    _found(known, kid)
    others = [
        key.kid for key in known.keys if key.kid != kid and not key.staff and key.until is None
    ]
    if known.sign_with == kid and not others:
        known, fresh = publish(known, now=now)
        others = [fresh]
    signs = others[0] if known.sign_with == kid else known.sign_with
    kept = tuple(key for key in known.keys if key.kid != kid)
    return replace(known, keys=kept, sign_with=signs)


def to_text(known: PassKeySet) -> str:
    """Write a set as the text of the setting; `read_pass_keys` reads it back."""
    return json.dumps(
        {
            "secret": _octets(known.secret),
            "snapshot": _octets(known.snapshot),
            "keys": [_key(key) for key in known.keys],
            "sign_with": known.sign_with.hex(),
        }
    )


def _key(key: KeySeed) -> dict[str, object]:
    written: dict[str, object] = {"kid": key.kid.hex(), "seed": _octets(key.seed)}
    if key.until is not None:
        written["until"] = key.until.isoformat()
    if key.staff:
        written["staff"] = True
    if key.published is not None:
        written["published"] = key.published.isoformat()
    return written


def _free_kid(known: PassKeySet) -> bytes:
    ordinary = [int.from_bytes(key.kid, "big") for key in known.keys if not key.staff]
    taken = {key.kid for key in known.keys}
    for number in range(max(ordinary, default=0) + 1, _HIGHEST_KID):
        kid = number.to_bytes(1 if number < _TWO_OCTETS else 2, "big")
        if kid not in taken:
            return kid
    raise KeyChangeRefused("no kid is left")


def _found(known: PassKeySet, kid: bytes) -> KeySeed:
    for key in known.keys:
        if key.kid == kid:
            return key
    raise KeyChangeRefused(f"there is no key {kid.hex()}")


def _octets(content: bytes) -> str:
    return base64.b64encode(content).decode()
