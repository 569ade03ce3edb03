"""What a door is told in a house of 3 000 members and 200 doors: its size and its time."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from sqlalchemy import insert, select

from app.access import queries
from app.access.devices import Device
from app.bookings import service as bookings
from app.bookings.tables import BookingRow
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.spaces.network import Door, Site
from app.spaces.queries import find_network
from devices.passes.snapshot import read_snapshot
from tests import databases
from tests.bench.ratios import Line, seconds
from tests.conftest import NOW
from tests.readers import keys_of, make_manager, make_reader
from tests.stays import TUESDAY, make_person, span, stay

MEMBERS, DOORS, ROUNDS = 3_000, 200, 20
CANCELLED = 3  # one booking in three was given up, which is far more than ever
MOST_KIB, MOST_SECONDS, MOST_READING = 64, 0.5, 0.1
ASKED_AT = span("09:00-09:01").start


def measure(engine: str, folder: Path) -> Iterator[Line]:
    """Give the size of a snapshot, and the seconds to make and to read it."""
    app = databases.network_app(engine, folder)
    device = _filled(app)
    keys = keys_of(app)

    def make() -> bytes:
        with app.app_context(), reading() as session:
            return keys.seal_snapshot(queries.snapshot_for(session, device, keys, now=ASKED_AT))

    sealed, pinned = make(), Ed25519PublicKey.from_public_bytes(keys.snapshot_public)
    told = read_snapshot(sealed, pinned)
    if len(told.others) != DOORS - 1 or len(told.revoked) < MEMBERS // CANCELLED:
        raise RuntimeError("the snapshot does not hold what it should")
    making = statistics.median(seconds(make) for _ in range(ROUNDS))
    read = statistics.median(seconds(lambda: read_snapshot(sealed, pinned)) for _ in range(ROUNDS))
    databases.close(app)
    name = f"snapshot of {MEMBERS} members, {DOORS} doors"
    yield Line(f"{name}: KiB, {engine}", len(sealed) / 1024, MOST_KIB)
    yield Line(f"{name}: s to make, {engine}", making, MOST_SECONDS)
    yield Line(f"{name}: s to read at the door, {engine}", read, MOST_READING)


def _filled(app: Flask) -> Device:
    """Let each member have a booking of that day, and give the reader of one of the doors."""
    reader = make_reader(app, make_manager(app), NOW)
    anais = make_person(app)
    with app.app_context(), transaction() as session:
        ref = bookings.book(session, anais, stay(), now=NOW).ref
        table = BookingRow.__table__
        found = session.execute(select(table).where(table.c.ref == ref)).mappings().one()
        one = {name: value for name, value in found.items() if name != "id"}
        session.execute(insert(table), [_like(one, number) for number in range(MEMBERS)])
    device = reader.device()
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
    return replace(device, site=_with_doors(site))


def _like(one: dict[str, object], number: int) -> dict[str, object]:
    hours = span(f"{8 + number % 10:02}:00-{9 + number % 10:02}:00", TUESDAY)
    given_up = number % CANCELLED == 0
    return one | {
        "ref": f"bench{number:05}",
        "starts_at": hours.start,
        "ends_at": hours.end,
        "state": (BookingState.CANCELLED if given_up else BookingState.CONFIRMED).value,
        "cancelled_at": NOW if given_up else None,
        "voided_from": hours.start if given_up else None,
        "voided_until": hours.end + timedelta(hours=1) if given_up else None,
    }


def _with_doors(site: Site) -> Site:
    """Give the site 200 doors, each with a name like those it has."""
    doors = list(site.doors)
    more = (
        replace(doors[number % len(site.doors)], number=10_000 + number)
        for number in range(DOORS - len(doors))
    )
    every: tuple[Door, ...] = (*doors, *more)
    return replace(site, doors=every)
