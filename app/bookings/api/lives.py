"""The later life of a booking as JSON: a change priced first, leaving, handing over, its log."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

import marshmallow as ma
from flask import Response, jsonify

from app.bookings import queries, service
from app.bookings.api.answers import owner_of
from app.bookings.api.schemas import (
    BookingSchema,
    ChangeSchema,
    QuoteSchema,
    Strict,
    booking_json,
    one_line,
    quote_json,
    span_json,
)
from app.bookings.api.wishes import Changed, change_from
from app.bookings.booking import Booking
from app.bookings.queries.offers import price_of
from app.db.transaction import reading, transaction
from app.domain.cancellation import kept_of_change
from app.domain.errors import BadEmail, WrongState
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission, require
from app.people.addresses import normal_email
from app.people.tables import EMAIL_LENGTH
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.web import clock
from app.web.api import InstantField, MoneySchema, instant, refuses
from app.web.guards import actor, requires
from app.web.idempotency import IdempotencyHeader, once
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "lives_api", __name__, url_prefix="/api/v1", description="What becomes of a booking"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]
LOOKED_BACK = timedelta(days=365)


class PreviewSchema(ma.Schema):
    """What a change would cost: `due` in all, `kept` of what was given up too late."""

    space = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    people = ma.fields.Integer(required=True)
    quote = ma.fields.Nested(QuoteSchema, required=True)
    kept = ma.fields.Nested(MoneySchema, required=True)
    due = ma.fields.Nested(MoneySchema, required=True)
    difference = ma.fields.Nested(MoneySchema, required=True)


class HandOverSchema(Strict):
    """To whom a booking goes."""

    email = ma.fields.String(required=True, validate=one_line(EMAIL_LENGTH))


class HandedOverSchema(ma.Schema):
    """`handed_over` to a colleague at once; `offered` by mail to anybody else."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["handed_over", "offered"]))


class LogLineSchema(ma.Schema):
    """One thing done to a booking; `by` is null for doors, links and the clock."""

    at = InstantField(required=True)
    by = ma.fields.String(required=True, allow_none=True)
    action = ma.fields.String(required=True)
    facts = ma.fields.Dict(required=True)


class LogSchema(ma.Schema):
    """All that was done to a booking, oldest first."""

    items = ma.fields.List(ma.fields.Nested(LogLineSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class AbsenceSchema(ma.Schema):
    """A stay nobody came to; `counts` until the desk pardons it."""

    booking = ma.fields.String(required=True)
    space = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    released_at = InstantField(required=True)
    counts = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True, allow_none=True)


class AbsencesSchema(ma.Schema):
    """One's absences of a year, latest first."""

    items = ma.fields.List(ma.fields.Nested(AbsenceSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class HandOver(TypedDict):
    """What ``HandOverSchema`` gives."""

    email: str


@blueprint.route("/bookings/<ref>/previews", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(ChangeSchema())
@blueprint.response(200, PreviewSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.BOOKING_MOVE)
def preview_change(changed: Changed, ref: str) -> Response:
    """Give the price of a change before it is made; whether the place is free is not looked at."""
    person, now = actor(), clock.now()
    with reading() as session:
        network, wish = find_network(session), Permission.BOOKING_MOVE
        booking = queries.get_booking(session, network, person, ref, now=now, wish=wish)
        require(person, wish, booking.subject)
        if not booking.can_move(now):
            raise WrongState(booking.state, booking.state)
        wanted = change_from(changed).applied_to(booking)
        cards = find_cards(session, network)
        quote = price_of(session, network, cards, wanted, booking, now=now).quote
    before = booking.due
    kept = kept_of_change(before, quote.gross, booking.percent_back(now))
    due = quote.gross + kept
    return jsonify(
        space=wanted.space,
        **span_json(wanted.span),
        people=wanted.people,
        quote=quote_json(quote),
        kept=kept.to_json(),
        due=due.to_json(),
        difference=(due - before).to_json(),
    )


@blueprint.route("/bookings/<ref>/check-out", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(200, BookingSchema)
@refuses(blueprint, 401, 403, 404, 409)
@requires(Permission.BOOKING_MOVE)
def leave(_key: object, ref: str) -> Response:
    """End one's stay now: what is left of its time is free at once."""
    person, now = actor(), clock.now()

    def deed() -> Booking:
        return service.leave(session, person, ref, now=now)

    with transaction() as session:
        reply = once(session, owner=owner_of(person), now=now, deed=deed, answer=_answer)
    return reply()


@blueprint.route("/bookings/<ref>/hand-overs", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(HandOverSchema())
@blueprint.response(200, HandedOverSchema)
@refuses(blueprint, 400, 401, 403, 404, 409, 422)
@requires(Permission.BOOKING_HAND_OVER)
def hand_over(asked: HandOver, ref: str) -> Response:
    """Give a booking to a colleague at once, or offer it by mail to anybody else."""
    try:
        email = normal_email(asked["email"])
    except ValueError as error:
        raise BadEmail from error
    with transaction() as session:
        handed = service.hand_over(session, actor(), ref, email, now=clock.now())
    return jsonify(state="handed_over" if handed.is_done else "offered")


@blueprint.route("/bookings/<ref>/log", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, LogSchema)
@refuses(blueprint, 401, 403, 404)
@requires(Permission.BOOKING_VIEW)
def log_of(ref: str) -> Response:
    """Give all that was done to a booking, by whom and when."""
    with reading() as session:
        booking = queries.get_booking(session, find_network(session), actor(), ref, now=clock.now())
        lines = queries.find_log(session, booking)
    items = [
        {"at": instant(line.at), "by": line.actor, "action": line.action, "facts": line.facts}
        for line in lines
    ]
    return jsonify(items=items, next=None)


@blueprint.route("/me/absences", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, AbsencesSchema)
@refuses(blueprint, 401, 403)
@requires(Permission.BOOKING_VIEW)
def my_absences() -> Response:
    """Give one's absences of a year, and which of them still count."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        found = queries.absences_of(
            session, network, actor().account_id, since=now - LOOKED_BACK, now=now
        )
    return jsonify(items=[_absence_json(each) for each in found], next=None)


def _absence_json(each: queries.Absence) -> JsonObject:
    return {
        "booking": each.ref,
        "space": each.space.code,
        "starts_at": instant(each.starts_at),
        "released_at": instant(each.at),
        "counts": each.counts,
        "reason": each.reason,
    }


def _answer(booking: Booking) -> Response:
    return jsonify(booking_json(booking))
