"""What one door remembers of live codes: each opens it once, and none older than the last."""

from typing import Final

from devices.passes.claims import Seconds

_REMEMBERED: Final[Seconds] = 600  # ten times the widest window: what is forgotten is long stale


class Uses:
    """The instant of the last live code that opened this door, by pass.

    A door that wakes up has forgotten; so codes drawn before `since`, its waking, count as used.
    """

    def __init__(self, since: Seconds = 0) -> None:
        self._since = since
        self._last: dict[bytes, Seconds] = {}

    def __len__(self) -> int:
        return len(self._last)

    def is_used(self, pass_id: bytes, at: Seconds) -> bool:
        """Say whether a code of this pass drawn at that instant may no longer open the door."""
        return at <= max(self._since, self._last.get(pass_id, self._since))

    def note(self, pass_id: bytes, at: Seconds) -> None:
        """Remember that this code opened the door."""
        stale = at - _REMEMBERED
        for old in [each for each, last in self._last.items() if last < stale]:
            del self._last[old]
        self._last[pass_id] = max(at, self._last.get(pass_id, at))
