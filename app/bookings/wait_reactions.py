"""What the line does when something may be free: who is next gets an offer, and hears of it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings.queries.waits import find_wait_visit
from app.bookings.service.waiting import offer_places
from app.bookings.wait_letters import place_offered_text
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.events import DomainEvent, WaitOffered
from app.spaces.queries import find_network


def offer_freed(session: Session, _event: DomainEvent, now: datetime) -> None:
    """Offer what is free to who is next, whatever freed it."""
    offer_places(session, now=now)


def tell_offer(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the one link by which a held place is confirmed, while it is held."""
    if not isinstance(event, WaitOffered):
        return
    visit = find_wait_visit(session, find_network(session), event.offer_id, now=now)
    if visit is None or visit.booking.state is not BookingState.HELD:
        return
    with force_locale(visit.person.locale):
        letter = place_offered_text(visit)
    mail = letter.mail(f"wait-offer-{event.offer_id}", visit.person.email)
    outbox.put(session, mail, now=now)
