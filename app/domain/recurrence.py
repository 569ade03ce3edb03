"""Dates that come again by a rule one can say aloud (RFC 5545), on the wall clock of a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY as DAYS
from dateutil.rrule import MO, rrule, weekday
from dateutil.rrule import MONTHLY as MONTHS
from dateutil.rrule import WEEKLY as WEEKS

from app.domain.errors import NoDates, TooManyDates
from app.domain.intervals import Span
from app.domain.opening_hours import MINUTES_A_DAY, wall_instant
from app.domain.rrules import Frequency, Rule

MOST_DATES = 366
_EVERY: dict[Frequency, Literal[1, 2, 3]] = {
    Frequency.DAILY: DAYS,
    Frequency.WEEKLY: WEEKS,
    Frequency.MONTHLY: MONTHS,
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: when it begins by the rule, and its span on the clock of that day.

    `original` is its name for ever, wherever it is moved to. The span is None where the clock
    skips all of it; `is_shifted` where it skips one of its ends, which then is an hour later.
    """

    day: date
    original: datetime
    span: Span | None
    is_shifted: bool


@dataclass(frozen=True)
class Recurrence:
    """The same hours on many dates: a rule, dates beside it, and dates left out of it.

    Without a rule it is the first date and those beside it. Never more than 366 dates.
    """

    first_on: date
    minute: int
    minutes: int
    rule: Rule | None = None
    exdates: frozenset[date] = frozenset()
    rdates: frozenset[date] = frozenset()

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Its dates in order; raises TooManyDates, or NoDates when none is left."""
        ruled = set(islice(self.ruled(), MOST_DATES + 1))
        days = sorted((ruled | self.rdates) - self.exdates)
        if len(ruled) > MOST_DATES or len(days) > MOST_DATES:
            raise TooManyDates(MOST_DATES)
        if not days:
            raise NoDates
        return tuple(days)

    def ruled(self) -> Iterator[date]:
        """Give the dates of the rule alone, in order, whatever is left out."""
        if self.rule is None:
            yield self.first_on
            return
        yield from (each.date() for each in _expander(self.rule, self.first_on))

    def occurrence(self, day: date, zone: ZoneInfo) -> Occurrence:
        """Give one of its dates as the clock of that day makes it.

        An hour that the clock skips is read as the one after it, one that comes twice as the first.
        """
        start = wall_instant(day, self.minute, zone)
        days, minute = divmod(self.minute + self.minutes, MINUTES_A_DAY)
        last = day + timedelta(days=days)
        end = wall_instant(last, minute, zone)
        skipped = _is_skipped(day, self.minute, zone) or _is_skipped(last, minute, zone)
        return Occurrence(day, start, Span(start, end) if start < end else None, skipped)

    def occurrences(self, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        """Give all its dates as the clock makes them; raises TooManyDates, NoDates."""
        return tuple(self.occurrence(day, zone) for day in self.days)

    def anchored(self) -> Recurrence:
        """Give the same dates, counted from the first of the rule; raises NoDates."""
        first = next(self.ruled(), None)
        if first is None:
            raise NoDates
        return replace(self, first_on=first)

    def without(self, days: frozenset[date]) -> Recurrence:
        """Give it with some dates left out."""
        return replace(self, exdates=self.exdates | days, rdates=self.rdates - days)

    def until(self, day: date) -> Recurrence | None:
        """Give what of it comes before that day; None when nothing does."""
        kept = replace(self, exdates=_before(self.exdates, day), rdates=_before(self.rdates, day))
        ruled = list(takewhile(lambda each: each < day, self.ruled()))
        if ruled:
            return replace(kept, rule=self.rule and self.rule.ending(ruled[-1]))
        return _listed(kept) if kept.rdates else None

    def since(self, day: date) -> Recurrence | None:
        """Give what of it comes on that day or after; None when nothing does."""
        exdates, rdates = self.exdates - _before(self.exdates, day), _from(self.rdates, day)
        kept = replace(self, exdates=exdates, rdates=rdates)
        for passed, first in enumerate(self.ruled()):
            if first >= day:
                rule = None if self.rule is None else self.rule.after(passed)
                return replace(kept, first_on=first, rule=rule)
        return _listed(kept) if rdates else None

    @property
    def at(self) -> time:
        """The hour at which it begins, on the wall."""
        return time(*divmod(self.minute, 60))


def listed(days: frozenset[date], *, minute: int, minutes: int) -> Recurrence:
    """Give a free list of dates; raises NoDates for an empty one."""
    if not days:
        raise NoDates
    return Recurrence(min(days), minute, minutes, rdates=days)


def _listed(recurrence: Recurrence) -> Recurrence:
    """Give its dates beside the rule as a list of its own."""
    return replace(recurrence, first_on=min(recurrence.rdates), rule=None)


def _before(days: frozenset[date], day: date) -> frozenset[date]:
    return frozenset(each for each in days if each < day)


def _from(days: frozenset[date], day: date) -> frozenset[date]:
    return frozenset(each for each in days if each >= day)


def _expander(rule: Rule, first: date) -> rrule:
    """Hand the rule to dateutil, without any zone: what comes again is a date."""
    weekdays = [weekday(day, rule.nth) if rule.nth else weekday(day) for day in rule.weekdays]
    return rrule(
        _EVERY[rule.frequency],
        dtstart=datetime.combine(first, time.min),
        interval=rule.interval,
        wkst=MO,
        count=rule.count,
        until=None if rule.until is None else datetime.combine(rule.until, time.min),
        byweekday=weekdays or None,
        bymonthday=rule.month_day,
    )


def _is_skipped(day: date, minute: int, zone: ZoneInfo) -> bool:
    """Whether the clock never shows that minute of that day."""
    local = wall_instant(day, minute, zone).astimezone(zone)
    return local.hour * 60 + local.minute != minute % MINUTES_A_DAY
