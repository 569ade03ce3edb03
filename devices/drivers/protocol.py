"""What the kiosk asks of any reader and any lock, and the two ways in which they fail."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol


class ReaderUnreachable(Exception):
    """The reader is unplugged or silent in a way it should not be; opening it again may help."""


class LockUnreachable(Exception):
    """The lock could not be driven; the door must be taken to be shut."""


class Input(StrEnum):
    """What a contact stands for; each is closed at rest and opens when it happens."""

    DOOR = "door"
    EXIT = "exit"
    FIRE = "fire"
    TAMPER = "tamper"


class Reader(Protocol):
    """Something that sees pass texts."""

    def texts(self) -> Iterator[str]:
        """Open the device and return the texts it sees, waiting for each; ends after `close`.

        Raises ReaderUnreachable at once when it cannot be opened, or later when it is gone.
        """

    def close(self) -> None:
        """Let the device go and end `texts`; may be called from another thread, and twice."""


class Lock(Protocol):
    """Something that holds a door."""

    def pulse(self, seconds: float) -> None:
        """Free the door and return at once; the lock holds again by itself after `seconds`.

        A pulse during a pulse lengthens it. Raises LockUnreachable.
        """

    def hold(self) -> None:
        """Hold the door at once, whatever is left of a pulse. Raises LockUnreachable."""

    def close(self) -> None:
        """Hold the door and let the device go; may be called twice."""
