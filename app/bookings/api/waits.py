"""Waiting in line for a place, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

import marshmallow as ma
from flask import Response, jsonify

from app.bookings.api.schemas import CODE, MOST_PEOPLE, Strict, span_json
from app.bookings.queries.waits import InLine, open_waits, ranked, waits_of_person
from app.bookings.service.waiting import join, leave_line
from app.bookings.waits import WaitOffer, WaitWish
from app.db.transaction import reading, transaction
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.permissions import Permission
from app.domain.waiting import LONGEST_WINDOW, WaitState
from app.spaces.queries import find_network
from app.web import clock
from app.web.api import InstantField, MoneySchema, WholeNumber, instant, refuses
from app.web.guards import actor, requires
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "waits_api", __name__, url_prefix="/api/v1", description="Waiting in line for a place"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
LONGEST = int(LONGEST_WINDOW.total_seconds()) // 60
KINDS = [each.value for each in SpaceKind]


class NeedsSchema(Strict):
    """What the place must be or have; without a site at any Totem, without a kind of any."""

    site = ma.fields.String(load_default=None, allow_none=True, validate=CODE)
    kind = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf([*KINDS, None])
    )
    people = WholeNumber(required=True, validate=ma.validate.Range(min=1, max=MOST_PEOPLE))
    equipment = ma.fields.List(
        ma.fields.String(validate=CODE), load_default=list, validate=ma.validate.Length(max=20)
    )
    accessible = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    hearing_loop = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})


class AskedWaitSchema(NeedsSchema):
    """A stay of so many `minutes` within a window of a week at most; left out: all of it."""

    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    minutes = WholeNumber(validate=ma.validate.Range(min=1, max=LONGEST))


class WaitOfferSchema(ma.Schema):
    """A place held for the person until `expires_at`; the mailed link confirms it."""

    booking = ma.fields.String(required=True)
    space = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    expires_at = InstantField(required=True)
    gross = ma.fields.Nested(MoneySchema, required=True)


class WaitSchema(ma.Schema):
    """A wait; `rank` 1 is next, null while an offer runs."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([WaitState.WAITING.value, WaitState.OFFERED.value]),
    )
    site = ma.fields.String(required=True, allow_none=True)
    kind = ma.fields.String(required=True, allow_none=True)
    people = ma.fields.Integer(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    minutes = ma.fields.Integer(required=True)
    equipment = ma.fields.List(ma.fields.String(), required=True)
    accessible = ma.fields.Boolean(required=True)
    hearing_loop = ma.fields.Boolean(required=True)
    joined_at = InstantField(required=True)
    rank = ma.fields.Integer(required=True, allow_none=True)
    offer = ma.fields.Nested(WaitOfferSchema, required=True, allow_none=True)


class WaitsSchema(ma.Schema):
    """One's own waits, soonest first."""

    items = ma.fields.List(ma.fields.Nested(WaitSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class AskedWait(TypedDict, total=False):
    """What ``AskedWaitSchema`` gives; ``minutes`` may be missing."""

    site: str | None
    kind: str | None
    people: int
    equipment: list[str]
    accessible: bool
    hearing_loop: bool
    starts_at: datetime
    ends_at: datetime
    minutes: int


@blueprint.route("/waits", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, WaitsSchema)
@refuses(blueprint, 401, 403)
@requires(Permission.BOOKING_VIEW)
def my_waits() -> Response:
    """Give what one waits for, how far on in line, and the offers that run."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        found = waits_of_person(session, network, actor().account_id, now=now)
    return jsonify(items=[_wait_json(each, now) for each in found], next=None)


@blueprint.route("/waits", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(AskedWaitSchema())
@blueprint.response(201, WaitSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.BOOKING_CREATE)
def wait(asked: AskedWait) -> tuple[Response, int]:
    """Join the line; asked twice for the same, one waits once. Offers come by mail."""
    now = clock.now()
    with transaction() as session:
        joined = join(session, actor(), _wish(asked), now=now)
        every = open_waits(session, find_network(session), now=now)
    (found,) = (each for each in ranked(every, now) if each.wait.id == joined.id)
    return jsonify(_wait_json(found, now)), 201


@blueprint.route("/waits/<ref>", methods=["DELETE"])
@blueprint.doc(security=TOKEN)
@blueprint.response(204)
@refuses(blueprint, 401, 403, 404)
@requires(Permission.BOOKING_CANCEL)
def leave(ref: str) -> None:
    """Wait no more; a place that is held for it goes to the next in line. Twice is once."""
    with transaction() as session:
        leave_line(session, actor(), ref, now=clock.now())


def _wish(asked: AskedWait) -> WaitWish:
    window = Span(asked["starts_at"], asked["ends_at"])
    kind = asked["kind"]
    return WaitWish(
        window=window,
        minutes=asked.get("minutes", window.minutes),
        people=asked["people"],
        site=asked["site"],
        kind=None if kind is None else SpaceKind(kind),
        equipment=tuple(sorted(set(asked["equipment"]))),
        accessible=asked["accessible"],
        hearing_loop=asked["hearing_loop"],
    )


def _wait_json(each: InLine, now: datetime) -> JsonObject:
    wait, wish = each.wait, each.wait.wish
    offer = wait.open_offer
    return {
        "id": wait.ref,
        "state": wait.state(now).value,
        "site": wish.site,
        "kind": None if wish.kind is None else wish.kind.value,
        "people": wish.people,
        **span_json(wish.window),
        "minutes": wish.minutes,
        "equipment": list(wish.equipment),
        "accessible": wish.accessible,
        "hearing_loop": wish.hearing_loop,
        "joined_at": instant(wait.joined_at),
        "rank": each.rank,
        "offer": None if offer is None else _offer_json(offer),
    }


def _offer_json(offer: WaitOffer) -> JsonObject:
    return {
        "booking": offer.ref,
        "space": offer.space.code,
        **span_json(offer.span),
        "expires_at": instant(offer.until or offer.span.start),
        "gross": offer.gross.to_json(),
    }
