"""The cheapest lawful combination of hours, half-days, days and evenings over a stay's minutes.

Local days are priced apart, and so are the minutes before and after the end of the day, for no
package reaches across. Before it, half-days are set end to end and the rest goes by the hour, or
one day package takes all from the opening on; after it, the evening package takes all up to its
end, or every minute goes by the hour. Costs are linear in the number of half-days, so three numbers
of them are enough to look at; a test compares with a search over every minute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from app.domain.calendars import SiteCalendar, local_dates
from app.domain.intervals import Span
from app.domain.opening_hours import wall_instant
from app.domain.tariffs.card import Row, TimeReason, TimeRules
from app.domain.tariffs.quotes import LineCode

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """So many packages, or minutes by the hour, that cover one stretch of the stay."""

    code: LineCode
    start: datetime
    end: datetime
    reason: TimeReason
    price: int
    count: int = 1

    @property
    def minutes(self) -> int:
        """The minutes of the stay it covers."""
        return (self.end - self.start) // MINUTE


Pieces: TypeAlias = list[Piece]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a stay on one local date, all before the end of the day or all after it."""

    pricing: "DayPricing"
    start: datetime
    end: datetime
    is_evening: bool


def stretches(row: Row, rules: TimeRules, span: Span, calendar: SiteCalendar) -> Iterator[Stretch]:
    """Cut a stay where no package reaches across."""
    dates = local_dates(calendar, span)
    for day in dates:
        start = span.start if day == dates[0] else wall_instant(day, 0, calendar.zone)
        end = (
            span.end
            if day == dates[-1]
            else wall_instant(day + timedelta(days=1), 0, calendar.zone)
        )
        pricing = DayPricing(row, rules, calendar, day, _reason_of(calendar, day))
        turn = pricing.at(rules.day_ends)
        if start < turn:
            yield Stretch(pricing, start, min(end, turn), is_evening=False)
        if end > turn:
            yield Stretch(pricing, max(start, turn), end, is_evening=True)


def cheapest_pieces(
    row: Row, rules: TimeRules, span: Span, calendar: SiteCalendar
) -> Pieces | Span:
    """Cover the stay at the lowest price, or give the part of it that the row does not sell."""
    pieces: Pieces = []
    for stretch in stretches(row, rules, span, calendar):
        pricing, start, end = stretch.pricing, stretch.start, stretch.end
        cover = pricing.after_turn if stretch.is_evening else pricing.before_turn
        covered = cover(start, end)
        if covered is None:
            return Span(start, end)
        pieces += covered
    return pieces


@dataclass(frozen=True, slots=True)
class DayPricing:
    """How one row prices the minutes of one local date."""

    row: Row
    rules: TimeRules
    calendar: SiteCalendar
    day: date
    reason: TimeReason

    def at(self, minute: int) -> datetime:
        """That minute of the date on the wall clock."""
        return wall_instant(self.day, minute, self.calendar.zone)

    @property
    def opening(self) -> datetime | None:
        """When the place opens, if that is before the end of the day."""
        hours = self.calendar.hours_on(self.day)
        return self.at(hours[0][0]) if hours and hours[0][0] < self.rules.day_ends else None

    def before_turn(self, start: datetime, end: datetime) -> Pieces | None:
        """The cheapest cover of minutes before the end of the day, or None when not sold."""
        by_parts = self._half_days_and_hours(start, end)
        opening = None if self.row.day is None else self.opening
        if self.row.day is None or opening is None or end <= opening:
            return by_parts
        early: Pieces | None = []
        if start < opening:
            early = self._half_days_and_hours(start, opening)
        if early is None:
            return by_parts
        package = Piece(LineCode.DAY, max(start, opening), end, self.reason, self.row.day)
        return self._cheaper([*early, package], by_parts)

    def after_turn(self, start: datetime, end: datetime) -> Pieces | None:
        """The cheapest cover of minutes after the end of the day, or None when not sold."""
        by_hours = self.hours(start, end)
        evening_ends = self.at(self.rules.evening_ends)
        if self.row.evening is None or start >= evening_ends:
            return by_hours
        rest = self.hours(evening_ends, end) if end > evening_ends else []
        if rest is None:
            return None
        package = Piece(
            LineCode.EVENING, start, min(end, evening_ends), self.reason, self.row.evening
        )
        return self._cheaper([package, *rest], by_hours)

    def _half_days_and_hours(self, start: datetime, end: datetime) -> Pieces | None:
        minutes, length = (end - start) // MINUTE, self.rules.half_day_minutes
        hour, half_day = self.row.hour, self.row.half_day
        best: int | None = None
        lowest = 0
        for count in (-(-minutes // length), minutes // length, 0):
            rest = max(0, minutes - count * length)
            if (count and half_day is None) or (rest and hour is None):
                continue
            cost = count * (half_day or 0) * 60 + rest * (hour or 0)
            if best is None or cost < lowest:
                best, lowest = count, cost
        if best is None:
            return None
        turn = min(end, start + best * length * MINUTE)
        pieces = []
        if best:
            pieces.append(
                Piece(LineCode.HALF_DAY, start, turn, self.reason, half_day or 0, count=best)
            )
        if turn < end:
            pieces.append(Piece(LineCode.HOUR, turn, end, self.reason, hour or 0))
        return pieces

    def hours(self, start: datetime, end: datetime) -> Pieces | None:
        """Every minute by the hour, the late ones apart; None when hours are not sold."""
        price = self.row.hour
        if price is None:
            return None
        if self.reason is not TimeReason.PLAIN:
            return [Piece(LineCode.HOUR, start, end, self.reason, price)]
        late = min(end, max(start, self.at(self.rules.late_from)))
        pieces = []
        if start < late:
            pieces.append(Piece(LineCode.HOUR, start, late, TimeReason.PLAIN, price))
        if late < end:
            pieces.append(Piece(LineCode.HOUR, late, end, TimeReason.LATE, price))
        return pieces

    def _cheaper(self, first: Pieces, second: Pieces | None) -> Pieces:
        """The cheaper of both; when they cost the same, the first, which gives more time."""
        if second is None or cost_of(first, self.rules) <= cost_of(second, self.rules):
            return first
        return second


def cost_of(pieces: Iterable[Piece], rules: TimeRules) -> int:
    """Prices before site and profile, in whole numbers that compare exactly."""
    return sum(
        piece.price
        * (piece.minutes if piece.code is LineCode.HOUR else piece.count * 60)
        * rules.weights[piece.reason]
        for piece in pieces
    )


def minute_cost(piece: Piece, rules: TimeRules) -> int:
    """The same for one minute of a piece sold by the hour."""
    return piece.price * rules.weights[piece.reason]


def _reason_of(calendar: SiteCalendar, day: date) -> TimeReason:
    if day in calendar.holidays:
        return TimeReason.HOLIDAY
    weekday = day.weekday()
    if weekday < 5:
        return TimeReason.PLAIN
    return TimeReason.SATURDAY if weekday == 5 else TimeReason.SUNDAY
