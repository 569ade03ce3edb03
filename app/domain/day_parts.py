"""The parts of a day people ask for, on the wall clock: mornings, afternoons, evenings."""

from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.intervals import Span
from app.domain.opening_hours import MINUTES_A_DAY, wall_instant


class DayPart(StrEnum):
    """A part of the day, under the name that clients rely on."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


# Minutes of the day; noon to one belongs to the morning and to the afternoon.
_FROM_TO = {
    DayPart.MORNING: (0, 13 * 60),
    DayPart.AFTERNOON: (12 * 60, 19 * 60),
    DayPart.EVENING: (18 * 60, MINUTES_A_DAY),
}


def part_of_day(part: DayPart, day: date, zone: ZoneInfo) -> Span:
    """Give when that part of a local date begins and ends."""
    begins, ends = _FROM_TO[part]
    return Span(wall_instant(day, begins, zone), wall_instant(day, ends, zone))
