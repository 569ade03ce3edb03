"""A door from start to end: state, journal, lock, threads, loop, and everything closed again."""

import fcntl
import os
import queue
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from devices.kiosk.asking import AskThread
from devices.kiosk.clock import Clock, system_clock
from devices.kiosk.contact import DoorContact
from devices.kiosk.doorway import Doorway
from devices.kiosk.events import Answered, Event, Send, Stop
from devices.kiosk.journal import Journal, JournalReader
from devices.kiosk.loop import Doorkeeper, run
from devices.kiosk.mishaps import deadly_mishaps
from devices.kiosk.muster import MusterFile
from devices.kiosk.page.screen import PageScreen
from devices.kiosk.page.server import PageServer
from devices.kiosk.pulling import Held, Pull, PullThread
from devices.kiosk.reading import ReaderThread
from devices.kiosk.screen import Screens, TerminalScreen
from devices.kiosk.server import Server
from devices.kiosk.settings import Page, Settings
from devices.kiosk.state import BrokenState, Identity, StateFolder
from devices.kiosk.sync import Sync, SyncThread
from devices.kiosk.watchdog import Watchdog
from devices.kiosk.wiring import make_reader, open_lock, watched_contacts
from devices.passes.keys import fingerprint, public_bytes
from devices.passes.snapshot import Snapshot


class NotEnrolled(Exception):
    """The device has no identity yet."""


class AlreadyRunning(Exception):
    """Another kiosk uses this state folder; two would write two journals."""


def run_door(settings: Settings, clock: Clock = system_clock) -> None:
    """Run one door until SIGTERM or SIGINT.

    Raises NotEnrolled, AlreadyRunning, BrokenState, BrokenJournal, LockUnreachable or ThreadDied.
    """
    state = StateFolder(settings.state_dir)
    identity, key = state.find_identity(), state.find_key()
    if identity is None or key is None:
        raise NotEnrolled
    with _alone(settings.state_dir):
        journal = Journal(state.journal_path(identity.device), identity.device)
        lock = open_lock(settings.lock)
        page = None if settings.page is None else PageScreen()
        doorway = Doorway(
            door=settings.door,
            lock=lock,
            journal=journal,
            state=state,
            screen=TerminalScreen(sys.stdout)
            if page is None
            else Screens(TerminalScreen(sys.stdout), page),
            language=settings.language,
            fingerprint=fingerprint(public_bytes(key)),
            boot=secrets.token_bytes(8),
            open_seconds=settings.open_seconds,
            muster=MusterFile(settings.state_dir, key),
            contact=DoorContact(settings.contact.held_seconds if settings.contact else 30.0),
        )

        def connect() -> Server:
            return Server(settings.server, identity=identity, key=key, clock=clock)

        try:
            _run_threads(settings, doorway, connect, identity, clock, page)
        finally:
            lock.close()
            journal.close()


def _run_threads(
    settings: Settings,
    doorway: Doorway,
    connect: Callable[[], Server],
    identity: Identity,
    clock: Clock,
    page: PageScreen | None,
) -> None:
    """Run the loop with the threads that send it events, until a signal ends it."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    held = Held(_held_snapshot(doorway.state, identity))
    pull, sync = _links(settings, doorway, connect, held, identity, clock, events.put)
    reader = ReaderThread(lambda: make_reader(settings.scanner, doorway.lock), events.put)
    desk = AskThread(connect, lambda number, answer: events.put(Answered(number, answer)))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: events.put(Stop()))
    keeper = Doorkeeper(doorway, held.snapshot, recorded=sync.wake, ask=desk.ask)
    with (
        deadly_mishaps(events.put),
        _started(pull, sync, reader, desk),
        _page_served(settings.page, page, events.put),
        watched_contacts(settings.contact, events.put),
    ):
        run(keeper, events, clock, Watchdog())


@contextmanager
def _started(*threads: PullThread | SyncThread | ReaderThread | AskThread) -> Iterator[None]:
    """Let threads run until the block ends."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.stop()


def _links(
    settings: Settings,
    doorway: Doorway,
    connect: Callable[[], Server],
    held: Held,
    identity: Identity,
    clock: Clock,
    send: Send,
) -> tuple[PullThread, SyncThread]:
    """Return the two threads that speak to the server: one listens, one reports."""
    path, health = doorway.state.journal_path(identity.device), doorway.health

    def listening() -> Pull:
        return Pull(connect(), identity=identity, held=held, clock=clock)

    def reporting() -> Sync:
        journal = JournalReader(path)
        return Sync(connect(), journal, identity=identity, held=held, health=health)

    return (
        PullThread(listening, send, poll=settings.poll_seconds),
        SyncThread(reporting, send, poll=settings.poll_seconds),
    )


@contextmanager
def _page_served(page: Page | None, screen: PageScreen | None, send: Send) -> Iterator[None]:
    """Serve the page of the door, where one is wanted, until the block ends."""
    if page is None or screen is None:
        yield
        return
    server = PageServer(page, screen, send)
    server.start()
    try:
        yield
    finally:
        server.close()


def _held_snapshot(state: StateFolder, identity: Identity) -> Snapshot | None:
    """Return the snapshot on disk; a spoilt one is as good as none, and the next pull mends it."""
    try:
        return state.find_snapshot(identity)
    except BrokenState:
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / "kiosk.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunning(str(folder)) from error
    else:
        yield
    finally:
        os.close(descriptor)
