"""The kiosk's settings: one TOML file, and every fault in it told at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from devices.drivers.protocol import Input
from devices.kiosk.tables import Table

LANGUAGES: Final = ("fr", "en", "de")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SCANNERS: Final = ("camera", "fake", "hid", "lines", "osdp", "page", "serial")
_SOURCES: Final = ("command", "folder", "mjpeg")


class SettingsFaults(Exception):
    """The file cannot be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Lines:
    """Codes come as lines on standard input."""


@dataclass(frozen=True, slots=True)
class SerialPort:
    """Codes come from a scanner in serial mode."""

    path: str
    baud: int


@dataclass(frozen=True, slots=True)
class Camera:
    """Codes are seen by a camera: a folder, an MJPEG file or pipe, or a command writing MJPEG."""

    source: str
    path: Path
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedFile:
    """Codes are lines appended to a file, for demonstrations."""

    path: Path


@dataclass(frozen=True, slots=True)
class PaperLock:
    """The lock only writes down that it opened."""

    path: Path | None


@dataclass(frozen=True, slots=True)
class Relay:
    """The lock is behind a relay on this pin (BCM number)."""

    pin: int
    fails: str
    active_high: bool


@dataclass(frozen=True, slots=True)
class Osdp:
    """The lock is behind the relay of an OSDP reader on a serial line, with a key of our own."""

    path: str
    address: int
    baud: int
    key_path: Path


@dataclass(frozen=True, slots=True)
class OsdpCards:
    """Cards come from the OSDP reader whose relay is the lock."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Codes come from a scanner that types; its input device is grabbed."""

    path: str


@dataclass(frozen=True, slots=True)
class ContactPins:
    """Which pins (BCM numbers) the contacts of the door are on, and when an open door is late."""

    pins: Mapping[Input, int]
    held_seconds: float


@dataclass(frozen=True, slots=True)
class PageCamera:
    """Codes come from the page of this door, by the browser's own camera."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of this door for the browser of this machine; it begins anew each night."""

    port: int
    camera: bool
    reload_at: str


ScannerSettings: TypeAlias = (
    PageCamera | Keyboard | Lines | SerialPort | Camera | FollowedFile | OsdpCards
)
LockSettings: TypeAlias = PaperLock | Relay | Osdp


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a kiosk is told by its file."""

    server: str
    door: int | str
    state_dir: Path
    language: str
    poll_seconds: float
    open_seconds: float
    scanner: ScannerSettings
    lock: LockSettings
    page: Page | None = None
    contact: ContactPins | None = None


def load_settings(path: Path) -> Settings:
    """Read the file; raises SettingsFaults with every fault in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsFaults([f"{path.name}: {error}"]) from error
    return settings_from(content, folder=path.resolve().parent)


def settings_from(content: dict[str, object], *, folder: Path) -> Settings:
    """Read settings from a TOML table; relative paths start at `folder`. Raises SettingsFaults."""
    faults: list[str] = []
    top = Table(content, "", folder, faults)
    scanner = top.table("scanner", default_kind="lines")
    lock = top.table("lock", default_kind="fake")
    page = top.table("page", default_kind="none") if top.has("page") else None
    contact = top.table("contact", default_kind="none") if top.has("contact") else None
    settings = Settings(
        server=_server(top),
        door=top.number_or_text("door"),
        state_dir=top.path("state_dir"),
        language=top.choice("language", LANGUAGES, default="fr"),
        poll_seconds=top.number("poll_seconds", low=0.1, high=3600, default=30),
        open_seconds=lock.number("open_seconds", low=0.1, high=60, default=5),
        scanner=_scanner(scanner),
        lock=_lock(lock),
        page=None if page is None else _page(page, scanner),
        contact=None if contact is None else _contact(contact),
    )
    if isinstance(settings.scanner, OsdpCards) and not isinstance(settings.lock, Osdp):
        scanner.fault("kind", "must have an OSDP reader as its lock too")
    for table in (top, scanner, lock, page, contact):
        if table is not None:
            table.refuse_the_rest()
    if faults:
        raise SettingsFaults(faults)
    return settings


def _server(top: Table) -> str:
    server = top.text("server").rstrip("/")
    parts = urlsplit(server)
    if server and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        top.fault("server", "is not an address like https://totem.example")
    elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        top.fault("server", "must be https:// unless it is on this machine")
    return server


def _scanner(table: Table) -> ScannerSettings:
    match table.choice("kind", _SCANNERS, default="lines"):
        case "serial":
            return SerialPort(
                table.text("path"), int(table.number("baud", low=300, high=4_000_000, default=9600))
            )
        case "camera":
            return _camera(table)
        case "fake":
            return FollowedFile(table.path("path"))
        case "hid":
            return Keyboard(table.text("path"))
        case "osdp":
            return OsdpCards()
        case "page":
            return PageCamera()
        case _:
            return Lines()


def _contact(table: Table) -> ContactPins:
    pins = {
        which: int(table.number(f"{which}_pin", low=0, high=63))
        for which in Input
        if table.has(f"{which}_pin")
    }
    return ContactPins(pins, table.number("held_seconds", low=5, high=3600, default=30))


def _page(table: Table, scanner: Table) -> Page:
    reload_at = table.text("reload_at") if table.has("reload_at") else "03:30"
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", reload_at):
        table.fault("reload_at", "must be an hour such as 03:30")
    return Page(
        port=int(table.number("port", low=0, high=65_535, default=8765)),
        camera=table.flag("camera", default=False)
        or scanner.choice("kind", _SCANNERS, default="lines") == "page",
        reload_at=reload_at,
    )


def _camera(table: Table) -> Camera:
    source = table.choice("source", _SOURCES)
    if source == "command":
        return Camera(source, Path(), table.texts("command"))
    return Camera(source, table.path("path"), ())


def _lock(table: Table) -> LockSettings:
    kind = table.choice("kind", ("fake", "osdp", "relay"), default="fake")
    if kind == "osdp":
        return Osdp(
            path=table.text("path"),
            address=int(table.number("address", low=0, high=126, default=1)),
            baud=int(table.number("baud", low=9600, high=230_400, default=9600)),
            key_path=table.path("key_path"),
        )
    if kind == "relay":
        return Relay(
            pin=int(table.number("pin", low=0, high=63)),
            fails=table.choice("fails", ("secure", "safe")),
            active_high=table.flag("active_high", default=True),
        )
    return PaperLock(table.path("path") if table.has("path") else None)
