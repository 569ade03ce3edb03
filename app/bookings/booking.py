"""A booking as a value: what was asked, who comes, what it costs, and where it stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.absences import release_instant
from app.domain.booking_states import CANCELLABLE, MOVABLE, RESIZABLE, BookingState
from app.domain.buffers import NO_BUFFERS, Buffers, occupied
from app.domain.cancellation import part_of
from app.domain.ids import (
    AccountId,
    BookingId,
    BookingRef,
    FeedId,
    OrganisationId,
    SeriesId,
    SeriesRef,
    SpaceCode,
)
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.money import Money
from app.domain.permissions import Subject
from app.domain.profiles import Profile
from app.domain.tariffs import Quote
from app.spaces.network import Site, Space

HOLD = timedelta(minutes=35)  # outlives the shortest card checkout (30), so nobody pays in vain
MOST_HOLDS = 3
TITLE_LENGTH = 200
NOTHING = Money(0)
DUE = frozenset(
    {
        BookingState.CONFIRMED,
        BookingState.CHECKED_IN,
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
    }
)


@dataclass(frozen=True, slots=True)
class Override:
    """Why staff step over a rule of a place; kept in the log of the booking."""

    reason: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account for whom a place is booked."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: a place, a stretch of time, for how many people.

    Also how it is to be furnished, the address of a second person where two must be there, for
    which guest, and, for staff, why a rule is to be stepped over.
    """

    space: SpaceCode
    span: Span
    people: int
    title: str = ""
    setup: str | None = None
    companion: str | None = None
    guest: Guest | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """Which date of which series a booking is: when it would begin by the rule."""

    id: SeriesId
    ref: SeriesRef
    original: datetime


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking, its state as the clock made it when it was read."""

    id: BookingId
    ref: BookingRef
    account_id: AccountId
    organisation_id: OrganisationId | None
    space: Space
    site: Site
    state: BookingState
    stored_state: BookingState
    span: Span
    people: int
    title: str
    version: int
    created_by: AccountId
    created_at: datetime
    changed_at: datetime
    hold_expires_at: datetime | None
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    voided: Span | None  # the hull of all spans given up, in which an older pass would still open
    quote: Quote
    net: Money
    vat: Money
    gross: Money
    profile: Profile
    card_version: int
    refund: Money | None = None  # what came back when it was given up
    kept: Money = NOTHING  # what stayed due of parts of it that were given up late
    release_at: datetime | None = None  # from when on nobody is waited for
    pass_version: int = 0  # which of its passes open
    series: SeriesLink | None = None
    buffers: Buffers = NO_BUFFERS  # as they were when it was written
    setup: str | None = None
    companion_id: AccountId | None = None
    guest: Guest | None = None

    @property
    def occupied(self) -> Span:
        """What it takes of the calendar: its span with its buffers."""
        return occupied(self.span, self.buffers)

    @property
    def original_start(self) -> datetime:
        """When a date of a series would begin by its rule, wherever it was moved to."""
        return self.span.start if self.series is None else self.series.original

    @property
    def voided_now(self) -> Span:
        """What is `voided` once its span is given up too: a pass of this or an older version."""
        if self.voided is None:
            return self.span
        return Span(min(self.voided.start, self.span.start), max(self.voided.end, self.span.end))

    @property
    def waited_until(self) -> datetime | None:
        """From when on its place is released if nobody came, by the rules of its place."""
        if self.stored_state is BookingState.CHECKED_IN:
            return self.release_at  # counts again should the check-in be taken back
        if self.stored_state is not BookingState.CONFIRMED or self.confirmed_at is None:
            return None
        minutes = self.space.rules.release_after_minutes
        return release_instant(self.span, minutes, self.confirmed_at)

    def waiting(self) -> Booking:
        """The same with what its place makes of a new time, place or state."""
        return replace(self, release_at=self.waited_until)

    @property
    def due(self) -> Money:
        """What stands on the account of its payer: of one given up what did not come back."""
        if self.state in DUE:
            return self.gross + self.kept
        if self.state is BookingState.CANCELLED and self.refund is not None:
            return self.gross + self.kept - self.refund
        return Money(0, self.gross.currency)

    def percent_back(self, now: datetime) -> int:
        """Give the per cent of its price that comes back when it is given up now."""
        return self.quote.terms.percent(self.span.start, self.confirmed_at, now)

    def refund_now(self, now: datetime) -> Money:
        """Give what comes back when it is given up now."""
        return part_of(self.gross, self.percent_back(now))

    @property
    def subject(self) -> Subject:
        """Whose it is and where, for the table of permissions."""
        return Subject(self.account_id, self.space.site, self.organisation_id)

    @property
    def is_due(self) -> bool:
        """Whether its amount stands on the account of its payer (« à régler »)."""
        return self.due.minor > 0

    def can_end(self, now: datetime) -> bool:
        """Whether its end may still be put earlier or later, or it may be ended: until it is over.

        Of one that was left, or given back, nothing may.
        """
        return self.state in RESIZABLE and now < self.span.end

    def can_move(self, now: datetime) -> bool:
        """Whether its time, place and people may still be changed: until it begins."""
        return self.state in MOVABLE and now < self.span.start

    def can_cancel(self, now: datetime) -> bool:
        """Whether the person may still give it up: until it begins."""
        return self.state in CANCELLABLE and now < self.span.start


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants otherwise about a booking; None leaves it as it is."""

    space: SpaceCode | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    people: int | None = None
    title: str | None = None
    setup: str | None = None
    override: Override | None = None

    def applied_to(self, booking: Booking) -> Wanted:
        """Give the booking's place and time with the changes; raises ``EndBeforeStart``."""
        return Wanted(
            space=booking.space.code if self.space is None else self.space,
            span=Span(self.starts_at or booking.span.start, self.ends_at or booking.span.end),
            people=booking.people if self.people is None else self.people,
            title=booking.title if self.title is None else self.title,
            setup=self._setup_of(booking),
            override=self.override,
        )

    def _setup_of(self, booking: Booking) -> str | None:
        """Give the set-up wanted; that of another room is not carried along, and "" is none."""
        if self.setup is not None:
            return self.setup or None
        return booking.setup if self.space in (None, booking.space.code) else None


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes, as the desk and the mails name them."""

    account_id: AccountId
    name: str
    email: str
    locale: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking together with the person who comes."""

    booking: Booking
    person: Person


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing that was done to a booking; `actor` is None for doors and jobs."""

    at: datetime
    actor: str | None
    action: str
    facts: JsonObject


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar address; `secret` is the last part of its URL."""

    id: FeedId
    account_id: AccountId | None
    space: Space | None
    created_at: datetime
    secret: str
