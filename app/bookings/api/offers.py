"""What may be had and for how much: free places for a stay, and quotes; no account needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from flask import Response, jsonify

from app.bookings import queries
from app.bookings.api.explanations import ExplainedQuoteSchema, explained_json
from app.bookings.api.schemas import (
    AskedQuoteSchema,
    OffersSchema,
    SearchSchema,
    alternative_json,
    offer_json,
)
from app.bookings.booking import Wanted
from app.bookings.first_wish import GRID, this_moment
from app.bookings.queries import Search, Stretch, Whose
from app.db.transaction import reading
from app.domain.day_parts import DayPart
from app.domain.errors import Closed, OverCapacity
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.profiles import Profile
from app.spaces.network import Network
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock
from app.web.api import refuses
from app.web.guards import maybe_actor, public
from app.web.json_bodies import ApiBlueprint

AN_HOUR = 60  # minutes, where nobody says how long
blueprint = ApiBlueprint(
    "offers_api", __name__, url_prefix="/api/v1", description="Free places and prices"
)


class Looked(TypedDict, total=False):
    """What ``SearchSchema`` gives."""

    start: datetime
    end: datetime
    duration: int
    part: str
    site: str
    kind: str
    people: int
    equipment: list[str]
    setup: str
    accessible: bool
    hearing_loop: bool


class AskedQuote(TypedDict, total=False):
    """What ``AskedQuoteSchema`` gives."""

    space: SpaceCode
    starts_at: datetime
    ends_at: datetime
    people: int
    profile: str


@blueprint.route("/availability", methods=["GET"])
@blueprint.arguments(SearchSchema(), location="query")
@blueprint.response(200, OffersSchema)
@refuses(blueprint, 401, 404)
@public
def find_offers(looked: Looked) -> Response:
    """List the spaces free from `from` to `to`, or for `duration` in between, with prices.

    Neither is needed: without any it is an hour from now on. Where nothing is free,
    `alternatives` are other hours of the closest fit, similar rooms, joined ones, other sites.
    """
    now, whose = clock.now(), _whose()
    search, stretch = _search_of(looked, now), _stretch_of(looked)
    with reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
        if stretch is not None:
            found = queries.find_stretches(session, network, cards, search, stretch, whose, now=now)
        else:
            found = queries.offers(session, network, cards, search, whose, now=now)
        wish = None if found or stretch is not None else _closest(network, search)
        near = (
            queries.alternatives_for(session, network, cards, wish, whose, now=now) if wish else []
        )
    return jsonify(
        items=[offer_json(offer) for offer in found],
        alternatives=[alternative_json(each) for each in near],
        next=None,
    )


@blueprint.route("/quotes", methods=["POST"])
@blueprint.arguments(AskedQuoteSchema())
@blueprint.response(200, ExplainedQuoteSchema)
@refuses(blueprint, 400, 401, 404)
@public
def make_quote(asked: AskedQuote) -> Response:
    """Price a stay, line by line, with why and what would lower it; `profile` simulates one."""
    wanted = Wanted(asked["space"], Span(asked["starts_at"], asked["ends_at"]), asked["people"])
    profile = asked.get("profile")
    whose = _whose() if profile is None else Profile(profile)
    with reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
        price = queries.price_of(session, network, cards, wanted, whose, now=clock.now())
    return jsonify(explained_json(price))


def _search_of(looked: Looked, now: datetime) -> Search:
    """Give what is looked for; raises ``EndBeforeStart``."""
    start = looked.get("start") or this_moment(now, GRID)
    end = looked.get("end") or start + timedelta(minutes=looked.get("duration", AN_HOUR))
    return Search(
        span=Span(start, end),
        people=looked["people"],
        site=looked.get("site"),
        kind=looked.get("kind"),
        equipment=tuple(code for given in looked["equipment"] for code in given.split(",") if code),
        accessible=looked["accessible"],
        hearing_loop=looked["hearing_loop"],
        setup=looked.get("setup"),
    )


def _stretch_of(looked: Looked) -> Stretch | None:
    """Give the length to be found within a window, None where the very hours are asked for."""
    if "duration" not in looked or "end" not in looked:
        return None
    return Stretch(looked["duration"], DayPart(looked["part"]) if "part" in looked else None)


def _closest(network: Network, search: Search) -> Wanted | None:
    """Give the wish for the place that would fit best, None where no place would do."""
    try:
        would_do = queries.places_that_would_do(network, search)
    except (Closed, OverCapacity):
        return None
    return Wanted(would_do[0].code, search.span, search.people) if would_do else None


def _whose() -> Whose:
    actor = maybe_actor()
    return None if actor is None else actor.account_id
