"""How much of a kind of place one owner may have in a day, a week or a month of the wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.calendars import SiteCalendar, local_day
from app.domain.errors import QuotaExceeded
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.months import add_months
from app.domain.profiles import Profile


class Period(StrEnum):
    """The stretch of the calendar that a quota counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Owner(StrEnum):
    """Whose stays a quota adds up: one person's, or those an organisation pays together."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Over(StrEnum):
    """Which places a quota adds up: this one, those of its kind here, or all of its Totem."""

    PLACE = "place"
    KIND = "kind"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many minutes, or so many stays, in a period; for these profiles, or for all."""

    period: Period
    most_minutes: int | None = None
    most_stays: int | None = None
    owner: Owner = Owner.PERSON
    over: Over = Over.KIND
    profiles: frozenset[Profile] = frozenset()

    def __post_init__(self) -> None:
        limits = [each for each in (self.most_minutes, self.most_stays) if each is not None]
        if not limits or min(limits) < 1:
            raise ValueError("a quota has a limit of minutes or of stays, above nothing")

    def binds(self, profiles: frozenset[Profile]) -> bool:
        """Whether it is meant for somebody of these profiles."""
        return not self.profiles or bool(self.profiles & profiles)


@dataclass(frozen=True, slots=True)
class Counted:
    """One stay as quotas count it; it belongs to the period in which it begins."""

    space: SpaceCode
    kind: SpaceKind
    site: str
    span: Span
    account_id: int
    organisation_id: int | None

    def counts_with(self, wanted: Counted, quota: Quota) -> bool:
        """Whether a quota adds this stay to the wanted one: same owner, and places of its reach."""
        if quota.owner is Owner.ORGANISATION and wanted.organisation_id is not None:
            same_owner = self.organisation_id == wanted.organisation_id
        else:
            same_owner = self.account_id == wanted.account_id
        if quota.over is Over.PLACE:
            return same_owner and self.space == wanted.space
        if quota.over is Over.KIND:
            return same_owner and (self.kind, self.site) == (wanted.kind, wanted.site)
        return same_owner and self.site == wanted.site


def refuse_over_quota(
    quotas: Iterable[Quota],
    counted: Sequence[Counted],
    wanted: Counted,
    profiles: frozenset[Profile],
    calendar: SiteCalendar,
) -> None:
    """Let a stay pass that every quota has room for; raises ``QuotaExceeded`` of the strictest.

    The strictest is that with the least left; `counted` holds the owner's other stays.
    """
    refusals = [
        refusal
        for quota in quotas
        if quota.binds(profiles)
        for refusal in _refusals(quota, counted, wanted, calendar)
    ]
    if refusals:
        raise min(refusals, key=lambda each: (each.unit != "stays", each.limit - each.used))


def period_of(quota: Quota, span: Span, calendar: SiteCalendar) -> tuple[date, date]:
    """Give the first local date of the period a stay counts in, and of the period after it."""
    day = calendar.local_date(span.start)
    if quota.period is Period.DAY:
        return day, day + timedelta(days=1)
    if quota.period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(weeks=1)
    first = day.replace(day=1)
    return first, add_months(first, 1)


def counted_with(
    quota: Quota, counted: Sequence[Counted], wanted: Counted, calendar: SiteCalendar
) -> tuple[list[Span], date]:
    """Give the stays a quota adds to the wanted one, and the day from which on they do not count.

    Those of the same owner in its places that begin in the same period.
    """
    first, after = period_of(quota, wanted.span, calendar)
    mine = [
        each.span
        for each in counted
        if each.counts_with(wanted, quota) and first <= calendar.local_date(each.span.start) < after
    ]
    return mine, after


def hull_of(quotas: Iterable[Quota], spans: Sequence[Span], calendar: SiteCalendar) -> Span | None:
    """Give the stretch whose stays the quotas need to know for those spans, or None for no quota.

    On the wall clock: a week is 167 or 169 hours long when the clocks change.
    """
    periods = [period_of(quota, span, calendar) for quota in quotas for span in spans]
    if not periods:
        return None
    first, after = min(each[0] for each in periods), max(each[1] for each in periods)
    return Span(local_day(calendar, first).start, local_day(calendar, after).start)


def _refusals(
    quota: Quota, counted: Sequence[Counted], wanted: Counted, calendar: SiteCalendar
) -> list[QuotaExceeded]:
    mine, after = counted_with(quota, counted, wanted, calendar)
    limits = (
        ("stays", quota.most_stays, len(mine), 1),
        ("minutes", quota.most_minutes, sum(span.minutes for span in mine), wanted.span.minutes),
    )
    return [
        QuotaExceeded(
            period=quota.period.value,
            unit=unit,
            owner=quota.owner.value,
            limit=limit,
            used=used,
            asked=asked,
            frees_on=after,
        )
        for unit, limit, used, asked in limits
        if limit is not None and used + asked > limit
    ]
