"""What the contacts of a door mean: opened, forced, held open, somebody leaving, fire, a lid."""

from dataclasses import dataclass
from typing import Final

from devices.passes.chain import Kind

EXPECTED_FOR: Final = 10.0
"""Seconds after a strike or the exit button within which an opening is nobody's fault."""


@dataclass(slots=True)
class DoorContact:
    """Follows one door; all times are uptime in seconds."""

    held_after: float = 30.0
    is_open: bool = False
    _expected_until: float = float("-inf")
    _opened_at: float = 0.0
    _held_told: bool = False

    def expect(self, uptime: float) -> None:
        """Somebody may open the door now: it was freed, or the exit button was pressed."""
        self._expected_until = uptime + EXPECTED_FOR

    def moved(self, *, is_open: bool, uptime: float) -> Kind | None:
        """Note that the door opened or fell shut; returns what to write down."""
        if is_open == self.is_open:
            return None
        self.is_open, self._opened_at, self._held_told = is_open, uptime, False
        if not is_open:
            self._expected_until = float("-inf")
            return None
        return Kind.OPENED if uptime <= self._expected_until else Kind.FORCED

    def overdue(self, uptime: float) -> bool:
        """Say, once an opening, that the door stands open for too long."""
        late = self.is_open and uptime - self._opened_at >= self.held_after
        if not late or self._held_told:
            return False
        self._held_told = True
        return True
