"""Writes down what happens at a door; what cannot be written down does not happen."""

from devices.kiosk import health
from devices.kiosk.clock import Moment
from devices.kiosk.doorway import Doorway
from devices.kiosk.journal import JournalFull
from devices.kiosk.knowing import Knowing
from devices.passes.chain import Entry, Kind
from devices.passes.reasons import Reason
from devices.passes.rules import Decision, Granted, Refused


class Notebook:
    """The journal of a door, as its loop writes it."""

    def __init__(self, way: Doorway, knowing: Knowing) -> None:
        self._way = way
        self._knowing = knowing

    def note(self, kind: Kind, moment: Moment, reason: str = "", pass_id: bytes = b"") -> bool:
        """Write a line and have it on disk; False when the journal is full."""
        knowing = self._knowing
        entry = Entry(
            at=moment.now,
            uptime_ms=int(moment.uptime * 1000),
            boot=self._way.boot,
            kind=kind,
            door=knowing.rules.door,
            reason=reason,
            pass_id=pass_id,
            online=not knowing.link_problem,
            snapshot=0 if knowing.snapshot is None else knowing.snapshot.version,
            clock_trusted=reason != Reason.CLOCK,
        )
        try:
            self._way.journal.append(entry)
        except JournalFull:
            self._way.health.set(health.JOURNAL_FULL, holds=True)
            return False
        self._way.health.set(health.JOURNAL_FULL, holds=False)
        return True

    def recorded(self, decision: Decision, moment: Moment) -> Decision:
        """Return the decision once it is on disk; what cannot be written down is a refusal."""
        kind = Kind.GRANT if isinstance(decision, Granted) else Kind.DENY
        word = decision.opening if isinstance(decision, Granted) else decision.reason
        if self.note(kind, moment, str(word), decision.pass_id or b""):
            return decision
        return Refused(Reason.JOURNAL_FULL)
