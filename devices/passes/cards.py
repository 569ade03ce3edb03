"""Cards of members, known by a keyed hash of their number only; each door has its own list."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from devices.passes.claims import Seconds

PREFIX: Final = "CARD:"
LONGEST_NUMBER: Final = 64
FINGERPRINT_LENGTH: Final = 8
KEY_LENGTH: Final = 32
_CONTEXT: Final = b"RB-card-1\0"


class NotACard(ValueError):
    """The text is not the number of a card."""


@dataclass(frozen=True, slots=True)
class CardStay:
    """A card opens a door from `starts` until `ends`, for the stay whose pass has this id."""

    fingerprint: bytes
    starts: Seconds
    ends: Seconds
    pass_id: bytes


def number_of(text: str) -> bytes:
    """Read `CARD:` and hex, as a reader gives it; raises NotACard."""
    try:
        number = bytes.fromhex(text.removeprefix(PREFIX))
    except ValueError as error:
        raise NotACard("hex") from error
    if not text.startswith(PREFIX) or not 1 <= len(number) <= LONGEST_NUMBER or " " in text:
        raise NotACard("prefix or length")
    return number


def fingerprint(key: bytes, number: bytes) -> bytes:
    """Return what a card is known by; without the key nobody can try numbers against it."""
    return hmac.digest(key, _CONTEXT + number, hashlib.sha256)[:FINGERPRINT_LENGTH]


def best_of(stays: tuple[CardStay, ...], shown: bytes, now: Seconds) -> CardStay | None:
    """Return the stay that a card is shown for: one that runs, else the next, else the last."""
    mine = [stay for stay in stays if stay.fingerprint == shown]
    running = [stay for stay in mine if stay.starts <= now < stay.ends]
    coming = [stay for stay in mine if stay.starts > now]
    if running:
        return max(running, key=lambda stay: stay.ends)
    if coming:
        return min(coming, key=lambda stay: stay.starts)
    return max(mine, key=lambda stay: stay.ends, default=None)
