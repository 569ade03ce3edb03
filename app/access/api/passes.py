"""One's pass as JSON and as a picture, and the desk's check-in."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from flask import Response, jsonify

from app.access import codes, service
from app.access.api.schemas import CheckInSchema, DaySchema, PassSchema, pass_json
from app.access.holder import issuer_keys
from app.access.passes import Pass
from app.bookings.api.schemas import BookingSchema, booking_json
from app.bookings.service import check_in
from app.db.transaction import reading, transaction
from app.domain.permissions import Permission
from app.web import clock
from app.web.api import refuses
from app.web.guards import actor, requires
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "passes_api", __name__, url_prefix="/api/v1", description="Passes, arrivals"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
SVG = "image/svg+xml"
# For the OpenAPI document: a check-in names its pass or its booking, never both and never neither.
ONE_FIELD = {"allOf": [CheckInSchema], "minProperties": 1, "maxProperties": 1}
ONE_OF_BOTH: dict[str, object] = {"content": {"application/json": {"schema": ONE_FIELD}}}


class Day(TypedDict, total=False):
    """What ``DaySchema`` gives."""

    day: date


class Scanned(TypedDict, total=False):
    """What ``CheckInSchema`` gives."""

    pass_text: str
    booking: str


@blueprint.route("/bookings/<ref>/pass", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(DaySchema, location="query")
@blueprint.response(200, PassSchema)
@refuses(blueprint, 401, 403, 404, 409)
@requires(Permission.PASS_VIEW)
def get_pass(asked: Day, ref: str) -> Response:
    """Give the pass of a confirmed booking; of a stay beyond twelve hours that of `day`."""
    return jsonify(pass_json(_pass(ref, asked.get("day"))))


@blueprint.route("/bookings/<ref>/pass.svg", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(DaySchema, location="query")
@blueprint.response(200, {"type": "string"}, content_type=SVG)
@refuses(blueprint, 401, 403, 404, 409)
@requires(Permission.PASS_VIEW)
def get_pass_picture(asked: Day, ref: str) -> Response:
    """Give the pass as a QR code."""
    return Response(codes.svg(_pass(ref, asked.get("day")).text), mimetype=SVG)


@blueprint.route("/check-ins", methods=["POST"])
@blueprint.doc(security=TOKEN, requestBody=ONE_OF_BOTH)
@blueprint.arguments(CheckInSchema)
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.CHECK_IN)
def post_check_in(scanned: Scanned) -> Response:
    """Note that somebody has come, by the pass they show or by their booking; twice is once."""
    person, now = actor(), clock.now()
    with transaction() as session:
        if "booking" in scanned:
            booking = check_in(session, person, scanned["booking"], now=now)
        else:
            booking = service.check_in_by_pass(
                session, person, scanned["pass_text"], keys=issuer_keys(), now=now
            )
    return jsonify(booking_json(booking))


def _pass(ref: str, day: date | None) -> Pass:
    with reading() as session:
        return service.pass_for(session, actor(), ref, keys=issuer_keys(), now=clock.now(), day=day)
