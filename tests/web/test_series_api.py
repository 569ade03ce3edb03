"""Series as JSON: looked at, booked, seen, changed and cancelled by a program."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.stays import make_person, make_token
from tests.web.test_bookings_api import count_bookings, is_problem

BODY = {
    "space": "metz-mirabelle",
    "starts_at": "2026-11-26T18:00:00+01:00",
    "ends_at": "2026-11-26T19:30:00+01:00",
    "people": 4,
    "title": "Chorale",
    "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20270107",
}
DROP = [{"date": "2026-12-24", "do": "drop"}]


def test_every_date_has_a_verdict_and_a_series_is_booked_whole_or_not(
    app: Flask, client: FlaskClient, now: object
) -> None:
    headers = make_token(app, make_person(app)) | {"Accept-Language": "fr"}
    table = client.post("/api/v1/series/preview", json=BODY, headers=headers)
    assert table.status_code == 200, table.json
    told: dict[str, Any] = dict(table.json or {})
    assert told["rule"] == "un jeudi sur deux, jusqu’au 7\u00a0janvier 2027 inclus"
    assert [each["verdict"] for each in told["items"]] == ["free", "free", "closed", "free"]
    shut = told["items"][2]
    assert shut["reason"]["code"] == "closed"
    assert (told["bookable"], count_bookings(app)) == (False, 0)
    refused = client.post("/api/v1/series", json=BODY, headers=headers)
    is_problem(refused, 409, "dates-refused")
    assert (refused.json or {})["dates"] == ["2026-12-24"]
    assert [each["date"] for each in (refused.json or {})["items"]][2] == "2026-12-24"
    key = headers | {"Idempotency-Key": "once"}
    made = client.post("/api/v1/series", json=BODY | {"choices": DROP}, headers=key)
    assert made.status_code == 201, made.json
    again = client.post("/api/v1/series", json=BODY | {"choices": DROP}, headers=key)
    assert (again.json, again.headers["ETag"]) == (made.json, made.headers["ETag"])
    assert count_bookings(app) == 3
    seen = client.get(made.headers["Location"], headers=headers)
    assert seen.json == made.json
    series: dict[str, Any] = dict(made.json or {})
    assert series["exdates"] == ["2026-12-24"]
    prices = [each["gross"]["amount"] for each in series["dates"]]
    assert series["gross"]["amount"] == sum(prices) == told["gross"]["amount"]
    others = make_token(app, make_person(app, "Basile"))
    is_problem(client.get(made.headers["Location"], headers=others), 404, "unknown-series")


def test_scopes_change_and_cancel_what_is_to_come(
    app: Flask, client: FlaskClient, now: object
) -> None:
    headers = make_token(app, make_person(app))
    made = client.post("/api/v1/series", json=BODY | {"choices": DROP}, headers=headers)
    path = made.headers["Location"]
    stale = headers | {"If-Match": '"7-0"'}
    change = {
        "scope": "following",
        "from": "2026-12-10",
        "starts_at": "2026-12-10T17:00:00+01:00",
        "ends_at": "2026-12-10T18:00:00+01:00",
    }
    is_problem(client.patch(path, json=change, headers=stale), 412, "stale-version")
    current = headers | {"If-Match": made.headers["ETag"]}
    changed = client.patch(path, json=change, headers=current)
    assert changed.status_code == 200, changed.json
    after: dict[str, Any] = dict(changed.json or {})
    assert after["follows"] == (made.json or {})["id"]
    assert [each["starts_at"] for each in after["dates"]] == [
        "2026-12-10T16:00:00Z",
        "2027-01-07T16:00:00Z",
    ]
    left: dict[str, Any] = dict(client.get(path, headers=headers).json or {})
    assert [each["date"] for each in left["dates"]] == ["2026-11-26"]
    of_after = f"/api/v1/series/{after['id']}"
    unknown = client.delete(f"{of_after}?scope=this&from=2026-12-17", headers=headers)
    is_problem(unknown, 422, "unknown-date")
    gone = client.delete(f"{of_after}?scope=this&from=2026-12-10", headers=headers)
    assert gone.status_code == 204
    assert client.delete(of_after, headers=headers).status_code == 204
    states = dict(client.get(of_after, headers=headers).json or {})["dates"]
    assert [each["state"] for each in states] == ["cancelled", "cancelled"]


def test_what_nobody_can_say_is_refused_beside_its_field(
    app: Flask, client: FlaskClient, now: object
) -> None:
    headers = make_token(app, make_person(app))
    for rrule in ("FREQ=WEEKLY", "FREQ=YEARLY;COUNT=2", "jeudi", ""):
        answer = client.post(
            "/api/v1/series/preview", json=BODY | {"rrule": rrule}, headers=headers
        )
        is_problem(answer, 422, "bad-rule")
        assert "rrule" in (answer.json or {})["errors"]
    far = BODY | {"starts_at": "9999-12-31T10:00:00Z", "ends_at": "9999-12-31T11:00:00Z"}
    answer = client.post("/api/v1/series/preview", json=far, headers=headers)
    is_problem(answer, 422, "no-dates")
