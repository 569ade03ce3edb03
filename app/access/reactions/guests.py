"""What a guest of a booking is mailed: who expects them, where, when, and the pass that opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import guest_letters
from app.access.holders import Guest
from app.access.queries import find_guest_by_id, guests_of
from app.bookings.booking import Visit
from app.bookings.queries import find_visits_by_id
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.events import (
    BookingCancelled,
    BookingMoved,
    BookingsDisplaced,
    DomainEvent,
    GuestInvited,
    SeriesCancelled,
    SeriesChanged,
)
from app.domain.ids import BookingId
from app.spaces.queries import find_network


def send_guest_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail a guest their pass; none when they have no address or were taken off the list."""
    if not isinstance(event, GuestInvited):
        return
    guest = find_guest_by_id(session, event.guest_id)
    if guest is None or guest.email is None or guest.revoked_at is not None:
        return
    visit = _visit(session, guest.booking_id, now)
    if visit is not None and visit.booking.state in OPENING:
        outbox.put(session, guest_letters.invitation(guest, visit), now=now)


def send_moved_guest_passes(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail every guest of a moved booking the new hours and the pass that opens then."""
    if not isinstance(event, BookingMoved):
        return
    visit = _visit(session, event.booking_id, now)
    if visit is None or visit.booking.version != event.version:
        return
    if visit.booking.state in OPENING:
        for guest in _written_to(session, visit):
            outbox.put(session, guest_letters.invitation(guest, visit), now=now)


def tell_guests_cancelled(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of a cancelled booking that nobody expects them."""
    if not isinstance(event, BookingCancelled):
        return
    visit = _visit(session, event.booking_id, now)
    if visit is not None:
        for guest in _written_to(session, visit):
            outbox.put(session, guest_letters.cancellation(guest, visit), now=now)


def send_guest_passes_of_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail every guest of the moved dates of a series the new hours and the pass."""
    if not isinstance(event, SeriesChanged):
        return
    for visit in _visits(session, event.moved, now):
        if visit.booking.state in OPENING:
            for guest in _written_to(session, visit):
                outbox.put(session, guest_letters.invitation(guest, visit), now=now)


def tell_guests_of_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of the cancelled dates of a series that nobody expects them."""
    if not isinstance(event, SeriesCancelled):
        return
    for visit in _visits(session, event.cancelled, now):
        for guest in _written_to(session, visit):
            outbox.put(session, guest_letters.cancellation(guest, visit), now=now)


def tell_guests_displaced(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of the bookings that a closure displaced that nobody expects them."""
    if not isinstance(event, BookingsDisplaced):
        return
    for visit in _visits(session, event.bookings, now):
        for guest in _written_to(session, visit):
            outbox.put(session, guest_letters.cancellation(guest, visit), now=now)


def _visits(session: Session, ids: Sequence[int], now: datetime) -> list[Visit]:
    return list(find_visits_by_id(session, find_network(session), ids, now=now).values())


def _visit(session: Session, booking_id: int, now: datetime) -> Visit | None:
    wanted = BookingId(booking_id)
    return find_visits_by_id(session, find_network(session), [wanted], now=now).get(wanted)


def _written_to(session: Session, visit: Visit) -> list[Guest]:
    listed = guests_of(session, {visit.booking.id})[visit.booking.id]
    return [guest for guest in listed if guest.email is not None]
