"""Keys that sign passes, as a door knows them: found by the header of a pass, shown as prints."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from devices.passes.cose import protected_header

_FINGERPRINT_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class PassKey:
    """One public key of the issuer; a pass it signed is believed until `not_after` (seconds)."""

    kid: bytes
    public: Ed25519PublicKey
    not_after: int
    staff: bool = False


class KeyRing:
    """The issuer's public keys, found by the protected header a pass carries."""

    def __init__(self, keys: Iterable[PassKey] = ()) -> None:
        self._by_header: dict[bytes, PassKey] = {protected_header(key.kid): key for key in keys}

    def __len__(self) -> int:
        return len(self._by_header)

    def find_by_header(self, header: bytes) -> PassKey | None:
        """Return the key named by these very header bytes, or None."""
        return self._by_header.get(header)


def public_bytes(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of the public half."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def private_bytes(key: Ed25519PrivateKey) -> bytes:
    """Return the 32 secret bytes, for a file that only its owner may read."""
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def key_id(public: bytes) -> bytes:
    """Name a public key by the first 8 bytes of its SHA-256."""
    return hashlib.sha256(public).digest()[:_FINGERPRINT_BYTES]


def fingerprint(public: bytes) -> str:
    """Write a public key as people compare it on two screens: `3F2A-91C0-7B44-E801`."""
    digits = key_id(public).hex().upper()
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
