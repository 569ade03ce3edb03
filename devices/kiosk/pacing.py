"""How fast a door lets itself be asked: no flood of codes can keep it busy."""

from dataclasses import dataclass, field
from typing import Final

BETWEEN_DECISIONS: Final = 0.3
SAME_TEXT_IGNORED: Final = 3.0
DENIALS_BEFORE_PAUSE: Final = 5
DENIALS_WITHIN: Final = 60.0
PAUSE: Final = 10.0


@dataclass(slots=True)
class Pacing:
    """Remembers the last texts and refusals; all times are uptime in seconds."""

    _last_decision: float = -BETWEEN_DECISIONS
    _last_text: str = ""
    _last_seen: float = -SAME_TEXT_IGNORED
    _denials: list[float] = field(default_factory=list)
    _paused_until: float = 0.0

    def admits(self, text: str, uptime: float) -> bool:
        """Say whether this text is to be judged now; one held before the reader is judged once."""
        repeated = text == self._last_text and uptime - self._last_seen < SAME_TEXT_IGNORED
        if repeated:
            self._last_seen = uptime
        if repeated or self.is_paused(uptime) or uptime - self._last_decision < BETWEEN_DECISIONS:
            return False
        self._last_text, self._last_seen, self._last_decision = text, uptime, uptime
        return True

    def is_paused(self, uptime: float) -> bool:
        """Say whether the reader rests after too many refusals; the way out is never touched."""
        return uptime < self._paused_until

    def was_granted(self) -> None:
        """Forget earlier refusals: somebody who may enter is there."""
        self._denials.clear()

    def was_denied(self, uptime: float) -> None:
        """Count a refusal, and pause after too many in a row."""
        self._denials = [at for at in self._denials if uptime - at < DENIALS_WITHIN] + [uptime]
        if len(self._denials) >= DENIALS_BEFORE_PAUSE:
            self._denials.clear()
            self._paused_until = uptime + PAUSE
