"""An OSDP reader: its relay is the lock, its cards are opaque codes; nothing is taken in plain.

libosdp with EnforceSecure and a key of our own: without the flag it hands on cards that a forged
reader sends in plain (measured). After a cut it would wait 300 s; we bring it back in under one.
"""

import contextlib
import os
import queue
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import serial
from osdp import (
    Channel,
    Command,
    CommandLEDColor,
    ControlPanel,
    Event,
    LibFlag,
    LogLevel,
    PDInfo,
)

from devices.drivers.protocol import LockUnreachable, ReaderUnreachable

KEY_BYTES: Final = 16
CARD_PREFIX: Final = "CARD:"
_LOOK_EVERY: Final = 0.1
_KICK_EVERY: Final = 0.4
_OFF_AT_ONCE: Final = 1
_ON_FOR_A_WHILE: Final = 5
_TENTHS: Final = 10


class SerialLine(Channel):  # type: ignore[misc]  # the library has no types
    """A serial port as libosdp wants it: what is there now, never waiting."""

    def __init__(self, path: str, baud: int) -> None:
        self._port = serial.Serial(path, baud, timeout=0, write_timeout=0.2, exclusive=True)

    def read(self, max_read: int) -> bytes:
        """Return what has come, perhaps nothing; a port that is gone is a silent one."""
        with contextlib.suppress(serial.SerialException, OSError):
            return bytes(self._port.read(max_read))
        return b""

    def write(self, data: bytes) -> int:
        """Send bytes; what cannot be sent counts as lost on the line."""
        with contextlib.suppress(serial.SerialException, OSError):
            return int(self._port.write(bytes(data)) or 0)
        return len(data)

    def flush(self) -> None:
        """Leave nothing of an old answer behind."""
        with contextlib.suppress(serial.SerialException, OSError):
            self._port.reset_input_buffer()

    def close(self) -> None:
        """Give the port back."""
        self._port.close()


class OsdpReader:
    """One reader on its line: a Lock and a Reader at once."""

    def __init__(self, path: str, *, key: bytes, address: int = 1, baud: int = 9600) -> None:
        """Begin to speak; raises LockUnreachable without the port or with a key that is none."""
        if len(key) != KEY_BYTES or not any(key):
            raise LockUnreachable(f"the OSDP key must be {KEY_BYTES} random octets")
        try:
            self._line = SerialLine(path, baud)
        except (serial.SerialException, OSError, ValueError) as error:
            raise LockUnreachable(str(error)) from error
        self._address = address
        self._cards: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._reading = threading.Event()
        pd = PDInfo(address, self._line, scbk=key, flags=[LibFlag.EnforceSecure])
        self._panel = ControlPanel([pd], log_level=LogLevel.Emergency)
        self._panel.start()
        self._keeper = threading.Thread(target=self._keep_online, name="osdp", daemon=True)
        self._keeper.start()

    @property
    def is_secure(self) -> bool:
        """Whether the encrypted channel stands."""
        return bool(self._panel.is_sc_active(self._address))

    def pulse(self, seconds: float) -> None:
        """Free the door first, then show green; the reader itself holds again after `seconds`."""
        tenths = max(1, round(seconds * _TENTHS))
        self._order(_output(_ON_FOR_A_WHILE, tenths))
        with contextlib.suppress(LockUnreachable):
            self._order(_green(tenths))

    def hold(self) -> None:
        """Hold the door at once."""
        self._order(_output(_OFF_AT_ONCE, 0))

    def texts(self) -> Iterator[str]:
        """Return each card as `CARD:` and its bits in hex; raises ReaderUnreachable when closed."""
        if self._closed.is_set():
            raise ReaderUnreachable("closed")
        self._reading.set()
        return self._read()

    def close(self) -> None:
        """Stop speaking and give the port back; the reader's relay falls back by its own timer."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._keeper.join()
        self._panel.teardown()
        self._line.close()

    def _read(self) -> Iterator[str]:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Empty):
                yield self._cards.get(timeout=_LOOK_EVERY)

    def _order(self, command: dict[str, Any]) -> None:
        if self._closed.is_set() or not self.is_secure:
            raise LockUnreachable("the OSDP reader is not on its encrypted line")
        if not self._panel.submit_command(self._address, command):
            raise LockUnreachable("the OSDP reader took no command")

    def _take_cards(self) -> None:
        """Empty the library's queue, which has no end; a card nobody waits for is forgotten."""
        while (event := self._panel.get_event(self._address, timeout=0)) is not None:
            if event.get("event") == Event.CardRead and self._reading.is_set():
                self._cards.put(CARD_PREFIX + bytes(event["data"]).hex().upper())

    def _keep_online(self) -> None:
        """Switch a reader that fell silent off and on again, so that libosdp asks at once."""
        kicked_at = time.monotonic()
        while not self._closed.wait(_LOOK_EVERY):
            self._take_cards()
            if self._panel.is_online(self._address):
                continue
            if time.monotonic() - kicked_at >= _KICK_EVERY:
                kicked_at = time.monotonic()
                self._panel.disable_pd(self._address)
                self._closed.wait(_LOOK_EVERY)
                self._panel.enable_pd(self._address)


def make_key(path: Path) -> None:
    """Write a fresh key that only its owner may read; one that is there stays."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")


def read_key(path: Path) -> bytes:
    """Return the key in a file; raises LockUnreachable."""
    try:
        return bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise LockUnreachable(f"the OSDP key: {error}") from error


def _output(code: int, tenths: int) -> dict[str, Any]:
    return {
        "command": Command.Output,
        "output_no": 0,
        "control_code": code,
        "timer_count": tenths,
    }


def _green(tenths: int) -> dict[str, Any]:
    return {
        "command": Command.LED,
        "reader": 0,
        "led_number": 0,
        "control_code": 1,
        "on_count": tenths,
        "off_count": 1,
        "on_color": CommandLEDColor.Green,
        "off_color": CommandLEDColor.Black,
        "timer_count": tenths,
        "temporary": True,
    }
