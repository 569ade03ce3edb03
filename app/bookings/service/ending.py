"""The end of a stay that has begun: later while the place is free, earlier, or now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.queries import lock_booking
from app.bookings.service.journal import note, span_facts, write
from app.bookings.service.resettling import repriced, take_anew, write_changed
from app.bookings.service.rights import spend
from app.bookings.service.terms import by_terms, refuse_dearer
from app.db import outbox
from app.domain.booking_states import RESIZABLE, BookingState
from app.domain.buffers import occupied
from app.domain.errors import SpanInPast, WrongState
from app.domain.events import BookingCheckedOut, BookingMoved
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, require
from app.domain.tariffs import Right
from app.spaces import service as spaces
from app.spaces.network import Network
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network


def resettle_end(
    session: Session,
    network: Network,
    actor: Actor,
    booking: Booking,
    wanted: Wanted,
    *,
    now: datetime,
    shown: int | None,
) -> Booking:
    """Let a stay under way, its row locked, end earlier or later; its pass stays the same.

    Longer, it is priced whole by the card of the day it was booked; shorter, its price stays, for
    its terms give nothing back of what has begun. Raises ``WrongState``, ``SpanInPast``, what
    ``book`` raises, and ``PriceChanged`` when more would be due than was ``shown``.
    """
    if booking.state not in RESIZABLE:
        raise WrongState(booking.state, booking.state)
    if wanted.span.end <= now:
        raise SpanInPast(wanted.span.end, now)
    changed, usable = booking, tuple[Right, ...]()
    if is_longer := wanted.span.end > booking.span.end:
        # Judged as of the day it was asked for: it began lawfully, and only its length is new.
        asked_at = booking.created_at
        anew = repriced(session, network, actor, booking, wanted, asked_at=asked_at, now=now)
        changed, usable = by_terms(booking, anew.booking, booking.percent_back(now)), anew.usable
        refuse_dearer(changed, shown)
    version, voided = booking.version + 1, booking.voided_now
    changed = replace(changed, span=wanted.span, version=version, voided=voided, changed_at=now)
    changed = changed.waiting()
    take_anew(session, booking, changed, now=now)
    write_changed(session, booking, changed, now)
    if is_longer:
        spend(session, changed, usable, by=actor, now=now)
    action = "extended" if is_longer else "shortened"
    note(session, booking.id, action, by=actor, now=now, facts=span_facts(booking.span))
    outbox.put(session, BookingMoved(changed.id, changed.version, keeps_pass=True), now=now)
    return changed


def leave(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    """End one's stay now: what is left of its time is free at once. Twice is once.

    Its price stays. Raises ``WrongState`` for what has not begun or is over.
    """
    wish = Permission.BOOKING_MOVE
    booking = lock_booking(session, find_network(session), actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    if booking.checked_out_at is not None:
        return booking
    begun = booking.state is BookingState.CHECKED_IN or now >= booking.span.start
    if booking.state not in RESIZABLE or not begun:
        raise WrongState(booking.state, BookingState.COMPLETED)
    return left(session, booking, actor, now=now)


def left(session: Session, booking: Booking, actor: Actor, *, now: datetime) -> Booking:
    """Note that the people of a locked booking have gone, and give back what is left of it."""
    state = BookingState.COMPLETED
    write(session, booking, now, state=state, checked_out_at=now)
    _free_rest(session, booking, now)
    note(session, booking.id, "checked out", by=actor, now=now)
    outbox.put(session, BookingCheckedOut(booking.id), now=now)
    return replace(booking, state=state, stored_state=state, checked_out_at=now, changed_at=now)


def _free_rest(session: Session, booking: Booking, now: datetime) -> None:
    """Give back what comes after the order that is put in after a stay; all of one not begun."""
    if now >= booking.span.end:
        return
    if now <= booking.span.start:
        spaces.release(session, kind=AllocationKind.BOOKING, holder_id=booking.id)
        return
    until = occupied(Span(booking.span.start, now), booking.buffers).end
    spaces.end_early(session, holder_id=booking.id, until=until)
