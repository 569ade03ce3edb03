"""Passwords: argon2id, a few at a time, and the same work for an unknown account."""

from __future__ import annotations

import os
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import WeakPassword

SHORTEST = 10  # characters, not bytes: a phrase is easier to keep than a riddle
LONGEST = 200  # characters; more would only make work for us

# OWASP's first choice for argon2id (46 MiB, one lane) with a second pass.
MEMORY_KIB = 46 * 1024
PASSES = 2


class PasswordKeeper:
    """Hashes and verifies passwords, at most one a core at the same time.

    Without the cap, a few hundred sign-ins at once would take all the memory of the machine.
    """

    def __init__(self, *, cheap: bool = False) -> None:
        self._hasher = (
            PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            if cheap
            else PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
        )
        self.at_once = max(2, os.cpu_count() or 2)
        self._slots = threading.BoundedSemaphore(self.at_once)
        self._of_nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Hash a password for keeping."""
        with self._slots:
            return self._hasher.hash(_bytes(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether the password is the kept one; without one it takes as long and says no."""
        with self._slots:
            try:
                self._hasher.verify(kept or self._of_nobody, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the kept hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def refuse_weak(password: str) -> None:
    """Pass a password that is long enough; raises WeakPassword."""
    if len(unicodedata.normalize("NFKC", password).strip()) < SHORTEST:
        raise WeakPassword(SHORTEST)


def _bytes(password: str) -> bytes:
    """The same phrase from any keyboard gives the same bytes (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password[:LONGEST]).encode("utf-8", "replace")
