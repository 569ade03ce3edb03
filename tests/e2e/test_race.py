"""Sixteen people want one place at once, through a real server: one gets it, the others a way out.

``make test`` races a few rounds on each engine; ``make soak`` the 200 that issue 2 asks for.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.db.base import db
from app.db.transaction import reading
from app.domain.calendars import opening_spans
from app.spaces.queries import find_network
from tests import databases
from tests.conftest import SOAK
from tests.servers import serving
from tests.stays import make_person, make_token

pytestmark = [pytest.mark.server, pytest.mark.long]
CLIENTS = 16
ROUNDS = 200 if SOAK else 12
POOL_ROUNDS = 20 if SOAK else 2
QUARTER = timedelta(minutes=15)
STAY = timedelta(hours=1)
WINDOW = timedelta(hours=2)  # what one round uses up of a day
WAYS_OUT = {"later", "similar", "elsewhere"}
Headers = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What a client was told."""

    status: int
    body: dict[str, object]


@dataclass(frozen=True)
class House:
    """A running server, and the people who book there."""

    app: Flask
    address: str
    people: list[Headers]


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    app = databases.network_app(request.param, tmp_path / "instance")
    people = [make_token(app, make_person(app, f"client{n}")) for n in range(CLIENTS)]
    with serving(app, workers=4, threads=4) as address:
        yield House(app, address, people)
    databases.close(app)


def openings(app: Flask, space: str) -> Iterator[datetime]:
    """Give the begins of two-hour windows in which a space is open, from a week ahead."""
    with app.app_context(), reading() as session:
        calendar = find_network(session).get_space(space).calendar
    first = (datetime.now(UTC) + timedelta(days=7)).date()
    for number in itertools.count():
        for span in opening_spans(calendar, first + timedelta(days=number)):
            begin = span.start
            while begin + WINDOW <= span.end:
                yield begin
                begin += WINDOW


def book(house: House, number: int, wanted: dict[str, object]) -> Answer:
    connection = http.client.HTTPConnection(house.address, timeout=60)
    headers = house.people[number] | {"Content-Type": "application/json"}
    connection.request("POST", "/api/v1/bookings", json.dumps(wanted), headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return Answer(response.status, body)


def race(house: House, asked: Callable[[int], dict[str, object]]) -> list[Answer]:
    """Let all clients post at the same moment; ``asked`` gives what each of them wants."""
    together = threading.Barrier(CLIENTS)

    def run(number: int) -> Answer:
        together.wait()
        return book(house, number, asked(number))

    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(run, range(CLIENTS)))


def overlaps(app: Flask) -> int:
    """Count the pairs of allocations of one unit that overlap."""
    statement = text(
        "SELECT count(*) FROM allocations a JOIN allocations b ON a.unit_id = b.unit_id"
        " AND a.starts_at < b.starts_at AND b.starts_at < a.ends_at"
    )
    return count(app, statement.text)


def count(app: Flask, statement: str) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar() or 0)


def check_losers(losers: list[Answer]) -> None:
    for loser in losers:
        assert (loser.status, loser.body["code"]) == (409, "room-taken"), loser.body
        assert loser.body["clashes"]
        ways = loser.body["alternatives"]
        assert isinstance(ways, list)
        assert ways, "a refusal without a way out, in a house that is nearly empty"
        assert {way["way"] for way in ways} <= WAYS_OUT


def take_way_out(house: House, loser: Answer) -> Answer:
    """Book the first place that was offered for the same hours."""
    ways = loser.body["alternatives"]
    assert isinstance(ways, list)
    way = next(way for way in ways if way["way"] != "later")
    wanted = {name: way[name] for name in ("starts_at", "ends_at")}
    return book(house, 0, wanted | {"space": way["space"]["code"], "people": 2})


def test_exactly_one_of_sixteen_gets_a_room(house: House) -> None:
    """Their hours all overlap; every other round half of them want all of a divisible room."""
    begins = openings(house.app, "metz-moselle")
    for number in range(ROUNDS):
        begin = next(begins)
        rooms = ("metz-mirabelle",) if number % 2 else ("metz-moselle", "metz-seille")

        def asked(client: int, begin: datetime = begin, rooms: tuple[str, ...] = rooms) -> dict:
            start = begin + QUARTER * (client % 4)
            return {
                "space": rooms[client % len(rooms)],
                "starts_at": start.isoformat(),
                "ends_at": (start + STAY).isoformat(),
                "people": 2,
            }

        answers = race(house, asked)
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [201] + [409] * (CLIENTS - 1), (number, statuses)
        losers = [answer for answer in answers if answer.status == 409]
        check_losers(losers)
        assert take_way_out(house, losers[number % len(losers)]).status == 201
    assert overlaps(house.app) == 0
    assert count(house.app, "SELECT count(*) FROM bookings") == ROUNDS * 2


def test_of_pooled_seats_as_many_are_sold_as_there_are(house: House) -> None:
    """32 seats, 16 groups of three: ten groups sit down."""
    begins = openings(house.app, "metz-poulailler")
    for number in range(POOL_ROUNDS):
        begin = next(begins)

        def asked(client: int, begin: datetime = begin) -> dict[str, object]:
            start = begin + QUARTER * (client % 4)
            return {
                "space": "metz-poulailler",
                "starts_at": start.isoformat(),
                "ends_at": (start + STAY).isoformat(),
                "people": 3,
            }

        answers = race(house, asked)
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [201] * 10 + [409] * 6, (number, statuses)
        check_losers([answer for answer in answers if answer.status == 409])
    assert overlaps(house.app) == 0
    assert count(house.app, "SELECT count(*) FROM allocations") == POOL_ROUNDS * 30
