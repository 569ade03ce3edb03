"""A pass on paper from the desk, for who stands there with a phone that fails; always with why."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import EMERGENCY, named
from app.access.passes import Pass, issue, pass_days
from app.access.tables import EmergencyPassRow
from app.bookings.queries import get_booking
from app.db import outbox
from app.domain.events import EmergencyPassGiven
from app.domain.permissions import Actor, Permission, require
from app.spaces.queries import kept_network


def give_emergency_pass(
    session: Session, actor: Actor, ref: str, reason: str, *, keys: IssuerKeys, now: datetime
) -> Pass:
    """Seal a pass of paper for a booking, for today of a long stay; who gave it and why is kept.

    It opens doors that want a live code too, when the house has a staff key. Raises
    ``UnknownBooking``, ``NotAllowed``, ``NoPass``.
    """
    booking = get_booking(session, kept_network(session), actor, ref, now=now)
    require(actor, Permission.PASS_EMERGENCY, booking.subject)
    code = secrets.token_hex(8)
    days = pass_days(booking.span, booking.site.calendar)
    today = booking.site.calendar.local_date(now)
    day: date | None = (today if today in days else days[0]) if days else None
    given = issue(booking, keys, day, name=named(EMERGENCY, code), emergency=True)
    row = EmergencyPassRow(
        code=code, booking_id=booking.id, reason=reason, given_at=now, given_by=actor.account_id
    )
    session.add(row)
    session.flush()
    outbox.put(session, EmergencyPassGiven(row.id), now=now)
    return given
