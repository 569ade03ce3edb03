"""Tells systemd that the loop lives; a loop that hangs is then killed and started anew."""

import os
import socket
from typing import Final

NOTIFY_SOCKET: Final = "NOTIFY_SOCKET"
EVERY: Final = 5.0


class Watchdog:
    """Speaks to the socket that systemd names, if any."""

    def __init__(self, address: str | None = None) -> None:
        self._address = os.environ.get(NOTIFY_SOCKET) if address is None else address
        self._told_at = float("-inf")

    def ready(self) -> None:
        """Say that the door is in service."""
        self._tell(b"READY=1")

    def alive(self, uptime: float) -> None:
        """Say that the loop goes round, at most every few seconds."""
        if uptime - self._told_at >= EVERY:
            self._told_at = uptime
            self._tell(b"WATCHDOG=1")

    def _tell(self, message: bytes) -> None:
        if not self._address:
            return
        name = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            try:
                line.connect(name)
                line.send(message)
            except OSError:
                self._address = ""  # nobody listens: the door goes on without
