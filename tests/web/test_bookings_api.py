"""Bookings as JSON: made, listed, seen, changed and cancelled by a program."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.bookings.tables import BookingRow
from app.db.transaction import reading
from app.domain.permissions import Scope
from app.domain.profiles import Profile
from app.web import clock
from tests.stays import make_person, make_token

Headers = dict[str, str]
BODY = {
    "space": "metz-mirabelle",
    "starts_at": "2026-11-24T10:00:00+01:00",
    "ends_at": "2026-11-24T12:00:00+01:00",
    "people": 4,
}


def make(client: FlaskClient, headers: Headers, **changes: object) -> TestResponse:
    return client.post("/api/v1/bookings", json={**BODY, **changes}, headers=headers)


def made(client: FlaskClient, headers: Headers, **changes: object) -> dict[str, Any]:
    answer = make(client, headers, **changes)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def is_problem(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status, answer.json
    assert answer.mimetype == "application/problem+json"
    told = answer.json
    assert (told["status"], told["code"]) == (status, code), told
    assert told["type"].endswith(code)
    assert told["title"]
    assert told["detail"]


def count_bookings(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return len(session.scalars(select(BookingRow)).all())


def test_a_booking_is_made_confirmed_and_priced(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    headers = make_token(app, make_person(app, profile=Profile.RESIDENT))
    answer = make(client, headers, title="Comité")
    assert answer.status_code == 201
    told = answer.json
    assert {name: told[name] for name in ("state", "space", "people", "title")} == {
        "state": "confirmed",
        "space": "metz-mirabelle",
        "people": 4,
        "title": "Comité",
    }
    assert told["starts_at"] == "2026-11-24T09:00:00Z"
    assert told["quote"]["net"] == {"amount": 3500, "currency": "EUR"}
    assert told["quote"]["gross"] == told["due"] == {"amount": 4200, "currency": "EUR"}
    assert [set(line) for line in told["quote"]["lines"]] == [{"code", "amount", "reason"}]
    seen = client.get(answer.headers["Location"], headers=headers)
    assert seen.json == told
    assert seen.headers["ETag"] == answer.headers["ETag"]


def test_numbers_may_be_written_with_a_zero_behind_the_point(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    assert made(client, headers, people=4.0)["people"] == 4


def test_a_clash_says_when_and_what_is_free_instead_but_not_who(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    made(client, make_token(app, make_person(app)), title="Secret")
    bruno = make_token(app, make_person(app, "Bruno"))
    answer = make(client, bruno, starts_at="2026-11-24T11:00:00+01:00")
    is_problem(answer, 409, "room-taken")
    told = answer.json
    assert told["clashes"] == [
        {"starts_at": "2026-11-24T09:00:00Z", "ends_at": "2026-11-24T11:00:00Z"}
    ]
    assert {way["way"] for way in told["alternatives"]} == {
        "later",
        "earlier",
        "similar",
        "joined",
        "elsewhere",
    }
    first = told["alternatives"][0]
    assert first["space"]["code"] == "metz-mirabelle"
    assert first["starts_at"] == "2026-11-24T11:00:00Z"
    assert first["quote"]["gross"]["amount"] > 0
    assert b"Secret" not in answer.data
    assert b"Ana" not in answer.data
    for way in told["alternatives"]:
        again = make(
            client,
            bruno,
            space=way["space"]["code"],
            starts_at=way["starts_at"],
            ends_at=way["ends_at"],
        )
        assert again.status_code == 201, (way, again.json)
        client.delete(f"/api/v1/bookings/{again.json['id']}", headers=bruno)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"starts_at": "2026-11-24T13:00:00+01:00"}, 422, "end-before-start"),
        (
            {"starts_at": "2026-11-20T10:00:00+01:00", "ends_at": "2026-11-20T12:00:00+01:00"},
            422,
            "span-in-past",
        ),
        (
            {"starts_at": "2028-11-20T10:00:00+01:00", "ends_at": "2028-11-20T12:00:00+01:00"},
            422,
            "beyond-horizon",
        ),
        (
            {"starts_at": "9999-12-31T23:00:00Z", "ends_at": "9999-12-31T23:55:00Z"},
            422,
            "beyond-horizon",
        ),
        (
            {"starts_at": "0001-01-01T00:00:00Z", "ends_at": "0001-01-01T01:00:00Z"},
            422,
            "span-in-past",
        ),
        ({"ends_at": "2026-12-24T12:00:00+01:00"}, 422, "too-long"),
        ({"starts_at": "2026-11-24T06:00:00+01:00"}, 422, "closed"),
        ({"people": 13}, 422, "over-capacity"),
        ({"space": "nowhere"}, 404, "unknown-space"),
        ({"space": "metz-bureau-101"}, 422, "not-bookable"),
    ],
)
def test_an_unlawful_wish_is_a_problem_with_its_code(
    sqlite_app: Flask, now: datetime, changes: dict[str, object], status: int, code: str
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    answer = make(client, headers, **changes)
    is_problem(answer, status, code)
    if status == 422:
        ((field, words),) = answer.json["errors"].items()
        assert field in BODY
        assert words == [answer.json["detail"]]
    assert count_bookings(sqlite_app) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"people": "4"}, "people"),
        ({"people": 4.5}, "people"),
        ({"people": True}, "people"),
        ({"people": 0}, "people"),
        ({"people": 10**30}, "people"),
        ({"people": None}, "people"),
        ({"starts_at": "2026-11-24T10:00:00"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": 1700000000}, "starts_at"),
        ({"space": ["metz"]}, "space"),
        ({"space": "no such\x00place"}, "space"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"profile": "student"}, "profile"),
        ({"wanted": 1}, "wanted"),
    ],
)
def test_a_wrong_field_is_named(
    sqlite_app: Flask, now: datetime, changes: dict[str, object], field: str
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    answer = make(client, headers, **changes)
    is_problem(answer, 422, "invalid-input")
    assert set(answer.json["errors"]) == {field}
    assert count_bookings(sqlite_app) == 0


def test_a_body_that_is_no_json_is_a_problem(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    for body in ("{", "[]", '"x"', ""):
        answer = client.post(
            "/api/v1/bookings", data=body, content_type="application/json", headers=headers
        )
        assert answer.status_code in (400, 422), body
        assert answer.mimetype == "application/problem+json"


def test_a_refusal_is_told_in_the_language_asked_for(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    answer = make(client, {**headers, "Accept-Language": "fr"}, people=13)
    assert "12 personnes au plus" in answer.json["detail"]


def test_who_is_not_known_or_has_no_scope_is_refused(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    is_problem(make(client, {}), 401, "not-signed-in")
    is_problem(make(client, {"Authorization": "Bearer tk_wrong"}), 401, "not-signed-in")
    reader = make_token(sqlite_app, make_person(sqlite_app), Scope.READ)
    is_problem(make(client, reader), 403, "not-allowed")


def test_a_booking_of_somebody_else_is_not_found(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    told = made(client, make_token(sqlite_app, make_person(sqlite_app)))
    bruno = make_token(sqlite_app, make_person(sqlite_app, "Bruno"))
    path = f"/api/v1/bookings/{told['id']}"
    is_problem(client.get(path, headers=bruno), 404, "unknown-booking")
    is_problem(client.patch(path, json={"people": 2}, headers=bruno), 404, "unknown-booking")
    is_problem(client.delete(path, headers=bruno), 404, "unknown-booking")
    is_problem(client.get("/api/v1/bookings/%00", headers=bruno), 404, "unknown-booking")


def test_a_key_used_again_gets_the_first_answer_and_books_once(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    headers = {**make_token(app, make_person(app)), "Idempotency-Key": "7d0c"}
    first, second = make(client, headers), make(client, headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    for name in ("ETag", "Location"):
        assert second.headers[name] == first.headers[name]
    assert count_bookings(app) == 1
    is_problem(make(client, headers, people=5), 422, "key-reused")


def test_keys_of_two_people_do_not_meet(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    anais = make_token(sqlite_app, make_person(sqlite_app))
    bruno = make_token(sqlite_app, make_person(sqlite_app, "Bruno"))
    made(client, {**anais, "Idempotency-Key": "same"})
    is_problem(make(client, {**bruno, "Idempotency-Key": "same"}), 409, "room-taken")


def test_a_refused_call_may_be_repeated_with_its_key(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    anais = make_token(sqlite_app, make_person(sqlite_app))
    told = made(client, anais)
    bruno = {**make_token(sqlite_app, make_person(sqlite_app, "Bruno")), "Idempotency-Key": "k"}
    is_problem(make(client, bruno), 409, "room-taken")
    client.delete(f"/api/v1/bookings/{told['id']}", headers=anais)
    assert make(client, bruno).status_code == 201


def test_bookings_are_listed_page_by_page(app: Flask, client: FlaskClient, now: datetime) -> None:
    headers = make_token(app, make_person(app))
    made(client, make_token(app, make_person(app, "Bruno")), space="metz-seille")
    hours = (15, 9, 12, 10, 17)
    for hour in hours:
        made(
            client,
            headers,
            starts_at=f"2026-11-25T{hour:02d}:00:00+01:00",
            ends_at=f"2026-11-25T{hour + 1:02d}:00:00+01:00",
        )
    starts: list[str] = []
    path = "/api/v1/bookings?limit=2"
    pages = 0
    while path:
        page = client.get(path, headers=headers).json
        starts += [item["starts_at"] for item in page["items"]]
        path = f"/api/v1/bookings?limit=2&cursor={page['next']}" if page["next"] else ""
        pages += 1
    assert starts == [f"2026-11-25T{hour - 1:02d}:00:00Z" for hour in sorted(hours)]
    assert pages == 3


def test_a_list_keeps_to_the_stretch_and_the_state_asked_for(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    told = made(client, headers)
    later = made(
        client,
        headers,
        starts_at="2026-11-30T10:00:00+01:00",
        ends_at="2026-11-30T12:00:00+01:00",
    )

    def listed(**query: str) -> list[str]:
        answer = client.get("/api/v1/bookings", query_string=query, headers=headers)
        assert answer.status_code == 200, answer.json
        return [item["id"] for item in answer.json["items"]]

    assert listed() == [told["id"], later["id"]]
    assert listed(**{"from": "2026-11-24T12:00:00+01:00"}) == [later["id"]]
    assert listed(to="2026-11-25T00:00:00Z") == [told["id"]]
    assert listed(state="cancelled") == []
    with clock.freeze(now + timedelta(days=3)):
        assert listed(state="no_show") == [told["id"]]
    for query in ({"cursor": "zzz"}, {"limit": "0"}, {"limit": "1_0"}, {"state": "x"}):
        answer = client.get("/api/v1/bookings", query_string=query, headers=headers)
        assert answer.status_code == 422, query


def test_a_change_gets_todays_price_and_a_new_version(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    told = made(client, headers, title="Comité")
    path = f"/api/v1/bookings/{told['id']}"
    answer = client.patch(path, json={"ends_at": "2026-11-24T13:00:00+01:00"}, headers=headers)
    assert answer.status_code == 200
    assert answer.json["version"] == 1
    assert answer.json["title"] == "Comité"
    assert answer.json["quote"]["net"]["amount"] == 7500
    is_problem(
        client.patch(path, json={"ends_at": "2026-11-24T09:00:00+01:00"}, headers=headers),
        422,
        "end-before-start",
    )
    is_problem(client.patch(path, json={"state": "held"}, headers=headers), 422, "invalid-input")


def test_a_clash_of_a_change_names_ways_out_too(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    made(client, headers)
    told = made(client, headers, space="metz-seille")
    answer = client.patch(
        f"/api/v1/bookings/{told['id']}", json={"space": "metz-mirabelle"}, headers=headers
    )
    is_problem(answer, 409, "room-taken")
    assert answer.json["alternatives"]


def test_a_change_to_a_version_not_read_last_is_refused(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    answer = make(client, headers)
    path = f"/api/v1/bookings/{answer.json['id']}"
    etag = {"If-Match": answer.headers["ETag"]}
    first = client.patch(path, json={"people": 5}, headers={**headers, **etag})
    assert first.status_code == 200
    is_problem(
        client.patch(path, json={"people": 6}, headers={**headers, **etag}), 412, "stale-version"
    )
    is_problem(
        client.delete(path, headers={**headers, "If-Match": '"nonsense"'}), 412, "stale-version"
    )
    again = {"If-Match": first.headers["ETag"]}
    assert client.delete(path, headers={**headers, **again}).status_code == 204


def test_what_has_not_changed_is_not_sent_again(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    answer = make(client, headers)
    path = f"/api/v1/bookings/{answer.json['id']}"
    asked = {**headers, "If-None-Match": answer.headers["ETag"]}
    assert client.get(path, headers=asked).status_code == 304
    client.patch(path, json={"title": "Neuf"}, headers=headers)
    assert client.get(path, headers=asked).status_code == 200


def test_a_cancelled_booking_stays_to_be_seen_and_owes_nothing(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    path = f"/api/v1/bookings/{made(client, headers)['id']}"
    assert client.delete(path, headers=headers).status_code == 204
    assert client.delete(path, headers=headers).status_code == 204
    seen = client.get(path, headers=headers).json
    assert (seen["state"], seen["due"]["amount"]) == ("cancelled", 0)
    is_problem(client.patch(path, json={"people": 2}, headers=headers), 409, "wrong-state")


def test_a_method_the_address_does_not_know_names_those_it_does(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().put("/api/v1/bookings")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) >= {"GET", "POST"}
    assert answer.mimetype == "application/problem+json"


def test_a_move_into_a_clash_is_answered_at_the_payers_prices(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    student = make_person(app, "Nora", profile=Profile.STUDENT)
    given = made(client, make_token(app, student, Scope.BOOK), space="metz-seille")
    made(client, make_token(app, make_person(app)))
    by_herself = make_token(app, student, Scope.BOOK)
    claire = make_person(app, "Claire", concierge_of="metz")
    by_the_desk = make_token(app, claire, Scope.BOOK, Scope.DESK)
    for headers in (by_herself, by_the_desk):
        wish = {"space": "metz-mirabelle"}
        answer = client.patch(f"/api/v1/bookings/{given['id']}", json=wish, headers=headers)
        is_problem(answer, 409, "room-taken")
        later = answer.json["alternatives"][0]
        assert later["quote"]["net"]["amount"] == 2000  # 50 euros at 40 %
