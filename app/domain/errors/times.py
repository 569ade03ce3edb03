"""Refusals about when: the past, the horizon, lengths, closed hours, hours of clock change."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class EndBeforeStart(DomainError):
    """A span ends at or before its start."""

    code: ClassVar[str] = "end-before-start"
    start: datetime
    end: datetime


@dataclass(eq=False)
class SpanInPast(DomainError):
    """The stay asked for has begun already."""

    code: ClassVar[str] = "span-in-past"
    start: datetime
    now: datetime


@dataclass(eq=False)
class BeyondHorizon(DomainError):
    """The stay lies further ahead than places are given out."""

    code: ClassVar[str] = "beyond-horizon"
    last_day: date


@dataclass(eq=False)
class TooLong(DomainError):
    """The stay is longer than this place allows at once."""

    code: ClassVar[str] = "too-long"
    limit_minutes: int
    asked_minutes: int


@dataclass(eq=False)
class TooShort(DomainError):
    """The stay is shorter than this place is given out for."""

    code: ClassVar[str] = "too-short"
    limit_minutes: int
    asked_minutes: int


@dataclass(eq=False)
class OffStep(DomainError):
    """The stay does not begin and end on the place's grid of minutes."""

    code: ClassVar[str] = "off-step"
    step_minutes: int


@dataclass(eq=False)
class Closed(DomainError):
    """The place is closed for some of the stay; says its hours that day and when it opens next."""

    code: ClassVar[str] = "closed"
    day: date
    hours: tuple[tuple[str, str], ...]
    reason: str | None
    next_opens_at: datetime | None


@dataclass(eq=False)
class NonexistentTime(DomainError):
    """The clock jumps over this local time; `instead` is what the new clock makes of it."""

    code: ClassVar[str] = "nonexistent-time"
    day: date
    time: time
    instead: datetime | None


@dataclass(eq=False)
class DoubledTime(DomainError):
    """The clock shows this local time twice; the caller must say which of both is meant."""

    code: ClassVar[str] = "doubled-time"
    day: date
    time: time
    first: datetime
    second: datetime
