"""Free places and quotes as JSON: for anybody, at the tariff of who asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.bookings import service
from app.db.transaction import transaction
from app.domain.profiles import Profile
from tests.databases import Counted
from tests.stays import SEATS, make_person, make_token, stay

FROM, TO = "2026-11-24T10:00:00+01:00", "2026-11-24T12:00:00+01:00"
ASKED = {"space": "metz-mirabelle", "starts_at": FROM, "ends_at": TO, "people": 4}


def offers(client: FlaskClient, **query: object) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/availability", query_string={"from": FROM, "to": TO, **query})
    assert answer.status_code == 200, answer.json
    assert answer.json["next"] is None
    return list(answer.json["items"])


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [offer["space"]["code"] for offer in found]


def test_what_is_free_is_listed_with_its_price_best_first(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    found = offers(client, site="metz", kind="meeting_room", people=6)
    assert codes(found)[0] in ("metz-quetsche", "metz-bergamote", "metz-seille", "metz-cheneau")
    spare = [offer["space"]["capacity"] for offer in found]
    assert spare == sorted(spare)
    assert {offer["space"]["site"] for offer in found} == {"metz"}
    assert found[0]["quote"]["net"]["amount"] == 3000
    assert found[0]["starts_at"] == "2026-11-24T09:00:00Z"


def test_what_is_taken_is_not_listed_and_seats_are_counted(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    anais = make_person(sqlite_app)
    with sqlite_app.app_context(), transaction() as session:
        service.book(session, anais, stay("11:00-13:00", "metz-mirabelle"), now=now)
        service.book(session, anais, stay("11:00-13:00", SEATS, people=30), now=now)
        service.hold_room(session, anais, stay("11:00-13:00", "metz-seille"), now=now)
    found = offers(client, site="metz")
    assert not {"metz-mirabelle", "metz-seille", "metz-moselle"} & set(codes(found))
    seats = next(offer for offer in found if offer["space"]["code"] == SEATS)
    assert seats["free_units"] == 2
    assert SEATS not in codes(offers(client, site="metz", people=3))


def test_equipment_may_be_repeated_or_joined_by_commas(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    everything = offers(client)
    some = next(o["space"]["equipment"] for o in everything if len(o["space"]["equipment"]) > 1)
    joined = offers(client, equipment=",".join(some[:2]))
    repeated = offers(client, equipment=some[:2])
    assert joined == repeated
    assert 0 < len(joined) < len(everything)
    assert all(set(some[:2]) <= set(offer["space"]["equipment"]) for offer in joined)
    assert offers(client, equipment="unheard-of") == []


def test_a_closed_day_offers_nothing_and_absurd_stays_are_refused(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    sunday = {"from": "2026-11-29T10:00:00+01:00", "to": "2026-11-29T12:00:00+01:00"}
    assert offers(client, **sunday) == []
    for query, code in (
        ({"from": TO, "to": FROM}, "end-before-start"),
        ({"from": "2020-01-01T10:00:00Z", "to": "2020-01-01T12:00:00Z"}, "span-in-past"),
        ({"to": "2026-12-24T12:00:00+01:00"}, "too-long"),
        ({"from": "2029-01-01T10:00:00Z", "to": "2029-01-01T12:00:00Z"}, "beyond-horizon"),
        ({"from": "9999-12-31T22:00:00Z", "to": "9999-12-31T23:00:00Z"}, "beyond-horizon"),
        ({"people": "0"}, "invalid-input"),
        ({"kind": "castle"}, "invalid-input"),
        ({"from": "2026-11-24"}, "invalid-input"),
    ):
        answer = client.get("/api/v1/availability", query_string={"from": FROM, "to": TO, **query})
        assert (answer.status_code, answer.json["code"]) == (422, code), query
    unknown = client.get(
        "/api/v1/availability", query_string={"from": FROM, "to": TO, "site": "paris"}
    )
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown-site")


def test_availability_takes_at_most_six_statements_whatever_it_finds(
    app: Flask,
    client: FlaskClient,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    headers = make_token(app, make_person(app, profile=Profile.STUDENT))

    def counted_for(**query: object) -> int:
        with count_statements() as counted:
            answer = client.get(
                "/api/v1/availability",
                query_string={"from": FROM, "to": TO, **query},
                headers=headers,
            )
        assert answer.status_code == 200
        return len(counted)

    counted_for()  # the network is read once a process
    everywhere, one_kind = counted_for(), counted_for(site="metz", kind="training")
    assert everywhere == one_kind <= 6


def quote(client: FlaskClient, **changes: object) -> dict[str, Any]:
    answer = client.post("/api/v1/quotes", json={**ASKED, **changes})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


@pytest.mark.parametrize(
    ("changes", "net", "gross"),
    [
        (
            {
                "starts_at": "2026-11-24T08:30:00+01:00",
                "ends_at": "2026-11-24T18:00:00+01:00",
                "profile": "resident",
            },
            9800,
            11760,
        ),
        (
            {
                "space": "metz-graoully",
                "starts_at": "2026-11-28T18:00:00+01:00",
                "ends_at": "2026-11-28T23:00:00+01:00",
            },
            37500,
            45000,
        ),
        (
            {
                "starts_at": "2026-11-24T08:30:00+01:00",
                "ends_at": "2026-11-24T12:30:00+01:00",
                "profile": "large_company",
            },
            11200,
            13440,
        ),
        (
            {"starts_at": "2026-11-24T12:00:00+01:00", "ends_at": "2026-11-24T17:00:00+01:00"},
            10500,
            12600,
        ),
        (
            {"starts_at": "2026-11-24T17:00:00+01:00", "ends_at": "2026-11-24T19:00:00+01:00"},
            5313,
            6376,
        ),
    ],
)
def test_quotes_are_those_of_the_card(
    sqlite_app: Flask, now: datetime, changes: dict[str, object], net: int, gross: int
) -> None:
    told = quote(sqlite_app.test_client(), **changes)
    assert (told["net"]["amount"], told["gross"]["amount"]) == (net, gross)
    assert sum(line["amount"]["amount"] for line in told["lines"]) == net
    assert all(line["reason"] for line in told["lines"])


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2026-11-24T16:00:00Z", "2026-11-24T18:00:00Z"),
        ("2026-11-24T11:00:00-05:00", "2026-11-25T05:00:00+11:00"),
        ("2026-11-25T06:45:00+14:45", "2026-11-24T18:00:00+00:00"),
    ],
)
def test_the_zone_in_which_a_stay_is_told_never_matters(
    sqlite_app: Flask, now: datetime, starts_at: str, ends_at: str
) -> None:
    told = {"starts_at": "2026-11-24T17:00:00+01:00", "ends_at": "2026-11-24T19:00:00+01:00"}
    here = quote(sqlite_app.test_client(), **told)
    assert here["net"]["amount"] == 5313  # golden vector 10, over the end of the day at Metz
    there = quote(sqlite_app.test_client(), starts_at=starts_at, ends_at=ends_at)
    assert there == here


def test_a_quote_is_that_of_who_asks_unless_a_profile_is_tried(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app, profile=Profile.ASSOCIATION))
    anybody = quote(client)
    mine = client.post("/api/v1/quotes", json=ASKED, headers=headers).json
    tried = client.post(
        "/api/v1/quotes", json={**ASKED, "profile": "student"}, headers=headers
    ).json
    amounts = [told["net"]["amount"] for told in (anybody, mine, tried)]
    assert amounts == [5000, 3000, 2000]
    assert tried["profile"] == "student"


def test_a_quote_that_cannot_be_is_a_problem(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    for changes, status, code in (
        ({"profile": "king"}, 422, "invalid-input"),
        ({"title": "no"}, 422, "invalid-input"),
        ({"space": "nowhere"}, 404, "unknown-space"),
        ({"people": 99}, 422, "over-capacity"),
        ({"ends_at": "2026-11-25T12:00:00+01:00"}, 422, "too-long"),
    ):
        answer = client.post("/api/v1/quotes", json={**ASKED, **changes})
        assert (answer.status_code, answer.json["code"]) == (status, code), changes
