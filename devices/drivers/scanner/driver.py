"""Scanners that send one code a line: a USB scanner in serial mode, or standard input."""

import os
import select
import threading
from collections.abc import Iterator
from typing import Final

import serial

from devices.drivers.protocol import ReaderUnreachable
from devices.drivers.scanner.lines import LineAssembler

_LOOK_EVERY: Final = 0.25
_CHUNK: Final = 4096


class LineScanner:
    """Reads lines from an open file descriptor: standard input, a pipe or a terminal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Yield each line until the other side hangs up or `close` is called."""
        lines = LineAssembler()
        while not self._closed.is_set():
            try:
                ready, _, _ = select.select([self._descriptor], [], [], _LOOK_EVERY)
                content = os.read(self._descriptor, _CHUNK) if ready else None
            except (OSError, ValueError) as error:
                raise ReaderUnreachable(str(error)) from error
            if content == b"":
                return
            yield from lines.feed(content or b"")

    def close(self) -> None:
        """End `texts` at its next look; the descriptor stays with its owner."""
        self._closed.set()


class SerialScanner:
    """Reads lines from a serial port; a line that pauses in the middle is forgotten."""

    def __init__(self, port: str, *, baud: int = 9600) -> None:
        self._port = port
        self._baud = baud
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Open the port and return each line; raises ReaderUnreachable when it is unplugged."""
        try:
            port = serial.Serial(self._port, self._baud, timeout=_LOOK_EVERY, exclusive=True)
        except (serial.SerialException, OSError) as error:
            raise ReaderUnreachable(str(error)) from error
        return self._lines(port)

    def _lines(self, port: serial.Serial) -> Iterator[str]:
        lines = LineAssembler()
        with port:
            while not self._closed.is_set():
                try:
                    content = port.read(max(1, port.in_waiting))
                except (serial.SerialException, OSError) as error:
                    raise ReaderUnreachable(str(error)) from error
                if not content:
                    lines.forget()
                yield from lines.feed(content)

    def close(self) -> None:
        """End `texts` at its next look, and give the port back."""
        self._closed.set()
