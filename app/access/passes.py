"""The pass of a booking: a pure function of the booking, its version, the day and our keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.access.keys import IssuerKeys
from app.access.pass_names import STATIC, device_of
from app.bookings.booking import Booking
from app.domain.booking_states import OPENING
from app.domain.calendars import SiteCalendar, local_dates, local_day
from app.domain.errors import NoPass
from app.domain.intervals import Span
from app.spaces.network import Door
from devices.passes.claims import Claims, HolderKey

LONGEST_STATIC = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a person shows at a door; `day` is set when a long stay has one pass a day."""

    booking: Booking
    text: str
    valid_from: datetime
    valid_until: datetime
    doors: tuple[Door, ...]
    day: date | None
    days: tuple[date, ...]

    @property
    def span(self) -> Span:
        """The hours written in it; doors add their own grace."""
        return Span(self.valid_from, self.valid_until)


def issue(
    booking: Booking,
    keys: IssuerKeys,
    day: date | None = None,
    *,
    name: str = STATIC,
    holder: HolderKey | None = None,
    emergency: bool = False,
) -> Pass:
    """Seal the pass of that name of a booking; of a long stay that of ``day``.

    With a ``holder`` it opens only together with a proof by that phone; one of an ``emergency``
    is sealed for staff. Raises ``NoPass``: the
    booking is not confirmed now, leads through no door, or has no such day.
    """
    days = pass_days(booking.span, booking.site.calendar)
    if booking.state not in OPENING or not booking.space.doors:
        raise NoPass(booking.state)
    if days and day is None:
        day = days[0]
    if day is not None and day not in days:
        raise NoPass(booking.state)
    hours = booking.span if day is None else _hours_of(booking, day)
    claims = Claims(
        site=booking.site.pass_code,
        not_before=seconds(hours.start),
        not_after=seconds(hours.end),
        pass_id=keys.pass_id(booking.id, booking.pass_version, device_of(day, name)),
        doors=tuple(door.number for door in booking.space.doors),
        holder=holder,
    )
    return Pass(
        booking,
        (keys.seal_emergency if emergency else keys.seal)(claims),
        hours.start,
        hours.end,
        booking.space.doors,
        day,
        days,
    )


def issue_all(booking: Booking, keys: IssuerKeys, *, name: str = STATIC) -> list[Pass]:
    """Seal every pass of that name: one, or one for each day of a long stay. Raises ``NoPass``."""
    days = pass_days(booking.span, booking.site.calendar)
    return [issue(booking, keys, day, name=name) for day in days or (None,)]


def pass_days(span: Span, calendar: SiteCalendar) -> tuple[date, ...]:
    """Give the local days that have a pass each; none for a stay of twelve hours or less."""
    return tuple(local_dates(calendar, span)) if span.duration > LONGEST_STATIC else ()


def seconds(instant: datetime) -> int:
    """Write an instant as papers carry it."""
    return int(instant.timestamp())


def as_instant(at: int) -> datetime:
    """Read an instant that papers carry."""
    return datetime.fromtimestamp(at, UTC)


def _hours_of(booking: Booking, day: date) -> Span:
    hours = booking.span.within(local_day(booking.site.calendar, day))
    if hours is None:
        raise NoPass(booking.state)
    return hours
