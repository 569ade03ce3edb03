"""Absences that nobody excused: when a place is released, and what too many of them cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.intervals import Span


@dataclass(frozen=True, slots=True)
class StrikeRule:
    """From so many absences within so many days on, no booking ahead for so many days.

    None of it where `most` is zero. Pardoned absences do not count.
    """

    most: int
    within_days: int = 90
    suspended_days: int = 30

    @property
    def applies(self) -> bool:
        """Whether absences are counted at all."""
        return self.most > 0

    def since(self, now: datetime) -> datetime:
        """Give the instant from which on absences may matter now, suspensions included."""
        return now - timedelta(days=self.within_days + self.suspended_days)


NO_STRIKES = StrikeRule(0)


def release_instant(
    span: Span, after_minutes: int | None, confirmed_at: datetime
) -> datetime | None:
    """Give from when on nobody is waited for: a while after the start, or after a later booking.

    None where the place is always kept, and where the stay is over by then.
    """
    if after_minutes is None:
        return None
    at = max(span.start, confirmed_at) + timedelta(minutes=after_minutes)
    return at if at < span.end else None


def suspended_until(rule: StrikeRule, absences: list[datetime], now: datetime) -> datetime | None:
    """Give until when somebody may not book ahead, or None: by absences that were not pardoned.

    Each absence that makes the number full, counted back so many days from itself, suspends from
    then on; what happens during a suspension may prolong it.
    """
    if not rule.applies:
        return None
    known = sorted(at for at in absences if at <= now)
    window = timedelta(days=rule.within_days)
    ends = [
        at + timedelta(days=rule.suspended_days)
        for place, at in enumerate(known)
        if place + 1 >= rule.most and at - known[place + 1 - rule.most] < window
    ]
    latest = max(ends, default=now)
    return latest if latest > now else None
