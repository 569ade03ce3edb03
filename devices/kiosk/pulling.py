"""The thread that listens to the server: what is new comes within a second, by a long poll."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.kiosk.clock import Clock
from devices.kiosk.events import LinkChanged, Send, SnapshotCame
from devices.kiosk.server import NoNews, Server, ServerRefused, ServerUnreachable
from devices.kiosk.state import Identity
from devices.passes.snapshot import InvalidSnapshot, Snapshot, may_replace, read_snapshot

WAIT: Final = 25
"""Seconds for which the server may keep us waiting; proxies give up at 60."""
ASK_AGAIN: Final = 5.0
"""Seconds between two questions while the server has no place for us to wait."""
BELIEVED_UNASKED: Final = 600
"""A 304 is not signed: after so many seconds a door wants to see the server's hand again."""
HURRIED: Final = 0.5
"""A server that says "nothing new" sooner than this does not keep us waiting: we then pause."""
FIRST_PAUSE: Final = 1.0


@dataclass(slots=True)
class Held:
    """The snapshot a device holds; one thread replaces it, others look."""

    snapshot: Snapshot | None = None


class Pull:
    """Asks for news; what it learns goes to the loop as events."""

    def __init__(self, server: Server, *, identity: Identity, held: Held, clock: Clock) -> None:
        self._server = server
        self._identity = identity
        self._held = held
        self._etag = ""
        self._clock = clock

    def round(self, send: Send, *, wait: int = 0) -> NoNews | None:
        """Ask once, letting the server keep us for `wait` seconds.

        Returns None when news came, or why not: nothing new, no place to wait, or trouble.
        """
        try:
            outcome = self._ask(send, wait)
        except ServerUnreachable:
            return self._trouble(send, "unreachable")
        except ServerRefused as error:
            return self._trouble(send, error.code)
        except InvalidSnapshot:
            return self._trouble(send, "snapshot-refused")
        send(LinkChanged())
        return outcome

    def _ask(self, send: Send, wait: int) -> NoNews | None:
        came = self._server.pull_snapshot(self._etag if self._is_fresh() else "", wait=wait)
        if isinstance(came, NoNews):
            return came
        sealed, self._etag = came
        held = self._held.snapshot
        snapshot = read_snapshot(sealed, self._identity.snapshot_key)
        if snapshot.device != self._identity.device or not may_replace(snapshot, held):
            self._etag = ""
            raise InvalidSnapshot("another device's, or older than the one we hold")
        self._held.snapshot = snapshot
        send(SnapshotCame(snapshot, sealed))
        return None

    def _trouble(self, send: Send, problem: str) -> NoNews:
        self._etag = self._etag if problem == "unreachable" else ""
        send(LinkChanged(problem))
        return NoNews.TROUBLE

    def _is_fresh(self) -> bool:
        held = self._held.snapshot
        return held is not None and abs(self._clock().now - held.server_time) < BELIEVED_UNASKED


class PullThread(threading.Thread):
    """Listens until stopped; after trouble it asks again with growing pauses, `poll` at most."""

    def __init__(
        self, make: Callable[[], Pull], send: Send, *, poll: float, wait: int = WAIT
    ) -> None:
        super().__init__(name="pull", daemon=True)
        self._make = make
        self._send = send
        self._poll = poll
        self._wait = wait
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end after the question it is at."""
        self._stopping.set()

    def run(self) -> None:
        """Ask and ask again: at once after an answer, in a while when there was no place."""
        pull = self._make()
        pause = first = min(FIRST_PAUSE, self._poll)
        while not self._stopping.is_set():
            asked_at = time.monotonic()
            outcome = pull.round(self._send, wait=self._wait)
            if outcome is NoNews.TROUBLE:
                self._stopping.wait(pause)
                pause = min(2 * pause, max(self._poll, FIRST_PAUSE))
                continue
            pause = first
            hurried = time.monotonic() - asked_at < HURRIED
            if outcome is NoNews.NO_PLACE or (outcome is NoNews.SAME and hurried):
                self._stopping.wait(min(ASK_AGAIN, self._poll))
