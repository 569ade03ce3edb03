"""Which rights a booking may use up, and what it would cost with those that are left now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.domain.entitlements import suffices
from app.domain.profiles import ProvenProfile
from app.domain.tariffs import Quote, Right
from app.entitlements import queries as rights
from app.entitlements.queries import UsableRights, Use
from app.people.queries import Paying
from app.spaces.network import Network
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for


def use_of(booking: Booking) -> Use:
    """Give whose rights a booking may use up, and when."""
    return Use(
        account_id=booking.account_id,
        organisation_id=booking.organisation_id,
        on=booking.space.calendar.local_date(booking.span.start),
        span=booking.span,
        booking_id=booking.id,
    )


def still_covered(booking: Booking, usable: Sequence[Right]) -> bool:
    """Whether the rights that its price counts on are still there."""
    return suffices(usable, [(each.right_id, each.amount) for each in booking.quote.spent])


def with_quote(booking: Booking, quote: Quote) -> Booking:
    """Give the booking at another price."""
    return replace(
        booking,
        quote=quote,
        net=quote.net,
        vat=quote.vat,
        gross=quote.gross,
        profile=quote.profile,
        card_version=quote.card_version,
    )


def requoted(session: Session, network: Network, booking: Booking, usable: UsableRights) -> Booking:
    """Give a hold at the price of its day of asking with the rights that are left."""
    use = use_of(booking)
    paying, _ = rights.paying(session, use.account_id, use.organisation_id, on=use.on)
    quote = quote_for(
        find_cards(session, network),
        booking.space,
        booking.span,
        booking.people,
        proven_with(paying, usable),
        booked_on=booking.space.calendar.local_date(booking.created_at),
        customer=paying.customer,
        rights=usable.rights,
    )
    return with_quote(booking, quote)


def as_it_stands(session: Session, network: Network, booking: Booking) -> Booking:
    """Give a hold at the price that confirming it would have now; no statement without rights."""
    if not booking.quote.spent:
        return booking
    usable = rights.usable_rights(session, network, use_of(booking))
    if still_covered(booking, usable.rights):
        return booking
    return requoted(session, network, booking, usable)


def proven_with(paying: Paying, usable: UsableRights) -> tuple[ProvenProfile, ...]:
    """Give the profiles that set a price, the residence of memberships included."""
    return (*paying.profiles, *usable.residence)
