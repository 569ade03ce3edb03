"""Bodies, addresses and headers that are no requests at all: a problem each, nothing written."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask

from tests.apis import BODY, BOOKINGS, body, booked, is_problem, nothing_written, send
from tests.stays import make_person, make_token

Headers = dict[str, str]
PLAIN = json.dumps(BODY)
JSON = "application/json"


def with_people(text: str) -> str:
    return PLAIN.replace('"people": 4', f'"people": {text}')


FIELDS: dict[str, tuple[str, object]] = {
    "no place": ("space", ...),
    "no start": ("starts_at", ...),
    "nobody named": ("people", ...),
    "a place of numbers": ("space", 7),
    "a place that is no code": ("space", "Métz'; DROP TABLE bookings"),
    "a code and a line break": ("space", "metz-mirabelle\n"),
    "a day": ("starts_at", "2026-11-24"),
    "a time without offset": ("starts_at", "2026-11-24T10:00:00"),
    "a time of nowhere": ("starts_at", "2026-11-24T10:00:00[Europe/Paris]"),
    "30 February": ("starts_at", "2027-02-30T10:00:00+01:00"),
    "the 61st second": ("starts_at", "2026-11-24T10:00:60+01:00"),
    "an hour too many": ("starts_at", "2026-11-24T24:00:00+01:00"),
    "before year one": ("starts_at", "0001-01-01T00:00:00+14:00"),
    "after year 9999": ("ends_at", "9999-12-31T23:59:59-12:00"),
    "year 10000": ("ends_at", "10000-01-01T00:00:00Z"),
    "seconds since 1970": ("starts_at", 1795510800),
    "null for a time": ("starts_at", None),
    "nobody": ("people", 0),
    "fewer than nobody": ("people", -3),
    "half a person": ("people", 4.5),
    "true": ("people", True),
    "a text": ("people", "4"),
    "a list": ("people", [4]),
    "null": ("people", None),
    "ten to the thirtieth": ("people", 10**30),
    "as a float": ("people", 1e300),
    "ten thousand and one": ("people", 10_001),
    "a title of 10 000": ("title", "x" * 10_000),
    "a title of 201": ("title", "é" * 201),
    "a title of a NUL": ("title", "a\0b"),
    "a title of two lines": ("title", "a\nb"),
    "a title and a line break": ("title", "a\n"),
    "half a letter": ("title", "\ud83d"),
    "the other half": ("title", "\ude00 ok"),
    "writing turned around": ("title", "\u202etfarc"),
    "a number for a title": ("title", 3),
    "null for a title": ("title", None),
    "a price of one's own": ("price", 0),
    "a profile of one's own": ("profile", "student"),
    "an account of another": ("account_id", 1),
}
BODIES: dict[str, tuple[str | bytes, str, int, str]] = {
    "nothing": ("", JSON, 422, "invalid-input"),
    "half an object": ('{"space": ', JSON, 400, "invalid-input"),
    "a list": ("[]", JSON, 422, "invalid-input"),
    "a text": ('"x"', JSON, 422, "invalid-input"),
    "null": ("null", JSON, 422, "invalid-input"),
    "not a number": (with_people("NaN"), JSON, 400, "invalid-input"),
    "infinity": (with_people("-Infinity"), JSON, 400, "invalid-input"),
    "a float without end": (with_people("1e999"), JSON, 422, "invalid-input"),
    "5000 digits": (with_people("9" * 5000), JSON, 400, "invalid-input"),
    "octal": (with_people("04"), JSON, 400, "invalid-input"),
    "a name twice": (PLAIN[:-1] + ', "people": 2}', JSON, 400, "invalid-input"),
    "comments": (PLAIN + " // please", JSON, 400, "invalid-input"),
    "two bodies": (PLAIN + PLAIN, JSON, 400, "invalid-input"),
    "deep lists": ("[" * 100_000, JSON, 400, "invalid-input"),
    "deep lists, closed": ("[" * 50_000 + "]" * 50_000, JSON, 400, "invalid-input"),
    "deep objects": ('{"a":' * 50_000 + "1" + "}" * 50_000, JSON, 400, "invalid-input"),
    "deep enough to read": ("[" * 900 + "]" * 900, JSON, 422, "invalid-input"),
    "wrong bytes": (b'{"space": "\xff"}', JSON, 400, "invalid-input"),
    "a byte order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), JSON, 400, "invalid-input"),
    "another encoding": (PLAIN.encode("utf-16"), JSON, 400, "invalid-input"),
    "three megabytes": ('{"title": "' + "x" * 3_000_000, JSON, 413, "request-entity-too-large"),
    "text": (PLAIN, "text/plain", 415, "unsupported-media-type"),
    "no type": (PLAIN, "", 415, "unsupported-media-type"),
    "a form": ("space=metz", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
    "XML": ("<a/>", "application/xml", 415, "unsupported-media-type"),
}
ADDRESSES: dict[str, tuple[int, str]] = {
    "/bookings?cursor=abc": (422, "bad-cursor"),
    "/bookings?cursor=%00": (422, "bad-cursor"),
    "/bookings?cursor=WyIyMDI2LTExLTI0IiwgMV0": (422, "bad-cursor"),  # a day, and 1
    "/bookings?cursor=WyIyMDI2LTExLTI0VDEwOjAwOjAwWiIsIDFlOTld": (422, "bad-cursor"),
    "/bookings?cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjAwIiwgMV0": (
        422,
        "bad-cursor",
    ),  # before year 1
    "/bookings?cursor=" + "x" * 201: (422, "invalid-input"),
    "/bookings?limit=0": (422, "invalid-input"),
    "/bookings?limit=201": (422, "invalid-input"),
    "/bookings?limit=1e1": (422, "invalid-input"),
    "/bookings?limit=٣": (422, "invalid-input"),
    "/bookings?state=odd": (422, "invalid-input"),
    "/bookings?from=2026-11-24": (422, "invalid-input"),
    "/bookings?from=2026-11-25T00:00:00Z&to=2026-11-24T00:00:00Z": (422, "end-before-start"),
    "/bookings/unknown": (404, "unknown-booking"),
    "/bookings/%00": (404, "unknown-booking"),
    "/bookings/%ED%A0%80": (404, "unknown-booking"),
    "/bookings/" + "x" * 3000: (404, "unknown-booking"),
    "/bookings/unknown/pass": (404, "unknown-booking"),
    "/spaces?kind=odd": (422, "invalid-input"),
    "/spaces?people=-1": (422, "invalid-input"),
    "/spaces?people=99999999999999999999": (422, "invalid-input"),
    "/spaces?site=nowhere": (404, "unknown-site"),
    "/spaces?site=Metz%20": (422, "invalid-input"),
    "/spaces?site=metz%0A": (422, "invalid-input"),
    "/spaces?equipment=" + "x" * 201: (422, "invalid-input"),
    "/spaces?cursor=WyJub3doZXJlIl0": (422, "bad-cursor"),
    "/sites?cursor=W10": (422, "bad-cursor"),
    "/sites/nowhere/day": (404, "unknown-site"),
    "/sites/metz/day?date=2026-02-30": (422, "invalid-input"),
    "/sites/metz/day?date=0001-01-01": (422, "invalid-input"),
    "/sites/metz/day?date=9999-12-31": (422, "invalid-input"),
    "/availability?from=soon": (422, "invalid-input"),
    "/availability?from=2026-11-24T10:00:00Z&to=2026-11-24T12:00:00Z&kind=odd": (
        422,
        "invalid-input",
    ),
    "/availability?from=2026-11-24T10:00:00Z&to=2026-11-24T10:00:00Z": (422, "end-before-start"),
    "/availability?from=2026-11-20T10:00:00Z&to=2026-11-20T12:00:00Z": (422, "span-in-past"),
    "/availability?from=2026-11-24T10:00:00Z&to=2026-12-24T10:00:00Z": (422, "too-long"),
    "/availability?from=9999-12-31T22:00:00Z&to=9999-12-31T23:00:00Z": (422, "beyond-horizon"),
    "/availability?from=2026-11-24T10:00:00 01:00&to=2026-11-24T12:00:00Z": (422, "invalid-input"),
    "/nothing": (404, "not-found"),
    "/bookings/..%2F..%2Fetc%2Fpasswd": (404, "not-found"),
}


@pytest.fixture
def headers(sqlite_app: Flask, now: datetime) -> Headers:
    return make_token(sqlite_app, make_person(sqlite_app))


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_is_wrong_is_named(sqlite_app: Flask, headers: Headers, name: str) -> None:
    field, value = FIELDS[name]
    with nothing_written(sqlite_app):
        answer = send(sqlite_app.test_client(), headers, body(**{field: value}))
    told = is_problem(answer, 422, "invalid-input")
    assert set(told["errors"]) == {field}


@pytest.mark.parametrize("name", [name for name, (_, value) in FIELDS.items() if value is not ...])
def test_a_change_that_is_wrong_changes_nothing(
    sqlite_app: Flask, headers: Headers, name: str
) -> None:
    field, value = FIELDS[name]
    client = sqlite_app.test_client()
    before = booked(client, headers)
    path = f"{BOOKINGS}/{before['id']}"
    with nothing_written(sqlite_app):
        sent = json.dumps({field: value})
        answer = client.patch(path, data=sent, headers={**headers, "Content-Type": JSON})
    is_problem(answer, 422, "invalid-input")
    assert client.get(path, headers=headers).json == before


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_none_is_refused(sqlite_app: Flask, headers: Headers, name: str) -> None:
    sent, kind, status, code = BODIES[name]
    client = sqlite_app.test_client()
    with nothing_written(sqlite_app):
        answer = client.post(BOOKINGS, data=sent, headers=headers, content_type=kind)
        is_problem(answer, status, code)
        quoted = client.post("/api/v1/quotes", data=sent, content_type=kind)
        is_problem(quoted, status, code)


def test_a_change_of_another_type_is_no_empty_change(sqlite_app: Flask, headers: Headers) -> None:
    client = sqlite_app.test_client()
    path = f"{BOOKINGS}/{booked(client, headers)['id']}"
    sent = json.dumps({"people": 2})
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.patch(path, data=sent, headers=headers, content_type=kind)
        is_problem(answer, 415, "unsupported-media-type")


def test_a_packed_body_is_not_unpacked(sqlite_app: Flask, headers: Headers) -> None:
    with nothing_written(sqlite_app):
        answer = send(sqlite_app.test_client(), headers, body(), **{"Content-Encoding": "gzip"})
        is_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_that_leads_nowhere_is_a_problem(
    sqlite_app: Flask, headers: Headers, path: str
) -> None:
    status, code = ADDRESSES[path]
    is_problem(sqlite_app.test_client().get(f"/api/v1{path}", headers=headers), status, code)


def test_equipment_that_nobody_has_finds_nothing(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    assert client.get("/api/v1/spaces?equipment=swimming-pool").json["items"] == []
    when = "from=2026-11-24T10:00:00Z&to=2026-11-24T12:00:00Z"
    found = client.get(f"/api/v1/availability?{when}&equipment=swimming-pool")
    assert found.json["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/bookings", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("DELETE", "/bookings", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", "/bookings/x", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("TRACE", "/bookings/x", {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}),
        ("BREW", "/quotes", {"POST", "OPTIONS"}),
        ("GET", "/quotes", {"POST", "OPTIONS"}),
        ("POST", "/availability", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/sites/metz/day", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/check-ins", {"POST", "OPTIONS"}),
        ("PATCH", "/openapi.json", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(
    sqlite_app: Flask, headers: Headers, method: str, path: str, allowed: set[str]
) -> None:
    answer = sqlite_app.test_client().open(f"/api/v1{path}", method=method, headers=headers)
    is_problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_head_and_options_say_what_get_would(sqlite_app: Flask, headers: Headers) -> None:
    client = sqlite_app.test_client()
    path = f"{BOOKINGS}/{booked(client, headers)['id']}"
    for address in (path, BOOKINGS, "/api/v1/spaces", "/api/v1/sites/metz/day"):
        got = client.get(address, headers=headers)
        head = client.head(address, headers=headers)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == got.headers["Content-Length"]
        assert "GET" in client.options(address).headers["Allow"]
    assert client.head(path).status_code == 401
    assert client.head(f"{BOOKINGS}/unknown", headers=headers).status_code == 404
