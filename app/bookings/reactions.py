"""What bookings do when something has happened to one: they tell its person."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings import notices
from app.bookings.queries import find_visit
from app.db import outbox
from app.domain.events import BookingCancelled, DomainEvent, MailWanted
from app.spaces.queries import find_network


def send_cancellation(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail that a booking is given up, with what takes it out of a calendar."""
    if not isinstance(event, BookingCancelled):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is None:
        return
    with force_locale(visit.person.locale):
        letter = notices.cancelled_text(visit)
        mail = MailWanted(
            key=f"booking-{visit.booking.ref}-{event.version}-cancelled",
            to=visit.person.email,
            subject=letter.subject,
            text=letter.text,
            attachments=[notices.cancellation(visit)],
        )
    outbox.put(session, mail, now=now)
