"""Asking for a place: booked at once, or held while the person reads and then confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.bookings.booking import MOST_HOLDS, Booking, Guest, Wanted
from app.bookings.queries import lawful_space, lock_booking
from app.bookings.queries.absences import absences_beside
from app.bookings.queries.locks import lock_person
from app.bookings.queries.ruled import Asker
from app.bookings.service.absences import refuse_suspended
from app.bookings.service.approving import ask_approval
from app.bookings.service.drafting import (
    Asked,
    columns_of,
    expiry_of,
    kept_columns,
    kind_of,
    unentered,
)
from app.bookings.service.entering import action_of
from app.bookings.service.journal import note, override_facts, price_columns, span_facts, write
from app.bookings.service.rights import draw, settled, spend
from app.bookings.service.rules import enforce, needs_approval
from app.bookings.tables import BookingRow
from app.db import outbox
from app.domain.booking_states import BookingState, require_running_hold
from app.domain.errors import DomainError, HoldExpired, TooManyHolds
from app.domain.events import BookingConfirmed, BookingHeld
from app.domain.ids import AccountId, BookingId
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.profiles import in_date
from app.domain.tariffs import Right
from app.entitlements import queries as rights
from app.entitlements.queries import NO_RIGHTS, Use
from app.spaces import service as spaces
from app.spaces.network import Network
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import STAMP, Stamp, find_network, kept_network, stamp_in
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for

_PAYER = rights.payer_statement().add_columns(*STAMP, absences_beside().label("absences"))
_INSERT = insert(BookingRow).returning(BookingRow.id)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A booking before it has an id, the rights it may spend, and the network as it now is."""

    booking: Booking
    rights: tuple[Right, ...]
    stamp: Stamp


def book(session: Session, actor: Actor, wanted: Wanted, *, now: datetime) -> Booking:
    """Book a place for oneself, confirmed and on account; raises the rule that forbids it.

    Of two who want the same place at once one gets ``RoomTaken``.
    """
    require(actor, Permission.BOOKING_CREATE, Subject(owner_id=actor.account_id))
    asked = Asked(actor, actor.account_id, wanted, BookingState.CONFIRMED, now)
    return enter(session, asked)


def book_for(
    session: Session, actor: Actor, person: AccountId, wanted: Wanted, *, now: datetime
) -> Booking:
    """Book a place for somebody else, as staff of its site do, at that person's tariff."""
    site = find_network(session).get_space(wanted.space).site
    require(actor, Permission.BOOKING_CREATE_FOR_OTHERS, Subject(owner_id=person, site=site))
    return enter(session, Asked(actor, person, wanted, BookingState.CONFIRMED, now))


def hold_room(
    session: Session, actor: Actor, wanted: Wanted, *, now: datetime, beside: bool = False
) -> Booking:
    """Keep a place for 35 minutes; raises ``TooManyHolds`` beside what ``book`` raises.

    Kept ``beside`` others it runs out with the first of them: more places give no more time.
    """
    require(actor, Permission.BOOKING_CREATE, Subject(owner_id=actor.account_id))
    number, first_ends = _live_holds(session, actor, now)
    if number >= MOST_HOLDS:
        raise TooManyHolds(MOST_HOLDS)
    until = first_ends if beside else None
    asked = Asked(actor, actor.account_id, wanted, BookingState.HELD, now, held_until=until)
    return enter(session, asked)


