"""A series of 52 dates, looked at and booked, over bare SQL that reads and writes the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import DeclarativeBase

from app.bookings import service
from app.bookings.series import Choice, Deed, SeriesWanted
from app.bookings.tables import BookingLogRow, BookingRow, BookingSeriesRow
from app.db.transaction import reading, transaction
from app.domain.calendars import local_day
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.spaces.network import Space
from app.spaces.queries import find_network, rows_within
from app.spaces.tables import AllocationRow
from tests import databases
from tests.bench.ratios import Line, in_turns
from tests.conftest import NOW
from tests.dates import every
from tests.stays import make_person

DATES = 52
ROUNDS = 20
ROOMS = ("metz-mirabelle", "metz-seille", "metz-cheneau")
HOURS = range(9, 18)
LOOKED, BOOKED = 30.0, 8.0
Rows = dict[type[DeclarativeBase], list[dict[str, Any]]]


def measure(engine: str, folder: Path) -> Iterator[Line]:
    """Give both costs, each over the statements alone; every round in a place of its own."""
    app = databases.network_app(engine, folder)
    person = make_person(app)
    wishes = _wishes()
    wanted = next(wishes)
    drops = _shut(app, person, wanted)
    model = _rows_of(app, _book(app, person, wanted, drops))
    room, windows = _windows(app, wanted := next(wishes))
    look, fetch = in_turns(
        lambda: _look(app, person, wanted), lambda: _fetch(app, room, windows), ROUNDS
    )
    note = f"{look * 1e3:.1f} ms over {fetch * 1e3:.1f} ms"
    yield Line(f"{DATES} dates looked at / their rows, {engine}", look / fetch, LOOKED, note=note)
    numbers = count(1)
    book, write = in_turns(
        lambda: _book(app, person, next(wishes), drops),
        lambda: _write(app, model, next(numbers)),
        ROUNDS,
    )
    databases.close(app)
    note = f"{book * 1e3:.1f} ms over {write * 1e3:.1f} ms"
    yield Line(f"{DATES} dates booked / their rows, {engine}", book / write, BOOKED, note=note)


def _wishes() -> Iterator[SeriesWanted]:
    """Give the same weekday at another hour or in another room, each once."""
    for code in ROOMS:
        for hour in HOURS:
            yield every(f"FREQ=WEEKLY;COUNT={DATES}", f"{hour}:00-{hour + 1}:00", space=code)


def _look(app: Flask, person: Actor, wanted: SeriesWanted) -> int:
    with app.app_context(), reading() as session:
        return len(service.preview(session, person, wanted, now=NOW).verdicts)


def _fetch(app: Flask, room: Space, windows: list[Span]) -> int:
    with app.app_context(), reading() as session:
        return len(rows_within(session, room.unit_ids, windows))


def _book(app: Flask, person: Actor, wanted: SeriesWanted, drops: list[Choice]) -> int:
    """Book every date on which the house is open."""
    with app.app_context(), transaction() as session:
        return service.book_series(session, person, wanted, drops, now=NOW)[0].id


def _shut(app: Flask, person: Actor, wanted: SeriesWanted) -> list[Choice]:
    """Drop the dates on which the house is closed: the same for every room and hour."""
    with app.app_context(), reading() as session:
        table = service.preview(session, person, wanted, now=NOW)
    return [Choice(day, Deed.DROP) for day in table.troubles]


def _windows(app: Flask, wanted: SeriesWanted) -> tuple[Space, list[Span]]:
    with app.app_context(), reading() as session:
        room = find_network(session).get_space(wanted.space)
    return room, [local_day(room.calendar, day) for day in wanted.recurrence.days]


def _rows_of(app: Flask, series_id: int) -> Rows:
    """Give the rows of a booked series as they were written."""
    with app.app_context(), reading() as session:
        bookings = BookingRow.series_id == series_id
        ids = select(BookingRow.id).where(bookings)
        wanted = {
            BookingSeriesRow: BookingSeriesRow.id == series_id,
            BookingRow: bookings,
            BookingLogRow: BookingLogRow.booking_id.in_(ids),
            AllocationRow: AllocationRow.holder_id.in_(ids),
        }
        return {
            table: [
                dict(row._mapping)
                for row in session.execute(select(*table.__table__.columns).where(which))
            ]
            for table, which in wanted.items()
        }


def _write(app: Flask, model: Rows, number: int) -> None:
    """Write as many of the same rows: other references and ids, a unit and a series of no rule."""
    with app.app_context(), transaction() as session:
        connection = session.connection()
        shift = number * 1_000_000
        for table, rows in model.items():
            fresh = [_fresh(row, number, shift) for row in rows]
            connection.execute(insert(table).inline(), fresh)


def _fresh(row: dict[str, Any], number: int, shift: int) -> dict[str, Any]:
    changed = dict(row)
    for name in ("id", "booking_id", "holder_id", "series_id"):
        if changed.get(name) is not None:
            changed[name] += shift
    if "ref" in changed:
        changed["ref"] = f"{number:04d}{changed['ref'][4:]}"
    if "unit_id" in changed:  # the same room, minutes that nobody else has
        changed["ends_at"] = changed["starts_at"].replace(hour=0, minute=number + 1)
        changed["starts_at"] = changed["starts_at"].replace(hour=0, minute=number)
    return changed
