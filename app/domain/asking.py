"""One field for the concierge: « 8 écran maintenant », « 12 demain 14h-16h visio », as a wish."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import TypeVar

from app.domain import asking_words as words
from app.domain.day_parts import DayPart
from app.domain.kinds import SpaceKind
from app.domain.plain_text import folded

LONGEST = 200  # characters that are read
_AT = r"(\d{1,2})(?:\s?(h|:|uhr|am|pm)\s?(\d{2})?)?"
_RANGE = re.compile(rf"(?<!\w)(?:de |from |von )?{_AT}\s?(-|–|a|to|bis|until)\s?{_AT}(?!\w)")
_START = re.compile(
    r"(?<!\w)(?:a|at|um|des|vers|ab|from)\s(\d{1,2})\s?(h|:|uhr|am|pm)\s?(\d{2})?(?!\w)"
)
_HOURS = re.compile(
    r"(?<!\w)(\d{1,2})\s?(h|:|uhr|am|pm|heures?|hours?|std|stunden?)\s?(\d{2})?(?!\w)"
)
_MINUTES = re.compile(r"(?<!\w)(\d{1,3})\s?(?:min|minutes?|minuten?)(?!\w)")
_DATE = re.compile(r"(?<!\w)(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\.?(?!\w)")
_PEOPLE = re.compile(rf"(?<!\w)(\d{{1,3}})(?:\s?(?:{words.PEOPLE}))?(?!\w)")
_CLOCK = ("h", ":", "uhr", "am", "pm")
LONGEST_LENGTH = 6  # « 2 h » is a length and « 9 h » a time of the day
_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a line asks for; None where it says nothing, and the words that were not understood."""

    people: int | None = None
    is_now: bool = False
    is_week: bool = False
    day: date | None = None
    start: time | None = None
    end: time | None = None
    minutes: int | None = None
    part: DayPart | None = None
    kind: SpaceKind | None = None
    needs: frozenset[str] = field(default_factory=frozenset)
    unknown: tuple[str, ...] = ()


def read_ask(text: str, *, today: date) -> Ask:
    """Read a line in French, English or German; what it does not understand is kept in it."""
    line = _Line(folded(text[:LONGEST]).replace("’", "'").replace(",", " ").replace(";", " "))
    ask = _hours(line, _day(line, Ask(), today))
    needs = frozenset(line.every(words.NEEDS))
    kinds = line.every(words.KINDS)
    ask = replace(ask, needs=needs, kind=kinds[0] if kinds else None)
    if found := line.take(_PEOPLE):
        ask = replace(ask, people=int(found[1]))
    return replace(ask, unknown=line.rest())


class _Line:
    """A line of which what was understood is taken out."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take out the first match, if any."""
        if found := pattern.search(self.text):
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def one(self, known: Mapping[str, _Meaning]) -> _Meaning | None:
        """Give the meaning of the first known word, in their order, that stands in the line."""
        return next((known[word] for word in known if self.has(word)), None)

    def every(self, known: Mapping[str, _Meaning]) -> list[_Meaning]:
        """Give the meanings of all known words that stand in the line."""
        return [known[word] for word in known if self.has(word)]

    def any_of(self, known: Iterable[str]) -> bool:
        """Whether one of the words stands in the line; all that do are taken out."""
        return bool([word for word in known if self.has(word)])

    def has(self, word: str) -> bool:
        """Whether a word stands in the line; it is taken out."""
        return self.take(re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")) is not None

    def rest(self) -> tuple[str, ...]:
        """Give the words that are left and say something."""
        left = (each.strip(".!?-–'\"«»()") for each in self.text.split())
        return tuple(each for each in left if each and each not in words.FILLERS)


def _day(line: _Line, ask: Ask, today: date) -> Ask:
    part = line.one(words.PARTS)
    ask = replace(ask, part=part, is_now=line.any_of(words.NOW), is_week=line.any_of(words.WEEK))
    ahead = line.one(words.DAYS_AHEAD)
    weekday = line.one(words.WEEKDAYS)
    if ahead is not None:
        return replace(ask, day=today + timedelta(days=ahead))
    if weekday is not None:
        return replace(ask, day=today + timedelta(days=(weekday - today.weekday()) % 7))
    if found := _DATE.search(line.text):
        day = _date(found, today)
        if day is not None:
            line.take(_DATE)
            return replace(ask, day=day)
    return ask


def _date(found: re.Match[str], today: date) -> date | None:
    """Give the date that is meant, the next one where no year is told."""
    year = int(found[3]) if found[3] else today.year
    try:
        day = date(year, int(found[2]), int(found[1]))
        return day if found[3] or day >= today else day.replace(year=year + 1)
    except ValueError:
        return None


def _hours(line: _Line, ask: Ask) -> Ask:
    """Read from when to when, or how long; a line may say both a start and a length."""
    if (found := _RANGE.search(line.text)) and (found[2] or found[6] or found[4] in "-–"):
        late = found[6] if found[6] in ("am", "pm") and not found[2] else found[2]
        start, end = _time(found[1], late, found[3]), _time(found[5], found[6], found[7])
        if start is not None and end is not None:
            line.take(_RANGE)
            return replace(ask, start=start, end=end)
    if (found := _START.search(line.text)) and (start := _time(found[1], found[2], found[3])):
        line.take(_START)
        ask = replace(ask, start=start)
    if found := line.take(_MINUTES):
        ask = replace(ask, minutes=int(found[1]) or None)
    while found := _HOURS.search(line.text):
        line.take(_HOURS)
        ask = _one_hour(ask, found)
    return ask


def _one_hour(ask: Ask, found: re.Match[str]) -> Ask:
    number, unit = int(found[1]), found[2]
    is_length = unit not in _CLOCK or (unit == "h" and number <= LONGEST_LENGTH)
    if is_length:
        return replace(ask, minutes=(number * 60 + int(found[3] or 0)) or None)
    return replace(ask, start=_time(found[1], unit, found[3]))


def _time(hour: str, unit: str | None, minute: str | None) -> time | None:
    number = int(hour)
    if unit == "pm" and number < 12:
        number += 12
    if unit == "am" and number == 12:
        number = 0
    if number == 24 and not int(minute or 0):
        number = 0
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None