def confirm(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    now: datetime,
    title: str | None = None,
    shown: int | None = None,
    guest: Guest | None = None,
) -> Booking:
    """Turn a running hold into a booking at the price shown; raises ``HoldExpired`` when late.

    Now its rights are spent. Raises ``PriceChanged`` when one is gone and the stay costs more than
    was ``shown``, in cents with VAT.
    """
    network = find_network(session)
    wish = Permission.BOOKING_MOVE
    booking = lock_booking(session, network, actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    expires = booking.hold_expires_at
    require_running_hold(booking.stored_state, hold_expires_at=expires, now=now)
    booking, usable = settled(session, network, booking, shown=shown, now=now)
    title = booking.title if title is None else title
    confirmed = _confirmed(replace(booking, title=title, guest=guest or booking.guest), actor, now)
    until = expiry_of(confirmed)
    if spaces.confirm_hold(session, holder_id=booking.id, expires_at=until) == 0:
        raise HoldExpired(expires or now)
    _settle(session, booking, confirmed, now)
    spend(session, confirmed, usable, by=actor, now=now)
    _tell_confirmed(session, confirmed, actor, now)
    return confirmed


def _confirmed(hold: Booking, actor: Actor, now: datetime) -> Booking:
    """Give a hold as it stands once confirmed: for good, or before the staff of its place."""
    requested = needs_approval(hold.space, actor)
    state = BookingState.REQUESTED if requested else BookingState.CONFIRMED
    return replace(
        hold,
        state=state,
        stored_state=state,
        changed_at=now,
        hold_expires_at=None,
        confirmed_at=None if requested else now,
    ).waiting()


def _settle(session: Session, hold: Booking, confirmed: Booking, now: datetime) -> None:
    write(
        session,
        hold,
        now,
        state=confirmed.stored_state,
        title=confirmed.title,
        hold_expires_at=None,
        confirmed_at=confirmed.confirmed_at,
        **kept_columns(confirmed),
        **price_columns(confirmed),
    )


def _tell_confirmed(session: Session, confirmed: Booking, actor: Actor, now: datetime) -> None:
    if confirmed.stored_state is BookingState.REQUESTED:
        note(session, confirmed.id, "requested", by=actor, now=now)
        ask_approval(session, confirmed, now=now)
        return
    note(session, confirmed.id, "confirmed", by=actor, now=now)
    outbox.put(session, BookingConfirmed(confirmed.id, confirmed.version), now=now)


def drop_hold(session: Session, actor: Actor, ref: str, *, now: datetime) -> Booking:
    """Give a held place back before its time; nobody is told. A hold that ran out is left alone."""
    network = find_network(session)
    wish = Permission.BOOKING_CANCEL
    booking = lock_booking(session, network, actor, ref, wish=wish, now=now)
    require(actor, wish, booking.subject)
    if booking.state is BookingState.EXPIRED:
        return booking
    require_running_hold(booking.stored_state, hold_expires_at=booking.hold_expires_at, now=now)
    spaces.release(session, kind=AllocationKind.HOLD, holder_id=booking.id)
    write(session, booking, now, state=BookingState.CANCELLED, cancelled_at=now)
    note(session, booking.id, "dropped", by=actor, now=now)
    return replace(
        booking,
        state=BookingState.CANCELLED,
        stored_state=BookingState.CANCELLED,
        cancelled_at=now,
        changed_at=now,
    )


def _live_holds(session: Session, actor: Actor, now: datetime) -> tuple[int, datetime | None]:
    """Count what a person keeps unconfirmed, and say when the first of it runs out.

    Their other requests wait until this one is done.
    """
    lock_person(session, actor.account_id)
    number, first_ends = session.execute(
        select(func.count(), func.min(BookingRow.hold_expires_at))
        .select_from(BookingRow)
        .where(
            BookingRow.account_id == actor.account_id,
            BookingRow.state == BookingState.HELD.value,
            BookingRow.hold_expires_at > now,
        )
    ).one()
    return number, first_ends


def enter(session: Session, asked: Asked) -> Booking:
    """Check the wish, freeze its price, take the place and tell: all in the caller's transaction.

    The booking's row comes before its units only because they carry its id; should the place
    turn out taken, the refusal undoes both.
    """
    wanted, now = asked.wanted, asked.now
    drafted = _drafted(session, asked)
    row_id = session.connection().execute(_INSERT, columns_of(drafted.booking)).scalar_one()
    booking = replace(drafted.booking, id=BookingId(row_id))
    spend(session, booking, drafted.rights, by=asked.actor, now=now)
    spaces.occupy(
        session,
        space=booking.space,
        span=booking.occupied,
        units_wanted=wanted.people,
        kind=kind_of(booking),
        holder_id=booking.id,
        expires_at=expiry_of(booking),
        now=now,
    )
    _tell(session, booking, asked)
    return booking


def _tell(session: Session, booking: Booking, asked: Asked) -> None:
    """Note what was asked, and let the others hear of it."""
    facts = span_facts(booking.span) | override_facts(asked.wanted)
    requested = booking.stored_state is BookingState.REQUESTED
    note(session, booking.id, action_of(booking), by=asked.actor, now=asked.now, facts=facts)
    if requested:
        ask_approval(session, booking, now=asked.now)
        return
    confirmed = BookingConfirmed(booking.id, booking.version)
    outbox.put(session, BookingHeld(booking.id) if asked.is_hold else confirmed, now=asked.now)


def _drafted(session: Session, asked: Asked) -> _Drafted:
    """Give the booking as it will be, priced for its payer, before it has an id.

    By what this process knows of the network; whether that still holds is read together with the
    payer. Only after a load of the network are both looked up again.
    """
    known = kept_network(session)
    try:
        drafted = _draft(session, known, asked)
    except DomainError:
        network = find_network(session)
        if network is known:
            raise
    else:
        network = find_network(session, drafted.stamp)
        if network is known:
            return drafted
    return _draft(session, network, asked)


def _draft(session: Session, network: Network, asked: Asked) -> _Drafted:
    """Draft by that network; somebody without rights costs no statement for them."""
    wanted, now = asked.wanted, asked.now
    space = lawful_space(network, wanted, now=now)
    day = space.calendar.local_date(wanted.span.start)
    payer, row = rights.payer_and_more(session, _PAYER, asked.person, on=day, now=now)
    profiles = in_date(payer.profiles, on=day)
    who = Asker(asked.person, payer.organisation_id, profiles, wanted.companion)
    verdict = enforce(session, network, space, wanted, who, actor=asked.actor, now=now)
    cards = find_cards(session, network)
    refuse_suspended(session, cards, space, asked, absences=row.absences)
    usable = NO_RIGHTS
    if row.has_rights:
        use = Use(asked.person, payer.organisation_id, day, wanted.span)
        usable = draw(session, network, use, spend=not asked.is_hold)
    quote = quote_for(
        cards,
        space,
        wanted.span,
        wanted.people,
        (*payer.profiles, *usable.residence),
        booked_on=space.calendar.local_date(now),
        customer=payer.customer,
        rights=usable.rights,
    )
    booking = unentered(asked, network, space, payer.organisation_id, quote, verdict)
    return _Drafted(booking, usable.rights, stamp_in(row))
