"""Who may be inside, kept at a door for the day of a fire: encrypted, today only, wiped at closing.

The file is read with a key made from the device's own; a copy of it alone says nothing.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from devices.kiosk.files import read_if_there, write_private
from devices.passes.claims import Seconds
from devices.passes.keys import private_bytes

FILE: Final = "muster.sealed"
_NONCE: Final = 12
_CONTEXT: Final = b"totem-muster-1"


@dataclass(frozen=True, slots=True)
class Muster:
    """How many people may be inside, and at a muster point who; good until the house closes."""

    count: int
    lines: tuple[str, ...]
    made_at: Seconds
    until: Seconds


class MusterFile:
    """The list of one device on its disk."""

    def __init__(self, folder: Path, key: Ed25519PrivateKey) -> None:
        self._path = folder / FILE
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, _CONTEXT).derive(private_bytes(key)))

    def keep(self, muster: Muster) -> None:
        """Put a list in the place of the one before."""
        content = json.dumps([muster.count, muster.lines, muster.made_at, muster.until]).encode()
        nonce = os.urandom(_NONCE)
        write_private(self._path, nonce + self._cipher.encrypt(nonce, content, _CONTEXT))

    def find(self, now: Seconds) -> Muster | None:
        """Return the list while it is good; one that is over, or spoilt, is wiped."""
        sealed = read_if_there(self._path)
        if sealed is None:
            return None
        muster = self._opened(sealed)
        if muster is None or not muster.made_at - 3600 <= now < muster.until:
            self.wipe()
            return None
        return muster

    def wipe(self) -> None:
        """Forget everybody."""
        self._path.unlink(missing_ok=True)

    def _opened(self, sealed: bytes) -> Muster | None:
        try:
            content = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _CONTEXT)
            count, lines, made_at, until = json.loads(content)
        except (InvalidTag, ValueError):
            return None
        return Muster(int(count), tuple(str(line) for line in lines), int(made_at), int(until))
