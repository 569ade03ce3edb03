"""How a door fares, in words the server knows; the loop writes it, the reporting thread reads."""

from dataclasses import dataclass
from typing import Final

SOFTWARE: Final = "0.1.0"
DISK_LOW: Final = "disk-low"
JOURNAL_FULL: Final = "journal-full"
READER_LOST: Final = "reader-lost"
LOCK_LOST: Final = "lock-lost"
FIRE: Final = "fire"
TAMPER: Final = "tamper"


@dataclass(slots=True)
class Health:
    """The states of a door now; replaced whole, so that another thread sees no half of it."""

    states: frozenset[str] = frozenset()

    def set(self, state: str, *, holds: bool) -> bool:
        """Note whether a state holds, and say whether that is new."""
        if (state in self.states) == holds:
            return False
        self.states = self.states | {state} if holds else self.states - {state}
        return True
