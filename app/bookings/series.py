"""A series as a value: what is asked, what becomes of each date, and what there is to choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.bookings.booking import Booking, Wanted
from app.domain import errors as e
from app.domain.errors import DomainError
from app.domain.ids import AccountId, BookingId, OrganisationId, SeriesId, SeriesRef, SpaceCode
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.permissions import Subject
from app.domain.recurrence import Occurrence, Recurrence
from app.domain.tariffs import Quote
from app.spaces.network import Site, Space


class Deed(StrEnum):
    """What somebody chose to do with a date."""

    KEEP = "keep"
    CHANGE = "change"
    DROP = "drop"


class Scope(StrEnum):
    """How much of a series is meant: one date, it and all that follow, or all to come."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class Standing(StrEnum):
    """What the house says to a date."""

    FREE = "free"
    TAKEN = "taken"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    BEYOND_HORIZON = "beyond-horizon"
    PAST = "past"
    SKIPPED_HOUR = "skipped-hour"
    REFUSED = "refused"


_STANDINGS: dict[type[DomainError], Standing] = {
    e.RoomTaken: Standing.TAKEN,
    e.Closed: Standing.CLOSED,
    e.BeyondHorizon: Standing.BEYOND_HORIZON,
    e.SpanInPast: Standing.PAST,
    e.NonexistentTime: Standing.SKIPPED_HOUR,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for one date of the rule; None leaves the place or the time."""

    day: date
    deed: Deed
    space: SpaceCode | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class SeriesWanted:
    """What somebody asks for: a place, dates that come again, for how many people."""

    space: SpaceCode
    recurrence: Recurrence
    people: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One date with what was chosen for it; without a wish where the clock skips its hour."""

    occurrence: Occurrence
    deed: Deed
    wanted: Wanted | None

    @property
    def day(self) -> date:
        """The date by the rule."""
        return self.occurrence.day


@dataclass(frozen=True, slots=True)
class Near:
    """Something free near to a date that cannot be had, with its price where it is sold."""

    space: Space
    span: Span
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class DateVerdict:
    """What becomes of one date: free at a price, or why not and what is near.

    `taken_by` are the bookings in the way; `holder` names who has the place, where the reader may
    know it; `is_own` says that it is they themselves.
    """

    planned: Planned
    refusal: DomainError | None = None
    is_holiday: bool = False
    quote: Quote | None = None
    taken_by: tuple[BookingId, ...] = ()
    holder: str | None = None
    is_own: bool = False
    near: tuple[Near, ...] = ()

    @property
    def day(self) -> date:
        """The date by the rule."""
        return self.planned.day

    @property
    def standing(self) -> Standing:
        """What the house says to it, in a word."""
        if self.refusal is None:
            return Standing.FREE
        if self.is_holiday:
            return Standing.HOLIDAY
        return _STANDINGS.get(type(self.refusal), Standing.REFUSED)

    @property
    def is_kept(self) -> bool:
        """Whether it was not dropped."""
        return self.planned.deed is not Deed.DROP

    @property
    def is_trouble(self) -> bool:
        """Whether it is asked for and cannot be had."""
        return self.is_kept and self.refusal is not None


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """Every date of a wish with its verdict, in order, and what they cost together."""

    verdicts: tuple[DateVerdict, ...]

    @property
    def kept(self) -> tuple[DateVerdict, ...]:
        """The dates that are asked for."""
        return tuple(each for each in self.verdicts if each.is_kept)

    @property
    def troubles(self) -> tuple[date, ...]:
        """The dates that are asked for and cannot be had."""
        return tuple(each.day for each in self.verdicts if each.is_trouble)

    @property
    def is_bookable(self) -> bool:
        """Whether every date asked for can be had, and there is one."""
        return bool(self.kept) and not self.troubles

    @property
    def gross(self) -> Money:
        """What the dates asked for cost together, tax included."""
        return Money(sum(each.quote.gross.minor for each in self.kept if each.quote))

    @property
    def net(self) -> Money:
        """What the dates asked for cost together, before tax."""
        return Money(sum(each.quote.net.minor for each in self.kept if each.quote))


@dataclass(frozen=True, slots=True)
class Series:
    """What several bookings have in common; its rule is read on the clock of its site."""

    id: SeriesId
    ref: SeriesRef
    account_id: AccountId
    organisation_id: OrganisationId | None
    space: Space
    site: Site
    people: int
    title: str
    recurrence: Recurrence
    version: int
    follows: SeriesRef | None
    created_by: AccountId
    created_at: datetime
    changed_at: datetime
    ended_at: datetime | None

    @property
    def subject(self) -> Subject:
        """Whose it is and where, for the table of permissions."""
        return Subject(self.account_id, self.space.site, self.organisation_id)

    def day_of(self, booking: Booking) -> date:
        """Give the date of the rule that a booking is, wherever it was moved to."""
        return self.site.calendar.local_date(booking.original_start)

    @property
    def wanted(self) -> SeriesWanted:
        """What was asked for."""
        return SeriesWanted(self.space.code, self.recurrence, self.people, self.title)


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What somebody wants otherwise about the dates of a series; None leaves it as it is."""

    space: SpaceCode | None = None
    minute: int | None = None
    minutes: int | None = None
    people: int | None = None
    title: str | None = None

    def applied_to(self, wanted: SeriesWanted) -> SeriesWanted:
        """Give the wish with the changes."""
        recurrence = replace(
            wanted.recurrence,
            minute=wanted.recurrence.minute if self.minute is None else self.minute,
            minutes=wanted.recurrence.minutes if self.minutes is None else self.minutes,
        )
        return SeriesWanted(
            space=wanted.space if self.space is None else self.space,
            recurrence=recurrence,
            people=wanted.people if self.people is None else self.people,
            title=wanted.title if self.title is None else self.title,
        )


def plan(wanted: SeriesWanted, site: Site, choices: Sequence[Choice] = ()) -> tuple[Planned, ...]:
    """Lay the choices over the dates of a wish; raises UnknownDate, TooManyDates, NoDates."""
    chosen = {choice.day: choice for choice in choices}
    if strange := sorted(set(chosen) - set(wanted.recurrence.days)):
        raise e.UnknownDate(strange[0])
    return tuple(
        _planned(wanted, occurrence, chosen.get(occurrence.day))
        for occurrence in wanted.recurrence.occurrences(site.zone)
    )


def _planned(wanted: SeriesWanted, occurrence: Occurrence, choice: Choice | None) -> Planned:
    deed = Deed.KEEP if choice is None else choice.deed
    space, span = wanted.space, occurrence.span
    if choice is not None and deed is Deed.CHANGE:
        space, span = choice.space or space, choice.span or span
    if span is None:
        return Planned(occurrence, deed, None)
    return Planned(occurrence, deed, Wanted(space, span, wanted.people, wanted.title))
