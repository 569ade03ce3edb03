"""Half-open stretches of time in UTC: [start, end), so that neighbours touch without a clash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors import EndBeforeStart

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time from an aware UTC start up to, not including, a later end."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if not (_is_utc(self.start) and _is_utc(self.end)):
            raise ValueError("a span is made of aware UTC instants")
        if self.end <= self.start:
            raise EndBeforeStart(self.start, self.end)

    @property
    def duration(self) -> timedelta:
        """How much time passes in it, whatever the clocks on the wall do."""
        return self.end - self.start

    @property
    def minutes(self) -> int:
        """The whole minutes that pass in it; a started minute counts."""
        return _minutes_up(self.duration)

    def overlaps(self, other: "Span") -> bool:
        """Whether both have an instant in common; spans that only touch do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in it; the start does, the end does not."""
        return self.start <= instant < self.end

    def within(self, window: "Span") -> "Span | None":
        """The part of it inside the window, or None."""
        start, end = max(self.start, window.start), min(self.end, window.end)
        return Span(start, end) if start < end else None


def clashes(wanted: Sequence[Span], *, taken: Iterable[Span]) -> list[Span]:
    """Give those taken spans that overlap any wanted one, earliest first."""
    return sorted(span for span in taken if any(span.overlaps(each) for each in wanted))


def union(spans: Iterable[Span]) -> list[Span]:
    """Give the same instants as disjoint spans, earliest first; touching ones are joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            if span.end > joined[-1].end:
                joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def gaps(window: Span, taken: Iterable[Span]) -> list[Span]:
    """Give what the taken spans leave of the window, earliest first."""
    free: list[Span] = []
    reached = window.start
    for span in union(taken):
        if span.start >= window.end:
            break
        if span.start > reached:
            free.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if reached < window.end:
        free.append(Span(reached, window.end))
    return free


def covered(wanted: Span, by: Iterable[Span]) -> bool:
    """Whether every instant of the wanted span lies in one of the given spans."""
    return any(span.contains(wanted) for span in union(by))


def _is_utc(instant: datetime) -> bool:
    return instant.tzinfo is UTC or (instant.tzinfo is not None and instant.utcoffset() == ZERO)


def _minutes_up(duration: timedelta) -> int:
    seconds = duration.days * 86400 + duration.seconds + (1 if duration.microseconds else 0)
    return -(-seconds // 60)
