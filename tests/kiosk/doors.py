"""A door of paper for tests: real journal and state in a folder, a lock that only remembers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from devices.drivers.fake.driver import FakeLock
from devices.drivers.protocol import Lock
from devices.kiosk.clock import Moment
from devices.kiosk.doorway import Doorway
from devices.kiosk.events import Event, Scanned
from devices.kiosk.journal import Journal, JournalReader
from devices.kiosk.loop import Doorkeeper
from devices.kiosk.muster import MusterFile
from devices.kiosk.state import Identity, StateFolder
from devices.kiosk.views import View
from devices.kiosk.wishes import Ask
from devices.passes.chain import Entry, extend, from_body, genesis
from devices.passes.keys import PassKey
from devices.passes.rules import DoorRules
from devices.passes.sheets import DoorSheet, Occupied
from devices.passes.snapshot import Snapshot, seal_snapshot
from tests.unit.passes.papers import (
    ISSUER,
    KEYS_END,
    KID,
    PASS_ID,
    RULES,
    STAFF,
    STAFF_KID,
    STARTS,
    STRANGER,
)

DEVICE = "dev-1"
SNAPSHOT_KEY = STRANGER
IDENTITY = Identity(DEVICE, SNAPSHOT_KEY.public_key())
SHEET = DoorSheet(
    RULES,
    "metz-2.07",
    {"fr": "2.07", "en": "2.07", "de": "2.07"},
    (Occupied(STARTS, STARTS + 7200, (PASS_ID,)),),
)
SNAPSHOT = Snapshot(
    version=1,
    server_time=STARTS - 60,
    device=DEVICE,
    site="mz",
    zone="Europe/Paris",
    keys=(
        PassKey(KID, ISSUER.public_key(), KEYS_END),
        PassKey(STAFF_KID, STAFF.public_key(), KEYS_END, staff=True),
    ),
    revoked=frozenset(),
    doors=(SHEET,),
    others={209: {"fr": "2.09"}, 100: {"fr": "Entrée", "en": "Entrance"}},
)


def snapshot_with(*, rules: DoorRules = RULES, **changes: object) -> Snapshot:
    """Return the snapshot of the test door with changes."""
    sheet = replace(SHEET, rules=rules)
    return replace(SNAPSHOT, doors=(sheet,), **changes)  # type: ignore[arg-type]


def sealed(snapshot: Snapshot) -> bytes:
    """Return a snapshot signed by the pinned key."""
    return seal_snapshot(snapshot, SNAPSHOT_KEY)


class Pictures:
    """A screen that remembers what it showed."""

    def __init__(self) -> None:
        self.shown: list[View] = []

    def show(self, view: View) -> None:
        """Remember a view."""
        if not self.shown or self.shown[-1] != view:
            self.shown.append(view)


@dataclass
class Door:
    """One door and what came of it; time passes only by `at` and `after`."""

    folder: Path
    keeper: Doorkeeper
    journal: Journal
    lock: Lock
    screen: Pictures
    now: int = STARTS
    uptime: float = 1000.0
    woken: list[int] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    def act(self, event: Event, *, after: float = 5.0) -> View:
        """Let time pass, act, and return what the screen shows."""
        self.uptime += after
        self.now += int(after)
        self.keeper.act(event, Moment(self.now, self.uptime))
        return self.screen.shown[-1]

    def scan(self, text: str, *, after: float = 5.0) -> View:
        """Hold a code before the reader."""
        return self.act(Scanned(text), after=after)

    def entries(self) -> list[Entry]:
        """Return the journal as the server would read it, its chain checked."""
        return entries_of(self.folder / f"journal-{DEVICE}.db")


def entries_of(path: Path) -> list[Entry]:
    """Return all entries of a journal file, its chain checked."""
    reader = JournalReader(path)
    lines, last = [], 0
    while batch := reader.after(last):
        lines += batch
        last = batch[-1].seq
    reader.close()
    extend(genesis(DEVICE), lines)
    return [from_body(line.body) for line in lines]


def open_door(
    folder: Path,
    *,
    held: Snapshot | None = SNAPSHOT,
    lock: Lock | None = None,
    language: str = "fr",
    now: int = STARTS,
    reserve: int = 4096,
    muster: MusterFile | None = None,
) -> Door:
    """Return a door that has just started."""
    journal = Journal(folder / f"journal-{DEVICE}.db", DEVICE, reserve=reserve)
    screen, woken = Pictures(), list[int]()
    lock = lock or FakeLock()
    way = Doorway(
        door=RULES.door,
        lock=lock,
        journal=journal,
        state=StateFolder(folder),
        screen=screen,
        language=language,
        fingerprint="3F2A-91C0-7B44-E801",
        boot=b"bootboot",
        open_seconds=5.0,
        muster=muster,
    )
    asks: list[Ask] = []
    keeper = Doorkeeper(way, held, recorded=lambda: woken.append(1), ask=asks.append)
    door = Door(folder, keeper, journal, lock, screen, now, woken=woken, asks=asks)
    keeper.start(Moment(now, door.uptime))
    return door


def kinds(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return what happened, in short."""
    return [(str(entry.kind), entry.reason) for entry in entries]
