"""Bookings per second by API against a bare Flask route that does one insert, in turns."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask

from app.db.transaction import reading
from app.domain.calendars import opening_spans
from app.domain.kinds import SpaceKind
from app.spaces.network import Space
from app.spaces.queries import find_network
from tests import databases
from tests.bench.clients import CLIENTS, post, send
from tests.bench.ratios import Line
from tests.servers import serving
from tests.stays import make_person, make_token

TURNS = 6
A_TURN = 240  # requests of each side
STAY = timedelta(minutes=30)
WANTED = 0.25
Headers = dict[str, str]
Slots = Iterator[tuple[Space, datetime]]


def measure(engine: str, folder: Path) -> Line:
    """Give our bookings per second over the inserts per second of the floor."""
    app = databases.network_app(engine, folder)
    people = [make_token(app, make_person(app, f"client{n}")) for n in range(CLIENTS)]
    slots = _slots(app)
    with serving(app) as house, serving(app, target="tests.bench.floor:app") as floor:
        send(house, [_booking(*slot, people[0]) for slot in itertools.islice(slots, 40)])  # warm
        send(floor, [_insert(*slot) for slot in itertools.islice(slots, 40)])
        turns = [(_ours(house, slots, people), _bare(floor, slots)) for _ in range(TURNS)]
    databases.close(app)
    ratio = statistics.median(booked / inserted for booked, inserted in turns)
    booked, inserted = (statistics.median(side) for side in zip(*turns, strict=True))
    note = f"{booked:.0f}/s over {inserted:.0f}/s (aim 0.35)"
    return Line(f"booking by API / bare insert, {engine}", ratio, WANTED, True, note)


def _ours(address: str, slots: Slots, people: list[Headers]) -> float:
    chosen = zip(itertools.islice(slots, A_TURN), itertools.cycle(people), strict=False)
    return send(address, [_booking(space, start, person) for (space, start), person in chosen])


def _bare(address: str, slots: Slots) -> float:
    return send(address, [_insert(*slot) for slot in itertools.islice(slots, A_TURN)])


def _booking(space: Space, start: datetime, person: Headers) -> bytes:
    wanted = {
        "space": space.code,
        "starts_at": start.isoformat(),
        "ends_at": (start + STAY).isoformat(),
        "people": 2,
    }
    return post("/api/v1/bookings", wanted, person)


def _insert(space: Space, start: datetime) -> bytes:
    row = {
        "unit": space.unit_ids[0],
        "space": space.id,
        "starts_at": start.isoformat(),
        "ends_at": (start + STAY).isoformat(),
    }
    return post("/", row, {})


def _slots(app: Flask) -> Slots:
    """Give free half hours of meeting rooms of one unit, from a week ahead, each once.

    Neighbours in the list are different rooms, as people's wishes are: eight clients in one room
    would measure the queue at its door.
    """
    with app.app_context(), reading() as session:
        spaces = find_network(session).spaces
    rooms = [
        space
        for space in spaces
        if space.kind is SpaceKind.MEETING_ROOM and space.bookable and len(space.unit_ids) == 1
    ]
    first = (datetime.now(UTC) + timedelta(days=7)).date()
    for number in range(300):
        days = [list(_half_hours(room, first + timedelta(days=number))) for room in rooms]
        for row in itertools.zip_longest(*days):
            yield from ((room, start) for room, start in zip(rooms, row, strict=True) if start)


def _half_hours(room: Space, day: date) -> Iterator[datetime]:
    for span in opening_spans(room.calendar, day):
        begin = span.start
        while begin + STAY <= span.end:
            yield begin
            begin += STAY
