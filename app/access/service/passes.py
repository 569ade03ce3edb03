"""Passes given out: to the person who booked, and to staff of the site for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.passes import Pass, issue, issue_all, pass_days
from app.bookings.booking import Booking
from app.bookings.queries import get_booking
from app.domain.permissions import Actor, Permission, require
from app.spaces.queries import find_network


def pass_for(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    keys: IssuerKeys,
    now: datetime,
    day: date | None = None,
) -> Pass:
    """Give the pass of a booking; of a long stay that of ``day``, or of today or its first day.

    Raises ``UnknownBooking``, ``NotAllowed``, and ``NoPass`` when it opens no door now.
    """
    booking = _booking(session, actor, ref, now)
    return issue(booking, keys, day or _day_to_show(booking, now))


def passes_for(
    session: Session, actor: Actor, ref: str, *, keys: IssuerKeys, now: datetime
) -> list[Pass]:
    """Give every pass of a booking, for printing. Raises what ``pass_for`` raises."""
    return issue_all(_booking(session, actor, ref, now), keys)


def _booking(session: Session, actor: Actor, ref: str, now: datetime) -> Booking:
    booking = get_booking(session, find_network(session), actor, ref, now=now)
    require(actor, Permission.PASS_VIEW, booking.subject)
    return booking


def _day_to_show(booking: Booking, now: datetime) -> date | None:
    calendar = booking.site.calendar
    days = pass_days(booking.span, calendar)
    if not days:
        return None
    return max(days[0], min(calendar.local_date(now), days[-1]))
