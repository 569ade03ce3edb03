"""Who did not come: their place is given back, absences count, and the desk may pardon them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.life_tables import PardonRow
from app.bookings.queries import lock_booking
from app.bookings.queries.absences import counted_absences, is_released
from app.bookings.service.drafting import Asked
from app.bookings.service.journal import note
from app.bookings.tables import BookingRow
from app.db import outbox
from app.domain.absences import suspended_until
from app.domain.booking_states import BookingState
from app.domain.errors import AdvanceSuspended, NotAnAbsence, ReasonMissing
from app.domain.events import BookingReleased
from app.domain.permissions import Actor, Permission, require
from app.spaces.network import Space
from app.spaces.queries import find_network
from app.tariffs.cards import Cards

MOST_AT_ONCE = 200
LONGEST_REASON = 500


def release_unseen(session: Session, *, now: datetime) -> int:
    """Mark stays nobody came to and tell their people; says how many.

    Their places are free already, by the clock: nothing waits for this.
    """
    found = session.execute(
        select(BookingRow.id, BookingRow.version)
        .where(is_released(now), BookingRow.ends_at > now)
        .order_by(BookingRow.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=BookingRow, skip_locked=True)
    ).all()
    for booking_id, version in found:
        session.connection().execute(
            update(BookingRow)
            .where(BookingRow.id == booking_id)
            .values(state=BookingState.NO_SHOW.value, changed_at=now)
        )
        note(session, booking_id, "released", by=None, now=now)
        outbox.put(session, BookingReleased(booking_id, version), now=now)
    return len(found)


def refuse_suspended(
    session: Session, cards: Cards, space: Space, asked: Asked, *, absences: int
) -> None:
    """Let a stay pass of somebody who came to theirs; raises ``AdvanceSuspended``.

    Only where people are waited for, and only for another day than today. No statement for who
    was seldom absent.
    """
    today = space.calendar.local_date(asked.now)
    ahead = space.calendar.local_date(asked.wanted.span.start) > today
    if not ahead or space.rules.release_after_minutes is None or asked.wanted.override is not None:
        return
    rule = cards.card_for(space.site, today).strikes
    if not rule.applies or absences < rule.most:
        return
    since = rule.since(asked.now)
    known = counted_absences(session, asked.person, since=since, now=asked.now)
    until = suspended_until(rule, known, asked.now)
    if until is not None:
        raise AdvanceSuspended(until)


def pardon(session: Session, actor: Actor, ref: str, reason: str, *, now: datetime) -> Booking:
    """Let an absence count no more, and say why; twice is once.

    Raises ``ReasonMissing``, ``NotAnAbsence``, ``NotAllowed`` for who is not staff of the place.
    """
    wish = Permission.ABSENCE_PARDON
    booking = lock_booking(session, find_network(session), actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    if not reason.strip():
        raise ReasonMissing
    if booking.state is not BookingState.NO_SHOW or booking.release_at is None:
        raise NotAnAbsence
    if session.get(PardonRow, booking.id) is not None:
        return booking
    session.execute(
        insert(PardonRow).values(
            booking_id=booking.id,
            pardoned_at=now,
            pardoned_by=actor.account_id,
            reason=reason.strip()[:LONGEST_REASON],
        )
    )
    note(session, booking.id, "pardoned", by=actor, now=now, facts={"reason": reason.strip()})
    return booking
