"""How many statements an answer takes: few, and as many in a full house as in an empty one.

Counted through the API as a client meets it, without what opens and closes transactions, and
without finding out whose token it is (one statement) or what its idempotency key got before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.bookings import service
from app.db.transaction import reading, transaction
from app.domain.permissions import Scope
from app.domain.profiles import Profile
from app.spaces.queries import find_network
from tests.apis import BOOKINGS, body, on
from tests.databases import Counted
from tests.stays import TUESDAY, make_person, make_token, stay

MOST_FOR_A_BOOKING = 10
MOST_FOR_A_DAY = 4
MOST_FOR_AVAILABILITY = 6
APART = ("api_tokens", "idempotency_keys")
LEFT_FREE = {"metz-mirabelle"}  # for the bookings that are counted
HOURS = ("14:00-15:00", "16:00-17:00")
Call = Callable[[], TestResponse]
Count = Callable[[Call], list[str]]
Headers = dict[str, str]


@pytest.fixture
def count(
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> Count:
    """Give the statements of a call, which must go well."""

    def statements_of(call: Call) -> list[str]:
        with count_statements() as counted:
            answer = call()
        assert answer.status_code < 300, answer.json
        return [each for each in counted.statements if not any(name in each for name in APART)]

    return statements_of


@pytest.fixture
def headers(app: Flask, client: FlaskClient, now: datetime) -> Headers:
    """Somebody with a token; what is read once a process has been read."""
    headers = make_token(app, make_person(app, profile=Profile.STUDENT), *Scope)
    client.get("/api/v1/spaces")
    client.post("/api/v1/quotes", json=body(), headers=headers)
    return headers


def fill_the_house(app: Flask, now: datetime) -> None:
    """Book two hours of nearly every meeting room of the network, on three days."""
    anybody = make_person(app, "Foule")
    with app.app_context(), reading() as session:
        rooms = [
            space.code
            for space in find_network(session).spaces
            if space.bookable and space.kind == "meeting_room" and len(space.units) == 1
        ]
    days = [TUESDAY + timedelta(days=number) for number in range(3)]
    with app.app_context(), transaction() as session:
        for code, day, hours in product(set(rooms) - LEFT_FREE, days, HOURS):
            wish = stay(hours, code, day, people=1)
            service.book(session, anybody, wish, now=now)


def test_a_booking_takes_ten_statements_at_most(
    app: Flask, client: FlaskClient, headers: Headers, count: Count, now: datetime
) -> None:
    def book(day: str, **more: object) -> list[str]:
        return count(lambda: client.post(BOOKINGS, json=body(**on(day), **more), headers=headers))

    quiet = book("2026-11-24")
    fill_the_house(app, now)
    busy = book("2026-11-25")
    many_seats = book("2026-11-26", space="metz-poulailler", people=20)
    keyed = count(
        lambda: client.post(
            BOOKINGS,
            json=body(**on("2026-11-30")),
            headers={**headers, "Idempotency-Key": "k"},
        )
    )
    assert len(quiet) == 5, quiet
    assert [len(busy), len(keyed)] == [5, 5]
    assert len(many_seats) == 7 <= MOST_FOR_A_BOOKING, many_seats  # lock, look, write


def test_a_day_of_a_site_takes_four_statements_at_most(
    app: Flask, client: FlaskClient, headers: Headers, count: Count, now: datetime
) -> None:
    def days() -> list[int]:
        return [
            len(count(lambda s=site: client.get(f"/api/v1/sites/{s}/day?date=2026-11-24")))
            for site in ("metz", "nancy", "epinal", "thionville-gare", "thionville-3eme-lieu")
        ]

    quiet = days()
    fill_the_house(app, now)
    assert days() == quiet
    assert len(set(quiet)) == 1
    assert quiet[0] <= MOST_FOR_A_DAY


def test_a_day_with_names_takes_four_statements_at_most(
    app: Flask, client: FlaskClient, count: Count, now: datetime
) -> None:
    desk = make_token(app, make_person(app, "Odile", concierge_of="metz"), *Scope)

    def day() -> list[str]:
        return count(lambda: client.get("/api/v1/sites/metz/day?date=2026-11-24", headers=desk))

    day()
    quiet = day()
    fill_the_house(app, now)
    busy = day()
    assert len(busy) == len(quiet) <= MOST_FOR_A_DAY, busy


def test_availability_takes_six_statements_at_most(
    app: Flask, client: FlaskClient, headers: Headers, count: Count, now: datetime
) -> None:
    when = "from=2026-11-24T13:00:00%2B01:00&to=2026-11-24T15:00:00%2B01:00"

    def search(more: str = "", sent: Headers | None = None) -> int:
        address = f"/api/v1/availability?{when}{more}"
        return len(count(lambda: client.get(address, headers=sent or {})))

    everywhere, one_site, as_student = search(), search("&site=epinal"), search(sent=headers)
    fill_the_house(app, now)
    assert [search(), search("&site=epinal"), search(sent=headers)] == [
        everywhere,
        one_site,
        as_student,
    ]
    assert one_site == everywhere
    assert max(everywhere, as_student) <= MOST_FOR_AVAILABILITY


def test_a_list_of_bookings_takes_as_many_for_fifty_as_for_one(
    app: Flask, client: FlaskClient, headers: Headers, count: Count, now: datetime
) -> None:
    def listed() -> int:
        return len(count(lambda: client.get(BOOKINGS, headers=headers)))

    client.post(BOOKINGS, json=body(), headers=headers)
    one = listed()
    for number in range(2, 26):
        client.post(BOOKINGS, json=body(**on(f"2027-01-{number:02d}")), headers=headers)
    page = client.get(BOOKINGS, headers=headers).json["items"]
    assert len(page) > 15
    assert listed() == one <= 3


def test_a_clash_is_told_in_a_constant_number_of_statements(
    app: Flask,
    client: FlaskClient,
    headers: Headers,
    count_statements: Callable[[], AbstractContextManager[Counted]],
    now: datetime,
) -> None:
    def clash() -> int:
        with count_statements() as counted:
            answer = client.post(BOOKINGS, json=body(), headers=headers)
        assert answer.status_code == 409
        return len(counted)

    assert client.post(BOOKINGS, json=body(), headers=headers).status_code == 201
    quiet = clash()
    fill_the_house(app, now)
    assert clash() == quiet <= MOST_FOR_A_BOOKING + MOST_FOR_AVAILABILITY


def test_a_change_and_a_cancellation_take_ten_statements_at_most(
    app: Flask, client: FlaskClient, headers: Headers, count: Count, now: datetime
) -> None:
    fill_the_house(app, now)
    made = client.post(BOOKINGS, json=body(**on("2026-11-30")), headers=headers)
    path = f"{BOOKINGS}/{made.json['id']}"
    moved = count(lambda: client.patch(path, json=on("2026-12-01"), headers=headers))
    seen = count(lambda: client.get(path, headers=headers))
    cancelled = count(lambda: client.delete(path, headers=headers))
    assert len(moved) <= MOST_FOR_A_BOOKING, moved
    assert len(seen) <= 2, seen
    assert len(cancelled) <= MOST_FOR_A_BOOKING, cancelled
