"""Asking the staff: a booking that waits for their answer, the answer, and reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries import lock_booking
from app.bookings.service.journal import note, write
from app.bookings.service.rights import give_back
from app.bookings.tables import BookingRequestRow, BookingRow
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.errors import ReasonMissing, WrongState
from app.domain.events import (
    BookingConfirmed,
    BookingRefused,
    BookingRequested,
    RequestForgotten,
)
from app.domain.permissions import Actor, Permission, require
from app.spaces import service as spaces
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network

REMINDED_AGAIN = timedelta(days=1)
REASON_LENGTH = 500


def ask_approval(session: Session, booking: Booking, *, now: datetime) -> None:
    """Put a requested booking before the staff of its place, once more if it was moved."""
    session.execute(delete(BookingRequestRow).where(BookingRequestRow.booking_id == booking.id))
    patience = timedelta(hours=booking.space.rules.reminder_hours)
    session.execute(
        insert(BookingRequestRow).values(
            booking_id=booking.id,
            site_id=booking.site.id,
            asked_at=now,
            remind_at=now + patience,
            reason="",
        )
    )
    outbox.put(session, BookingRequested(booking.id, booking.version), now=now)


def approve(
    session: Session, actor: Actor, ref: str, *, now: datetime, reason: str = ""
) -> Booking:
    """Say yes to a request: it stands, and its pass goes out. Twice is once.

    Raises ``WrongState`` for what is no request, or no longer one.
    """
    booking = _lock_request(session, actor, ref, now=now)
    if booking.state is BookingState.CONFIRMED:
        return booking
    _refuse_decided(booking, BookingState.CONFIRMED)
    state = BookingState.CONFIRMED
    approved = replace(booking, state=state, stored_state=state, confirmed_at=now, changed_at=now)
    approved = approved.waiting()
    until = approved.release_at
    write(session, booking, now, state=state, confirmed_at=now, release_at=until)
    spaces.keep_until(session, holder_id=booking.id, expires_at=until)
    _decide(session, booking, actor, now, approved=True, reason=reason)
    note(session, booking.id, "approved", by=actor, now=now, facts={"reason": reason})
    outbox.put(session, BookingConfirmed(booking.id, booking.version), now=now)
    return approved


def refuse_request(
    session: Session, actor: Actor, ref: str, *, now: datetime, reason: str
) -> Booking:
    """Say no to a request and why: its place is free at once, and its person is told.

    Twice is once. Raises ``ReasonMissing``, and ``WrongState`` for what is no longer a request.
    """
    booking = _lock_request(session, actor, ref, now=now)
    if booking.state is BookingState.REFUSED:
        return booking
    _refuse_decided(booking, BookingState.REFUSED)
    if not reason.strip():
        raise ReasonMissing
    give_back(session, booking, by=actor, now=now)
    spaces.release(session, kind=AllocationKind.BOOKING, holder_id=booking.id)
    write(session, booking, now, state=BookingState.REFUSED)
    _decide(session, booking, actor, now, approved=False, reason=reason)
    note(session, booking.id, "refused", by=actor, now=now, facts={"reason": reason})
    outbox.put(session, BookingRefused(booking.id, booking.version, reason), now=now)
    state = BookingState.REFUSED
    return replace(booking, state=state, stored_state=state, changed_at=now)


def remind_approvers(session: Session, *, now: datetime) -> int:
    """Remind the staff of requests they have not answered in time, and again each day."""
    found = session.execute(
        select(BookingRow.id, BookingRow.version)
        .join(BookingRequestRow, BookingRequestRow.booking_id == BookingRow.id)
        .where(
            BookingRequestRow.decided_at.is_(None),
            BookingRequestRow.remind_at <= now,
            BookingRow.state == BookingState.REQUESTED.value,
            BookingRow.starts_at > now,
        )
        .order_by(BookingRow.id)
        .with_for_update(of=BookingRequestRow)
    ).all()
    for booking_id, version in found:
        session.execute(
            update(BookingRequestRow)
            .where(BookingRequestRow.booking_id == booking_id)
            .values(remind_at=now + REMINDED_AGAIN)
        )
        outbox.put(session, RequestForgotten(booking_id, version), now=now)
    return len(found)


def _lock_request(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    network, wish = find_network(session), Permission.BOOKING_APPROVE
    booking = lock_booking(session, network, actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    return booking


def _refuse_decided(booking: Booking, wanted: BookingState) -> None:
    if booking.state is not BookingState.REQUESTED:
        raise WrongState(booking.state, wanted)


def _decide(
    session: Session, booking: Booking, actor: Actor, now: datetime, *, approved: bool, reason: str
) -> None:
    session.execute(
        update(BookingRequestRow)
        .where(BookingRequestRow.booking_id == booking.id)
        .values(decided_at=now, decided_by=actor.account_id, approved=approved, reason=reason)
    )
