"""Check-ins per second by API against a bare Flask route with one select and one insert."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from app.bookings import service as bookings
from app.bookings.tables import BookingRow
from app.db.transaction import transaction
from tests import databases
from tests.bench.clients import CLIENTS, post, send
from tests.bench.ratios import Line
from tests.conftest import NOW
from tests.servers import serving
from tests.stays import make_person, make_token, stay

TURNS = 6
A_TURN = 240
WARM = 40
WANTED = 0.35


def measure(engine: str, folder: Path) -> Line:
    """Give our check-ins per second over those of the floor."""
    app = databases.network_app(engine, folder)
    refs = iter(_booked(app, 2 * WARM + 2 * TURNS * A_TURN))
    desk = [
        make_token(app, make_person(app, f"desk{n}", concierge_of="metz"), "desk")
        for n in range(CLIENTS)
    ]
    with serving(app) as house, serving(app, target="tests.bench.floor:app") as floor:
        send(house, _ours(refs, desk, WARM))
        send(floor, _bare(refs, WARM))
        turns = [
            (send(house, _ours(refs, desk, A_TURN)), send(floor, _bare(refs, A_TURN)))
            for _ in range(TURNS)
        ]
    databases.close(app)
    ratio = statistics.median(ours / bare for ours, bare in turns)
    ours, bare = (statistics.median(side) for side in zip(*turns, strict=True))
    note = f"{ours:.0f}/s over {bare:.0f}/s (aim 0.5)"
    return Line(f"check-in by API / select and insert, {engine}", ratio, WANTED, True, note)


def _ours(refs: Iterator[str], desk: list[dict[str, str]], count: int) -> list[bytes]:
    return [
        post("/api/v1/check-ins", {"booking": ref}, headers)
        for ref, headers in zip(islice(refs, count), cycle(desk), strict=False)
    ]


def _bare(refs: Iterator[str], count: int) -> list[bytes]:
    return [post("/check-in", {"booking": ref}, {}) for ref in islice(refs, count)]


def _booked(app: Flask, count: int) -> list[str]:
    """Let so many bookings of Metz run just now."""
    anais, begun = make_person(app), datetime.now(UTC).replace(microsecond=0)
    with app.app_context(), transaction() as session:
        ref = bookings.book(session, anais, stay(), now=NOW).ref
        table = BookingRow.__table__
        found = session.execute(select(table).where(table.c.ref == ref)).mappings().one()
        one = {name: value for name, value in found.items() if name != "id"}
        hours = {"starts_at": begun, "ends_at": begun + timedelta(hours=2)}
        refs = [f"b{number:05}" for number in range(count)]
        session.execute(insert(table), [one | hours | {"ref": each} for each in refs])
    return refs
