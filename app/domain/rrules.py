"""The RRULE of RFC 5545, as far as a person says it: every day, every other Thursday, the 31st."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import BadRule
from app.domain.opening_hours import wall_instant

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
MOST = 366  # of the interval and of the count
LONGEST = 200  # characters
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
_NTH = re.compile(r"(-1|\+?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "COUNT", "UNTIL", "WKST"}
)


class Frequency(StrEnum):
    """What a rule counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Fault(StrEnum):
    """Why a rule cannot be taken."""

    UNREADABLE = "unreadable"
    UNSPEAKABLE = "unspeakable"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every so many days, weeks on some weekdays, or months on one day or one nth weekday.

    Weekdays are counted from Monday, 0; a `month_day` or `nth` of -1 is the last, a 31st or fifth
    comes in the months that have one. It ends after `count` dates, or on `until`, included.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    count: int | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        """The rule as RRULE, its end a date on the wall."""
        return self._text(None if self.until is None else self.until.isoformat().replace("-", ""))

    def exported(self, minute: int, zone: ZoneInfo) -> str:
        """The rule as RRULE of dates that begin at that minute; its end in UTC, as §3.3.10 asks."""
        if self.until is None:
            return self._text(None)
        return self._text(f"{wall_instant(self.until, minute, zone):%Y%m%dT%H%M%SZ}")

    def ending(self, last: date) -> Rule:
        """The same rule up to that day, or its own end if that is earlier and known."""
        until = last if self.until is None else min(last, self.until)
        return replace(self, count=None, until=until)

    def after(self, passed: int) -> Rule:
        """The same rule once so many of its dates have passed."""
        return self if self.count is None else replace(self, count=self.count - passed)

    def _text(self, until: str | None) -> str:
        days = ",".join(f"{self.nth or ''}{CODES[day]}" for day in self.weekdays)
        parts = {
            "FREQ": self.frequency.value,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYDAY": days,
            "BYMONTHDAY": "" if self.month_day is None else str(self.month_day),
            "COUNT": "" if self.count is None else str(self.count),
            "UNTIL": until or "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def rule_from(text: str, *, first: date, minute: int = 0, zone: ZoneInfo) -> Rule:
    """Read an RRULE whose dates begin at that minute, the earliest on `first`; raises BadRule.

    What it leaves open is taken from the first date: its weekday, or its day of the month.
    """
    parts = _parts(text)
    frequency = _frequency(parts)
    nth, weekdays = _weekdays(parts, frequency)
    month_day = _month_day(parts, frequency)
    if frequency is Frequency.WEEKLY and not weekdays:
        weekdays = (first.weekday(),)
    if frequency is Frequency.MONTHLY and not weekdays and month_day is None:
        month_day = first.day
    count = _number(parts, "COUNT") if "COUNT" in parts else None
    until = _until(parts["UNTIL"], minute, zone) if "UNTIL" in parts else None
    if until is not None and not EARLIEST <= until <= LATEST:
        raise BadRule(Fault.UNREADABLE)
    if count is None and until is None:
        raise BadRule(Fault.ENDLESS)
    interval = _number(parts, "INTERVAL") if "INTERVAL" in parts else 1
    return Rule(frequency, interval, weekdays, month_day, nth, count, until)


def kept_rule(text: str, zone: ZoneInfo) -> Rule | None:
    """Read a rule as ``Rule.text`` wrote it; None for a list of dates."""
    return rule_from(text, first=date.min, zone=zone) if text else None


def _parts(text: str) -> Mapping[str, str]:
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    pairs = [part.split("=", 1) for part in text.split(";")]
    if len(text) > LONGEST or any(len(pair) < 2 for pair in pairs):
        raise BadRule(Fault.UNREADABLE)
    parts = dict(pairs)
    if len(parts) < len(pairs) or ("COUNT" in parts and "UNTIL" in parts):
        raise BadRule(Fault.UNREADABLE)
    if set(parts) - _PARTS or parts.get("WKST", "MO") != "MO":
        raise BadRule(Fault.UNSPEAKABLE)
    return parts


def _frequency(parts: Mapping[str, str]) -> Frequency:
    try:
        return Frequency(parts.get("FREQ", ""))
    except ValueError as error:
        raise BadRule(Fault.UNSPEAKABLE) from error


def _number(parts: Mapping[str, str], name: str) -> int:
    value = parts[name]
    if not (value.isascii() and value.isdigit() and len(value) < 5):
        raise BadRule(Fault.UNREADABLE)
    if not 1 <= int(value) <= MOST:
        raise BadRule(Fault.UNSPEAKABLE)
    return int(value)


def _weekdays(parts: Mapping[str, str], frequency: Frequency) -> tuple[int | None, tuple[int, ...]]:
    """Give which one of the month, where it is one, and the weekdays in order."""
    if "BYDAY" not in parts:
        if "BYSETPOS" in parts:
            raise BadRule(Fault.UNSPEAKABLE)
        return None, ()
    given = parts["BYDAY"].split(",")
    if frequency is Frequency.MONTHLY:
        place = parts.get("BYSETPOS", "")
        match = _NTH.fullmatch(f"{place}{given[0]}")
        if match is None or len(given) > 1 or "BYMONTHDAY" in parts:
            raise BadRule(Fault.UNSPEAKABLE)
        return int(match[1]), (CODES.index(match[2]),)
    if frequency is Frequency.DAILY or "BYSETPOS" in parts or not set(given) <= set(CODES):
        raise BadRule(Fault.UNSPEAKABLE)
    return None, tuple(sorted({CODES.index(code) for code in given}))


def _month_day(parts: Mapping[str, str], frequency: Frequency) -> int | None:
    value = parts.get("BYMONTHDAY")
    if value is None:
        return None
    if frequency is not Frequency.MONTHLY or value not in {str(LAST), *map(str, range(1, 32))}:
        raise BadRule(Fault.UNSPEAKABLE)
    return int(value)


def _until(text: str, minute: int, zone: ZoneInfo) -> date:
    """Read the last date, on the wall; an instant before the hour of its day ends a day earlier."""
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise BadRule(Fault.UNREADABLE)
        day = datetime.strptime(match[1], "%Y%m%d").date()  # noqa: DTZ007 - a date on the wall
        if not match[2]:
            return day
        hour = datetime.strptime(match[2], "%H%M%S").time()  # noqa: DTZ007 - an hour on the wall
        at = datetime.combine(day, hour)
        if match[3]:
            at = at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
        begins = datetime.combine(at.date(), datetime.min.time()) + timedelta(minutes=minute)
        return at.date() if at >= begins else at.date() - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadRule(Fault.UNREADABLE) from error
