"""Minutes a place is kept before and after a stay: shown, enforced and priced by one function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.intervals import Span

LONGEST_MINUTES = 12 * 60


@dataclass(frozen=True, slots=True)
class Buffers:
    """How long a place is prepared before and put in order after; `charged` when that is sold."""

    before_minutes: int = 0
    after_minutes: int = 0
    charged: bool = False

    def __post_init__(self) -> None:
        if min(self.before_minutes, self.after_minutes) < 0:
            raise ValueError("a buffer is no shorter than nothing")
        if max(self.before_minutes, self.after_minutes) > LONGEST_MINUTES:
            raise ValueError("a buffer of more than half a day is a closing")

    def __bool__(self) -> bool:
        return bool(self.before_minutes or self.after_minutes)


NO_BUFFERS = Buffers()


def occupied(span: Span, buffers: Buffers) -> Span:
    """Give what a stay takes of the calendar: itself with its buffers."""
    if not buffers:
        return span
    return Span(
        span.start - timedelta(minutes=buffers.before_minutes),
        span.end + timedelta(minutes=buffers.after_minutes),
    )


def billed(span: Span, buffers: Buffers) -> Span:
    """Give what of a stay is priced: what it occupies where buffers are sold, else itself."""
    return occupied(span, buffers) if buffers.charged else span


def usable(gap: Span, buffers: Buffers) -> Span | None:
    """Give the stretch of a gap in which a stay fits with its buffers, or None: `occupied` undone.

    A stay lies in it exactly when what it occupies lies in the gap.
    """
    start = gap.start + timedelta(minutes=buffers.before_minutes)
    end = gap.end - timedelta(minutes=buffers.after_minutes)
    return Span(start, end) if start < end else None
