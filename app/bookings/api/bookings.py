"""One's bookings as JSON: make, list, see, change, cancel."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask import Response, jsonify, request
from marshmallow import ValidationError

from app.bookings import queries, service
from app.bookings.api.answers import BOOKINGS, gone, labels, made, owner_of, shown
from app.bookings.api.clashes import taken_problem
from app.bookings.api.schemas import (
    BookingSchema,
    BookingsSchema,
    ChangeSchema,
    IfMatchHeader,
    ListingSchema,
    WantedSchema,
    booking_json,
    expected_version,
)
from app.bookings.api.wishes import Asked, Changed, change_from, wanted_from
from app.bookings.booking import Booking
from app.bookings.queries import Listing
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import BadCursor, RoomTaken
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission
from app.spaces.queries import find_network
from app.web import clock
from app.web.api import InstantField, decode_cursor, encode_cursor, instant, refuses
from app.web.guards import actor, requires
from app.web.idempotency import IdempotencyHeader, once
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "bookings_api", __name__, url_prefix="/api/v1", description="One's own bookings"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
END = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
LARGEST_ID = 2**63 - 1


class Listed(TypedDict, total=False):
    """What ``ListingSchema`` gives."""

    start: datetime
    end: datetime
    state: str
    cursor: str
    limit: int


@blueprint.route("/bookings", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(WantedSchema())
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(201, BookingSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.BOOKING_CREATE)
def create_booking(asked: Asked, _key: object) -> Response:
    """Book a space: `confirmed` at once, or `requested` where the staff are asked first.

    A clash answers 409 with `clashes` and `alternatives`.
    """
    person, now = actor(), clock.now()
    wanted = wanted_from(asked)
    try:
        with transaction() as session:
            reply = once(
                session,
                owner=owner_of(person),
                now=now,
                deed=lambda: service.book(session, person, wanted, now=now),
                answer=_created,
                label=labels(BOOKINGS),
            )
    except RoomTaken as taken:
        return taken_problem(taken, wanted, person.account_id, now)
    return reply()


@blueprint.route("/bookings", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(ListingSchema(), location="query")
@blueprint.response(200, BookingsSchema)
@refuses(blueprint, 401, 403)
@requires(Permission.BOOKING_VIEW)
def list_bookings(listed: Listed) -> Response:
    """List one's bookings by start; `from` and `to` keep those that touch that stretch."""
    with reading() as session:
        network = find_network(session)
        page = queries.my_bookings(session, network, actor(), _listing(listed), now=clock.now())
    after = None if page.next is None else encode_cursor(instant(page.next[0]), page.next[1])
    return jsonify(items=[booking_json(booking) for booking in page.items], next=after)


@blueprint.route("/bookings/<ref>", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 401, 403, 404)
@requires(Permission.BOOKING_VIEW)
def get_booking(ref: str) -> Response:
    """Give one booking; those of others are not found."""
    with reading() as session:
        network = find_network(session)
        booking = queries.get_booking(session, network, actor(), ref, now=clock.now())
    response = _answer(booking)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@blueprint.route("/bookings/<ref>", methods=["PATCH"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(ChangeSchema())
@blueprint.arguments(IfMatchHeader(), location="headers")
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 400, 401, 403, 404, 409, 412)
@requires(Permission.BOOKING_MOVE)
def change_booking(changed: Changed, match: dict[str, str], _key: object, ref: str) -> Response:
    """Change time, space, people or title; a new time, space or number gets today's price."""
    person, now, change = actor(), clock.now(), change_from(changed)
    version = expected_version(match.get("etag"))

    def deed() -> Booking:
        return service.move(session, person, ref, change, now=now, expected_version=version)

    try:
        with transaction() as session:
            owner = owner_of(person)
            reply = once(
                session, owner=owner, now=now, deed=deed, answer=_answer, label=labels(BOOKINGS)
            )
    except RoomTaken as taken:
        booking = _standing(person, ref, now)
        return taken_problem(taken, change.applied_to(booking), booking, now)
    return reply()


@blueprint.route("/bookings/<ref>", methods=["DELETE"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(IfMatchHeader(), location="headers")
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(204)
@refuses(blueprint, 401, 403, 404, 409, 412)
@requires(Permission.BOOKING_CANCEL)
def cancel_booking(match: dict[str, str], _key: object, ref: str) -> Response:
    """Cancel a booking that has not begun; cancelling it again changes nothing."""
    person, now = actor(), clock.now()
    version = expected_version(match.get("etag"))

    def deed() -> Booking:
        return service.cancel(session, person, ref, now=now, expected_version=version)

    with transaction() as session:
        reply = once(session, owner=owner_of(person), now=now, deed=deed, answer=gone)
    return reply()


def _answer(booking: Booking) -> Response:
    return shown(booking_json(booking), booking.version)


def _created(booking: Booking) -> Response:
    return made(booking_json(booking), booking.version, f"{BOOKINGS}/{booking.ref}")


def _listing(listed: Listed) -> Listing:
    window = None
    if "start" in listed or "end" in listed:
        window = Span(listed.get("start", BEGINNING), listed.get("end", END))
    states = frozenset({BookingState(listed["state"])}) if "state" in listed else frozenset()
    after = _after(listed["cursor"]) if "cursor" in listed else None
    return Listing(window, states, after, listed["limit"])


def _after(cursor: str) -> tuple[datetime, int]:
    text, number = decode_cursor(cursor, (str, int))
    try:
        start = InstantField().deserialize(text)
    except ValidationError as error:
        raise BadCursor from error
    if not 0 < number <= LARGEST_ID:
        raise BadCursor
    return start, number


def _standing(person: Actor, ref: str, now: datetime) -> Booking:
    """Give a booking as it stands after a move that was refused; its payer's prices are told."""
    with reading() as session:
        network, wish = find_network(session), Permission.BOOKING_MOVE
        return queries.get_booking(session, network, person, ref, now=now, wish=wish)
