"""What bookings do later: they tell who lost a place, gave one away, or is offered one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings import life_letters, notices
from app.bookings.booking import Visit
from app.bookings.life_tables import HandOverRow
from app.bookings.queries import find_visit
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.events import (
    BookingHandedOver,
    BookingReleased,
    DomainEvent,
    HandOverOffered,
)
from app.domain.ids import AccountId
from app.people.tables import AccountRow
from app.spaces.queries import find_network


def tell_release(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail that a place was given back, unless its people have come meanwhile."""
    if not isinstance(event, BookingReleased):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is None or visit.booking.state is not BookingState.NO_SHOW:
        return
    with force_locale(visit.person.locale):
        letter = life_letters.released_text(visit)
    key = f"booking-{visit.booking.ref}-{event.version}-released"
    outbox.put(session, letter.mail(key, visit.person.email), now=now)


def tell_giver(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail who had a booking that it is handed over, and take it out of their calendar."""
    if not isinstance(event, BookingHandedOver):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    giver = session.get(AccountRow, event.from_account)
    if visit is None or giver is None:
        return
    with force_locale(giver.locale):
        letter = life_letters.given_text(visit, giver.name)
        entry = notices.cancellation(_before(visit, giver))
    key = f"booking-{visit.booking.ref}-{event.version}-given"
    outbox.put(session, letter.mail(key, giver.email, entry), now=now)


def _before(visit: Visit, giver: AccountRow) -> Visit:
    """Give a booking that was handed over as its former holder's, whose calendar names them."""
    person = replace(
        visit.person,
        account_id=AccountId(giver.id),
        name=giver.name,
        email=giver.email,
        locale=giver.locale,
    )
    return replace(visit, person=person)


def send_offer(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the link by which a booking can be taken over, while the offer is open."""
    if not isinstance(event, HandOverOffered):
        return
    offer = session.execute(
        select(HandOverRow).where(HandOverRow.id == event.offer_id)
    ).scalar_one_or_none()
    if offer is None or offer.closed_at is not None:
        return
    visit = find_visit(session, find_network(session), offer.booking_id, now=now)
    if visit is None:
        return
    with force_locale(visit.person.locale):
        letter = life_letters.offered_text(visit, offer.code)
    key = f"hand-over-{offer.id}"
    outbox.put(session, letter.mail(key, offer.email), now=now)
