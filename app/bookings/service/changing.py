"""Changing one's mind: another time, place or number of people, or giving the booking up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import NOTHING, Booking, Change, Wanted
from app.bookings.queries import lawful_space, lock_booking
from app.bookings.queries.rights import proven_with, with_quote
from app.bookings.service.approving import ask_approval
from app.bookings.service.drafting import expiry_of, kept_columns
from app.bookings.service.ending import resettle_end, voided_by_now
from app.bookings.service.journal import note, override_facts, price_columns, span_facts, write
from app.bookings.service.rights import give_back, redraw, spend
from app.bookings.service.rules import enforce_moved, standing
from app.bookings.service.terms import by_terms, refuse_dearer
from app.db import outbox
from app.domain.booking_states import CANCELLABLE, MOVABLE, BookingState
from app.domain.cancellation import WHOLE, part_of
from app.domain.errors import SpanInPast, StaleVersion, WrongState
from app.domain.events import BookingCancelled, BookingMoved
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, allowed, require
from app.domain.tariffs import Right
from app.entitlements import queries as rights
from app.entitlements.queries import Use
from app.spaces import service as spaces
from app.spaces.network import Network
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for


def move(
    session: Session,
    actor: Actor,
    ref: str,
    wish: Wanted | Change,
    *,
    now: datetime,
    expected_version: int | None = None,
    shown: int | None = None,
) -> Booking:
    """Give a booking another time, place or number of people, at today's price for its payer.

    Raises what ``book`` raises, ``WrongState``, ``StaleVersion``, ``SpanInPast`` once the stay has
    begun (save that its end may still move), ``NotAllowed`` where staff reach into another site,
    and ``PriceChanged`` when more would be due than was ``shown``, in cents. A new title alone
    changes neither price nor version.
    """
    network = find_network(session)
    permission = Permission.BOOKING_MOVE
    booking = lock_booking(session, network, actor, ref, wish=permission, now=now)
    require(actor, permission, booking.subject)
    refuse_stale(booking, expected_version)
    wanted = wish.applied_to(booking) if isinstance(wish, Change) else wish
    if now >= booking.span.start and _is_other_end(booking, wanted):
        return resettle_end(session, network, actor, booking, wanted, now=now, shown=shown)
    if booking.state not in MOVABLE:
        raise WrongState(booking.state, booking.state)
    wanted = _arranged(wanted, booking)
    if (wanted.space, wanted.span, wanted.people, wanted.setup) == _place_of(booking):
        return _rename(session, actor, booking, wanted.title, now)
    _refuse_begun(booking, now)
    return _resettle(session, network, actor, booking, wanted, now, shown)


def cancel(
    session: Session,
    actor: Actor,
    ref: str,
    *,
    now: datetime,
    expected_version: int | None = None,
    waived: str = "",
) -> Booking:
    """Give a booking up: its place is free at once, its passes die, its person is told.

    What comes back is what its frozen terms say; staff may give everything back with a reason,
    `waived`. Twice is once. Raises ``WrongState`` after its end, ``SpanInPast`` once it has begun,
    save for staff, and ``NotAllowed`` for who waives without being staff.
    """
    network = find_network(session)
    permission = Permission.BOOKING_CANCEL
    booking = lock_booking(session, network, actor, ref, wish=permission, now=now)
    require(actor, permission, booking.subject)
    if booking.state is BookingState.CANCELLED:
        return booking
    _refuse_cancelling(booking, actor, expected_version, now)
    percent = _percent_back(booking, actor, waived, now)
    given_up = _given_up(booking, percent, is_waived=bool(waived), now=now)
    give_back(session, booking, by=actor, now=now, percent=percent)
    spaces.release(session, kind=_kind(booking), holder_id=booking.id)
    _store_given_up(session, booking, given_up, now)
    refund = given_up.refund or NOTHING
    facts: JsonObject = {"refund": refund.minor, "percent": percent}
    facts = facts | {"waived": waived} if waived else facts
    note(session, booking.id, "cancelled", by=actor, now=now, facts=facts)
    if booking.state is not BookingState.HELD:
        outbox.put(session, BookingCancelled(booking.id, given_up.version), now=now)
    return given_up


def _given_up(booking: Booking, percent: int, *, is_waived: bool, now: datetime) -> Booking:
    """Give the booking as it is once given up; who waives also waives what was kept before."""
    price = booking.gross + (booking.kept if is_waived else NOTHING)
    return replace(
        booking,
        state=BookingState.CANCELLED,
        stored_state=BookingState.CANCELLED,
        cancelled_at=now,
        changed_at=now,
        version=booking.version + 1,
        pass_version=booking.pass_version + 1,
        refund=part_of(price, percent),
        voided=voided_by_now(booking),
    )


def _store_given_up(session: Session, booking: Booking, given_up: Booking, now: datetime) -> None:
    voided, refund = given_up.voided or booking.span, given_up.refund or NOTHING
    write(
        session,
        booking,
        now,
        state=BookingState.CANCELLED,
        cancelled_at=now,
        version=given_up.version,
        pass_version=given_up.pass_version,
        refund_minor=refund.minor,
        voided_from=voided.start,
        voided_until=voided.end,
    )


def _percent_back(booking: Booking, actor: Actor, waived: str, now: datetime) -> int:
    if booking.stored_state is BookingState.REQUESTED:
        return WHOLE
    if not waived:
        return booking.percent_back(now)
    require(actor, Permission.BOOKING_OVERRIDE, booking.subject)
    return WHOLE


def _refuse_cancelling(
    booking: Booking, actor: Actor, expected_version: int | None, now: datetime
) -> None:
    refuse_stale(booking, expected_version)
    if booking.state not in CANCELLABLE:
        raise WrongState(booking.state, BookingState.CANCELLED)
    if not allowed(actor, Permission.CHECK_IN, booking.subject):
        _refuse_begun(booking, now)


def refuse_stale(booking: Booking, expected_version: int | None) -> None:
    """Let a change pass of what was read; raises ``StaleVersion``."""
    if expected_version is not None and expected_version != booking.version:
        raise StaleVersion(expected_version, booking.version)


def _refuse_begun(booking: Booking, now: datetime) -> None:
    if booking.span.start <= now:
        raise SpanInPast(booking.span.start, now)


def _is_other_end(booking: Booking, wanted: Wanted) -> bool:
    """Whether nothing but the end is to be another."""
    same = (wanted.space, wanted.span.start, wanted.people)
    stands = (booking.space.code, booking.span.start, booking.people)
    return same == stands and wanted.span.end != booking.span.end


def _place_of(booking: Booking) -> tuple[object, ...]:
    return booking.space.code, booking.span, booking.people, booking.setup


def _arranged(wanted: Wanted, booking: Booking) -> Wanted:
    """Leave the room furnished as it was, unless another way or another room is wanted."""
    stays = wanted.setup is None and wanted.space == booking.space.code
    return replace(wanted, setup=booking.setup) if stays else wanted


def _kind(booking: Booking) -> AllocationKind:
    held = booking.stored_state is BookingState.HELD
    return AllocationKind.HOLD if held else AllocationKind.BOOKING


def _rename(session: Session, actor: Actor, booking: Booking, title: str, now: datetime) -> Booking:
    if title == booking.title:
        return booking
    write(session, booking, now, title=title)
    note(session, booking.id, "renamed", by=actor, now=now)
    return replace(booking, title=title, changed_at=now)


def _resettle(
    session: Session,
    network: Network,
    actor: Actor,
    booking: Booking,
    wanted: Wanted,
    now: datetime,
    shown: int | None,
) -> Booking:
    """Give the old place back and take the new one; the refusal of the new undoes both."""
    moved, usable = _repriced(session, network, actor, booking, wanted, now)
    percent = WHOLE if wanted.override is not None else booking.percent_back(now)
    moved = by_terms(booking, moved, percent)
    refuse_dearer(moved, shown)
    require(actor, Permission.BOOKING_MOVE, moved.subject)  # staff of one site give away none other
    kind = _kind(booking)
    spaces.release(session, kind=kind, holder_id=booking.id)
    spaces.occupy(
        session,
        space=moved.space,
        span=moved.occupied,
        units_wanted=moved.people,
        kind=kind,
        holder_id=booking.id,
        expires_at=expiry_of(moved),
        now=now,
        has_released=True,
    )
    _store(session, booking, moved, now)
    spend(session, moved, usable, by=actor, now=now)
    before = {"space": booking.space.code, **span_facts(booking.span)}
    facts = before | override_facts(wanted)
    note(session, booking.id, "moved", by=actor, now=now, facts=facts)
    if moved.stored_state is BookingState.REQUESTED:
        ask_approval(session, moved, now=now)
    elif moved.state is not BookingState.HELD:
        outbox.put(session, BookingMoved(moved.id, moved.version), now=now)
    return moved


def _repriced(
    session: Session,
    network: Network,
    actor: Actor,
    booking: Booking,
    wanted: Wanted,
    now: datetime,
) -> tuple[Booking, tuple[Right, ...]]:
    """Give the booking at its new place and price, and the rights it may spend, locked."""
    space = lawful_space(network, wanted, now=now)
    day = space.calendar.local_date(wanted.span.start)
    use = Use(booking.account_id, booking.organisation_id, day, wanted.span, booking.id)
    paying, has_rights = rights.paying(session, use.account_id, use.organisation_id, on=day)
    usable = rights.NO_RIGHTS
    if has_rights or booking.quote.spent:
        usable = redraw(session, network, booking, use, by=actor, now=now)
    verdict = enforce_moved(
        session, network, booking, wanted, paying.profiles, actor=actor, now=now
    )
    cards = find_cards(session, network)
    quote = quote_for(
        cards,
        space,
        wanted.span,
        wanted.people,
        proven_with(paying, usable),
        booked_on=space.calendar.local_date(now),
        customer=paying.customer,
        rights=usable.rights,
    )
    moved = replace(
        _placed(with_quote(booking, quote), network, wanted),
        companion_id=verdict.companion_id,
        version=booking.version + 1,
        pass_version=booking.pass_version + 1,
        voided=voided_by_now(booking),
        changed_at=now,
    )
    return standing(moved, verdict).waiting(), usable.rights


def _placed(booking: Booking, network: Network, wanted: Wanted) -> Booking:
    """Give the booking with the time, place, people and set-up that are wanted."""
    space = network.get_space(wanted.space)
    return replace(
        booking,
        space=space,
        site=network.get_site(space.site),
        span=wanted.span,
        people=wanted.people,
        title=wanted.title,
        buffers=space.buffers,
        setup=wanted.setup,
    )


def _store(session: Session, booking: Booking, moved: Booking, now: datetime) -> None:
    voided = moved.voided or moved.span
    write(
        session,
        booking,
        now,
        state=None if moved.stored_state is booking.stored_state else moved.stored_state,
        confirmed_at=moved.confirmed_at,
        space_id=moved.space.id,
        site_id=moved.site.id,
        starts_at=moved.span.start,
        ends_at=moved.span.end,
        people=moved.people,
        title=moved.title,
        version=moved.version,
        pass_version=moved.pass_version,
        voided_from=voided.start,
        voided_until=voided.end,
        **kept_columns(moved),
        **price_columns(moved),
    )
