"""The rules of a place as data: how long and how far ahead, how often, for whom, prepared how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.buffers import NO_BUFFERS, Buffers
from app.domain.calendars import SiteCalendar, refuse_closed
from app.domain.errors import NotForProfile, NoticeTooShort, SpanInPast, UnknownSetup
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.profiles import Profile
from app.domain.quotas import Quota
from app.domain.shares import FairShare
from app.domain.stays import (
    GRACE,
    ORDINARY_LIMITS,
    StayLimits,
    refuse_beyond_horizon,
    refuse_length,
    refuse_people,
)


@dataclass(frozen=True, slots=True)
class Setup:
    """A way a room can be furnished, and how many people it then holds."""

    code: str
    capacity: int


@dataclass(frozen=True, slots=True)
class BookingRules:
    """What a place asks of who books it; the defaults are those of an ordinary room.

    `horizons` are days ahead by proven profile, beside the `horizon_days` of everybody (None: the
    house's twelve months); `only_for` keeps the place for some profiles, empty for none.
    """

    limits: StayLimits = ORDINARY_LIMITS
    notice_minutes: int = 0
    horizon_days: int | None = None
    horizons: Mapping[Profile, int] = field(default_factory=dict)
    only_for: frozenset[Profile] = frozenset()
    buffers: Buffers = NO_BUFFERS
    setups: tuple[Setup, ...] = ()
    linked: tuple[SpaceCode, ...] = ()
    induction: str | None = None
    two_people: bool = False
    approval: bool = False
    reminder_hours: int = 24
    quotas: tuple[Quota, ...] = ()
    share: FairShare | None = None
    release_after_minutes: int | None = None

    @property
    def needs_reading(self) -> bool:
        """Whether more must be read than the payer to know if somebody may have the place."""
        return bool(self.quotas or self.induction or self.share)

    def capacity_of(self, setup: str | None, capacity: int) -> int:
        """Give how many the place holds when furnished so; raises ``UnknownSetup``."""
        if setup is None:
            return capacity
        for each in self.setups:
            if each.code == setup:
                return each.capacity
        raise UnknownSetup(setup, tuple(each.code for each in self.setups))

    def horizon_for(self, profiles: frozenset[Profile] | None) -> int | None:
        """Give the days ahead for somebody of these profiles; None of them: for the luckiest."""
        if self.horizon_days is None:
            return None
        own = [each for each in self.horizons if profiles is None or each in profiles]
        return max([self.horizon_days, *(self.horizons[each] for each in own)])


@dataclass(frozen=True, slots=True)
class Wish:
    """A stay as the rules of a place look at it."""

    span: Span
    people: int
    setup: str | None = None


def refuse_by_place(
    rules: BookingRules,
    wish: Wish,
    *,
    capacity: int,
    calendar: SiteCalendar,
    now: datetime,
    lenient: bool = False,
) -> None:
    """Let a stay pass that the place gives out to somebody; raises the first refusal that applies.

    Lenient, as staff may be with a reason: notice, horizon, length and grid are not looked at.
    What depends on who asks is left to ``refuse_by_person``.
    """
    refuse_people(wish.people, capacity=rules.capacity_of(wish.setup, capacity))
    if wish.span.start < now - GRACE:
        raise SpanInPast(wish.span.start, now)
    if lenient:
        refuse_beyond_horizon(wish.span, calendar=calendar, now=now)
    else:
        refuse_length(wish.span, rules.limits)
        refuse_beyond_horizon(wish.span, calendar=calendar, now=now, days=rules.horizon_for(None))
        refuse_short_notice(rules, wish.span, now=now)
    refuse_closed(calendar, wish.span, overnight=rules.limits.overnight)


def refuse_by_person(
    rules: BookingRules,
    span: Span,
    profiles: frozenset[Profile],
    *,
    calendar: SiteCalendar,
    now: datetime,
) -> None:
    """Let a stay of somebody pass; raises ``NotForProfile`` or ``BeyondHorizon``."""
    if rules.only_for and not rules.only_for & profiles:
        raise NotForProfile(tuple(sorted(rules.only_for)))
    if rules.horizons:
        days = rules.horizon_for(profiles)
        refuse_beyond_horizon(span, calendar=calendar, now=now, days=days)


def refuse_short_notice(rules: BookingRules, span: Span, *, now: datetime) -> None:
    """Let a stay pass that is asked for early enough; raises ``NoticeTooShort``."""
    earliest = now + timedelta(minutes=rules.notice_minutes)
    if rules.notice_minutes and span.start < earliest:
        raise NoticeTooShort(rules.notice_minutes, earliest)
