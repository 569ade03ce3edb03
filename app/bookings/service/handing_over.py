"""Handing a booking over: to a colleague at once, to anybody else by mail when they accept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.life_tables import HandOverRow
from app.bookings.queries import lock_booking, lock_booking_by_id
from app.bookings.service.journal import note, write
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.errors import NotForOutsiders, UnknownOffer, WrongState
from app.domain.events import BookingHandedOver, HandOverOffered
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, require
from app.people import queries as people
from app.spaces.queries import find_network


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The booking, and whether it has its new holder already."""

    booking: Booking
    is_done: bool


def hand_over(session: Session, actor: Actor, ref: str, email: str, *, now: datetime) -> HandedOver:
    """Give a booking to a colleague, or offer it by mail to somebody who then accepts.

    What an organisation pays stays among its people: ``NotForOutsiders``. Price and terms stay, and
    so do the rights spent on it, which remain the giver's. Raises ``WrongState`` once people came
    or the stay is over.
    """
    wish = Permission.BOOKING_HAND_OVER
    booking = lock_booking(session, find_network(session), actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    _refuse_late(booking)
    person = people.find_account_by_email(session, email)
    if booking.organisation_id is not None:
        known = None if person is None else people.actor_of(session, person.id)
        if person is None or known is None or booking.organisation_id not in known.organisations:
            raise NotForOutsiders
        return HandedOver(_hand(session, booking, person.id, actor, now), is_done=True)
    close_offers(session, booking.id, now=now)
    number = session.connection().execute(
        insert(HandOverRow).returning(HandOverRow.id),
        {
            "code": secrets.token_urlsafe(24),
            "booking_id": booking.id,
            "email": email,
            "offered_by": actor.account_id,
            "offered_at": now,
        },
    )
    note(session, booking.id, "offered", by=actor, now=now, facts={"to": email})
    outbox.put(session, HandOverOffered(number.scalar_one()), now=now)
    return HandedOver(booking, is_done=False)


def take_over(session: Session, actor: Actor, code: str, *, now: datetime) -> Booking:
    """Accept a booking that is offered; raises ``UnknownOffer``, also for one that is over."""
    row = session.execute(
        select(HandOverRow.booking_id, HandOverRow.offered_by, HandOverRow.closed_at)
        .where(HandOverRow.code == code)
        .with_for_update()
    ).one_or_none()
    if row is None or row.closed_at is not None:
        raise UnknownOffer
    booking = lock_booking_by_id(session, find_network(session), row.booking_id, now=now)
    if booking is None or booking.state is not BookingState.CONFIRMED:
        raise UnknownOffer
    close_offers(session, booking.id, now=now, accepted_by=actor.account_id)
    if booking.account_id == actor.account_id:
        return booking
    return _hand(session, booking, actor.account_id, actor, now)


def close_offers(
    session: Session, booking_id: int, *, now: datetime, accepted_by: AccountId | None = None
) -> None:
    """Let links of earlier offers of a booking answer no more."""
    session.connection().execute(
        update(HandOverRow)
        .where(HandOverRow.booking_id == booking_id, HandOverRow.closed_at.is_(None))
        .values(closed_at=now, accepted_by=accepted_by)
    )


def _refuse_late(booking: Booking) -> None:
    if booking.state is not BookingState.CONFIRMED:
        raise WrongState(booking.state, booking.state)


def _hand(
    session: Session, booking: Booking, to: AccountId, actor: Actor, now: datetime
) -> Booking:
    """Change the holder: the passes of the one before die, and both are told."""
    voided = booking.voided_now
    version, pass_version = booking.version + 1, booking.pass_version + 1
    write(
        session,
        booking,
        now,
        account_id=to,
        version=version,
        pass_version=pass_version,
        voided_from=voided.start,
        voided_until=voided.end,
    )
    names = people.names(session, [booking.account_id, to])
    facts = {"from": names[booking.account_id], "to": names[to]}
    note(session, booking.id, "handed over", by=actor, now=now, facts=dict(facts))
    event = BookingHandedOver(booking.id, version, from_account=booking.account_id)
    outbox.put(session, event, now=now)
    return replace(
        booking,
        account_id=to,
        version=version,
        pass_version=pass_version,
        voided=voided,
        changed_at=now,
    )
