"""The JSON interface: flask-smorest kept to /api, problem+json (RFC 9457), shared fields, pages."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

import flask_smorest
import marshmallow as ma
from flask import Flask, Response, json, request
from werkzeug.exceptions import HTTPException

from app.domain.errors import BadCursor
from app.web import guards

OPENAPI = {
    "API_TITLE": "Totem",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"description": "Booking and access of the four Totems of LORnTECH."},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Signature",
                    "description": "RFC 9421, Ed25519; see docs/wire.md",
                },
            },
        },
    },
}
PROBLEM = "application/problem+json"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "object"},
        "clashes": {"type": "array", "items": {"type": "object"}},
        "alternatives": {"type": "array", "items": {"type": "object"}},
    },
}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
MOST_IN_A_PAGE = 200
QUERY_NUMBER = re.compile(r"-?[0-9]{1,15}")
View = TypeVar("View", bound=Callable[..., object])


class SiteApi(flask_smorest.Api):
    """flask-smorest makes every error of the site JSON and drops Allow: this one does neither."""

    def _register_error_handlers(self) -> None:
        """Leave errors to ``app.web.errors``, which serves pages and API from one table."""

    @guards.public
    def _openapi_json(self) -> Response:
        """Give the document to anybody."""
        document: Response = super()._openapi_json()
        return document

    def _register_responses(self) -> None:
        """Document every refusal as what it is: problem+json."""
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for status in HTTPStatus:
            documented: dict[str, Any] = {"description": status.phrase}
            if status >= HTTPStatus.BAD_REQUEST:
                documented["content"] = content
            self.spec.components.response(status.name, documented, lazy=True)
        refusal = {"description": "Any other refusal", "content": content}
        self.spec.components.response("DEFAULT_ERROR", refusal, lazy=True)


def refuses(blueprint: flask_smorest.Blueprint, *statuses: int) -> Callable[[View], View]:
    """Document the refusals of an operation, for the OpenAPI document, by one wrapper for all."""
    first, *others = statuses

    def document(view: View) -> View:
        documented = blueprint.alt_response(first, response=HTTPStatus(first).name)(view)
        responses: dict[int, list[str]] = vars(documented)["_apidoc"]["response"]["responses"]
        responses.update({status: [HTTPStatus(status).name] for status in others})
        return documented

    return document


def is_api() -> bool:
    """Whether this request belongs to the API."""
    return request.path.startswith("/api/")


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: object
) -> Response:
    """Answer by problem+json with a stable code and a sentence that says what to do."""
    body = {
        "type": f"https://totem.example/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    response = Response(json.dumps(body), status=status, mimetype=PROBLEM)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def http_problem(error: HTTPException, detail: str) -> Response:
    """Turn an HTTP error of Werkzeug or flask-smorest into a problem."""
    given = error.get_response().headers
    headers = {name: given[name] for name in KEPT_HEADERS if name in given}
    status = error.code or 500
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    more: dict[str, object] = {}
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    if messages:
        code = "invalid-input"
        more["errors"] = _by_field(messages)
    return problem(status, code, detail, headers, **more)


def _by_field(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """Flatten marshmallow's messages {location: {field: [...]}} to {field: [...]}."""
    found: dict[str, list[str]] = {}

    def walk(path: str, value: object) -> None:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                whole = name == "_schema"  # what marshmallow says of the body as a whole
                walk(path if whole else f"{path}.{name}" if path else str(name), inner)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            found.setdefault(path or "body", []).extend(str(item) for item in value)
        else:
            found.setdefault(path or "body", []).append(str(value))

    for inner in messages.values():
        walk("", inner)
    return found


class Pattern(ma.validate.Regexp):
    """A pattern as JSON Schema means it: Python's ``$`` lets a line break pass at the end."""

    def __call__(self, value: Any) -> Any:
        """Give the text back; raises ``ValidationError`` when it does not fit the pattern."""
        if value.endswith("\n"):
            raise ma.ValidationError(self._format_error(value))
        return super().__call__(value)


class WholeNumber(ma.fields.Integer):
    """An integer as JSON Schema means it: 545 and 545.0, never "545", true or 545.5."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid", input=value)
        if abs(value) > 2**53:
            raise self.make_error("too_large", input=value)
        return int(value)


class QueryNumber(ma.fields.Integer):
    """A whole number in an address: ASCII digits, nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (isinstance(value, str) and QUERY_NUMBER.fullmatch(value)):
            raise self.make_error("invalid", input=value)
        return int(value)


class QueryFlag(ma.fields.Boolean):
    """Yes or no in an address, ``true`` or ``false`` and nothing else; no when it is not there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={"true"}, falsy={"false"}, load_default=False, **kwargs)


class InstantField(ma.fields.Field[datetime]):
    """ISO 8601 with offset in; UTC with ``Z`` out. A time without offset is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            metadata={"type": "string", "format": "date-time", **kwargs.pop("metadata", {})},
            error_messages={
                "invalid": "Not an ISO 8601 instant.",
                "naive": "The offset is missing: write 2026-11-22T14:00:00+01:00.",
            },
            **kwargs,
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return instant(value) if value is not None else None

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            read = datetime.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid") from error
        if read.tzinfo is None:
            raise self.make_error("naive")
        try:
            return read.astimezone(UTC)
        except (OverflowError, ValueError) as error:  # year 1 or 9999 beside an offset
            raise self.make_error("invalid") from error


class MoneySchema(ma.Schema):
    """An amount in cents."""

    amount = ma.fields.Integer(required=True)
    currency = ma.fields.String(required=True)


class CursorSchema(ma.Schema):
    """How a list is paged."""

    cursor = ma.fields.String(metadata={"maxLength": 200}, validate=ma.validate.Length(max=200))
    limit = QueryNumber(load_default=50, validate=ma.validate.Range(min=1, max=MOST_IN_A_PAGE))


def instant(value: datetime) -> str:
    """Write an instant as the API does: UTC with ``Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode_cursor(*parts: str | int) -> str:
    """Make an opaque cursor of the last row's sort key."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """Read a cursor of ours back; raises ``BadCursor`` for anything else."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = json.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    if (
        not isinstance(parts, list)
        or len(parts) != len(kinds)
        or any(type(part) is not kind for part, kind in zip(parts, kinds, strict=True))
    ):
        raise BadCursor
    return tuple(parts)


def register(app: Flask) -> SiteApi:
    """Attach the API to ``app``; the factory then registers the features' blueprints."""
    app.config.update(OPENAPI)
    api = SiteApi(app)
    api.register_field(InstantField, "string", "date-time")
    api.register_field(WholeNumber, "integer", None)
    api.register_field(QueryNumber, "integer", None)
    api.register_field(QueryFlag, "boolean", None)
    api.spec.components.schema("Problem", PROBLEM_SCHEMA)
    return api
