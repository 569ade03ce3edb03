"""The basket: every place one keeps, by who sells it, confirmed together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.bookings import queries, service
from app.bookings.booking import MOST_HOLDS, Booking
from app.bookings.forms import stay_values
from app.bookings.queries import Listing
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import BasketRefused, DomainError, PriceChanged
from app.domain.money import Money
from app.spaces.network import Network
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.addresses import address
from app.web.errors import status_of
from app.web.guards import signed_in
from app.web.sentences import sentence

PRICE = "price-"  # before the reference of a hold: what was shown for it
MOST_LISTED = 50
MOST_SIGNS = 10  # of a price in cents


@dataclass(frozen=True, slots=True)
class Line:
    """A place in the basket, at what it would cost now; why it cannot be had, if it cannot."""

    booking: Booking
    place: PlaceView
    price: Money
    trouble: str
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells some of the places: each is owed its own sum."""

    name: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        """What all of its places cost, with VAT."""
        return Money(sum(line.price.minor for line in self.lines))


@signed_in
def basket() -> ResponseReturnValue:
    """Show what is kept, until when, and what it costs at each Totem's operator."""
    return _page({}, 200)


@signed_in
def confirm_basket() -> ResponseReturnValue:
    """Confirm all that was shown, at the prices shown; if one cannot be had, nothing is booked."""
    now, actor = clock.now(), guards.actor()
    shown = {
        name.removeprefix(PRICE): int(value)
        for name, value in request.form.items()
        if name.startswith(PRICE)
        and value.isascii()
        and value.isdigit()
        and len(value) < MOST_SIGNS
    }
    if not shown or len(shown) > MOST_LISTED:
        return redirect(url_for("bookings.basket"), 303)
    try:
        with transaction() as session:
            confirmed = service.confirm_basket(session, actor, shown, now=now)
    except BasketRefused as refusal:
        flash(sentence(refusal), "warning")
        return _page(dict(refusal.refused), status_of(refusal))
    if any(each.state is BookingState.REQUESTED for each in confirmed):
        flash(_("L’accueil doit donner son accord pour une partie ; il vous répond."), "done")
    count = len(confirmed)
    flash(
        ngettext(
            "C’est réservé : %(num)d lieu. La confirmation part par courriel.",
            "C’est réservé : %(num)d lieux. Les confirmations partent par courriel.",
            count,
        ),
        "done",
    )
    return redirect(url_for("bookings.bookings"), 303)


def _page(refused: Mapping[str, DomainError], status: int) -> ResponseReturnValue:
    now, actor = clock.now(), guards.actor()
    listing = Listing(states=frozenset({BookingState.HELD}), limit=MOST_LISTED)
    with reading() as session:
        network = find_network(session)
        listed = queries.my_bookings(session, network, actor, listing, now=now).items
        held = [each for each in listed if each.account_id == actor.account_id]
        gone = [
            queries.get_booking(session, network, actor, ref, now=now)
            for ref in sorted(set(refused) - {each.ref for each in held})
        ]
        stands = [queries.as_it_stands(session, network, each) for each in held]
    lines = [_line(each, refused.get(each.ref)) for each in stands]
    ends = min((each.hold_expires_at for each in held if each.hold_expires_at), default=None)
    return render_template(
        "bookings/basket.html",
        sellers=_sellers(network, lines),
        gone=[_line(each, refused[each.ref]) for each in gone],
        total=Money(sum(line.price.minor for line in lines)),
        ends=ends,
        left=None if ends is None else ends - now,
        room=MOST_HOLDS - len(held),
    ), status


def _line(booking: Booking, refusal: DomainError | None) -> Line:
    price = booking.gross
    if isinstance(refusal, PriceChanged):
        price = Money(refusal.now_minor)
    values = stay_values(booking.span, booking.people, booking.site.zone)
    return Line(
        booking=booking,
        place=place_view(booking.space, booking.site),
        price=price,
        trouble="" if refusal is None else sentence(refusal),
        elsewhere=address("bookings.find", site=booking.site.code, **values),
    )


def _sellers(network: Network, lines: list[Line]) -> list[Seller]:
    """Group the lines by who sells, in the order of the network."""
    return [
        Seller(each.name, sold)
        for each in network.operators
        if (sold := tuple(line for line in lines if line.booking.site.operator == each.code))
    ]
