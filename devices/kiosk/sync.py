"""The thread that speaks to the server: pulls what changed, sends what happened, backs off."""

import threading
from collections.abc import Callable
from typing import Final, TypeAlias

from devices.kiosk.clock import Clock
from devices.kiosk.events import Event, JournalTaken, LinkChanged, SnapshotCame
from devices.kiosk.journal import JournalReader
from devices.kiosk.server import Server, ServerRefused, ServerUnreachable
from devices.kiosk.state import Identity
from devices.passes.chain import Head
from devices.passes.snapshot import InvalidSnapshot, Snapshot, may_replace, read_snapshot

FIRST_PAUSE: Final = 1.0
BELIEVED_UNASKED: Final = 600
"""A 304 is not signed: after so many seconds a door wants to see the server's hand again."""

Send: TypeAlias = Callable[[Event], None]


class Sync:
    """One round is pull, push, heartbeat; what it learns goes to the loop as events."""

    def __init__(
        self,
        server: Server,
        journal: JournalReader,
        *,
        identity: Identity,
        held: Snapshot | None,
        clock: Clock,
    ) -> None:
        self._server = server
        self._journal = journal
        self._identity = identity
        self._held = held
        self._etag = ""
        self._clock = clock
        self._sent = journal.sent()

    def round(self, send: Send) -> bool:
        """Speak to the server once; returns whether it answered as hoped."""
        try:
            self._pull(send)
            self._push(send)
            self._heartbeat()
        except ServerUnreachable:
            send(LinkChanged("unreachable"))
            return False
        except ServerRefused as error:
            send(LinkChanged(error.code))
            return False
        except InvalidSnapshot:
            send(LinkChanged("snapshot-refused"))
            return False
        send(LinkChanged())
        return True

    def _pull(self, send: Send) -> None:
        came = self._server.pull_snapshot(self._etag if self._is_fresh() else "")
        if came is None:
            return
        sealed, self._etag = came
        snapshot = read_snapshot(sealed, self._identity.snapshot_key)
        if snapshot.device != self._identity.device or not may_replace(snapshot, self._held):
            self._etag = ""
            raise InvalidSnapshot("another device's, or older than the one we hold")
        self._held = snapshot
        send(SnapshotCame(snapshot, sealed))

    def _is_fresh(self) -> bool:
        if self._held is None:
            return False
        return abs(self._clock().now - self._held.server_time) < BELIEVED_UNASKED

    def _push(self, send: Send) -> None:
        while lines := self._journal.after(self._sent):
            try:
                head = self._server.push_journal(lines)
            except ServerRefused as error:
                if error.code != "journal-gap" or error.seq is None or error.seq > self._sent:
                    raise
                self._sent = error.seq - 1  # the server lost its end: send it once more
                continue
            self._take(head, lines[-1].seq)
            send(JournalTaken(head))

    def _take(self, head: Head, last: int) -> None:
        if head.seq < last:
            raise ServerUnreachable("the server did not take the journal")
        self._sent = last

    def _heartbeat(self) -> None:
        ours = self._journal.last(self._identity.device)
        theirs = self._server.heartbeat(ours, self._held.version if self._held else 0)
        if theirs.seq > ours.seq:
            raise ServerRefused("journal-cut")


class SyncThread(threading.Thread):
    """Runs rounds until stopped: every `poll` seconds, sooner when woken, later when in vain."""

    def __init__(self, make: Callable[[], Sync], send: Send, *, poll: float) -> None:
        super().__init__(name="sync", daemon=True)
        self._make = make
        self._send = send
        self._poll = poll
        self._woken = threading.Event()
        self._is_stopping = False
        self._is_online = False

    def wake(self) -> None:
        """Ask for a round now; while the server does not answer, its pauses are kept."""
        if self._is_online:
            self._woken.set()

    def stop(self) -> None:
        """Ask the thread to end after the round it is in."""
        self._is_stopping = True
        self._woken.set()

    def run(self) -> None:
        """Go round and round; the journal is opened here, because SQLite wants one thread."""
        sync = self._make()
        pause = min(FIRST_PAUSE, self._poll)
        while not self._is_stopping:
            self._is_online = sync.round(self._send)
            if self._is_online:
                pause = min(FIRST_PAUSE, self._poll)
                self._woken.wait(self._poll)
            else:
                self._woken.wait(pause)
                pause = min(2 * pause, max(self._poll, FIRST_PAUSE))
            self._woken.clear()
