"""The nonces that a door of policy `challenge` shows: fresh ones, each good for one answer."""

import secrets
from dataclasses import dataclass
from typing import Final

from devices.passes.proofs import NONCE_LENGTH

SHOWN_FOR: Final = 30.0


@dataclass(slots=True)
class Nonces:
    """The nonce on the screen, and the one before it, which a phone may just have read."""

    _now: bytes = b""
    _before: bytes = b""
    _made_at: float = 0.0

    @property
    def open(self) -> frozenset[bytes]:
        """The nonces that may be answered now."""
        return frozenset(each for each in (self._now, self._before) if each)

    def shown(self, uptime: float) -> bytes:
        """Return the nonce to show, a fresh one every half minute."""
        if not self._now or uptime - self._made_at >= SHOWN_FOR:
            self._before, self._now = self._now, secrets.token_bytes(NONCE_LENGTH)
            self._made_at = uptime
        return self._now

    def renew(self, uptime: float) -> None:
        """Forget what was open: a nonce that opened the door is never answered again."""
        self._now = self._before = b""
        self._made_at = uptime
