"""A scanner that follows a text file, and a lock that only writes down that it opened."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from devices.drivers.protocol import LockUnreachable, ReaderUnreachable
from devices.drivers.scanner.lines import LineAssembler

_LOOK_EVERY: Final = 0.1
_CHUNK: Final = 4096


class FakeScanner:
    """Sees each line that is appended to a file: `echo RB1:… >> scan.txt` is a scan."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Return each line appended from now on; raises ReaderUnreachable without the file."""
        try:
            self._path.touch()
            file = self._path.open("rb")
        except OSError as error:
            raise ReaderUnreachable(str(error)) from error
        file.seek(0, os.SEEK_END)
        return self._appended(file)

    def _appended(self, file: IO[bytes]) -> Iterator[str]:
        lines = LineAssembler()
        with file:
            while not self._closed.is_set():
                try:
                    chunk = file.read(_CHUNK)
                except OSError as error:
                    raise ReaderUnreachable(str(error)) from error
                yield from lines.feed(chunk)
                if not chunk:
                    self._closed.wait(_LOOK_EVERY)

    def close(self) -> None:
        """End `texts` at its next look."""
        self._closed.set()


class FakeLock:
    """Remembers each pulse, and writes it to a file at once when given one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.pulses: list[float] = []
        self.is_closed = False
        self.holds = 0

    def pulse(self, seconds: float) -> None:
        """Write down that the door opened; raises LockUnreachable without the file."""
        self.pulses.append(seconds)
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"open {seconds:g}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LockUnreachable(str(error)) from error

    def hold(self) -> None:
        """Remember that the door was held before its time."""
        self.holds += 1

    def close(self) -> None:
        """Remember that the lock was let go."""
        self.is_closed = True
