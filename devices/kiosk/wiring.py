"""From settings to drivers; a driver's library is loaded only where that driver is chosen."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from devices.drivers.fake.driver import FakeLock, FakeScanner
from devices.drivers.protocol import Lock, Reader
from devices.kiosk.events import ContactChanged, Send
from devices.kiosk.settings import (
    Camera,
    ContactPins,
    FollowedFile,
    Keyboard,
    Lines,
    LockSettings,
    Osdp,
    OsdpCards,
    PageCamera,
    PaperLock,
    Relay,
    ScannerSettings,
    SerialPort,
)

if TYPE_CHECKING:
    from PIL import Image


class NoReader:
    """Stands where the page itself sees the codes; it waits until it is closed."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def texts(self) -> Iterator[str]:
        """Return nothing, for as long as the door runs."""
        self._closed.wait()
        return iter(())

    def close(self) -> None:
        """End `texts`."""
        self._closed.set()


def open_lock(settings: LockSettings) -> Lock:
    """Return the lock, holding the door; raises LockUnreachable."""
    match settings:
        case PaperLock(path):
            return FakeLock(path)
        case Relay(pin, fails, active_high):
            from devices.drivers.relay.driver import Fails, RelayLock

            return RelayLock(pin, fails=Fails(fails), active_high=active_high)
        case Osdp(path, address, baud, key_path):
            from devices.drivers.osdp.driver import OsdpReader, read_key

            return OsdpReader(path, key=read_key(key_path), address=address, baud=baud)
        case _:
            assert_never(settings)


def make_reader(settings: ScannerSettings, lock: Lock) -> Reader:
    """Return the reader, not opened yet; one reader may be the lock and see cards too."""
    match settings:
        case FollowedFile(path):
            return FakeScanner(path)
        case Keyboard(path):
            from devices.drivers.hid.driver import HidScanner

            return HidScanner(path)
        case OsdpCards():
            from devices.drivers.osdp.driver import OsdpReader

            return lock if isinstance(lock, OsdpReader) else NoReader()
        case PageCamera():
            return NoReader()
        case Lines():
            from devices.drivers.scanner.driver import LineScanner

            return LineScanner(sys.stdin.fileno())
        case SerialPort(path, baud):
            from devices.drivers.scanner.driver import SerialScanner

            return SerialScanner(path, baud=baud)
        case Camera():
            from devices.drivers.camera.driver import CameraReader

            return CameraReader(_frames(settings))
        case _:
            assert_never(settings)


@contextmanager
def watched_contacts(wanted: ContactPins | None, send: Send) -> Iterator[None]:
    """Tell each change of the door's contacts until the block ends; raises LockUnreachable."""
    if wanted is None:
        yield
        return
    from devices.drivers.contact.driver import Contacts

    contacts = Contacts(wanted.pins, lambda which, away: send(ContactChanged(which, away)))
    try:
        yield
    finally:
        contacts.close()


def _frames(camera: Camera) -> "Callable[[], Iterable[Image.Image]]":
    from devices.drivers.camera import frames

    if camera.source == "command":
        return lambda: frames.from_command(camera.command)
    if camera.source == "folder":
        return lambda: frames.from_folder(camera.path)
    return lambda: frames.from_mjpeg_file(camera.path)
