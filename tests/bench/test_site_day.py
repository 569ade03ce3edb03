"""The day of a site costs the same however many allocations other days have.

`make test` compares 10 thousand with 100 thousand rows, `make soak` and `make bench` with a
million. The rows of the day asked are the same, the rest lies on other days of the same units.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, text

from app.db.base import db
from app.db.transaction import reading, transaction
from app.spaces.network import Network
from app.spaces.queries import day_of_site, find_network
from app.spaces.tables import AllocationRow
from tests import databases
from tests.conftest import NOW, SOAK

DAY = date(2027, 6, 1)
A_DAY = 8  # allocations of each unit on each day
FEW, MANY = 10_000, 1_000_000 if SOAK else 100_000
ROUNDS = 40
LIMIT = 1.3


@pytest.fixture
def house(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own with the four Totems, to be filled."""
    app = databases.network_app(engine_name, tmp_path)
    with app.app_context():
        yield app
    databases.close(app)


def day_ratio(few: int, many: int, rounds: int) -> float:
    """Give the cost of a site's day among many allocations over that among few.

    The best of all rounds is compared, because the machine is shared.
    """
    with reading() as session:
        network = find_network(session)
    filler = Filler(network)
    filler.fill(few)
    among_few = _best(network, rounds)
    filler.fill(many)
    return _best(network, rounds) / among_few


class Filler:
    """Fills the calendar from the day asked outwards, one day of all units after the other."""

    def __init__(self, network: Network) -> None:
        self._units = {unit.id: space.id for space in network.spaces for unit in space.units}
        self._days = (DAY + timedelta(days=n // 2 * (-1) ** n) for n in count(1))
        self._rows = 0

    def fill(self, upto: int) -> None:
        """Add whole days until there are so many rows; keep the planner informed."""
        while self._rows < upto:
            rows = list(self._day(next(self._days)))
            with transaction() as session:
                session.connection().execute(insert(AllocationRow), rows)
            self._rows += len(rows)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def _day(self, day: date) -> Iterator[dict[str, object]]:
        for unit, space in self._units.items():
            for number in range(A_DAY):
                start = datetime(day.year, day.month, day.day, 7 + number, tzinfo=UTC)
                yield {
                    "unit_id": unit,
                    "starts_at": start,
                    "ends_at": start + timedelta(minutes=45),
                    "space_id": space,
                    "kind": "booking",
                    "holder_id": day.toordinal() * 10 + number,
                    "expires_at": None,
                }


def _best(network: Network, rounds: int) -> float:
    site = network.get_site("metz")

    def look() -> int:
        with reading() as session:
            return sum(len(space.taken) for space in day_of_site(session, site, DAY, NOW).spaces)

    assert look() >= A_DAY * len(site.spaces) / 2
    return min(_timed(look) for _ in range(rounds))


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@pytest.mark.long
def test_a_site_day_costs_the_same_among_many_allocations(house: Flask) -> None:
    assert day_ratio(FEW, MANY, ROUNDS) <= LIMIT
