"""Series: looked at without writing, booked whole or not at all, changed and given up by scope."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.bookings import service
from app.bookings.booking import Booking, Change
from app.bookings.queries.series import dates_of_series
from app.bookings.series import (
    Choice,
    Deed,
    Scope,
    Series,
    SeriesChange,
    SeriesTable,
    SeriesWanted,
    Standing,
)
from app.bookings.series_dates import Dates
from app.bookings.tables import BookingLogRow, BookingRow, BookingSeriesRow
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import DatesRefused, NoDates, UnknownDate
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow
from tests.databases import Counted
from tests.dates import THURSDAY, every
from tests.races import Deed as Race
from tests.races import at_once
from tests.stays import MIRABELLE, PARIS, SEATS, handed_over, make_person, stay

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


def test_dates_are_kept_changed_or_dropped(app: Flask, now: datetime) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    with app.app_context(), transaction() as session:
        service.book(session, basile, stay("11:00-13:00", day=date(2026, 12, 3)), now=now)
    wanted = every("FREQ=WEEKLY;UNTIL=20270107", title="Atelier")
    clash = look(app, anais, wanted, now=now).verdicts[1]
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


def booked(app: Flask, actor: Actor, wanted: SeriesWanted, now: datetime) -> Series:
    with app.app_context(), transaction() as session:
        return service.book_series(session, actor, wanted, now=now)[0]


def dates(app: Flask, series: Series, now: datetime) -> list[Booking]:
    with app.app_context(), reading() as session:
        visits = dates_of_series(session, find_network(session), series.id, now=now)
    return [visit.booking for visit in visits]


def changed(
    app: Flask,
    actor: Actor,
    series: Series,
    scope: Scope,
    change: SeriesChange,
    now: datetime,
    day: date | None = None,
) -> Series:
    with app.app_context(), transaction() as session:
        return service.change_series(session, actor, series.ref, scope, change, day=day, now=now)


def hours(bookings: list[Booking]) -> list[str]:
    return [
        f"{each.span.start.astimezone(PARIS):%d/%m %H:%M}"
        for each in bookings
        if each.state is BookingState.CONFIRMED
    ]


def test_a_date_stays_furnished_as_it_was_in_its_room_only(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    weekly = every("FREQ=WEEKLY;UNTIL=20261203", space="metz-verlaine", people=16)
    series = booked(sqlite_app, anais, weekly, now)
    with sqlite_app.app_context(), transaction() as session:
        ref = dates(sqlite_app, series, now)[1].ref
        service.move(session, anais, ref, Change(setup="u"), now=now)

    def furnished(change: SeriesChange) -> list[str | None]:
        anew = changed(sqlite_app, anais, series, Scope.ALL, change, now)
        return [each.setup for each in dates(sqlite_app, anew, now)]

    assert furnished(SeriesChange(minute=14 * 60)) == [None, "u"]
    with pytest.raises(DatesRefused):  # furnished so, it holds sixteen
        furnished(SeriesChange(people=20))
    assert furnished(SeriesChange(space=MIRABELLE, people=4)) == [None, None]


def test_a_change_of_what_follows_splits_the_series_and_leaves_exceptions_where_they_are(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    series = booked(app, anais, every("FREQ=WEEKLY;UNTIL=20261217;BYDAY=TU,TH"), now)
    first = dates(app, series, now)
    assert hours(first)[:3] == ["26/11 10:00", "01/12 10:00", "03/12 10:00"]
    with app.app_context(), transaction() as session:
        wish = Change(
            starts_at=first[4].span.start + timedelta(hours=3),
            ends_at=first[4].span.end + timedelta(hours=3),
        )
        service.move(session, anais, first[4].ref, wish, now=now)
        service.cancel(session, anais, first[5].ref, now=now)
    later = SeriesChange(minute=14 * 60, people=6)
    anew = changed(app, anais, series, Scope.FOLLOWING, later, now, day=date(2026, 12, 3))
    assert anew.follows == series.ref
    assert hours(dates(app, series, now)) == ["26/11 10:00", "01/12 10:00"]
    after = dates(app, anew, now)
    assert hours(after) == ["03/12 14:00", "08/12 14:00", "10/12 13:00", "17/12 14:00"]
    assert [each.people for each in after] == [6, 6, 4, 6]
    assert after[0].ref == first[2].ref
    assert after[0].version == first[2].version + 1
    with app.app_context(), reading() as session:
        visits = dates_of_series(session, find_network(session), anew.id, now=now)
    rule = Dates(anew, tuple(visits)).recurrence
    assert rule.days == tuple(date(2026, 12, day) for day in (3, 8, 10, 17))
    # Once more, of all to come: nothing is past, so it stays one series.
    again = changed(app, anais, anew, Scope.ALL, SeriesChange(minute=16 * 60), now)
    assert again.id == anew.id
    assert hours(dates(app, again, now))[2] == "10/12 13:00"


def test_past_dates_stay_and_a_refused_change_writes_nothing(app: Flask, now: datetime) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    series = booked(app, anais, every("FREQ=WEEKLY;UNTIL=20261217"), now)
    with app.app_context(), transaction() as session:
        service.book(session, basile, stay("15:00-16:00", day=date(2026, 12, 10)), now=now)
    later, before = now + timedelta(days=5), count(app)
    change = SeriesChange(minute=14 * 60)
    with pytest.raises(DatesRefused) as refused:
        changed(app, anais, series, Scope.ALL, change, later)
    assert refused.value.dates == (date(2026, 12, 10),)
    assert count(app) == before
    with app.app_context(), reading() as session:
        table = service.preview_change(
            session, anais, series.ref, Scope.ALL, change, day=None, now=later
        )
    assert [each.standing for each in table.verdicts] == [
        Standing.FREE,
        Standing.TAKEN,
        Standing.FREE,
    ]
    anew = changed(app, anais, series, Scope.ALL, SeriesChange(minutes=60), later)
    assert hours(dates(app, anew, now)) == ["03/12 10:00", "10/12 10:00", "17/12 10:00"]
    (past,) = dates(app, series, now)
    assert past.span.minutes == 120
    with pytest.raises(UnknownDate):
        changed(app, anais, anew, Scope.THIS, SeriesChange(minutes=60), later, day=THURSDAY)


def test_dates_are_given_up_by_scope_and_from_a_day_to_a_day(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    series = booked(app, anais, every("FREQ=WEEKLY;UNTIL=20261217"), now)
    with app.app_context(), transaction() as session:
        alone = service.book(session, anais, stay(day=date(2026, 12, 2)), now=now)
        gone = service.release_between(
            session, anais, date(2026, 12, 1), date(2026, 12, 5), now=now
        )
    assert [each.ref for each in gone] == [alone.ref, dates(app, series, now)[1].ref]
    with app.app_context(), transaction() as session:
        service.cancel_series(session, anais, series.ref, Scope.THIS, day=THURSDAY, now=now)
    assert hours(dates(app, series, now)) == ["10/12 10:00", "17/12 10:00"]
    with app.app_context(), transaction() as session:
        service.cancel_series(
            session, anais, series.ref, Scope.FOLLOWING, day=date(2026, 12, 17), now=now
        )
    left = dates(app, series, now)
    assert hours(left) == ["10/12 10:00"]
    assert all(each.refund == each.gross for each in left if each.cancelled_at)
    with app.app_context(), reading() as session:
        taken = session.execute(select(func.count()).select_from(AllocationRow)).scalar_one()
    assert taken == 1


def test_a_date_handed_over_is_out_of_reach_of_who_gave_it(app: Flask, now: datetime) -> None:
    anais, bilal = make_person(app), make_person(app, "Bilal")
    series = booked(app, anais, every("FREQ=WEEKLY;UNTIL=20261217"), now)
    given = dates(app, series, now)[1]
    with app.app_context(), transaction() as session:
        handed_over(session, anais, given.ref, bilal, now=now)
    for deed in (cancelled, moved_later):
        with pytest.raises(UnknownDate), app.app_context(), transaction() as session:
            deed(session, anais, series, Scope.THIS, date(2026, 12, 3), now)
    with app.app_context(), transaction() as session:
        moved_later(session, anais, series, Scope.ALL, None, now)
    later = dates(app, series, now)
    assert sorted(hours(later)) == ["03/12 10:00", "10/12 11:00", "17/12 11:00", "26/11 11:00"]
    with app.app_context(), transaction() as session:
        cancelled(session, anais, series, Scope.ALL, None, now)
    (left,) = [each for each in dates(app, series, now) if not each.cancelled_at]
    assert (left.ref, left.account_id) == (given.ref, bilal.account_id)


def cancelled(
    session: Session, actor: Actor, series: Series, scope: Scope, day: date | None, now: datetime
) -> None:
    service.cancel_series(session, actor, series.ref, scope, day=day, now=now)


def moved_later(
    session: Session, actor: Actor, series: Series, scope: Scope, day: date | None, now: datetime
) -> None:
    later = SeriesChange(minute=11 * 60)
    service.change_series(session, actor, series.ref, scope, later, day=day, now=now)


def test_of_many_who_want_the_same_dates_one_gets_them_all(app: Flask, now: datetime) -> None:
    people = [make_person(app, f"Client{number}") for number in range(4)]
    wishes = [
        every("FREQ=WEEKLY;UNTIL=20261217", hours=f"{10 + number % 2}:00-12:00")
        for number in range(4)
    ]

    def deed_of(actor: Actor, wanted: SeriesWanted) -> Race:
        def deed() -> object:
            with transaction() as session:
                return service.book_series(session, actor, wanted, now=now)

        return deed

    pairs = zip(people, wishes, strict=True)
    results = at_once(app, [deed_of(actor, wanted) for actor, wanted in pairs])
    refused = [each for each in results if isinstance(each, DatesRefused)]
    assert len(refused) == 3, results
    assert count(app) == (1, 4, 4, 4, 1)  # nothing is left of those who came too late
