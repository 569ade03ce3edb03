"""Searches beyond exact hours: now, so long within some days, set-ups, and joined rooms."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.profiles import Profile
from app.web import clock
from tests.databases import Counted
from tests.screens import ASKED, links, text_of, value_of
from tests.stays import MIRABELLE, MOSELLE, TUESDAY, booked, make_person, make_token, stay

MONDAY_8, SUNDAY = "2026-11-23T08:00:00Z", "2026-11-29T23:00:00Z"
AHEAD = {"from": "2026-12-08T09:00:00Z", "to": "2026-12-08T11:00:00Z"}  # enough notice for halls
WEEK = {"from": MONDAY_8, "to": SUNDAY, "site": "metz", "kind": "meeting_room"}


def answered(client: FlaskClient, **query: object) -> dict[str, Any]:
    answer = client.get("/api/v1/availability", query_string=query)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def times(told: dict[str, Any], space: str) -> list[str]:
    return [each["starts_at"] for each in told["items"] if each["space"]["code"] == space]


def test_a_stretch_is_the_first_free_one_of_each_of_three_days(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    booked(sqlite_app, anais, stay("09:00-11:00", MIRABELLE, TUESDAY), now)
    booked(sqlite_app, anais, stay("12:00-19:30", MIRABELLE, TUESDAY), now)
    client = sqlite_app.test_client()
    told = answered(client, **WEEK, duration=120, people=8)
    assert times(told, MIRABELLE) == [
        "2026-11-23T08:00:00Z",  # as soon as now
        "2026-11-25T07:00:00Z",  # nothing of two hours on Tuesday
        "2026-11-26T07:00:00Z",
    ]
    mornings = answered(client, **WEEK, duration=60, people=8, part="afternoon")
    assert times(mornings, MIRABELLE)[:2] == ["2026-11-23T11:00:00Z", "2026-11-25T11:00:00Z"]
    order = [
        (each["space"]["capacity"], each["quote"]["gross"]["amount"], each["starts_at"])
        for each in told["items"]
    ]
    assert order == sorted(order)
    assert all(each["ends_at"] <= SUNDAY for each in told["items"])


def test_without_hours_it_is_an_hour_from_now_on(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    with clock.freeze(now + timedelta(minutes=3)):
        told = answered(client, site="metz", people=6)
        longer = answered(client, site="metz", people=6, duration=90)
        page = client.get("/?when=now&site=metz&people=6")
    assert {each["starts_at"] for each in told["items"]} == {"2026-11-23T08:00:00Z"}
    assert {each["ends_at"] for each in longer["items"]} == {"2026-11-23T09:30:00Z"}
    assert (value_of(page, "start"), value_of(page, "end")) == ("09:00", "10:00")
    assert "lieux libres" in text_of(page)


@pytest.mark.parametrize("address", ["/api/v1/spaces", "/api/v1/availability"])
def test_rooms_are_found_by_set_up_wheelchair_and_hearing_loop(
    sqlite_app: Flask, now: datetime, address: str
) -> None:
    client = sqlite_app.test_client()

    def found(**query: object) -> list[dict[str, Any]]:
        hours = {} if address.endswith("spaces") else AHEAD
        asked = {"people": 20, **hours, **query}
        items = client.get(address, query_string=asked).json["items"]
        return [each.get("space", each) for each in items]

    everything, theatres = found(), found(setup="theatre")
    assert 0 < len(theatres) < len(everything)
    # Furnished in a U the same rooms hold fewer people than without.
    assert {each["code"] for each in found(setup="u")} < {each["code"] for each in everything}
    assert found(setup="swimming-pool") == []
    for flag in ("accessible", "hearing_loop"):
        assert found(**{flag: "true"}) == [each for each in everything if each[flag]]
        assert found(**{flag: "false"}) == everything
        assert client.get(address, query_string={flag: "yes"}).status_code == 422


def test_where_nothing_is_free_the_answer_tells_what_is_near(
    sqlite_app: Flask, now: datetime
) -> None:
    anais, client = make_person(sqlite_app), sqlite_app.test_client()
    asked = {
        "from": "2026-11-24T09:00:00Z",
        "to": "2026-11-24T11:00:00Z",
        "site": "metz",
        "kind": "meeting_room",
        "people": 5,
    }
    while items := answered(client, **asked)["items"]:
        space = items[-1]["space"]["code"]  # the joined rooms stay free until their last hour
        booked(sqlite_app, anais, stay("10:00-12:00", space), now)
    ways = [each["way"] for each in answered(client, **asked)["alternatives"]]
    assert {"later", "earlier", "elsewhere"} <= set(ways)
    page = client.get(
        "/", query_string={**ASKED, "people": "5", "site": "metz"} | {"kind": "meeting_room"}
    )
    assert "Au même endroit, plus tôt" in text_of(page)
    (moments,) = links(page, "/moments?")[-1:]
    assert "À un autre moment" in text_of(page)
    assert "lieux libres" in text_of(client.get(moments))


def test_joined_rooms_are_offered_for_a_room_that_is_taken(
    sqlite_app: Flask, now: datetime
) -> None:
    booked(sqlite_app, make_person(sqlite_app), stay("10:00-12:00", MIRABELLE), now)
    page = sqlite_app.test_client().get(
        f"/spaces/{MIRABELLE}", query_string=ASKED | {"people": "8"}
    )
    assert "Des salles réunies" in text_of(page)


def test_absurd_stretches_are_refused(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    for query, code in (
        ({"from": "2026-11-20T08:00:00Z", "to": "2026-11-21T08:00:00Z"}, "span-in-past"),
        ({"to": "2027-03-01T08:00:00Z"}, "too-long"),
        ({"duration": "5"}, "too-short"),
        ({"duration": "40000"}, "too-long"),
        ({"duration": "0"}, "invalid-input"),
        ({"part": "night"}, "invalid-input"),
    ):
        answer = client.get(
            "/api/v1/availability", query_string={**WEEK, "duration": "60", **query}
        )
        assert (answer.status_code, answer.json["code"]) == (422, code), query


def test_the_page_of_moments_shows_places_with_their_first_moments(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    asked = {"people": "20", "minutes": "120", "within": "next_week", "part": "morning"}
    page = client.get("/moments", query_string={**asked, "site": "", "setup": "theatre"})
    words = text_of(page)
    assert page.status_code == 200
    assert "lun. 30 nov." in words
    assert all("setup=theatre" in href for href in links(page, "/spaces/") if "date=" in href)
    nothing = client.get(
        "/moments", query_string={**asked, "site": "metz", "needs": "laser_cutter"}
    )
    assert "Aucun moment libre" in text_of(nothing)
    assert "Moins d’équipement" in text_of(nothing)
    for wrong in ({"people": "x"}, {"within": "ever"}, {"minutes": "-1"}, {"site": "atlantis"}):
        assert client.get("/moments", query_string={**asked, **wrong}).status_code == 422


def test_a_window_takes_as_many_statements_as_a_stay(
    app: Flask,
    client: FlaskClient,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    anais = make_person(app, profile=Profile.STUDENT)
    headers = make_token(app, anais)
    for space in (MIRABELLE, MOSELLE):
        booked(app, anais, stay("10:00-12:00", space), now)

    def counted_for(**query: object) -> int:
        with count_statements() as counted:
            answer = client.get("/api/v1/availability", query_string=query, headers=headers)
        assert answer.status_code == 200
        return len(counted)

    counted_for()
    week = counted_for(**WEEK, duration=60)
    taken = {"from": "2026-11-24T09:00:00Z", "to": "2026-11-24T10:00:00Z", "people": 12}
    nothing = counted_for(**{**WEEK, **taken})
    assert week <= 6
    assert nothing <= 8  # the ways out, too
