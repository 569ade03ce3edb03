"""What a device remembers of itself: its key, who the server says it is, and its last snapshot."""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from devices.kiosk.files import read_if_there, write_json, write_private
from devices.passes.keys import private_bytes, public_bytes
from devices.passes.snapshot import InvalidSnapshot, Snapshot, read_snapshot

_DEVICE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class BrokenState(Exception):
    """A file of the state folder cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this device is to the server, and the key that signs what the server tells it."""

    device: str
    snapshot_key: Ed25519PublicKey


class StateFolder:
    """The folder of one device; each file is replaced whole, for its user only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def journal_path(self, device: str) -> Path:
        """Return where the journal of this device is kept; a new identity begins a new one."""
        return self._folder / f"journal-{device}.db"

    def find_key(self) -> Ed25519PrivateKey | None:
        """Return the device's own key, or None before enrolment; raises BrokenState."""
        content = read_if_there(self._folder / "device.key")
        if content is None:
            return None
        try:
            return Ed25519PrivateKey.from_private_bytes(content)
        except ValueError as error:
            raise BrokenState("device.key") from error

    def make_key(self) -> Ed25519PrivateKey:
        """Return the device's own key, making it the first time."""
        key = self.find_key()
        if key is None:
            key = Ed25519PrivateKey.generate()
            write_private(self._folder / "device.key", private_bytes(key))
        return key

    def find_identity(self) -> Identity | None:
        """Return who this device is, or None before enrolment; raises BrokenState."""
        content = read_if_there(self._folder / "identity.json")
        if content is None:
            return None
        try:
            return identity_from(json.loads(content))
        except ValueError as error:
            raise BrokenState("identity.json") from error

    def keep_identity(self, identity: Identity) -> None:
        """Remember who this device is; what was known under another identity is forgotten."""
        (self._folder / "snapshot.cose").unlink(missing_ok=True)
        write_json(
            self._folder / "identity.json",
            {
                "device": identity.device,
                "snapshot_key": base64.b64encode(public_bytes(identity.snapshot_key)).decode(),
            },
        )

    def find_snapshot(self, identity: Identity) -> Snapshot | None:
        """Return the last snapshot, its signature checked again, or None; raises BrokenState."""
        content = read_if_there(self._folder / "snapshot.cose")
        if content is None:
            return None
        try:
            return read_snapshot(content, identity.snapshot_key)
        except InvalidSnapshot as error:
            raise BrokenState("snapshot.cose") from error

    def keep_snapshot(self, sealed: bytes) -> None:
        """Remember a snapshot just as it was signed."""
        write_private(self._folder / "snapshot.cose", sealed)


def identity_from(content: object) -> Identity:
    """Read an identity from JSON, ours or the server's; raises ValueError."""
    if not isinstance(content, dict):
        raise ValueError("not an object")  # noqa: TRY004 — one kind of error for bad content
    device, key = content.get("device"), content.get("snapshot_key")
    if not isinstance(device, str) or not _DEVICE_ID.fullmatch(device) or not isinstance(key, str):
        raise ValueError("device or snapshot_key")
    return Identity(
        device, Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    )
