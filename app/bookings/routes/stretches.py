"""Any moment that suits: so many hours this week, in the mornings, wherever it is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.bookings import queries
from app.bookings.find_choices import chosen_needs
from app.bookings.forms import refuse, stay_values
from app.bookings.queries import Offer, Stretch
from app.bookings.routes.figures import big_figure
from app.bookings.routes.find import search_of
from app.bookings.stretch_form import StretchForm, read_stretch_form
from app.bookings.ways_out import THREE, WayOut, less_asked
from app.db.transaction import reading
from app.domain.errors import DomainError
from app.domain.permissions import Actor
from app.spaces.network import Network
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView, priced_view
from app.web import clock, formats, guards
from app.web.addresses import address
from app.web.guards import public

FIRST = 12


@dataclass(frozen=True, slots=True)
class MomentView:
    """When a place is free for so long, in words, and where to take it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class PlaceMoments:
    """A place with the first moments it is free for so long, at the price of the first."""

    place: PlaceView
    quote: QuoteView
    moments: list[MomentView]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search for a moment: the first places, or ways out of having found none."""

    count: int = 0
    places: list[PlaceMoments] = field(default_factory=list)
    ways: list[WayOut] = field(default_factory=list)
    status: int = 200


@public
def stretches() -> ResponseReturnValue:
    """Show where people can stay for so long within some days, best first."""
    now, actor = clock.now(), guards.maybe_actor()
    with reading() as database:
        network = find_network(database)
        if not network.sites:
            return render_template("bookings/no_totem.html"), 503
        form = read_stretch_form(network, now)
        found = _found(database, network, actor, form) if form.validate() else Found(status=422)
        big = big_figure(database, actor, now)
    return render_template(
        "bookings/stretches.html",
        form=form,
        found=found,
        big=big,
        needs=chosen_needs(form),
        all_href=_again({"all": "1"}) if found.count > len(found.places) else "",
    ), found.status


def _found(database: Session, network: Network, actor: Actor | None, form: StretchForm) -> Found:
    now, whose = clock.now(), actor.account_id if actor else None
    search = search_of(form, form.window(network, now))
    stretch = Stretch(form.length, form.day_part)
    cards = find_cards(database, network)
    try:
        offers = queries.find_stretches(database, network, cards, search, stretch, whose, now=now)
    except DomainError as refusal:
        refuse(form, refusal)
        return Found(status=422)
    shown = [each for each in offers if queries.is_shown(search, each.space)]
    if not shown:
        return Found(ways=less_asked(form, _again, most=THREE))
    places = _by_place(network, shown, form)
    return Found(len(places), places if "all" in request.args else places[:FIRST])


def _by_place(network: Network, offers: list[Offer], form: StretchForm) -> list[PlaceMoments]:
    """Gather the moments of each place, the places in the order of their best one."""
    order: dict[str, int] = {}
    for offer in offers:
        order.setdefault(offer.space.code, len(order))
    sorted_offers = sorted(offers, key=lambda each: (order[each.space.code], each.span))
    return [
        _place(network, list(each), form)
        for _code, each in groupby(sorted_offers, key=lambda offer: offer.space.code)
    ]


def _place(network: Network, offers: list[Offer], form: StretchForm) -> PlaceMoments:
    space = offers[0].space
    site = network.get_site(space.site)
    people, setup = form.people.data or 0, form.setup.data
    chosen = {"setup": setup} if setup else {}
    moments = [
        MomentView(
            formats.short_stay(each.span, site.zone),
            address(
                "bookings.place",
                code=space.code,
                **stay_values(each.span, people, site.zone),
                **chosen,
            ),
        )
        for each in offers
    ]
    return PlaceMoments(place_view(space, site), priced_view(offers[0].price, site.code), moments)


def _again(changes: Mapping[str, str]) -> str:
    """Give the address of the same search with some values changed; "" takes one out."""
    kept = {name: values for name, values in request.args.lists() if name not in changes}
    new = {name: [value] for name, value in changes.items() if value or name == "site"}
    return address("bookings.stretches", **(kept | new))
