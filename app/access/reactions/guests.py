"""What a guest of a booking is mailed: who expects them, where, when, and the pass that opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import guest_letters
from app.access.holders import Guest
from app.access.queries import find_guest_by_id, guests_of
from app.bookings.booking import Visit
from app.bookings.queries import find_visit, find_visits_by_id
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.events import (
    BookingCancelled,
    BookingMoved,
    BookingsDisplaced,
    DomainEvent,
    GuestInvited,
    MailWanted,
    SeriesCancelled,
    SeriesChanged,
)
from app.spaces.queries import find_network


def send_guest_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail a guest their pass; none when they have no address or were taken off the list."""
    if not isinstance(event, GuestInvited):
        return
    guest = find_guest_by_id(session, event.guest_id)
    if guest is None or guest.email is None or guest.revoked_at is not None:
        return
    visit = find_visit(session, find_network(session), guest.booking_id, now=now)
    if visit is not None and visit.booking.state in OPENING:
        outbox.put(session, guest_letters.invitation(guest, visit), now=now)


def send_moved_guest_passes(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail every guest of a moved booking the new hours and the pass that opens then."""
    if not isinstance(event, BookingMoved):
        return
    visits = _visits(session, [event.booking_id], now)
    current = [visit for visit in visits if visit.booking.version == event.version]
    _mail(session, _opening(current), guest_letters.invitation, now)


def tell_guests_cancelled(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of a cancelled booking that nobody expects them."""
    if isinstance(event, BookingCancelled):
        visits = _visits(session, [event.booking_id], now)
        _mail(session, visits, guest_letters.cancellation, now)


def send_guest_passes_of_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail every guest of the moved dates of a series the new hours and the pass."""
    if isinstance(event, SeriesChanged):
        visits = _opening(_visits(session, event.moved, now))
        _mail(session, visits, guest_letters.invitation, now)


def tell_guests_of_series(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of the cancelled dates of a series that nobody expects them."""
    if isinstance(event, SeriesCancelled):
        visits = _visits(session, event.cancelled, now)
        _mail(session, visits, guest_letters.cancellation, now)


def tell_guests_displaced(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of the bookings that a closure displaced that nobody expects them."""
    if isinstance(event, BookingsDisplaced):
        visits = _visits(session, event.bookings, now)
        _mail(session, visits, guest_letters.cancellation, now)


def _visits(session: Session, ids: Sequence[int], now: datetime) -> list[Visit]:
    return list(find_visits_by_id(session, find_network(session), ids, now=now).values())


def _opening(visits: Sequence[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.booking.state in OPENING]


def _mail(
    session: Session,
    visits: Sequence[Visit],
    letter: Callable[[Guest, Visit], MailWanted],
    now: datetime,
) -> None:
    """Mail every guest of these visits who has an address; one statement finds them all."""
    listed = guests_of(session, {visit.booking.id for visit in visits})
    mails = [
        letter(guest, visit)
        for visit in visits
        for guest in listed[visit.booking.id]
        if guest.email is not None
    ]
    outbox.put(session, *mails, now=now)
