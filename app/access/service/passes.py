"""Passes given out: to the person who booked, and to staff of the site for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import static_name
from app.access.passes import Pass, issue, issue_all, pass_days
from app.access.queries import epoch_of
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
    name = static_name(epoch_of(session, booking.account_id))
    return issue(booking, keys, day or _day_to_show(booking, now), name=name)


def passes_for(
    session: Session, actor: Actor, ref: str, *, keys: IssuerKeys, now: datetime
) -> list[Pass]:
    """Give every pass of a booking, for printing. Raises what ``pass_for`` raises."""
    return own_passes(session, _booking(session, actor, ref, now), keys)


def own_passes(session: Session, booking: Booking, keys: IssuerKeys) -> list[Pass]:
    """Give every static pass of who booked. Raises ``NoPass``."""
    return issue_all(booking, keys, name=static_name(epoch_of(session, booking.account_id)))


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
