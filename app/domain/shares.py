"""The fair share of a place that several associations have together: a rule to read aloud.

Each has the same hours a week. Who has had them may have more, but only shortly before and only
what nobody else has taken by then: nobody fills the calendar, and nothing stands empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.calendars import SiteCalendar
from app.domain.errors import ShareExceeded
from app.domain.quotas import Counted, Over, Owner, Period, Quota, counted_with


@dataclass(frozen=True, slots=True)
class FairShare:
    """Minutes a week for each association, and within how many days before more may be had."""

    weekly_minutes: int
    free_days: int = 2

    def __post_init__(self) -> None:
        if self.weekly_minutes < 1 or self.free_days < 0:
            raise ValueError("a share has minutes, and days that are not in the past")

    @property
    def quota(self) -> Quota:
        """The share as a quota of the week, before it is softened."""
        return Quota(Period.WEEK, self.weekly_minutes, owner=Owner.ORGANISATION, over=Over.PLACE)


def refuse_over_share(
    share: FairShare,
    counted: Sequence[Counted],
    wanted: Counted,
    *,
    calendar: SiteCalendar,
    now: datetime,
) -> None:
    """Let a stay pass within the share, or soon enough to take what is left; else ShareExceeded."""
    of_the_week, _ = counted_with(share.quota, counted, wanted, calendar)
    used = sum(span.minutes for span in of_the_week)
    asked = wanted.span.minutes
    free_from = wanted.span.start - timedelta(days=share.free_days)
    if used + asked > share.weekly_minutes and now < free_from:
        raise ShareExceeded(share.weekly_minutes, used, asked, free_from)
