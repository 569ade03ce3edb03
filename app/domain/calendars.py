"""A site's calendar: ordinary weeks, public holidays, and dates that differ; all of it given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import Closed
from app.domain.intervals import Span, covered, gaps
from app.domain.opening_hours import MINUTES_A_DAY, Hours, WeekHours, clock, wall_instant

ONE_DAY = timedelta(days=1)
# How far ahead a refusal looks for the next opening; beyond it the person asks the desk.
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class DayException:
    """One date that differs: closed when it has no hours, else open at these, even on a holiday."""

    hours: Hours
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SiteCalendar:
    """When a place is open, on the wall clock of its site."""

    zone: ZoneInfo
    week: WeekHours
    holidays: Mapping[date, str] = field(default_factory=dict)
    exceptions: Mapping[date, DayException] = field(default_factory=dict)

    def for_space(self, week: WeekHours | None) -> "SiteCalendar":
        """The same calendar with the space's own week, if it has one."""
        return self if week is None else replace(self, week=week)

    def local_date(self, instant: datetime) -> date:
        """The date the site's clock shows at that instant."""
        return instant.astimezone(self.zone).date()

    def hours_on(self, day: date) -> Hours:
        """The hours of that very date; none on a holiday, unless the site opens it."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception.hours
        return () if day in self.holidays else self.week.on(day)

    def reason_on(self, day: date) -> str | None:
        """Why that date differs from an ordinary week, if anybody said so."""
        exception = self.exceptions.get(day)
        if exception is not None and exception.reason is not None:
            return exception.reason
        return self.holidays.get(day)


def opening_spans(calendar: SiteCalendar, day: date) -> tuple[Span, ...]:
    """Give the open spans of one local date, earliest first."""
    spans = []
    for opens, closes in calendar.hours_on(day):
        start = wall_instant(day, opens, calendar.zone)
        end = wall_instant(day, closes, calendar.zone, fold=1)
        if start < end:  # false only for hours that the clock skips in March
            spans.append(Span(start, end))
    return tuple(spans)


def local_day(calendar: SiteCalendar, day: date) -> Span:
    """Give the whole local date, 23 or 25 hours long when the clocks change."""
    start = wall_instant(day, 0, calendar.zone)
    return Span(start, wall_instant(day, MINUTES_A_DAY, calendar.zone))


def local_dates(calendar: SiteCalendar, span: Span) -> list[date]:
    """Give the local dates a span touches, earliest first."""
    first = calendar.local_date(span.start)
    last = calendar.local_date(_last_of(span))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def is_open(calendar: SiteCalendar, span: Span, *, overnight: bool = False) -> bool:
    """Whether the place is open all through the span; overnight, at its two ends."""
    first = calendar.local_date(span.start)
    if any(each.contains(span) for each in opening_spans(calendar, first)):
        return True
    if overnight:
        return _open_at(calendar, span.start) and _open_at(calendar, _last_of(span))
    return covered(span, _open_around(calendar, span))


def refuse_closed(calendar: SiteCalendar, span: Span, *, overnight: bool = False) -> None:
    """Let a span pass that lies in the open hours; raises Closed, saying when it opens."""
    if is_open(calendar, span, overnight=overnight):
        return
    if overnight:
        shut = _last_of(span) if _open_at(calendar, span.start) else span.start
    else:
        shut = gaps(span, _open_around(calendar, span))[0].start
    day = calendar.local_date(shut)
    raise Closed(
        day=day,
        hours=tuple((clock(opens), clock(closes)) for opens, closes in calendar.hours_on(day)),
        reason=calendar.reason_on(day),
        next_opens_at=next_opening(calendar, shut),
    )


def next_opening(calendar: SiteCalendar, after: datetime) -> datetime | None:
    """Give the first instant from then on at which the place opens, or None if far away."""
    day = calendar.local_date(after)
    for _ in range(LOOK_AHEAD_DAYS):
        for span in opening_spans(calendar, day):
            if span.start >= after:
                return span.start
        day += ONE_DAY
    return None


def _open_around(calendar: SiteCalendar, span: Span) -> list[Span]:
    return [each for day in local_dates(calendar, span) for each in opening_spans(calendar, day)]


def _open_at(calendar: SiteCalendar, instant: datetime) -> bool:
    day = calendar.local_date(instant)
    return any(each.holds(instant) for each in opening_spans(calendar, day))


def _last_of(span: Span) -> datetime:
    return span.end - timedelta.resolution
