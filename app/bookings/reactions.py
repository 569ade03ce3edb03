"""What bookings do when something has happened to one: they tell its person."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings import notices, request_letters
from app.bookings.booking import Visit
from app.bookings.notices import Letter
from app.bookings.queries import find_visit
from app.bookings.queries.requests import approvers_of
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.events import (
    BookingCancelled,
    BookingRefused,
    BookingRequested,
    DomainEvent,
    MailWanted,
    RequestForgotten,
)
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
        entry = notices.cancellation(visit)
    key = f"booking-{visit.booking.ref}-{event.version}-cancelled"
    outbox.put(session, letter.mail(key, visit.person.email, entry), now=now)


def send_request(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the approvers that somebody waits for their answer, and the person that it came in."""
    if not isinstance(event, BookingRequested):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is None or visit.booking.state is not BookingState.REQUESTED:
        return
    with force_locale(visit.person.locale):
        received = request_letters.received_text(visit)
    outbox.put(session, _to_person(visit, received, "requested"), now=now)
    _ask_approvers(session, visit, "asked", again=False, now=now)


def remind_of_request(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the approvers once more, unless somebody has answered meanwhile."""
    if not isinstance(event, RequestForgotten):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is not None and visit.booking.state is BookingState.REQUESTED:
        _ask_approvers(session, visit, f"again-{now.date()}", again=True, now=now)


def send_refusal(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the person that the staff said no, and why."""
    if not isinstance(event, BookingRefused):
        return
    visit = find_visit(session, find_network(session), event.booking_id, now=now)
    if visit is None:
        return
    with force_locale(visit.person.locale):
        refused = request_letters.refused_text(visit, event.reason)
    outbox.put(session, _to_person(visit, refused, "refused"), now=now)


def _ask_approvers(
    session: Session, visit: Visit, what: str, *, again: bool, now: datetime
) -> None:
    mails = []
    for approver in approvers_of(session, visit.booking.space.site):
        with force_locale(approver.locale):
            subject, text = request_letters.asked_text(visit, again=again)
        key = f"{_key(visit, what)}-{approver.account_id}"
        mails.append(MailWanted(key, approver.email, subject, text))
    outbox.put(session, *mails, now=now)


def _to_person(visit: Visit, letter: Letter, what: str) -> MailWanted:
    return letter.mail(_key(visit, what), visit.person.email)


def _key(visit: Visit, what: str) -> str:
    return f"booking-{visit.booking.ref}-{visit.booking.version}-{what}"
