"""Whether a stay may be asked for at all: its people, its length, its grid, how far ahead, open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.calendars import SiteCalendar, refuse_closed
from app.domain.errors import (
    BeyondHorizon,
    NobodyComes,
    OffStep,
    OverCapacity,
    SpanInPast,
    TooLong,
    TooShort,
)
from app.domain.intervals import Span
from app.domain.months import add_months

HORIZON_MONTHS = 12
# Somebody standing at the desk at 14:03 may still take the room from 14:00.
GRACE = timedelta(minutes=5)
# No place is given out for longer at once: a reader of the calendar steps back so far, not to 2026.
LONGEST_STAY = timedelta(days=31)
# No horizon is longer than this; compared in UTC, so that the year 9999 needs no local clock.
_HORIZON_AT_MOST = timedelta(days=31 * HORIZON_MONTHS)


@dataclass(frozen=True, slots=True)
class StayLimits:
    """How short, how long and on which grid of minutes a place is given out.

    The grid divides the hour; `overnight` lets a stay run through closed hours as long as both
    its ends are open.
    """

    min_minutes: int = 15
    max_minutes: int = 24 * 60
    step_minutes: int = 5
    overnight: bool = False

    def __post_init__(self) -> None:
        if self.step_minutes < 1 or 60 % self.step_minutes:
            raise ValueError("the grid must divide the hour")
        if not 1 <= self.min_minutes <= self.max_minutes:
            raise ValueError("the shortest stay is at least a minute and at most the longest")
        if timedelta(minutes=self.max_minutes) > LONGEST_STAY:
            raise ValueError("a longer stay than a month is a lease")


ORDINARY_LIMITS = StayLimits()


def refuse_unlawful(
    span: Span,
    people: int,
    *,
    capacity: int,
    limits: StayLimits,
    calendar: SiteCalendar,
    now: datetime,
) -> None:
    """Let a stay pass that the house may give out; raises the first refusal that applies."""
    refuse_people(people, capacity=capacity)
    if span.start < now - GRACE:
        raise SpanInPast(span.start, now)
    refuse_length(span, limits)
    refuse_beyond_horizon(span, calendar=calendar, now=now)
    refuse_closed(calendar, span, overnight=limits.overnight)


def refuse_people(people: int, *, capacity: int) -> None:
    """Let a number of people pass that the place may hold; raises NobodyComes or OverCapacity."""
    if people < 1:
        raise NobodyComes(people)
    if people > capacity:
        raise OverCapacity(capacity, people)


def refuse_length(span: Span, limits: StayLimits) -> None:
    """Let a length pass that the place is given out for; raises TooLong, TooShort or OffStep."""
    if span.duration > timedelta(minutes=limits.max_minutes):
        raise TooLong(limits.max_minutes, span.minutes)
    if span.duration < timedelta(minutes=limits.min_minutes):
        raise TooShort(limits.min_minutes, span.minutes)
    if not (_on_grid(span.start, limits) and _on_grid(span.end, limits)):
        raise OffStep(limits.step_minutes)


def refuse_beyond_horizon(
    span: Span, *, calendar: SiteCalendar, now: datetime, days: int | None = None
) -> None:
    """Let a stay pass that starts within the horizon; raises BeyondHorizon with its last day."""
    last = last_bookable_day(calendar, now, days)
    if span.start > now + _HORIZON_AT_MOST or calendar.local_date(span.start) > last:
        raise BeyondHorizon(last)


def last_bookable_day(calendar: SiteCalendar, now: datetime, days: int | None = None) -> date:
    """Give the last local date on which a stay may start: so many days ahead, or the house's."""
    today = calendar.local_date(now)
    last = add_months(today, HORIZON_MONTHS)
    return last if days is None else min(last, today + timedelta(days=days))


def _on_grid(instant: datetime, limits: StayLimits) -> bool:
    return not (instant.minute % limits.step_minutes or instant.second or instant.microsecond)
