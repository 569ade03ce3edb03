"""Coming and going: the desk checks people in and out, a door reports who came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries import lock_booking, lock_booking_by_id
from app.bookings.service.ending import left
from app.bookings.service.journal import note, write
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.errors import NotYet, RoomTaken, UnknownSpace, WrongState
from app.domain.events import BookingCheckedIn
from app.domain.permissions import Actor, Permission, require
from app.entitlements import service as rights
from app.spaces import service as spaces
from app.spaces.queries import find_network, kept_network

EARLY = timedelta(minutes=30)
STATES_OF_NO_SHOW = frozenset({BookingState.CONFIRMED, BookingState.NO_SHOW})


def check_in(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    """Note that the people of a booking have come; saying it twice changes nothing.

    Raises ``WrongState`` for a booking that is not confirmed or is over, ``NotYet`` before its day.
    """
    return check_in_locked(session, actor, _locked(session, actor, ref, now), now=now)


def check_in_locked(session: Session, actor: Actor, booking: Booking, *, now: datetime) -> Booking:
    """Do what ``check_in`` does with a booking found in another way, its row locked already.

    Who comes after their place was released has it again unless others do: ``RoomTaken``. Raises
    ``NotAllowed`` and ``WrongState``.
    """
    require(actor, Permission.CHECK_IN, booking.subject)
    if booking.state is BookingState.CHECKED_IN:
        return booking
    _let_come(session, booking, now)
    calendar = booking.site.calendar
    if calendar.local_date(now) < calendar.local_date(booking.span.start):
        raise NotYet(booking.span.start)
    return _came(session, booking, actor, at=now, now=now)


def come(session: Session, booking_id: int, *, now: datetime) -> Booking | None:
    """Note that the people of a booking say themselves that they are there; twice is once.

    From half an hour before the start to the end. Raises ``NotYet``, ``WrongState`` and, when
    others have the place by now, ``RoomTaken``. None for no booking.
    """
    booking = lock_booking_by_id(session, find_network(session), booking_id, now=now)
    if booking is None or booking.state is BookingState.CHECKED_IN:
        return booking
    if now < booking.span.start - EARLY:
        raise NotYet(booking.span.start)
    _let_come(session, booking, now)
    return _came(session, booking, None, at=now, now=now)


def undo_check_in(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    """Take back a check-in that was a slip of the hand; raises ``WrongState`` without one."""
    booking = _locked(session, actor, ref, now)
    if booking.state is not BookingState.CHECKED_IN:
        raise WrongState(booking.state, BookingState.CONFIRMED)
    write(
        session,
        booking,
        now,
        state=BookingState.CONFIRMED,
        checked_in_at=None,
        checked_out_at=None,
    )
    note(session, booking.id, "check-in undone", by=actor, now=now)
    if booking.quote.spent:
        rights.withdraw_visit(session, booking.id, now=now)
    return replace(
        booking,
        state=BookingState.CONFIRMED,
        stored_state=BookingState.CONFIRMED,
        checked_in_at=None,
        checked_out_at=None,
        changed_at=now,
    )


def check_out(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    """Note that the people have left; the rest of their time is free. Raises ``WrongState``."""
    booking = _locked(session, actor, ref, now)
    if booking.stored_state is BookingState.COMPLETED:
        return booking
    if booking.stored_state is not BookingState.CHECKED_IN:
        raise WrongState(booking.state, BookingState.COMPLETED)
    return left(session, booking, actor, now=now)


def arrive(session: Session, booking_id: int, *, at: datetime, now: datetime) -> Booking | None:
    """Note that a door let the people of a booking in at ``at``, perhaps told long after; gives it.

    The same report twice, and one about a booking that no longer stands, change nothing: None.
    """
    booking = lock_booking_by_id(session, find_network(session), booking_id, now=now)
    if booking is None or booking.state not in STATES_OF_NO_SHOW:
        return None
    if booking.state is BookingState.NO_SHOW and now < booking.span.end:
        spaces.keep_until(session, holder_id=booking.id, expires_at=None)
    return _came(session, booking, None, at=at, now=now)


def _locked(session: Session, actor: Actor, ref: str, now: datetime) -> Booking:
    wish = Permission.CHECK_IN
    try:
        booking = lock_booking(session, kept_network(session), actor, ref, wish=wish, now=now)
    except UnknownSpace:  # loaded since this process looked last
        booking = lock_booking(session, find_network(session), actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    return booking


def _let_come(session: Session, booking: Booking, now: datetime) -> None:
    """Let pass who is expected; a released stay has its place again unless others do.

    Raises ``RoomTaken`` and ``WrongState``.
    """
    if booking.state is BookingState.NO_SHOW and now < booking.span.end:
        if spaces.keep_until(session, holder_id=booking.id, expires_at=None) == 0:
            raise RoomTaken((booking.span,))
    elif booking.state is not BookingState.CONFIRMED:
        raise WrongState(booking.state, BookingState.CHECKED_IN)


def _came(
    session: Session, booking: Booking, actor: Actor | None, *, at: datetime, now: datetime
) -> Booking:
    write(session, booking, now, state=BookingState.CHECKED_IN, checked_in_at=at)
    note(session, booking.id, "checked in", by=actor, now=now)
    if booking.quote.spent:
        rights.note_visit(session, kept_network(session), booking.id, now=now)
    outbox.put(session, BookingCheckedIn(booking.id), now=now)
    over = now >= booking.span.end
    state = BookingState.COMPLETED if over else BookingState.CHECKED_IN
    return replace(
        booking, state=state, stored_state=BookingState.CHECKED_IN, checked_in_at=at, changed_at=now
    )
