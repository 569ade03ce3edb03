"""Entering many bookings at once: all or none, in as many statements for fifty as for two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.service.approving import ask_approval
from app.bookings.service.drafting import columns_of, expiry_of, kind_of, link_columns
from app.bookings.service.journal import note_many, span_facts
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.domain.ids import BookingId
from app.domain.permissions import Actor
from app.domain.tariffs import Right
from app.entitlements import service as entitlements
from app.spaces import service as spaces

_INSERT = insert(BookingRow).returning(BookingRow.ref, BookingRow.id)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A booking before it has an id, with the rights it may spend."""

    booking: Booking
    usable: tuple[Right, ...] = ()


def enter_many(
    session: Session, drafts: Sequence[Drafted], *, by: Actor, now: datetime
) -> tuple[list[Booking], list[Booking]]:
    """Write bookings, spend their rights and take their places: gives them, and those refused.

    With any refused, because somebody else has the place, the caller must undo it all by raising.
    Nobody is told: the caller knows in how many words.
    """
    rows = [_columns(draft.booking) for draft in drafts]
    ids: Mapping[str, int] = {
        row.ref: row.id for row in session.connection().execute(_INSERT, rows)
    }
    entered = [
        Drafted(replace(each.booking, id=BookingId(ids[each.booking.ref])), each.usable)
        for each in drafts
    ]
    refused = take_places(session, [each.booking for each in entered], now=now)
    if refused:
        return [], refused
    spend_many(session, entered, by=by, now=now)
    bookings = [each.booking for each in entered]
    note_many(
        session,
        [(each.id, action_of(each), span_facts(each.span)) for each in bookings],
        by=by,
        now=now,
    )
    for booking in bookings:
        if booking.stored_state is BookingState.REQUESTED:
            ask_approval(session, booking, now=now)
    return bookings, []


def take_places(session: Session, bookings: Sequence[Booking], *, now: datetime) -> list[Booking]:
    """Take the places of bookings, or none; gives those that others have in the way."""
    stays = {
        booking.id: spaces.Stay(
            booking.space,
            booking.occupied,
            booking.people,
            kind_of(booking),
            booking.id,
            expiry_of(booking),
        )
        for booking in bookings
    }
    refused = {
        stay.holder_id for stay in spaces.occupy_many(session, list(stays.values()), now=now)
    }
    return [booking for booking in bookings if booking.id in refused]


def spend_many(session: Session, drafts: Sequence[Drafted], *, by: Actor, now: datetime) -> None:
    """Enter what confirmed bookings use up, in one statement; none where nothing is."""
    spending = [
        entitlements.Spending(
            each.booking.quote.spent,
            each.usable,
            entitlements.Stay(each.booking.id, each.booking.site.id, each.booking.span),
        )
        for each in drafts
        if each.booking.quote.spent and each.booking.stored_state is not BookingState.HELD
    ]
    entitlements.spend_many(session, spending, by=by.account_id, now=now)


def action_of(booking: Booking) -> str:
    """Say in the words of the log what was done."""
    requested = booking.stored_state is BookingState.REQUESTED
    held = booking.stored_state is BookingState.HELD
    return "held" if held else "requested" if requested else "booked"


def _columns(booking: Booking) -> dict[str, Any]:
    return {**columns_of(booking), **link_columns(booking)}
