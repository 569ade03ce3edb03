"""A booking on its way into the calendar: who asks for what, and the columns it will have."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.bookings.booking import HOLD, Booking, Wanted
from app.bookings.service.journal import price_columns
from app.bookings.service.rules import GRANTED, Verdict
from app.domain.booking_states import BookingState
from app.domain.ids import AccountId, BookingId, BookingRef, OrganisationId
from app.domain.permissions import Actor
from app.domain.tariffs import Quote
from app.spaces.network import Network, Space
from app.spaces.occupancy import AllocationKind

# Without 0 o 1 i l, so that a reference survives the telephone. 31^10: one booking in ten million
# meets a used one once in eighty million times, and the unique constraint then refuses it.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
REF_LENGTH = 10
_RANDOM = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, for whom, when, and how it will stand."""

    actor: Actor
    person: AccountId
    wanted: Wanted
    state: BookingState
    now: datetime
    held_until: datetime | None = None  # how long a hold lasts, when not as long as usual

    @property
    def is_hold(self) -> bool:
        """Whether the place is only kept while the person reads."""
        return self.state is BookingState.HELD


def new_ref() -> str:
    """Give a reference that nobody can guess and everybody can spell."""
    return "".join(_RANDOM.choices(ALPHABET, k=REF_LENGTH))


def unentered(
    asked: Asked,
    network: Network,
    space: Space,
    organisation_id: OrganisationId | None,
    quote: Quote,
    verdict: Verdict = GRANTED,
) -> Booking:
    """Give the booking that somebody asked for at that price, before it has an id.

    Requested, not confirmed, where the verdict is that the staff must be asked.
    """
    if verdict.needs_approval and not asked.is_hold:
        asked = replace(asked, state=BookingState.REQUESTED)
    wanted = asked.wanted
    return replace(
        _plain(asked, network, space, organisation_id, quote),
        buffers=space.buffers,
        setup=wanted.setup,
        companion_id=verdict.companion_id,
        guest=wanted.guest,
    ).waiting()


def _plain(
    asked: Asked,
    network: Network,
    space: Space,
    organisation_id: OrganisationId | None,
    quote: Quote,
) -> Booking:
    wanted, now = asked.wanted, asked.now
    return Booking(
        id=BookingId(0),
        ref=BookingRef(new_ref()),
        account_id=asked.person,
        organisation_id=organisation_id,
        space=space,
        site=network.get_site(space.site),
        state=asked.state,
        stored_state=asked.state,
        span=wanted.span,
        people=wanted.people,
        title=wanted.title,
        version=0,
        created_by=asked.actor.account_id,
        created_at=now,
        changed_at=now,
        hold_expires_at=(asked.held_until or now + HOLD) if asked.is_hold else None,
        confirmed_at=now if asked.state is BookingState.CONFIRMED else None,
        cancelled_at=None,
        checked_in_at=None,
        checked_out_at=None,
        voided=None,
        quote=quote,
        net=quote.net,
        vat=quote.vat,
        gross=quote.gross,
        profile=quote.profile,
        card_version=quote.card_version,
    )


def expiry_of(booking: Booking) -> datetime | None:
    """Give when a booking may cease to keep its place: a hold's limit, a request's beginning.

    One that stands does when nobody comes; who came is asked of the booking then.
    """
    if booking.stored_state is BookingState.REQUESTED:
        return booking.span.start
    return booking.hold_expires_at or booking.waited_until


def kind_of(booking: Booking) -> AllocationKind:
    """Say as what a booking takes its place."""
    held = booking.stored_state is BookingState.HELD
    return AllocationKind.HOLD if held else AllocationKind.BOOKING


def kept_columns(booking: Booking) -> dict[str, Any]:
    """Give the columns in which a booking keeps what the rules of its place made of it."""
    return {
        "buffer_before_minutes": booking.buffers.before_minutes,
        "buffer_after_minutes": booking.buffers.after_minutes,
        "setup": booking.setup,
        "companion_id": booking.companion_id,
        "guest_name": None if booking.guest is None else booking.guest.name,
        "guest_email": None if booking.guest is None else booking.guest.email,
        "release_at": booking.waited_until,
    }


def link_columns(booking: Booking) -> dict[str, Any]:
    """Give the columns that say which date of which series a booking is."""
    link = booking.series
    return {
        "series_id": None if link is None else link.id,
        "original_start": None if link is None else link.original,
    }


def columns_of(booking: Booking) -> dict[str, Any]:
    """Give the columns of a new booking."""
    return {
        "ref": booking.ref,
        "account_id": booking.account_id,
        "organisation_id": booking.organisation_id,
        "space_id": booking.space.id,
        "site_id": booking.site.id,
        "state": booking.stored_state.value,
        "starts_at": booking.span.start,
        "ends_at": booking.span.end,
        "people": booking.people,
        "title": booking.title,
        "version": booking.version,
        "created_by": booking.created_by,
        "created_at": booking.created_at,
        "changed_at": booking.changed_at,
        "hold_expires_at": booking.hold_expires_at,
        "confirmed_at": booking.confirmed_at,
        **kept_columns(booking),
        **price_columns(booking),
    }
