"""Series: looked at without writing, booked whole or not at all, changed and given up by scope."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.bookings import service
from app.bookings.queries.series import dates_of_series
from app.bookings.series import Choice, Deed, SeriesTable, SeriesWanted, Standing
from app.bookings.tables import BookingLogRow, BookingRow, BookingSeriesRow
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.errors import DatesRefused, NoDates, UnknownDate
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow
from tests.databases import Counted
from tests.dates import THURSDAY, every
from tests.stays import SEATS, make_person, stay

WEEKLY = "FREQ=WEEKLY;UNTIL=20261224"
CHRISTMAS = date(2026, 12, 24)


def look(
    app: Flask, actor: Actor, wanted: SeriesWanted, *choices: Choice, now: datetime
) -> SeriesTable:
    with app.app_context(), reading() as session:
        return service.preview(session, actor, wanted, choices, now=now)


def count(app: Flask) -> tuple[int, ...]:
    with app.app_context(), reading() as session:
        return tuple(
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (BookingSeriesRow, BookingRow, AllocationRow, BookingLogRow, OutboxRow)
        )


def test_a_series_is_looked_at_then_booked_date_by_date(app: Flask, now: datetime) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    with app.app_context(), transaction() as session:
        service.book(session, basile, stay("11:00-13:00", day=date(2026, 12, 3)), now=now)
    wanted = every("FREQ=WEEKLY;UNTIL=20270107", title="Atelier")
    table = look(app, anais, wanted, now=now)
    seen = {f"{each.day:%d/%m}": each.standing for each in table.verdicts}
    assert seen == {
        "26/11": Standing.FREE,
        "03/12": Standing.TAKEN,
        "10/12": Standing.FREE,
        "17/12": Standing.FREE,
        "24/12": Standing.CLOSED,
        "31/12": Standing.CLOSED,
        "07/01": Standing.FREE,
    }
    clash = table.verdicts[1]
    assert clash.holder is None  # of others nobody but the staff learns a name
    assert clash.near[0].span.start.hour == 8  # an hour earlier in winter: 9:00 to 11:00
    assert table.troubles == (date(2026, 12, 3), CHRISTMAS, date(2026, 12, 31))
    before = count(app)
    with pytest.raises(DatesRefused) as refused, app.app_context(), transaction() as session:
        service.book_series(session, anais, wanted, now=now)
    assert refused.value.dates == (CHRISTMAS, date(2026, 12, 31))
    assert count(app) == before
    choices = (
        Choice(date(2026, 12, 3), Deed.CHANGE, span=clash.near[0].span),
        Choice(CHRISTMAS, Deed.DROP),
        Choice(date(2026, 12, 31), Deed.DROP),
    )
    with app.app_context(), transaction() as session:
        series, bookings = service.book_series(session, anais, wanted, choices, now=now)
    assert len(bookings) == 5
    assert series.recurrence.exdates == {CHRISTMAS, date(2026, 12, 31)}
    assert bookings[1].span == clash.near[0].span
    assert len({booking.gross for booking in bookings}) == 1
    with app.app_context(), reading() as session:
        network = find_network(session)
        kept = [visit.booking for visit in dates_of_series(session, network, series.id, now=now)]
    assert [booking.ref for booking in kept] == [booking.ref for booking in bookings]
    again = look(app, anais, wanted, now=now)
    taken = [each for each in again.verdicts if each.standing is Standing.TAKEN]
    assert [each.is_own for each in taken] == [True, False, True, True, True]


def test_choices_are_for_dates_of_the_series_and_leave_one(app: Flask, now: datetime) -> None:
    anais, wanted = make_person(app), every("FREQ=WEEKLY;COUNT=2")
    with pytest.raises(UnknownDate):
        look(app, anais, wanted, Choice(CHRISTMAS, Deed.DROP), now=now)
    drops = [Choice(THURSDAY + timedelta(weeks=week), Deed.DROP) for week in range(2)]
    with pytest.raises(NoDates), app.app_context(), transaction() as session:
        service.book_series(session, anais, wanted, drops, now=now)


def test_fifty_two_dates_cost_as_many_statements_as_thirteen(
    app: Flask,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    anais = make_person(app)
    looks, books = [], []
    for space, dates in ((SEATS, 13), (SEATS, 52)):
        wanted = every(f"FREQ=WEEKLY;COUNT={dates}", space=space, people=2)
        closed = [
            Choice(each.day, Deed.DROP)
            for each in look(app, anais, wanted, now=now).verdicts
            if each.is_trouble
        ]
        with count_statements() as counted:
            look(app, anais, wanted, now=now)
        looks.append(len(counted))
        with app.app_context(), count_statements() as counted, transaction() as session:
            service.book_series(session, anais, wanted, closed, now=now)
        books.append(len(counted))
    assert looks[0] == looks[1] <= 8
    assert books[0] == books[1] <= 12
