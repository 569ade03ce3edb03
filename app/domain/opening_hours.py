"""Weekly hours on a site's wall clock, and the way from that clock to UTC."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.domain.errors import DoubledTime, NonexistentTime

MINUTES_A_DAY = 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of minutes since local midnight, earliest first, apart from each other."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


@dataclass(frozen=True, slots=True)
class WeekHours:
    """When a place is open on each day of an ordinary week, Monday first."""

    days: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]

    def on(self, day: date) -> Hours:
        """The hours of that day if the week is ordinary."""
        return self.days[day.weekday()]

    def to_json(self) -> dict[str, list[str]]:
        """Give the shape that `week_hours_from` reads."""
        return {
            name: [f"{clock(opens)}-{clock(closes)}" for opens, closes in hours]
            for name, hours in zip(WEEKDAYS, self.days, strict=True)
        }


def week_hours_from(content: Mapping[str, object]) -> WeekHours:
    """Read `{"mon": ["08:00-20:00"], …}`; raises ValueError naming the faulty day."""
    if unknown := sorted(set(content) - set(WEEKDAYS)):
        raise ValueError(f"{unknown[0]}: not a day; days are {' '.join(WEEKDAYS)}")
    mon, tue, wed, thu, fri, sat, sun = (
        _hours_of(name, content.get(name, [])) for name in WEEKDAYS
    )
    return WeekHours((mon, tue, wed, thu, fri, sat, sun))


def hours_from(ranges: Sequence[object]) -> Hours:
    """Read `["09:00-12:00", "14:00-24:00"]`; raises ValueError for anything unclear."""
    hours = tuple(_range_of(each) for each in ranges)
    for (_, closes), (opens, _) in pairwise(hours):
        if opens <= closes:
            raise ValueError("the ranges of a day must follow each other")
    return hours


def clock(minute: int) -> str:
    """Write minutes since midnight as HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_from(text: str) -> int:
    """Read HH:MM, up to 24:00, as minutes since midnight; raises ValueError."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time such as 08:00")
    return MINUTES_A_DAY if match[1] is None else int(match[1]) * 60 + int(match[2])


def local_instant(day: date, at: time, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Give the UTC instant at which the site's clock shows this day and time.

    Raises NonexistentTime when the clock jumps over it, and DoubledTime when the clock shows it
    twice and no `fold` says which (0 the first, 1 the second).
    """
    naive = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    try:
        first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except OverflowError as error:  # before the year 1 or after 9999, once in UTC
        raise NonexistentTime(day, at, None) from error
    if first.astimezone(zone).replace(tzinfo=None) != naive:
        raise NonexistentTime(day, at, first)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first
    if fold is None:
        raise DoubledTime(day, at, first, second)
    return second if fold else first


def wall_instant(day: date, minute: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """Give the UTC instant of a wall-clock minute (up to 24:00), shifted if the clock skips it."""
    if minute == MINUTES_A_DAY:
        day, minute = day + timedelta(days=1), 0
    local = datetime(
        day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone, fold=fold
    )
    return local.astimezone(UTC)


def _hours_of(name: str, ranges: object) -> Hours:
    try:
        if isinstance(ranges, list | tuple):
            return hours_from(ranges)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    raise ValueError(f'{name}: hours are a list such as ["08:00-20:00"]')


def _range_of(text: object) -> tuple[int, int]:
    if not isinstance(text, str) or text.count("-") != 1:
        raise ValueError(f"{text!r} is not a range such as 08:00-20:00")
    opens, closes = map(minute_from, text.split("-"))
    if opens >= closes:
        raise ValueError(f"{text!r} does not open before it closes within one day")
    return opens, closes
