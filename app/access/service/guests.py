"""Guests of a booking: invited by its host or the desk, with a pass of their own, no account."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.holders import MOST_GUESTS, Guest, Invitee
from app.access.keys import IssuerKeys
from app.access.pass_names import GUEST, named
from app.access.passes import Pass, issue_all
from app.access.queries import find_guest, find_guest_row, guest_from
from app.access.tables import BookingGuestRow
from app.bookings.booking import Booking
from app.bookings.queries import find_visits_by_id, get_booking
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.errors import NoPass, TooManyGuests, UnknownGuest
from app.domain.events import GuestInvited, GuestRemoved
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.queries import kept_network


def invite_guests(
    session: Session, actor: Actor, ref: str, invited: Sequence[Invitee], *, now: datetime
) -> list[Guest]:
    """Put people on the list of a booking; who has an address is mailed a pass.

    Raises ``UnknownBooking``, ``NotAllowed``, ``NoPass``, ``TooManyGuests``.
    """
    booking = _hosted(session, actor, ref, now)
    if booking.state not in OPENING:
        raise NoPass(booking.state)
    listed = session.scalar(
        select(func.count()).where(
            BookingGuestRow.booking_id == booking.id, BookingGuestRow.revoked_at.is_(None)
        )
    )
    if (listed or 0) + len(invited) > MOST_GUESTS:
        raise TooManyGuests(MOST_GUESTS)
    rows = [
        BookingGuestRow(
            code=secrets.token_hex(12),
            booking_id=booking.id,
            name=each.name,
            email=each.email,
            locale=each.locale,
            invited_at=now,
            invited_by=actor.account_id,
        )
        for each in invited
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        outbox.put(session, GuestInvited(row.id), now=now)
    return [guest_from(row) for row in rows]


def remove_guest(session: Session, actor: Actor, ref: str, code: str, *, now: datetime) -> None:
    """Take somebody off the list of a booking; their pass opens no door any more.

    Raises ``UnknownBooking``, ``NotAllowed``, ``UnknownGuest``.
    """
    row = _listed(session, _hosted(session, actor, ref, now), code)
    row.revoked_at = now
    session.flush()
    outbox.put(session, GuestRemoved(row.id), now=now)


def check_in_guest(session: Session, actor: Actor, ref: str, code: str, *, now: datetime) -> Guest:
    """Note at the desk that somebody on the list has come; twice is once.

    Raises ``UnknownBooking``, ``NotAllowed``, ``UnknownGuest``.
    """
    booking = get_booking(session, kept_network(session), actor, ref, now=now)
    require(actor, Permission.CHECK_IN, Subject(site=booking.site.code))
    row = _listed(session, booking, code)
    note_arrival(session, code, now=now)
    session.refresh(row)
    return guest_from(row)


def check_out_guest(session: Session, actor: Actor, ref: str, code: str, *, now: datetime) -> None:
    """Note at the desk that somebody has left. Raises what ``check_in_guest`` raises."""
    booking = get_booking(session, kept_network(session), actor, ref, now=now)
    require(actor, Permission.CHECK_IN, Subject(site=booking.site.code))
    row = _listed(session, booking, code)
    row.left_at = now
    session.flush()


def note_arrival(session: Session, code: str, *, now: datetime) -> None:
    """Note that a guest has come, by door or by desk; who had left is back."""
    session.execute(
        update(BookingGuestRow)
        .where(BookingGuestRow.code == code)
        .values(arrived_at=func.coalesce(BookingGuestRow.arrived_at, now), left_at=None)
    )


def guest_passes(
    session: Session, code: str, *, keys: IssuerKeys, now: datetime
) -> tuple[Guest, list[Pass]]:
    """Give a guest and their passes, for who holds their link.

    Raises ``UnknownGuest`` when they were taken off the list, ``NoPass``.
    """
    guest = find_guest(session, code)
    if guest is None or guest.revoked_at is not None:
        raise UnknownGuest(code)
    visits = find_visits_by_id(session, kept_network(session), [guest.booking_id], now=now)
    visit = visits.get(guest.booking_id)
    if visit is None:
        raise UnknownGuest(code)
    return guest, issue_all(visit.booking, keys, name=named(GUEST, code))


def _hosted(session: Session, actor: Actor, ref: str, now: datetime) -> Booking:
    booking = get_booking(session, kept_network(session), actor, ref, now=now)
    require(actor, Permission.GUESTS_INVITE, booking.subject)
    return booking


def _listed(session: Session, booking: Booking, code: str) -> BookingGuestRow:
    row = find_guest_row(session, code)
    if row is None or row.booking_id != booking.id or row.revoked_at is not None:
        raise UnknownGuest(code)
    return row
