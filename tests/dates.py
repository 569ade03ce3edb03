"""Wishes that come again, for tests: functions with visible defaults."""

from __future__ import annotations

from datetime import date

from app.bookings.series import SeriesWanted
from app.domain.ids import SpaceCode
from app.domain.recurrence import Recurrence
from app.domain.rrules import rule_from
from tests.stays import MIRABELLE, PARIS

THURSDAY = date(2026, 11, 26)


def every(
    rule: str,
    hours: str = "10:00-12:00",
    first: date = THURSDAY,
    space: str = MIRABELLE,
    people: int = 4,
    title: str = "Réunion",
    beside: tuple[date, ...] = (),
) -> SeriesWanted:
    """Give a wish for a place on every date of a rule."""
    begins, ends = (
        int(hour) * 60 + int(minute)
        for hour, minute in (text.split(":") for text in hours.split("-"))
    )
    read = rule_from(rule, first=first, minute=begins, zone=PARIS)
    minutes = (ends - begins) % (24 * 60)
    recurrence = Recurrence(first, begins, minutes, read, rdates=frozenset(beside))
    return SeriesWanted(SpaceCode(space), recurrence, people, title)
