"""Sixteen people want one place at once, through a real server: one gets it, the others a way out.

``make test`` races a few rounds on each engine; ``make soak`` the 200 that issue 2 asks for.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.db.transaction import reading
from app.domain.calendars import opening_spans
from app.domain.ids import SpaceCode
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow, SpaceRow
from tests import databases
from tests.conftest import SOAK
from tests.servers import serving
from tests.stays import MIRABELLE, MOSELLE, SEATS, SEILLE, make_person, make_token

pytestmark = [pytest.mark.server, pytest.mark.long, pytest.mark.xdist_group("race")]
CLIENTS = 16
ROUNDS = 200 if SOAK else 12
POOL_ROUNDS = 20 if SOAK else 2
QUARTER = timedelta(minutes=15)
STAY = timedelta(hours=1)
WINDOW = timedelta(hours=2)  # what one round uses up of a day
DAY_ENDS = time(18)  # seats have no evening price
WAYS_OUT = {"earlier", "later", "similar", "joined", "elsewhere"}
Headers = dict[str, str]
Wish = dict[str, object]


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


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    app = databases.network_app(request.param, tmp_path_factory.mktemp("race"))
    people = [make_token(app, make_person(app, f"client{n}")) for n in range(CLIENTS)]
    with serving(app, workers=3, threads=6) as address:
        yield House(app, address, people)
    databases.close(app)


def openings(app: Flask, space: SpaceCode, *, until: time = time.max) -> Iterator[datetime]:
    """Give the begins of two-hour windows in which a space is open, from a week ahead."""
    with app.app_context(), reading() as session:
        calendar = find_network(session).get_space(space).calendar
    first = (datetime.now(UTC) + timedelta(days=7)).date()
    for number in itertools.count():
        for span in opening_spans(calendar, first + timedelta(days=number)):
            begin = span.start
            while begin + WINDOW <= span.end:
                if (begin + WINDOW).astimezone(calendar.zone).time() <= until:
                    yield begin
                begin += WINDOW


def book(house: House, number: int, wanted: Wish) -> Answer:
    connection = http.client.HTTPConnection(house.address, timeout=60)
    headers = house.people[number] | {"Content-Type": "application/json"}
    connection.request("POST", "/api/v1/bookings", json.dumps(wanted), headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return Answer(response.status, body)


def race(house: House, asked: Callable[[int], Wish]) -> list[Answer]:
    """Let all clients post at the same moment; ``asked`` gives what each of them wants."""
    together = threading.Barrier(CLIENTS)

    def run(number: int) -> Answer:
        together.wait()
        return book(house, number, asked(number))

    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(run, range(CLIENTS)))


def overlaps(app: Flask) -> int:
    """Count the pairs of allocations of one unit that overlap."""
    one, other = aliased(AllocationRow), aliased(AllocationRow)
    return count(
        app,
        select(func.count())
        .select_from(one)
        .join(other, one.unit_id == other.unit_id)
        .where(one.starts_at < other.starts_at, other.starts_at < one.ends_at),
    )


def occupied(app: Flask, spaces: Sequence[SpaceCode]) -> int:
    """Count the units taken for bookings of these spaces, each as often as it was taken."""
    return count(
        app,
        select(func.count())
        .select_from(AllocationRow)
        .join(SpaceRow, SpaceRow.id == AllocationRow.space_id)
        .where(SpaceRow.code.in_(spaces)),
    )


def count(app: Flask, statement: Select[int]) -> int:
    with app.app_context(), reading() as session:
        return session.execute(statement).scalar_one()


def check_losers(losers: list[Answer]) -> None:
    for loser in losers:
        assert (loser.status, loser.body["code"]) == (409, "room-taken"), loser.body
        assert loser.body["clashes"]
        ways = loser.body["alternatives"]
        assert isinstance(ways, list)
        assert ways, "a refusal without a way out, in a house that is nearly empty"
        assert {way["way"] for way in ways} <= WAYS_OUT


def wishes(begin: datetime, rooms: Sequence[SpaceCode], people: int) -> Callable[[int], Wish]:
    """Let each client want one of the rooms for an hour that overlaps those of all others."""

    def asked(client: int) -> Wish:
        start = begin + QUARTER * (client % 4)
        return {
            "space": rooms[client % len(rooms)],
            "starts_at": start.isoformat(),
            "ends_at": (start + STAY).isoformat(),
            "people": people,
        }

    return asked


def take_way_out(house: House, loser: Answer) -> Answer:
    """Book the first place that was offered for the same hours."""
    ways = loser.body["alternatives"]
    assert isinstance(ways, list)
    way = next(way for way in ways if way["way"] != "later")
    wanted = {name: way[name] for name in ("starts_at", "ends_at")}
    return book(house, 0, wanted | {"space": way["space"]["code"], "people": 2})


def test_exactly_one_of_sixteen_gets_a_room(house: House) -> None:
    """Their hours all overlap; every other round half of them want all of a divisible room."""
    begins = openings(house.app, MOSELLE)
    for number in range(ROUNDS):
        rooms = (MIRABELLE,) if number % 2 else (MOSELLE, SEILLE)
        answers = race(house, wishes(next(begins), rooms, people=2))
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [201] + [409] * (CLIENTS - 1), (number, statuses)
        losers = [answer for answer in answers if answer.status == 409]
        check_losers(losers)
        assert take_way_out(house, losers[number % len(losers)]).status == 201
    assert overlaps(house.app) == 0
    assert occupied(house.app, [MIRABELLE, SEILLE, MOSELLE]) >= ROUNDS


def test_of_pooled_seats_as_many_are_sold_as_there_are(house: House) -> None:
    """32 seats, 16 groups of three: ten groups sit down."""
    begins = openings(house.app, SEATS, until=DAY_ENDS)
    for number in range(POOL_ROUNDS):
        answers = race(house, wishes(next(begins), (SEATS,), people=3))
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [201] * 10 + [409] * 6, (number, statuses)
        check_losers([answer for answer in answers if answer.status == 409])
    assert overlaps(house.app) == 0
    assert occupied(house.app, [SEATS]) == POOL_ROUNDS * 30
