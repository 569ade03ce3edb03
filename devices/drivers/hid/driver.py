"""A scanner in keyboard mode, grabbed: what it types reaches this door and no other program."""

import fcntl
import os
import select
import threading
from collections.abc import Callable, Iterator
from typing import Final

from devices.drivers.hid.keys import KeyAssembler
from devices.drivers.protocol import ReaderUnreachable

EVIOCGRAB: Final = 0x40044590
_LOOK_EVERY: Final = 0.25
_CHUNK: Final = 4096


def grab(descriptor: int) -> None:
    """Take a device for ourselves; raises OSError when it is no input device or is taken."""
    fcntl.ioctl(descriptor, EVIOCGRAB, 1)


class HidScanner:
    """Reads the events of one input device; a text that pauses in the middle is forgotten."""

    def __init__(self, path: str, *, grab: Callable[[int], None] = grab) -> None:
        self._path = path
        self._grab = grab
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Open and grab the device and return what it types; raises ReaderUnreachable."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise ReaderUnreachable(str(error)) from error
        try:
            self._grab(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise ReaderUnreachable(str(error)) from error
        return self._typed(descriptor)

    def close(self) -> None:
        """End `texts` at its next look, and give the device back."""
        self._closed.set()

    def _typed(self, descriptor: int) -> Iterator[str]:
        keys = KeyAssembler()
        try:
            while not self._closed.is_set():
                ready, _, _ = select.select([descriptor], [], [], _LOOK_EVERY)
                if not ready:
                    keys.forget()
                    continue
                content = self._read(descriptor)
                yield from keys.feed(content)
        finally:
            os.close(descriptor)

    def _read(self, descriptor: int) -> bytes:
        try:
            content = os.read(descriptor, _CHUNK)
        except OSError as error:
            raise ReaderUnreachable(str(error)) from error
        if not content:
            raise ReaderUnreachable("unplugged")
        return content
