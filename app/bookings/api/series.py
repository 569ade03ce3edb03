"""Series as JSON: look at every date, book all or none, see, change and cancel by scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypedDict

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.api.answers import SERIES, gone, labels, made, owner_of, shown
from app.bookings.api.schemas import IfMatchHeader, expected_version
from app.bookings.api.series_json import series_json, table_json, verdict_json
from app.bookings.api.series_schemas import (
    AskedChange,
    AskedSeries,
    ScopeSchema,
    SeriesChangeSchema,
    SeriesSchema,
    SeriesWantedSchema,
    TableSchema,
    change_from,
    choices_from,
    wanted_from,
)
from app.bookings.series import Scope, SeriesTable, SeriesWanted
from app.bookings.series_dates import Dates
from app.db.transaction import reading, transaction
from app.domain.errors import DatesRefused
from app.domain.permissions import Actor, Permission
from app.spaces.queries import find_network
from app.web import clock
from app.web.api import problem, refuses
from app.web.errors import status_of
from app.web.guards import actor, requires
from app.web.idempotency import IdempotencyHeader, once
from app.web.json_bodies import ApiBlueprint
from app.web.sentences import sentence

blueprint = ApiBlueprint(
    "series_api", __name__, url_prefix="/api/v1", description="Bookings that come again"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]


class Scoped(TypedDict, total=False):
    """What ``ScopeSchema`` gives."""

    scope: str
    since: date


@blueprint.route("/series/preview", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(SeriesWantedSchema())
@blueprint.response(200, TableSchema)
@refuses(blueprint, 400, 401, 403, 404)
@requires(Permission.BOOKING_CREATE)
def preview_series(asked: AskedSeries) -> Response:
    """Say of every date whether it can be had, at what price, why not, and what is near."""
    with reading() as session:
        wanted = _wanted(session, asked)
        return jsonify(table_json(_table(session, wanted, asked), wanted))


@blueprint.route("/series", methods=["POST"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(SeriesWantedSchema())
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(201, SeriesSchema)
@refuses(blueprint, 400, 401, 403, 404, 409)
@requires(Permission.BOOKING_CREATE)
def create_series(asked: AskedSeries, _key: object) -> Response:
    """Book every date that is not dropped, or none: 409 then carries the table anew."""
    person, now = actor(), clock.now()

    def deed() -> Dates:
        wanted = _wanted(session, asked)
        series, _ = service.book_series(session, person, wanted, choices_from(asked), now=now)
        return _dates(session, person, series.ref)

    try:
        with transaction() as session:
            reply = _once(session, person, deed, _created)
    except DatesRefused as refused:
        with reading() as session:
            return _refused(refused, _table(session, _wanted(session, asked), asked))
    return reply()


@blueprint.route("/series/<string(minlength=8):ref>", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, SeriesSchema)
@refuses(blueprint, 401, 403, 404)
@requires(Permission.BOOKING_VIEW)
def get_series(ref: str) -> Response:
    """Give one series with its dates; those of others are not found."""
    with reading() as session:
        dates = _dates(session, actor(), ref)
    response = _answer(dates)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@blueprint.route("/series/<string(minlength=8):ref>", methods=["PATCH"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(SeriesChangeSchema())
@blueprint.arguments(IfMatchHeader(), location="headers")
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(200, SeriesSchema)
@refuses(blueprint, 400, 401, 403, 404, 409, 412)
@requires(Permission.BOOKING_MOVE)
def change_series(asked: AskedChange, match: dict[str, str], _key: object, ref: str) -> Response:
    """Change hours, space, people or title of a date, of what follows it, or of all to come.

    What is past stays; dates moved by hand stay where they are. Dates before it stay behind in
    the series of this address: the answer is then another one, which `follows` it.
    """
    person, now = actor(), clock.now()
    scope, since = Scope(asked["scope"]), asked.get("since")
    version = expected_version(match.get("etag"))

    def deed() -> Dates:
        network = find_network(session)
        series = queries.get_series(session, network, person, ref)
        change = change_from(asked, series.site)
        anew = service.change_series(
            session, person, ref, scope, change, day=since, now=now, expected_version=version
        )
        return _dates(session, person, anew.ref)

    try:
        with transaction() as session:
            reply = _once(session, person, deed, _answer)
    except DatesRefused as refused:
        with reading() as session:
            series = queries.get_series(session, find_network(session), person, ref)
            change = change_from(asked, series.site)
            table = service.preview_change(session, person, ref, scope, change, day=since, now=now)
            return _refused(refused, table)
    return reply()


@blueprint.route("/series/<string(minlength=8):ref>", methods=["DELETE"])
@blueprint.doc(security=TOKEN)
@blueprint.arguments(ScopeSchema(), location="query")
@blueprint.arguments(IfMatchHeader(), location="headers")
@blueprint.arguments(IdempotencyHeader(), location="headers")
@blueprint.response(204)
@refuses(blueprint, 401, 403, 404, 409, 412)
@requires(Permission.BOOKING_CANCEL)
def cancel_series(scoped: Scoped, match: dict[str, str], _key: object, ref: str) -> Response:
    """Cancel a date, it and what follows, or all to come; what is past stays."""
    person, now = actor(), clock.now()
    version = expected_version(match.get("etag"))

    def deed() -> object:
        return service.cancel_series(
            session,
            person,
            ref,
            Scope(scoped["scope"]),
            day=scoped.get("since"),
            now=now,
            expected_version=version,
        )

    with transaction() as session:
        reply = once(session, owner=owner_of(person), now=now, deed=deed, answer=gone)
    return reply()


def _wanted(session: Session, asked: AskedSeries) -> SeriesWanted:
    network = find_network(session)
    return wanted_from(asked, network.get_site(network.get_space(asked["space"]).site))


def _table(session: Session, wanted: SeriesWanted, asked: AskedSeries) -> SeriesTable:
    return service.preview(session, actor(), wanted, choices_from(asked), now=clock.now())


def _refused(refused: DatesRefused, table: SeriesTable) -> Response:
    days = [day.isoformat() for day in refused.dates]
    items = [verdict_json(each) for each in table.verdicts]
    return problem(status_of(refused), refused.code, sentence(refused), dates=days, items=items)


def _dates(session: Session, person: Actor, ref: str) -> Dates:
    network = find_network(session)
    series = queries.get_series(session, network, person, ref)
    visits = queries.dates_of_series(session, network, series.id, now=clock.now())
    return Dates(series, tuple(visits))


def _once(
    session: Session, person: Actor, deed: Callable[[], Dates], answer: Callable[[Dates], Response]
) -> Callable[[], Response]:
    owner, label = owner_of(person), labels(SERIES)
    return once(session, owner=owner, now=clock.now(), deed=deed, answer=answer, label=label)


def _answer(dates: Dates) -> Response:
    return shown(series_json(dates), dates.series.version)


def _created(dates: Dates) -> Response:
    return made(series_json(dates), dates.series.version, f"{SERIES}/{dates.series.ref}")
