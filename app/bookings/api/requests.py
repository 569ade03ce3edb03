"""The staff's answer to a request, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

import marshmallow as ma
from flask import Response
from sqlalchemy.orm import Session

from app.bookings import service
from app.bookings.api.answers import shown
from app.bookings.api.schemas import BookingSchema, Strict, booking_json, one_line
from app.bookings.booking import Booking
from app.bookings.service.approving import REASON_LENGTH
from app.db.transaction import transaction
from app.domain.permissions import Actor, Permission
from app.web import clock
from app.web.api import refuses
from app.web.guards import actor, requires
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "requests_api", __name__, url_prefix="/api/v1", description="Bookings that need a yes"
)


class DecisionSchema(Strict):
    """Yes or no; no needs a reason, which the person reads."""

    approved = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    reason = ma.fields.String(load_default="", validate=one_line(REASON_LENGTH))


class Decision(TypedDict):
    """What ``DecisionSchema`` gives."""

    approved: bool
    reason: str


@blueprint.route("/bookings/<ref>/decision", methods=["POST"])
@blueprint.doc(security=[{"token": []}])
@blueprint.arguments(DecisionSchema())
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.BOOKING_APPROVE)
def decide(decision: Decision, ref: str) -> Response:
    """Answer a `requested` booking: it becomes `confirmed` or `refused`; twice is once."""
    with transaction() as session:
        booking = _decide(session, actor(), ref, decision, clock.now())
    return shown(booking_json(booking), booking.version)


def _decide(
    session: Session, person: Actor, ref: str, decision: Decision, now: datetime
) -> Booking:
    command = service.approve if decision["approved"] else service.refuse_request
    return command(session, person, ref, now=now, reason=decision["reason"])
