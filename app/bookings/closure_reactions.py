"""What bookings do when a place has closed: everybody who lost a booking is told."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings import notices
from app.bookings.closure_letters import displaced_text
from app.bookings.queries import find_visits_by_id
from app.db import outbox
from app.domain.events import BookingsDisplaced, DomainEvent
from app.spaces.queries import find_closures, find_network


def tell_displaced(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail each person why, what comes back, and what takes the booking out of their calendar."""
    if not isinstance(event, BookingsDisplaced):
        return
    closure = find_closures(session, [event.closure_id])[event.closure_id]
    found = find_visits_by_id(session, find_network(session), event.bookings, now=now)
    mails = []
    for visit in found.values():
        with force_locale(visit.person.locale):
            letter = displaced_text(visit, closure)
            entry = notices.cancellation(visit)
        key = f"booking-{visit.booking.ref}-displaced"
        mails.append(letter.mail(key, visit.person.email, entry))
    outbox.put(session, *mails, now=now)
