"""The keys that seal passes and snapshots, as one line of JSON that an operator keeps secret.

`TOTEM_PASS_KEYS` holds an object; all octets are base64, each seed is 32 of them:

    {"secret": "…",                         names passes: never change it while passes are out
     "snapshot": "…",                       signs what doors are told; doors pin it at enrolment
     "keys": [{"kid": "01", "seed": "…"},   sign passes; kid is 1 or 2 octets in hex
              {"kid": "03", "seed": "…", "published": "2026-11-22T19:00:00+00:00"},
              {"kid": "02", "seed": "…", "until": "2027-12-31"},
              {"kid": "f0", "seed": "…", "staff": true}],
     "sign_with": "01"}                     the key of new passes

A new key is published (listed) two days before `sign_with` names it; an old one stays listed until
its last pass has ended. `python -m config.pass_keys` prints a fresh set; `flask keys` changes one
(see `config.key_rotation`). Nothing here signs.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

SEED_LENGTH: Final = 32
_FIELDS: Final = frozenset({"secret", "snapshot", "keys", "sign_with"})
_KEY_FIELDS: Final = frozenset({"kid", "seed", "until", "staff", "published"})


class BadPassKeys(ValueError):
    """The text is no set of keys; `faults` says everything that is wrong with it, no secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class KeySeed:
    """One key that signs passes; believed through the day `until`, or for good.

    `published` is when doors first could hear of it; None for one that was there from the start.
    """

    kid: bytes
    seed: bytes = field(repr=False)
    until: date | None = None
    staff: bool = False
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassKeySet:
    """Everything that seals: the secret that names passes, and the seeds of all keys."""

    secret: bytes = field(repr=False)
    snapshot: bytes = field(repr=False)
    keys: tuple[KeySeed, ...]
    sign_with: bytes


def fresh_text() -> str:
    """Make a set that nobody else has, as the text of the setting."""

    def octets() -> str:
        return base64.b64encode(secrets.token_bytes(SEED_LENGTH)).decode()

    return json.dumps(
        {
            "secret": octets(),
            "snapshot": octets(),
            "keys": [
                {"kid": "01", "seed": octets()},
                {"kid": "f0", "seed": octets(), "staff": True},
            ],
            "sign_with": "01",
        }
    )


def read_pass_keys(text: str) -> PassKeySet:
    """Read the setting; raises `BadPassKeys` with every fault, none of which shows a secret."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise BadPassKeys(["is not JSON"]) from error
    if not isinstance(content, dict):
        raise BadPassKeys(["is not a JSON object"])
    reader = _Reader()
    reader.refuse_others(content, _FIELDS, "")
    found = PassKeySet(
        secret=reader.octets(content, "secret"),
        snapshot=reader.octets(content, "snapshot"),
        keys=reader.keys(content.get("keys")),
        sign_with=reader.kid(content, "sign_with"),
    )
    if not reader.faults:
        reader.refuse_confusion(found)
    if reader.faults:
        raise BadPassKeys(reader.faults)
    return found


class _Reader:
    """Reads the parts and gathers the faults."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def octets(self, content: Mapping[str, object], name: str, place: str = "") -> bytes:
        try:
            found = base64.b64decode(str(content.get(name, "")), validate=True)
        except (binascii.Error, ValueError):
            found = b""
        if len(found) != SEED_LENGTH:
            self.faults.append(f"{place}{name} must be {SEED_LENGTH} octets in base64")
        return found

    def kid(self, content: Mapping[str, object], name: str, place: str = "") -> bytes:
        try:
            found = bytes.fromhex(str(content.get(name, "")))
        except ValueError:
            found = b""
        if len(found) not in (1, 2):
            self.faults.append(f"{place}{name} must be 1 or 2 octets in hex, such as 01")
        return found

    def keys(self, content: object) -> tuple[KeySeed, ...]:
        if not isinstance(content, list) or not content:
            self.faults.append("keys must be a list of one key or more")
            return ()
        return tuple(self._key(item, f"keys[{at}].") for at, item in enumerate(content))

    def _key(self, item: object, place: str) -> KeySeed:
        if not isinstance(item, dict):
            self.faults.append(f"{place[:-1]} must be an object")
            return KeySeed(b"", b"")
        self.refuse_others(item, _KEY_FIELDS, place)
        staff = item.get("staff", False)
        if not isinstance(staff, bool):
            self.faults.append(f"{place}staff must be true or false")
        return KeySeed(
            self.kid(item, "kid", place),
            self.octets(item, "seed", place),
            self._day(item.get("until"), f"{place}until"),
            staff is True,
            self._instant(item.get("published"), f"{place}published"),
        )

    def _day(self, value: object, place: str) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.faults.append(f"{place} must be a day such as 2027-12-31")
            return None

    def _instant(self, value: object, place: str) -> datetime | None:
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.faults.append(f"{place} must be an instant such as 2027-12-31T09:00:00+00:00")
            return None
        return found

    def refuse_others(
        self, content: Mapping[str, object], known: frozenset[str], place: str
    ) -> None:
        for name in sorted(content.keys() - known):
            self.faults.append(f"{place}{name} is not known here")

    def refuse_confusion(self, found: PassKeySet) -> None:
        kids = [key.kid for key in found.keys]
        if len(set(kids)) != len(kids):
            self.faults.append("two keys have the same kid")
        if found.sign_with not in [key.kid for key in found.keys if not key.staff]:
            self.faults.append("sign_with must name one of the keys that are not for staff")
        seeds = [found.snapshot, *(key.seed for key in found.keys)]
        if len(set(seeds)) != len(seeds):
            self.faults.append("every key needs a seed of its own, the snapshot key too")


if __name__ == "__main__":
    sys.stdout.write(fresh_text() + "\n")
