"""Wishes that no house can grant, told to the API: a sentence, a stable code, nothing written."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.apis import BOOKINGS, body, booked, is_problem, nothing_written, on, send
from tests.stays import make_person, make_token

FAR = {"starts_at": "9999-12-31T22:00:00Z", "ends_at": "9999-12-31T23:00:00Z"}
LONG_AGO = {"starts_at": "0001-01-01T10:00:00Z", "ends_at": "0001-01-01T12:00:00Z"}
# The clocks of Metz skip 02:00-03:00 on 28 March 2027 and repeat it on 31 October 2027.
IN_THE_GAP = {"starts_at": "2027-03-28T02:15:00+01:00", "ends_at": "2027-03-28T03:45:00+02:00"}
IN_THE_FOLD = {"starts_at": "2027-10-31T02:15:00+02:00", "ends_at": "2027-10-31T02:15:00+01:00"}
RULES: dict[str, tuple[dict[str, object], int, str, str | None]] = {
    "past": (on("2026-11-20"), 422, "span-in-past", "starts_at"),
    "begun long ago": (LONG_AGO, 422, "span-in-past", "starts_at"),
    "end before start": (on("2026-11-24", "12:00-10:00"), 422, "end-before-start", "ends_at"),
    "end at start": (on("2026-11-24", "10:00-10:00"), 422, "end-before-start", "ends_at"),
    "beyond the horizon": (on("2027-11-24"), 422, "beyond-horizon", "starts_at"),
    "year 9999": (FAR, 422, "beyond-horizon", "starts_at"),
    "a month": ({"ends_at": "2026-12-24T12:00:00+01:00"}, 422, "too-long", "ends_at"),
    "8000 years": ({"ends_at": "9999-12-31T23:00:00Z"}, 422, "too-long", "ends_at"),
    "five minutes": (on("2026-11-24", "10:00-10:05"), 422, "too-short", "ends_at"),
    "a microsecond": ({"ends_at": "2026-11-24T10:00:00.000001+01:00"}, 422, "too-short", "ends_at"),
    "off the grid": (on("2026-11-24", "10:02-12:00"), 422, "off-step", "starts_at"),
    "seconds": ({"starts_at": "2026-11-24T10:00:01+01:00"}, 422, "off-step", "starts_at"),
    "at night": (on("2026-11-24", "02:00-04:00"), 422, "closed", "starts_at"),
    "past closing": (on("2026-11-24", "19:00-21:00"), 422, "closed", "starts_at"),
    "on a Sunday": (on("2026-11-29"), 422, "closed", "starts_at"),
    "at Christmas": (on("2026-12-25"), 422, "closed", "starts_at"),
    "Good Friday": (on("2027-03-26"), 422, "closed", "starts_at"),
    "in the hour the clocks skip": (IN_THE_GAP, 422, "closed", "starts_at"),
    "in the hour the clocks repeat": (IN_THE_FOLD, 422, "closed", "starts_at"),
    "thirteen in a room of twelve": ({"people": 13}, 422, "over-capacity", "people"),
    "ten thousand": ({"people": 10_000}, 422, "over-capacity", "people"),
    "a space that is none": ({"space": "metz-nowhere"}, 404, "unknown-space", None),
    "a place nobody may book": ({"space": "metz-entree"}, 404, "unknown-space", None),
}


@pytest.fixture
def headers(app: Flask) -> dict[str, str]:
    return make_token(app, make_person(app))


@pytest.mark.parametrize("name", RULES)
def test_what_the_rules_forbid_is_told_by_code_field_and_sentence(
    app: Flask, client: FlaskClient, headers: dict[str, str], now: datetime, name: str
) -> None:
    changes, status, code, field = RULES[name]
    with nothing_written(app):
        told = is_problem(send(client, headers, body(**changes)), status, code)
    if field is not None:
        assert told["errors"] == {field: [told["detail"]]}


@pytest.mark.parametrize("name", RULES)
def test_a_booking_that_may_not_move_there_stays_where_it_is(
    sqlite_app: Flask, now: datetime, name: str
) -> None:
    changes, status, code, _field = RULES[name]
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    before = booked(client, headers)
    path = f"{BOOKINGS}/{before['id']}"
    with nothing_written(sqlite_app):
        is_problem(client.patch(path, json=changes, headers=headers), status, code)
    assert client.get(path, headers=headers).json == before


def test_good_friday_is_kept_in_metz_and_worked_in_nancy(
    app: Flask, client: FlaskClient, headers: dict[str, str], now: datetime
) -> None:
    for place in ("metz-mirabelle", "thionville-gare-merlin"):
        with nothing_written(app):
            answer = send(client, headers, body(space=place, **on("2027-03-26")))
        told = is_problem(answer, 422, "closed")
        assert "Vendredi saint" in told["detail"]
    for place in ("nancy-galle", "epinal-durkheim"):
        booked(client, headers, space=place, **on("2027-03-26"))


def test_instants_count_by_elapsed_time_whatever_their_offset(
    app: Flask, client: FlaskClient, headers: dict[str, str], now: datetime
) -> None:
    elsewhere = {
        "starts_at": "2026-11-24T04:00:00-05:00",
        "ends_at": "2026-11-24T16:45:00+05:45",
    }
    there = booked(client, headers, **elsewhere)
    assert (there["starts_at"], there["ends_at"]) == (
        "2026-11-24T09:00:00Z",
        "2026-11-24T11:00:00Z",
    )
    assert there["quote"]["net"]["amount"] == 5000  # two hours at 25 euros
    summer = booked(client, headers, **on("2027-03-30", offset="+02:00"))
    assert summer["quote"] == there["quote"]


@pytest.mark.parametrize("name", ["past", "a month", "Good Friday", "ten thousand", "at night"])
def test_a_quote_obeys_the_same_rules(sqlite_app: Flask, now: datetime, name: str) -> None:
    changes, status, code, _field = RULES[name]
    answer = sqlite_app.test_client().post("/api/v1/quotes", json=body(**changes))
    is_problem(answer, status, code)


@pytest.mark.parametrize(
    "asked", ["fr", "fr-FR,en;q=0.5", "FR-ch", "xx", "*", ";;;q=", "", "en;q=0", "x" * 5000]
)
def test_a_sentence_is_in_french_for_who_asks_for_nothing_else(
    sqlite_app: Flask, now: datetime, asked: str
) -> None:
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    wish = body(**on("2026-11-20"))
    answer = send(client, headers, wish, **{"Accept-Language": asked})
    assert is_problem(answer, 422, "span-in-past")["detail"].startswith("Ce moment est passé.")


@pytest.mark.parametrize("name", RULES)
def test_every_refusal_is_told_in_english_and_german(
    sqlite_app: Flask, now: datetime, name: str
) -> None:
    changes, status, code, _field = RULES[name]
    client = sqlite_app.test_client()
    headers = make_token(sqlite_app, make_person(sqlite_app))
    told = []
    for asked in ("fr", "en-GB,fr;q=0.5", "en;q=0.4,de-AT;q=0.9"):
        answer = send(client, headers, body(**changes), **{"Accept-Language": asked})
        assert (answer.status_code, answer.json["code"]) == (status, code)
        told.append(answer.json["detail"])
    assert len(set(told)) == 3, told


def test_a_clash_says_what_else_is_free_and_changes_nothing(
    app: Flask, client: FlaskClient, headers: dict[str, str], now: datetime
) -> None:
    booked(client, headers)
    other = make_token(app, make_person(app, "Bruno"))
    mine = booked(client, other, **on("2026-11-25"))
    path = f"{BOOKINGS}/{mine['id']}"
    with nothing_written(app):
        move = client.patch(path, json=on("2026-11-24", "11:00-13:00"), headers=other)
    told = is_problem(move, 409, "room-taken")
    taken = {"starts_at": "2026-11-24T09:00:00Z", "ends_at": "2026-11-24T11:00:00Z"}
    assert told["clashes"] == [taken]
    ways = {way["way"] for way in told["alternatives"]}
    assert ways == {"earlier", "later", "similar", "joined", "elsewhere"}
    assert "Anaïs" not in move.get_data(as_text=True)
    assert client.get(path, headers=other).json == mine
    for way in told["alternatives"]:
        wish = {"space": way["space"]["code"], "starts_at": way["starts_at"]}
        moved = client.patch(path, json={**wish, "ends_at": way["ends_at"]}, headers=other)
        assert moved.status_code == 200, moved.json
        assert moved.json["quote"] == way["quote"]
