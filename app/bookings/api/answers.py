"""Answers that say the version of what they show, now and when they are given again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify

from app.bookings.api.schemas import etag_of
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor

BOOKINGS = "/api/v1/bookings"
SERIES = "/api/v1/series"


def owner_of(person: Actor) -> str:
    """Name whose an ``Idempotency-Key`` is."""
    return f"account:{person.account_id}"


def shown(content: JsonObject, version: int) -> Response:
    """Answer with the ETag that ``If-Match`` asks about."""
    response = jsonify(content)
    response.set_etag(etag_of(version, response.get_data()))
    return response


def made(content: JsonObject, version: int, location: str) -> Response:
    """Answer 201 with where it now stands."""
    response = shown(content, version)
    response.status_code = 201
    response.headers["Location"] = location
    return response


def labels(collection: str) -> Callable[[Response], None]:
    """Give how an answer out of the store gets the headers that it first had."""

    def label(repeated: Response) -> None:
        kept = repeated.get_json()
        repeated.set_etag(etag_of(kept["version"], repeated.get_data()))
        if repeated.status_code == 201:
            repeated.headers["Location"] = f"{collection}/{kept['id']}"

    return label


def gone(_done: object) -> Response:
    """Answer 204: there is nothing to show."""
    return Response(status=204)
