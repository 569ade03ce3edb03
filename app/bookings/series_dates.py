"""A series with all its dates: which stand, and which are not as its rule would have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from app.bookings.booking import Booking, Visit
from app.bookings.series import Series
from app.domain.booking_states import GONE, BookingState
from app.domain.recurrence import Occurrence, Recurrence


@dataclass(frozen=True)
class Dates:
    """A series and every date of it, given up or not, in the order of the rule."""

    series: Series
    visits: tuple[Visit, ...]

    @property
    def as_its_holder_has_it(self) -> Dates:
        """The same for the calendar of its holder: a date handed over to somebody else is gone."""
        account = self.series.account_id
        holders = [each.person for each in self.visits if each.booking.account_id == account]
        if len(holders) in (0, len(self.visits)):
            return self
        visits = (
            each
            if each.booking.account_id == account
            else Visit(replace(each.booking, stored_state=BookingState.CANCELLED), holders[0])
            for each in self.visits
        )
        return Dates(self.series, tuple(visits))

    @cached_property
    def standing(self) -> tuple[Visit, ...]:
        """The dates that were not given up."""
        return tuple(each for each in self.visits if each.booking.stored_state not in GONE)

    @cached_property
    def requested(self) -> tuple[Visit, ...]:
        """The dates that still wait for the staff's answer."""
        waiting = BookingState.REQUESTED
        return tuple(each for each in self.standing if each.booking.stored_state is waiting)

    @cached_property
    def recurrence(self) -> Recurrence:
        """The rule with the dates left out that were given up since."""
        gone = {self.day(each.booking) for each in self.visits} - {
            self.day(each.booking) for each in self.standing
        }
        return self.series.recurrence.without(frozenset(gone))

    @cached_property
    def first(self) -> Occurrence:
        """The date that the rule counts from, standing or not."""
        recurrence = self.series.recurrence
        return recurrence.occurrence(recurrence.first_on, self.series.site.zone)

    def day(self, booking: Booking) -> date:
        """Give the date of the rule that a booking is, wherever it was moved to."""
        return self.series.day_of(booking)

    def wall(self, day: date) -> datetime:
        """Give when a date begins, as the clock on the wall shows it."""
        midnight = datetime.combine(day, time.min, self.series.site.zone)
        return midnight + timedelta(minutes=self.series.recurrence.minute)

    def is_plain(self, visit: Visit) -> bool:
        """Whether who reads the rule alone comes to the right place at the right time.

        A reader of RFC 5545 adds the exact length of the first date to each; so a night in which
        the clocks change is not plain.
        """
        booking, series = visit.booking, self.series
        by_rule = series.recurrence.occurrence(self.day(booking), series.site.zone)
        length = timedelta(minutes=series.recurrence.minutes)
        return (
            by_rule.span == booking.span
            and not by_rule.is_shifted
            and booking.span.duration == length
            and (booking.space.id, booking.title) == (series.space.id, series.title)
        )
