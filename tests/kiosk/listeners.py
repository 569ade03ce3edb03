"""Kiosks that listen to the real server, and how long a word takes to reach the last of them."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from devices.kiosk.clock import Moment
from devices.kiosk.events import Event, SnapshotCame
from devices.kiosk.pulling import Held, Pull, PullThread
from devices.kiosk.server import Server
from devices.kiosk.state import Identity
from tests.conftest import NOW
from tests.readers import Reader, keys_of

MORNING = "tests.morning:app"
PATIENCE = 20.0
POLL = 5.0


class Listener:
    """The thread of one kiosk that listens, with its own key, clock and connection."""

    def __init__(self, app: Flask, address: str, reader: Reader) -> None:
        pinned = Ed25519PublicKey.from_public_bytes(keys_of(app).snapshot_public)
        identity, held = Identity(reader.code, pinned), Held()
        server = Server(f"http://{address}", identity=identity, key=reader.key, clock=_morning)
        self._came: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()
        pull = Pull(server, identity=identity, held=held, clock=_morning)
        self.thread = PullThread(lambda: pull, self._note, poll=POLL, wait=2)

    def _note(self, event: Event) -> None:
        self._came.put((time.monotonic(), event))

    def heard_of(self, revoked: set[bytes]) -> float:
        """Wait until these passes are known to be revoked; gives when, on the monotonic clock."""
        ends = time.monotonic() + PATIENCE
        told: list[object] = []
        while time.monotonic() < ends:
            at, event = self._came.get(timeout=PATIENCE)
            told.append(event if not isinstance(event, SnapshotCame) else event.snapshot.revoked)
            if isinstance(event, SnapshotCame) and revoked <= event.snapshot.revoked:
                return at
        raise AssertionError(f"never heard of it, but: {told}")


@contextmanager
def listening(app: Flask, address: str, readers: list[Reader]) -> Iterator[list[Listener]]:
    """Let kiosks listen, each having pulled its first snapshot, until the block ends."""
    listeners = [Listener(app, address, reader) for reader in readers]
    for one in listeners:
        one.thread.start()
    try:
        for one in listeners:
            one.heard_of(set())
        yield listeners
    finally:
        for one in listeners:
            one.thread.stop()
        for one in listeners:
            one.thread.join(PATIENCE)


def seconds_until_all_know(
    listeners: list[Listener], revoked: set[bytes], revoke: Callable[[], object]
) -> float:
    """Revoke, and give the seconds until the last kiosk knows."""
    time.sleep(0.1)  # each is back in its place, waiting
    began = time.monotonic()
    revoke()
    return max(one.heard_of(revoked) for one in listeners) - began


def _morning() -> Moment:
    return Moment(int(NOW.timestamp()), time.monotonic())
