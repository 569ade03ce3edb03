"""What a booking costs, explained by the quote and the version of the card frozen on it."""

from __future__ import annotations

from dataclasses import replace

from app.bookings.booking import Booking
from app.domain.buffers import billed
from app.domain.errors import NoPrice, UnknownCard
from app.domain.tariffs import Asked
from app.domain.vat_rules import PRIVATE_PERSON, Customer, business
from app.tariffs.cards import Cards
from app.tariffs.priced import Priced
from app.tariffs.quote_views import QuoteView, frozen_view, quote_view


def frozen_quote(cards: Cards, booking: Booking) -> QuoteView:
    """Put a booking's price into words by its own version of the card, never by today's.

    A card that is no longer read explains nothing; the lines still say what is paid.
    """
    try:
        card = cards.version(booking.space.site, booking.card_version)
        return frozen_view(
            Priced(booking.quote, card, _asked(booking), booking.space.calendar), booking.space.site
        )
    except (UnknownCard, NoPrice):
        return quote_view(booking.quote)


def _asked(booking: Booking) -> Asked:
    """Give what was asked for; of the proofs held, the one that counted."""
    return Asked(
        kind=booking.space.kind,
        capacity=booking.space.capacity,
        span=billed(booking.span, replace(booking.buffers, charged=booking.space.buffers.charged)),
        people=booking.people,
        profiles=frozenset({booking.quote.profile}),
        row=booking.space.rate,
        customer=_customer(booking),
    )


def _customer(booking: Booking) -> Customer:
    return PRIVATE_PERSON if booking.organisation_id is None else business(None)
