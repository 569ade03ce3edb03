"""What may be had and for how much: free places for a stay, and quotes; no account needed."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask import Response, jsonify

from app.bookings import queries
from app.bookings.api.explanations import ExplainedQuoteSchema, explained_json
from app.bookings.api.schemas import (
    AskedQuoteSchema,
    OffersSchema,
    SearchSchema,
    offer_json,
)
from app.bookings.booking import Wanted
from app.bookings.queries import Search, Whose
from app.db.transaction import reading
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.profiles import Profile
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock
from app.web.api import refuses
from app.web.guards import maybe_actor, public
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "offers_api", __name__, url_prefix="/api/v1", description="Free places and prices"
)


class Looked(TypedDict, total=False):
    """What ``SearchSchema`` gives."""

    start: datetime
    end: datetime
    site: str
    kind: str
    people: int
    equipment: list[str]


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
    """List the spaces free from `from` to `to`, best first, each with its price."""
    search = Search(
        span=Span(looked["start"], looked["end"]),
        people=looked["people"],
        site=looked.get("site"),
        kind=looked.get("kind"),
        equipment=tuple(code for given in looked["equipment"] for code in given.split(",") if code),
    )
    with reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
        found = queries.offers(session, network, cards, search, _whose(), now=clock.now())
    return jsonify(items=[offer_json(offer) for offer in found], next=None)


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


def _whose() -> Whose:
    actor = maybe_actor()
    return None if actor is None else actor.account_id
