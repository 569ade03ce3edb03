"""The thread of a reader: every text becomes an event; an unplugged reader is opened again."""

import threading
from collections.abc import Callable
from typing import Final

from devices.drivers.protocol import Reader, ReaderUnreachable
from devices.kiosk.events import ReaderChanged, Scanned, Send

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


class ReaderThread(threading.Thread):
    """Sends Scanned for each text until stopped, or until the reader says it is at its end."""

    def __init__(self, make: Callable[[], Reader], send: Send) -> None:
        super().__init__(name="reader", daemon=True)
        self._make = make
        self._send = send
        self._stopping = threading.Event()
        self._reader: Reader | None = None

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stopping.set()
        if self._reader is not None:
            self._reader.close()

    def run(self) -> None:
        """Open the reader, and open it anew with growing pauses each time it is lost."""
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            self._reader = self._make()
            try:
                texts = self._reader.texts()
                self._send(ReaderChanged())
                for text in texts:
                    pause = FIRST_PAUSE
                    self._send(Scanned(text))
            except ReaderUnreachable as error:
                self._send(ReaderChanged(str(error)))
            else:
                self._send(ReaderChanged("ended"))
                return
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
