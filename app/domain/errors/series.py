"""Refusals about series: a rule nobody can say, no dates or too many, dates that cannot be had."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class BadRule(DomainError):
    """The rule of a series cannot be read, never ends, or cannot be said in a sentence."""

    code: ClassVar[str] = "bad-rule"
    reason: str


@dataclass(eq=False)
class NoDates(DomainError):
    """No date is left in the series."""

    code: ClassVar[str] = "no-dates"


@dataclass(eq=False)
class TooManyDates(DomainError):
    """The series has more dates than one may ask for at once."""

    code: ClassVar[str] = "too-many-dates"
    limit: int


@dataclass(eq=False)
class DatesRefused(DomainError):
    """Some dates cannot be had as they stand; nothing was written, the new table says which."""

    code: ClassVar[str] = "dates-refused"
    dates: tuple[date, ...]


@dataclass(eq=False)
class UnknownDate(DomainError):
    """The series has no such date, or it is over."""

    code: ClassVar[str] = "unknown-date"
    day: date


@dataclass(eq=False)
class UnknownSeries(DomainError):
    """No series has this reference, or the asker may not know of it."""

    code: ClassVar[str] = "unknown-series"
    series: str
