"""The free places of one day at one site, among few allocations of other days and among many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, text

from app.db.base import db
from app.db.transaction import reading, transaction
from app.spaces.network import Network
from app.spaces.queries import day_of_site, find_network
from app.spaces.tables import AllocationRow
from tests import databases
from tests.bench.ratios import Line, in_turns
from tests.conftest import NOW

DAY = date(2027, 6, 1)
A_DAY = 8  # allocations of each unit on each day
FEW, MANY = 10_000, 1_000_000
ROUNDS = 200
WANTED = 1.3


def measure(engine: str, folder: Path) -> Line:
    """Give the cost among a million rows over that among ten thousand, of the same day."""
    few, many = (_filled(engine, folder / str(rows), rows) for rows in (FEW, MANY))
    if _look(few) != _look(many):
        raise RuntimeError("the two days are not the same")
    small, large = in_turns(lambda: _look(few), lambda: _look(many), ROUNDS)
    for app in (few, many):
        databases.close(app)
    note = f"{large * 1e3:.1f} ms over {small * 1e3:.1f} ms"
    return Line(f"a site's day, 1 M / 10 k allocations, {engine}", large / small, WANTED, note=note)


def _look(app: Flask) -> int:
    """Count what is taken and what is free at Metz that day."""
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        day = day_of_site(session, site, DAY, NOW)
        return sum(len(space.taken) * 1000 + len(space.free) for space in day.spaces)


def _filled(engine: str, folder: Path, rows: int) -> Flask:
    app = databases.network_app(engine, folder)
    with app.app_context():
        with reading() as session:
            network = find_network(session)
        written = 0
        for number in count():
            day = DAY + timedelta(days=(number + 1) // 2 * (-1) ** number)
            batch = list(_rows(network, day))
            with transaction() as session:
                session.connection().execute(insert(AllocationRow), batch)
            written += len(batch)
            if written >= rows:
                break
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return app


def _rows(network: Network, day: date) -> Iterator[dict[str, object]]:
    """Give eight allocations of 45 minutes of every unit; parts of a room are written once."""
    spaces = {unit.id: space.id for space in network.spaces for unit in space.units}
    for unit, space in spaces.items():
        yield from _rows_of(unit, space, day)


def _rows_of(unit: int, space: int, day: date) -> Iterator[dict[str, object]]:
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
