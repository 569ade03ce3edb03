"""The keys of the house that seal passes and snapshots; nothing outside this feature holds them.

They come from `TOTEM_PASS_KEYS`, or are made once in the instance folder of a single machine, where
any number of processes that start together end up with the same set.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.access.holders import NONCE_LIFE
from config.key_rotation import to_text
from config.pass_keys import BadPassKeys, KeySeed, PassKeySet, fresh_text, read_pass_keys
from config.settings import Settings, SettingsError
from devices.passes.claims import Claims, pass_id
from devices.passes.keys import KeyRing, PassKey, public_bytes
from devices.passes.snapshot import Snapshot, seal_snapshot
from devices.passes.text import seal

FOR_GOOD: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
FILE: Final = "pass-keys.json"


@dataclass(frozen=True, slots=True)
class IssuerKeys:
    """What seals and names passes; the same set gives the same text in every process."""

    kid: bytes
    public: tuple[PassKey, ...]
    ring: KeyRing = field(repr=False)
    _signing: Ed25519PrivateKey = field(repr=False)
    _snapshot: Ed25519PrivateKey = field(repr=False)
    _secret: bytes = field(repr=False)
    _staff: tuple[bytes, Ed25519PrivateKey] | None = field(repr=False, default=None)

    @property
    def snapshot_public(self) -> bytes:
        """The public half that a door pins when it is enrolled."""
        return public_bytes(self._snapshot)

    def pass_id(self, booking: int, version: int, device: str) -> bytes:
        """Name the pass of a booking in that version on that device."""
        return pass_id(self._secret, booking, version, device)

    def seal(self, claims: Claims) -> str:
        """Write claims as the text of a pass."""
        return seal(claims, kid=self.kid, key=self._signing)

    def seal_emergency(self, claims: Claims) -> str:
        """Write claims as the text of a pass of the desk: by the staff key, if there is one."""
        if self._staff is None:
            return self.seal(claims)
        kid, key = self._staff
        return seal(claims, kid=kid, key=key)

    def enrolment_nonces(self, account_id: int, now: datetime) -> tuple[bytes, bytes]:
        """Give the nonces that a phone of this person may sign: the one to give out, and the last.

        Nothing is stored: they are made of the person and of the hour, and die by themselves.
        """
        turn = int(now.timestamp() / NONCE_LIFE.total_seconds())
        return self._nonce(account_id, turn), self._nonce(account_id, turn - 1)

    def guest_token(self, code: str) -> str:
        """Sign the link by which a guest without an account sees their pass."""
        mark = self._mac(b"RB-guest-1\0", code.encode("utf-8"))
        return base64.urlsafe_b64encode(mark).decode("ascii").rstrip("=")

    @property
    def card_key(self) -> bytes:
        """What doors and desk know cards by; nobody else can try numbers against a list."""
        return hmac.digest(self._secret, b"RB-cards-1\0", "sha256")

    def _nonce(self, account_id: int, turn: int) -> bytes:
        content = account_id.to_bytes(8, "big") + turn.to_bytes(8, "big")
        return self._mac(b"RB-enrol-nonce-1\0", content)

    def _mac(self, purpose: bytes, content: bytes) -> bytes:
        return hmac.digest(self._secret, purpose + content, "sha256")[:16]

    def seal_snapshot(self, snapshot: Snapshot) -> bytes:
        """Sign what a door is told."""
        return seal_snapshot(snapshot, self._snapshot)


def read_set(settings: Settings) -> PassKeySet:
    """Give the set behind the keys, for the operators' commands; raises ``SettingsError``."""
    return settings.pass_keys or _kept(settings.instance / "keys")


def keep_set(settings: Settings, known: PassKeySet) -> bool:
    """Put a changed set in the place of the one of the instance, whole or not at all.

    Gives False, and writes nothing, when the set comes from ``TOTEM_PASS_KEYS``.
    """
    if settings.pass_keys is not None:
        return False
    path = settings.instance / "keys" / FILE
    _written(path, to_text(known)).replace(path)
    return True


def open_keys(settings: Settings) -> IssuerKeys:
    """Give the keys the settings name, or those of the instance; raises ``SettingsError``."""
    return keys_from(read_set(settings))


def keys_from(known: PassKeySet) -> IssuerKeys:
    """Make keys of their seeds."""
    private = {key.kid: Ed25519PrivateKey.from_private_bytes(key.seed) for key in known.keys}
    public = tuple(
        PassKey(key.kid, private[key.kid].public_key(), _not_after(key), key.staff)
        for key in known.keys
    )
    return IssuerKeys(
        kid=known.sign_with,
        public=public,
        ring=KeyRing(public),
        _signing=private[known.sign_with],
        _snapshot=Ed25519PrivateKey.from_private_bytes(known.snapshot),
        _secret=known.secret,
        _staff=next(((key.kid, private[key.kid]) for key in known.keys if key.staff), None),
    )


def _not_after(key: KeySeed) -> int:
    return FOR_GOOD if key.until is None else _end_of(key.until)


def _end_of(day: date) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((midnight + timedelta(days=1)).timestamp())


def _kept(folder: Path) -> PassKeySet:
    path = folder / FILE
    if not path.exists():
        _make(path)
    try:
        return read_pass_keys(path.read_text())
    except BadPassKeys as error:
        raise SettingsError(
            [f"{path.name} in the instance: {fault}." for fault in error.faults]
        ) from error


def _make(path: Path) -> None:
    """Write a fresh set whole or not at all; of several processes the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _written(path, fresh_text())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _written(path: Path, content: str) -> Path:
    """Write a draft beside a path, durably and for its owner only."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
