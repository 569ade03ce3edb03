"""Frees and holds the lock of a door; one that does not answer is noted and told, once."""

import contextlib

from devices.drivers.protocol import LockUnreachable
from devices.kiosk import health
from devices.kiosk.clock import Moment
from devices.kiosk.doorway import Doorway
from devices.kiosk.notebook import Notebook
from devices.passes.chain import Kind


class Strike:
    """The lock of a door, as its loop drives it."""

    def __init__(self, way: Doorway, notebook: Notebook) -> None:
        self._way = way
        self._notebook = notebook

    def free(self, seconds: float, moment: Moment) -> bool:
        """Free the door for a while; False when the lock does not answer."""
        try:
            self._way.lock.pulse(seconds)
        except LockUnreachable as error:
            if self._way.health.set(health.LOCK_LOST, holds=True):
                self._notebook.note(Kind.FAULT, moment, str(error)[:80])
            return False
        self._way.health.set(health.LOCK_LOST, holds=False)
        self._way.contact.expect(moment.uptime)
        return True

    def open(self, moment: Moment) -> bool:
        """Free the door for somebody who may enter."""
        return self.free(self._way.open_seconds, moment)

    def hold(self) -> None:
        """Hold the door at once; a lock that does not answer is found out by the next opening."""
        with contextlib.suppress(LockUnreachable):
            self._way.lock.hold()
