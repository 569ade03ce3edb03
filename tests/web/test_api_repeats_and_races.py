"""Calls told twice or all at once: done once, and everybody hears how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import clock
from tests.apis import BODY, BOOKINGS, body, booked, counted, is_problem, nothing_written, on
from tests.conftest import SOAK
from tests.stays import make_person, make_token

CLIENTS = 8
ROUNDS = 40 if SOAK else 5
Headers = dict[str, str]
Call = Callable[[FlaskClient], TestResponse]


def at_once(app: Flask, calls: Sequence[Call]) -> list[TestResponse]:
    """Make all calls at the same moment, each in a thread with a client of its own."""
    ready = Barrier(len(calls))

    def make(call: Call) -> TestResponse:
        client = app.test_client()
        ready.wait()
        return call(client)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def booking(headers: Headers, **changes: object) -> Call:
    return lambda client: client.post(BOOKINGS, json=body(**changes), headers=headers)


def test_of_many_overlapping_wishes_one_is_granted(app: Flask, now: datetime) -> None:
    people = [make_token(app, make_person(app, f"Client{number}")) for number in range(CLIENTS)]
    hours = ["10:00-12:00", "11:00-13:00", "10:30-11:30", "09:00-14:00"] * 2
    for turn in range(ROUNDS):
        day = f"{datetime(2027, 1, 5) + timedelta(days=7 * turn):%Y-%m-%d}"  # noqa: DTZ001 - a Tuesday
        calls = [
            booking(headers, **on(day, span)) for headers, span in zip(people, hours, strict=True)
        ]
        answers = at_once(app, calls)
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses == {201: 1, 409: CLIENTS - 1}, [answer.json for answer in answers]
        won = next(answer.json for answer in answers if answer.status_code == 201)
        taken = {"starts_at": won["starts_at"], "ends_at": won["ends_at"]}
        for answer in answers:
            if answer.status_code == 409:
                told = is_problem(answer, 409, "room-taken")
                assert told["clashes"] == [taken]
                assert told["alternatives"]
    assert counted(app)["bookings"] == counted(app)["allocations"] == ROUNDS


def test_one_key_at_once_books_once(app: Flask, now: datetime) -> None:
    headers = {**make_token(app, make_person(app)), "Idempotency-Key": "once"}
    answers = at_once(app, [booking(headers)] * CLIENTS)
    assert [answer.status_code for answer in answers] == [201] * CLIENTS
    assert len({answer.json["id"] for answer in answers}) == 1
    replayed = Counter(answer.headers.get("Idempotency-Replayed") for answer in answers)
    assert replayed == {None: 1, "true": CLIENTS - 1}
    rows = counted(app)
    assert (rows["bookings"], rows["idempotency_keys"]) == (1, 1)


def test_one_key_for_two_wishes_at_once_grants_one(app: Flask, now: datetime) -> None:
    headers = {**make_token(app, make_person(app)), "Idempotency-Key": "once"}
    calls = [booking(headers, people=1 + number % 2) for number in range(CLIENTS)]
    answers = at_once(app, calls)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {201: CLIENTS // 2, 422: CLIENTS // 2}, [answer.json for answer in answers]
    for answer in answers:
        if answer.status_code == 422:
            is_problem(answer, 422, "key-reused")
    assert counted(app)["bookings"] == 1


def test_a_key_is_for_one_request_only(app: Flask, client: FlaskClient, now: datetime) -> None:
    plain = make_token(app, make_person(app))
    headers = {**plain, "Idempotency-Key": "k"}
    told = booked(client, headers)
    path = f"{BOOKINGS}/{told['id']}"
    with nothing_written(app):
        others = [
            client.post(BOOKINGS, json=body(people=5), headers=headers),
            client.patch(path, json=BODY, headers=headers),
            client.delete(path, headers=headers),
        ]
        for answer in others:
            assert set(is_problem(answer, 422, "key-reused")["errors"]) == {"Idempotency-Key"}
        for key in ("", " ", "a b", "é", "k" * 256):
            odd = client.post(BOOKINGS, json=BODY, headers={**plain, "Idempotency-Key": key})
            is_problem(odd, 422, "invalid-input")
    assert client.get(path, headers=plain).json == told


def test_a_change_and_a_cancellation_replay_too(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    plain = make_token(app, make_person(app))
    told = booked(client, plain)
    path = f"{BOOKINGS}/{told['id']}"
    change = {**plain, "Idempotency-Key": "move"}
    first = client.patch(path, json={"people": 6}, headers=change)
    client.patch(path, json={"people": 7}, headers=plain)
    with nothing_written(app):
        again = client.patch(path, json={"people": 6}, headers=change)
    assert again.json == first.json
    assert client.get(path, headers=plain).json["people"] == 7
    cancel = {**plain, "Idempotency-Key": "cancel"}
    assert client.delete(path, headers=cancel).status_code == 204
    with nothing_written(app):
        again = client.delete(path, headers=cancel)
    assert (again.status_code, again.data) == (204, b"")


def test_a_key_is_forgotten_after_a_day(app: Flask, client: FlaskClient, now: datetime) -> None:
    headers = {**make_token(app, make_person(app)), "Idempotency-Key": "k"}
    later = on("2026-11-26")
    first = booked(client, headers, **later)
    with clock.freeze(now + timedelta(hours=23, minutes=59)):
        assert booked(client, headers, **later) == first
    with clock.freeze(now + timedelta(hours=24, minutes=1)):
        answer = client.post(BOOKINGS, json=body(**later), headers=headers)
        is_problem(answer, 409, "room-taken")


def test_of_many_changes_to_one_version_one_is_made(app: Flask, now: datetime) -> None:
    plain = make_token(app, make_person(app))
    client = app.test_client()
    made = client.post(BOOKINGS, json=BODY, headers=plain)
    path = f"{BOOKINGS}/{made.json['id']}"
    headers = {**plain, "If-Match": made.headers["ETag"]}

    def change(people: int) -> Call:
        return lambda client: client.patch(path, json={"people": people}, headers=headers)

    answers = at_once(app, [change(5 + number) for number in range(CLIENTS)])
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 1, 412: CLIENTS - 1}, [answer.json for answer in answers]
    won = next(answer.json for answer in answers if answer.status_code == 200)
    assert client.get(path, headers=plain).json == won
    assert won["version"] == 1


def test_a_version_that_is_stale_or_none_changes_nothing(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    plain = make_token(app, make_person(app))
    told = booked(client, plain)
    path = f"{BOOKINGS}/{told['id']}"
    client.patch(path, json={"people": 5}, headers=plain)
    before = client.get(path, headers=plain).json
    with nothing_written(app):
        for etag in ('"0-abc"', '"7"', 'W/"0"', '"-1"', '""', "9" * 90, '"٣"', "x" * 101):
            headers = {**plain, "If-Match": etag.encode().decode("latin-1")}
            for answer in (
                client.patch(path, json={"people": 2}, headers=headers),
                client.delete(path, headers=headers),
            ):
                if len(etag) > 100:
                    is_problem(answer, 422, "invalid-input")
                else:
                    is_problem(answer, 412, "stale-version")
    assert client.get(path, headers=plain).json == before


def test_cancelled_by_many_at_once_is_cancelled_once(app: Flask, now: datetime) -> None:
    plain = make_token(app, make_person(app))
    path = f"{BOOKINGS}/{booked(app.test_client(), plain)['id']}"
    before = counted(app)
    answers = at_once(app, [lambda client: client.delete(path, headers=plain)] * CLIENTS)
    assert [answer.status_code for answer in answers] == [204] * CLIENTS
    after = counted(app)
    assert after["allocations"] == before["allocations"] - 1
    assert after["booking_log"] == before["booking_log"] + 1
    assert after["outbox"] == before["outbox"] + 1
