"""What nobody foresaw in a thread ends the kiosk: it is started anew, and no door stays deaf."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from devices.kiosk.events import Send, Stop


class ThreadDied(Exception):
    """A thread ended by a mistake of ours; which one, and of what."""


@contextmanager
def deadly_mishaps(send: Send) -> Iterator[None]:
    """Send Stop when any thread dies of a mistake, and raise ThreadDied once the block ended."""
    died: list[str] = []
    told = threading.excepthook

    def tell(mishap: threading.ExceptHookArgs) -> None:
        told(mishap)
        name = mishap.thread.name if mishap.thread else "a thread"
        died.append(f"{name}: {mishap.exc_type.__name__}")
        send(Stop())

    threading.excepthook = tell
    try:
        yield
    finally:
        threading.excepthook = told
    if died:
        raise ThreadDied(died[0])
