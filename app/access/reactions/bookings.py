"""What doors do when a booking stands or moves: they mail its person the pass that opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access import notices as pass_notices
from app.access.holder import issuer_keys
from app.access.passes import Pass
from app.access.service import own_passes
from app.bookings import life_letters, notices
from app.bookings.booking import Booking, Visit
from app.bookings.notices import Letter
from app.bookings.queries import find_visit
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.events import (
    BookingConfirmed,
    BookingHandedOver,
    BookingMoved,
    DomainEvent,
    MailWanted,
)
from app.spaces.queries import find_network


def send_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail what was booked, what it costs, the pass and the calendar entry: one mail."""
    if isinstance(event, BookingConfirmed):
        _send(session, event, notices.confirmation_text, "confirmed", now)


def send_moved_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail what a booking has become, and its new pass: one mail."""
    if isinstance(event, BookingMoved):
        write = life_letters.ended_text if event.keeps_pass else notices.moved_text
        _send(session, event, write, "moved", now)


def send_handed_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail who takes a booking over what it is, and their pass: one mail."""
    if isinstance(event, BookingHandedOver):
        _send(session, event, life_letters.received_text, "received", now)


def _send(
    session: Session,
    event: BookingConfirmed | BookingMoved | BookingHandedOver,
    write: Callable[[Visit], Letter],
    what: str,
    now: datetime,
) -> None:
    """Put the mail; none when the booking has changed again since, because that tells itself."""
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is None or visit.booking.version != event.version:
        return
    if visit.booking.state not in OPENING:
        return
    with force_locale(visit.person.locale):
        letter = write(visit)
        passes = _passes(session, visit.booking)
        if passes:
            letter = letter.followed_by(pass_notices.about(passes))
        mail = MailWanted(
            key=f"booking-{visit.booking.ref}-{event.version}-{what}",
            to=visit.person.email,
            subject=letter.subject,
            text=letter.text,
            attachments=[notices.invitation(visit), *pass_notices.pictures(passes)],
        )
    outbox.put(session, mail, now=now)


def _passes(session: Session, booking: Booking) -> list[Pass]:
    return own_passes(session, booking, issuer_keys()) if booking.space.doors else []
