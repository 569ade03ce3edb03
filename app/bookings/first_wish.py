"""The stay a form shows before anybody typed: soon, in open hours, of an ordinary length."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.calendars import LOOK_AHEAD_DAYS, ONE_DAY, SiteCalendar, opening_spans
from app.domain.intervals import Span

STEP = timedelta(minutes=30)
LENGTH = timedelta(hours=2)
SHORTEST = timedelta(hours=1)
PEOPLE = 4
GRID = 5  # minutes, of most places


def next_stay(calendar: SiteCalendar, now: datetime) -> Span:
    """Give the next two hours from a full half hour on, shorter before closing, never below one.

    A place that does not open within two months gets the hours from now on; its page says why
    they cannot be had.
    """
    soonest = _half_hour_from(now)
    day = calendar.local_date(now)
    for _ in range(LOOK_AHEAD_DAYS):
        for opening in opening_spans(calendar, day):
            start = max(soonest, opening.start)
            if start + SHORTEST <= opening.end:
                return Span(start, min(start + LENGTH, opening.end))
        day += ONE_DAY
    return Span(soonest, soonest + LENGTH)


def this_moment(now: datetime, step_minutes: int) -> datetime:
    """Give the last instant of the grid that is not after now."""
    return now - timedelta(
        minutes=now.minute % step_minutes, seconds=now.second, microseconds=now.microsecond
    )


def this_hour(now: datetime) -> Span:
    """Give the hour from this very moment on, for somebody who stands there."""
    start = this_moment(now, GRID)
    return Span(start, start + SHORTEST)


def _half_hour_from(now: datetime) -> datetime:
    since = (now - datetime.min.replace(tzinfo=UTC)) % STEP
    return now if not since else now - since + STEP
