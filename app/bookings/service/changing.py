"""Changing one's mind: another time, place or number of people, or giving the booking up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.bookings.booking import NOTHING, Booking, Change, Wanted
from app.bookings.queries import lock_booking
from app.bookings.service.approving import ask_approval
from app.bookings.service.drafting import kind_of
from app.bookings.service.ending import resettle_end
from app.bookings.service.journal import note, override_facts, span_facts, write
from app.bookings.service.resettling import placed, repriced, take_anew, write_changed
from app.bookings.service.rights import give_back, spend
from app.bookings.service.rules import standing
from app.bookings.service.terms import by_terms, refuse_dearer
from app.db import outbox
from app.domain.booking_states import CANCELLABLE, MOVABLE, BookingState
from app.domain.cancellation import WHOLE, part_of
from app.domain.errors import SpanInPast, StaleVersion, WrongState
from app.domain.events import BookingCancelled, BookingMoved
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, allowed, require
from app.spaces import service as spaces
from app.spaces.network import Network
from app.spaces.queries import find_network


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
    refuse_stale(booking.version, expected_version)
    wanted = wish.applied_to(booking) if isinstance(wish, Change) else wish
    if now >= booking.span.start and _is_other_end(booking, wanted):
        return resettle_end(session, network, actor, booking, wanted, now=now, shown=shown)
    if booking.state not in MOVABLE:
        raise WrongState(booking.state, booking.state)
    wanted = arranged(wanted, booking)
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
    anew = given_up(booking, percent, is_waived=bool(waived), now=now)
    give_back(session, booking, by=actor, now=now, percent=percent)
    spaces.release(session, kind=kind_of(booking), holder_id=booking.id)
    write(session, booking, now, state=BookingState.CANCELLED, **given_up_columns(anew))
    refund = anew.refund or NOTHING
    facts: JsonObject = {"refund": refund.minor, "percent": percent}
    facts = facts | {"waived": waived} if waived else facts
    note(session, booking.id, "cancelled", by=actor, now=now, facts=facts)
    if booking.state is not BookingState.HELD:
        outbox.put(session, BookingCancelled(booking.id, anew.version), now=now)
    return anew


def given_up(booking: Booking, percent: int, *, now: datetime, is_waived: bool = False) -> Booking:
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
        voided=booking.voided_now,
    )


def given_up_columns(booking: Booking) -> dict[str, Any]:
    """Give the columns that change when a booking is given up, but for its state."""
    voided, refund = booking.voided_now, booking.refund or NOTHING
    return {
        "cancelled_at": booking.cancelled_at,
        "version": booking.version,
        "pass_version": booking.pass_version,
        "refund_minor": refund.minor,
        "voided_from": voided.start,
        "voided_until": voided.end,
    }


def _percent_back(booking: Booking, actor: Actor, waived: str, now: datetime) -> int:
    if not waived:
        return booking.percent_back(now)
    require(actor, Permission.BOOKING_OVERRIDE, booking.subject)
    return WHOLE


def _refuse_cancelling(
    booking: Booking, actor: Actor, expected_version: int | None, now: datetime
) -> None:
    refuse_stale(booking.version, expected_version)
    if booking.state not in CANCELLABLE:
        raise WrongState(booking.state, BookingState.CANCELLED)
    if not allowed(actor, Permission.CHECK_IN, booking.subject):
        _refuse_begun(booking, now)


def refuse_stale(version: int, expected: int | None) -> None:
    """Let a change pass of what was read; raises ``StaleVersion``."""
    if expected is not None and expected != version:
        raise StaleVersion(expected, version)


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


def arranged(wanted: Wanted, booking: Booking) -> Wanted:
    """Leave the room furnished as it was, unless another way or another room is wanted."""
    stays = wanted.setup is None and wanted.space == booking.space.code
    return replace(wanted, setup=booking.setup) if stays else wanted


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
    anew = repriced(session, network, actor, booking, wanted, asked_at=now, now=now)
    moved = placed(anew.booking, network, wanted, now)
    moved = replace(moved, companion_id=anew.verdict.companion_id)
    moved = standing(moved, anew.verdict).waiting()
    percent = WHOLE if wanted.override is not None else booking.percent_back(now)
    moved = by_terms(booking, moved, percent)
    refuse_dearer(moved, shown)
    require(actor, Permission.BOOKING_MOVE, moved.subject)  # staff of one site give away none other
    take_anew(session, booking, moved, now=now)
    write_changed(session, booking, moved, now)
    spend(session, moved, anew.usable, by=actor, now=now)
    before = {"space": booking.space.code, **span_facts(booking.span)}
    facts = before | override_facts(wanted)
    note(session, booking.id, "moved", by=actor, now=now, facts=facts)
    if moved.stored_state is BookingState.REQUESTED:
        ask_approval(session, moved, now=now)
    elif moved.state is not BookingState.HELD:
        outbox.put(session, BookingMoved(moved.id, moved.version), now=now)
    return moved
