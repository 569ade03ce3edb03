"""What a door asks for who stands at it with a pass: its room from now, arriving, an early end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypedDict, TypeVar

from flask import Response, jsonify
from sqlalchemy.orm import Session

from app.access import service
from app.access.api.schemas import BookedHereSchema, BookHereSchema, ShownSchema, pass_json
from app.access.api.signatures import signer
from app.access.holder import issuer_keys
from app.access.passes import Pass
from app.access.service import AtDoor
from app.bookings.api.schemas import BookingSchema, booking_json
from app.bookings.booking import Booking
from app.db.transaction import transaction
from app.web import clock
from app.web.api import refuses
from app.web.guards import device_signed
from app.web.idempotency import IdempotencyHeader, once
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "door_rooms_api", __name__, url_prefix="/api/v1/devices", description="The room behind a door"
)
SIGNED: Final[list[dict[str, list[str]]]] = [{"device": []}]
Done = TypeVar("Done")


class Shown(TypedDict):
    """What ``ShownSchema`` gives."""

    pass_text: str


class BookHere(Shown):
    """What ``BookHereSchema`` gives."""

    minutes: int


@blueprint.route("/bookings", methods=["POST"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(BookHereSchema)
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(201, BookedHereSchema)
@refuses(blueprint, 400, 401, 403, 404, 409, 422)
@device_signed
def post_booking(asked: BookHere, _key: object) -> Response:
    """Book the room behind this door from now, for who shows a pass of theirs; they pay."""
    at = _at(asked)
    return _once(
        at, lambda session: service.book_at_door(session, at, asked["minutes"]), _booked_here
    )


@blueprint.route("/check-ins", methods=["POST"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(ShownSchema)
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 400, 401, 403, 409, 422)
@device_signed
def post_check_in(asked: Shown, _key: object) -> Response:
    """Note that the people of the stay behind this door have come; twice is once."""
    at = _at(asked)
    return _once(at, lambda session: service.check_in_at_door(session, at), _told)


@blueprint.route("/ends", methods=["POST"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(ShownSchema)
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 400, 401, 403, 409, 422)
@device_signed
def post_end(asked: Shown, _key: object) -> Response:
    """End the stay behind this door now, for who booked it."""
    at = _at(asked)
    return _once(at, lambda session: service.end_at_door(session, at), _told)


def _at(asked: Shown) -> AtDoor:
    return AtDoor(signer(), asked["pass_text"], issuer_keys(), clock.now())


def _once(
    at: AtDoor, deed: Callable[[Session], Done], answer: Callable[[Done], Response]
) -> Response:
    with transaction() as session:
        reply = once(
            session,
            owner=f"device:{at.device.id}",
            now=at.now,
            deed=lambda: deed(session),
            answer=answer,
        )
    return reply()


def _booked_here(given: Pass) -> Response:
    response = jsonify(booking=booking_json(given.booking), **{"pass": pass_json(given)})
    response.status_code = 201
    return response


def _told(booking: Booking) -> Response:
    return jsonify(booking_json(booking))
