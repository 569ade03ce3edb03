"""The thread that reports to the server: sends what happened, says that it lives, backs off."""

import threading
import time
from collections.abc import Callable
from typing import Final

from devices.kiosk.events import JournalTaken, LinkChanged, MusterCame, Send
from devices.kiosk.health import Health
from devices.kiosk.journal import JournalReader
from devices.kiosk.pulling import Held
from devices.kiosk.server import Server, ServerRefused, ServerUnreachable
from devices.kiosk.state import Identity
from devices.passes.chain import Head

FIRST_PAUSE: Final = 1.0
INSIDE_EVERY: Final = 60.0


class Sync:
    """One round is push and heartbeat; what it learns goes to the loop as events."""

    def __init__(
        self,
        server: Server,
        journal: JournalReader,
        *,
        identity: Identity,
        held: Held,
        health: Health,
    ) -> None:
        self._server = server
        self._journal = journal
        self._identity = identity
        self._held = held
        self._health = health
        self._asked_inside_at = float("-inf")
        self._sent = journal.sent()

    def round(self, send: Send) -> bool:
        """Speak to the server once; returns whether it answered as hoped."""
        try:
            self._push(send)
            self._heartbeat()
            self._ask_who_is_inside(send)
        except ServerUnreachable:
            send(LinkChanged("unreachable", "push"))
            return False
        except ServerRefused as error:
            send(LinkChanged(error.code, "push"))
            return False
        send(LinkChanged("", "push"))
        return True

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

    def _ask_who_is_inside(self, send: Send) -> None:
        """Ask each minute who would have to be found, so that it is known without a network."""
        if time.monotonic() - self._asked_inside_at >= INSIDE_EVERY:
            self._asked_inside_at = time.monotonic()
            send(MusterCame(self._server.pull_inside()))

    def _heartbeat(self) -> None:
        ours = self._journal.last(self._identity.device)
        held = self._held.snapshot
        theirs = self._server.heartbeat(ours, held.version if held else 0, self._health.states)
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
