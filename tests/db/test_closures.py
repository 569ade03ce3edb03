"""Closing places: who loses a booking is paid back whole and told, nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import jobs
from app.bookings import queries, service
from app.bookings.booking import Booking
from app.bookings.service import ClosureWanted, InTheWay
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import ClosureChanged, NotAllowed, RoomTaken, SpanInPast, UnknownClosure
from app.domain.ids import SiteCode, SpaceCode
from app.domain.permissions import Actor
from app.spaces.closure_tables import ClosureRow
from app.spaces.closures import Closure, ClosureReason
from app.spaces.occupancy import AllocationKind
from app.spaces.queries import closures_to_come, find_network
from app.spaces.tables import AllocationRow
from app.web import clock
from tests.databases import Counted
from tests.races import at_once, booking_of
from tests.stays import MIRABELLE, MOSELLE, SEILLE, TUESDAY, booked, make_person, span, stay

METZ = SiteCode("metz")
Count = Callable[[], AbstractContextManager[Counted]]


def wish(*spaces: str, hours: str = "08:00-20:00", day: date = TUESDAY) -> ClosureWanted:
    codes = tuple(SpaceCode(code) for code in spaces)
    return ClosureWanted(METZ, codes, span(hours, day), ClosureReason.WORKS, "Fuite d’eau")


def look(app: Flask, actor: Actor, wanted: ClosureWanted, now: datetime) -> InTheWay:
    with app.app_context(), reading() as session:
        return service.preview_closure(session, actor, wanted, now=now)


def close(app: Flask, actor: Actor, wanted: ClosureWanted, now: datetime) -> Closure:
    seen = look(app, actor, wanted, now).mark
    with app.app_context(), transaction() as session:
        return service.close_places(session, actor, wanted, seen=seen, now=now)


def refs(found: InTheWay) -> tuple[list[str], list[str]]:
    return tuple(
        [each.booking.ref for each in visits] for visits in (found.displaced, found.staying)
    )


def again(app: Flask, booking: Booking, now: datetime) -> Booking:
    with app.app_context(), reading() as session:
        visit = queries.find_visit(session, find_network(session), booking.id, now=now)
    assert visit is not None
    return visit.booking


def closed_units(app: Flask) -> int:
    with app.app_context(), reading() as session:
        counted = select(func.count()).where(AllocationRow.kind == AllocationKind.CLOSURE.value)
        return session.execute(counted).scalar_one()


def test_a_closure_pays_back_whole_tells_each_and_opens_again(app: Flask, now: datetime) -> None:
    denis = make_person(app, "Denis", concierge_of="metz")
    anais, basil = make_person(app), make_person(app, "Basil", locale="en")
    running = booked(app, basil, stay("09:00-11:00"), now)
    first = booked(app, anais, stay("11:30-12:30"), now)
    second = booked(app, basil, stay("14:00-16:00"), now)
    other = booked(app, anais, stay("11:30-12:30", space=SEILLE), now)
    jobs.deliver_due(app)
    app.extensions["totem.mailer"].sent.clear()
    late = running.span.start + timedelta(minutes=5)  # by its terms nothing would come back
    with app.app_context(), transaction() as session:
        service.check_in(session, denis, running.ref, now=late)
    wanted = wish(MIRABELLE)
    assert refs(look(app, denis, wanted, late)) == ([first.ref, second.ref], [running.ref])
    closure = close(app, denis, wanted, late)
    for booking in (first, second):
        gone = again(app, booking, late)
        assert gone.state is BookingState.CANCELLED
        assert gone.refund == booking.gross
        assert gone.due.minor == 0
        assert gone.pass_version == booking.pass_version + 1
    assert again(app, running, late).state is BookingState.CHECKED_IN
    assert again(app, other, late).state is BookingState.CONFIRMED
    with clock.freeze(late):
        jobs.deliver_due(app)
    told = {mail["To"]: mail for mail in app.extensions["totem.mailer"].sent}
    assert set(told) == {"anaïs@people.example", "basil@people.example"}
    body = str(told["anaïs@people.example"].get_body(("plain",)).get_content())
    assert "travaux" in body
    assert "Fuite d’eau" in body
    assert "/?site=metz&date=2026-11-24&start=11%3A30&end=12%3A30&people=4" in body
    with pytest.raises(RoomTaken):
        booked(app, anais, stay("12:00-13:00"), late)
    with app.app_context(), transaction() as session:
        service.reopen(session, denis, METZ, closure.id, now=late + timedelta(hours=2))
        service.reopen(session, denis, METZ, closure.id, now=late + timedelta(hours=3))
    assert booked(app, anais, stay("12:00-13:00"), late).state is BookingState.CONFIRMED
    with app.app_context(), reading() as session:
        site = find_network(session).get_site(METZ)
        assert closures_to_come(session, site, now=late) == []


def test_a_whole_totem_closes_around_parts_leases_and_other_closures(
    app: Flask, now: datetime
) -> None:
    denis, anais = make_person(app, "Denis", concierge_of="metz"), make_person(app)
    whole = booked(app, anais, stay(space=MOSELLE), now)
    assert refs(look(app, denis, wish(SEILLE), now)) == ([whole.ref], [])
    close(app, denis, wish(SEILLE, hours="09:00-11:00"), now)
    assert again(app, whole, now).state is BookingState.CANCELLED
    with app.app_context(), reading() as session:
        units = {
            unit for each in find_network(session).get_site(METZ).spaces for unit in each.unit_ids
        }
    close(app, denis, wish(), now)
    # Every unit once, but the half that was shut already: before it and after it.
    assert closed_units(app) == len(units) + 2
    with pytest.raises(RoomTaken):
        booked(app, anais, stay(space=MOSELLE), now)


def test_nobody_loses_a_booking_that_was_not_seen(app: Flask, now: datetime) -> None:
    denis, anais = make_person(app, "Denis", concierge_of="metz"), make_person(app)
    wanted = wish(MIRABELLE)
    seen = look(app, denis, wanted, now).mark
    unseen = booked(app, anais, stay(), now)
    with pytest.raises(ClosureChanged), app.app_context(), transaction() as session:
        service.close_places(session, denis, wanted, seen=seen, now=now)
    assert again(app, unseen, now).state is BookingState.CONFIRMED
    assert closed_units(app) == 0


def test_only_the_staff_of_a_totem_close_it_and_never_the_past(
    sqlite_app: Flask, now: datetime
) -> None:
    denis = make_person(sqlite_app, "Denis", concierge_of="metz")
    nadia = make_person(sqlite_app, "Nadia", concierge_of="nancy")
    for stranger in (nadia, make_person(sqlite_app)):
        with pytest.raises(NotAllowed):
            look(sqlite_app, stranger, wish(MIRABELLE), now)
    with pytest.raises(SpanInPast):
        look(sqlite_app, denis, wish(MIRABELLE), span("20:00-21:00").start)
    closure = close(sqlite_app, denis, wish(MIRABELLE), now)
    with sqlite_app.app_context(), transaction() as session:
        with pytest.raises(NotAllowed):
            service.reopen(session, nadia, METZ, closure.id, now=now)
        with pytest.raises(UnknownClosure):
            service.reopen(session, nadia, SiteCode("nancy"), closure.id, now=now)


def test_closing_takes_as_many_statements_for_one_booking_as_for_six(
    app: Flask, now: datetime, count_statements: Count
) -> None:
    denis, anais = make_person(app, "Denis", concierge_of="metz"), make_person(app)
    counts = []
    for number, day in ((1, TUESDAY), (6, TUESDAY + timedelta(days=1))):
        for hour in range(9, 9 + number):
            booked(app, anais, stay(f"{hour}:00-{hour + 1}:00", day=day), now)
        wanted = wish(MIRABELLE, day=day)
        seen = look(app, denis, wanted, now).mark
        with app.app_context(), count_statements() as counted, transaction() as session:
            service.close_places(session, denis, wanted, seen=seen, now=now)
        counts.append(len(counted.statements))
    assert counts[0] == counts[1] <= 12


def test_who_books_while_it_closes_has_the_place_or_is_refused(app: Flask, now: datetime) -> None:
    denis = make_person(app, "Denis", concierge_of="metz")
    people = [make_person(app, f"Client{number}") for number in range(5)]
    wanted = wish(MIRABELLE)
    seen = look(app, denis, wanted, now).mark

    def closing() -> object:
        with transaction() as session:
            return service.close_places(session, denis, wanted, seen=seen, now=now)

    deeds = [
        booking_of(one, stay(f"{hour}:00-{hour + 1}:00"), now)
        for hour, one in enumerate(people, start=9)
    ]
    *results, closed = at_once(app, [*deeds, closing])
    won = [each for each in results if isinstance(each, Booking)]
    assert all(isinstance(each, Booking | RoomTaken) for each in results)
    if isinstance(closed, ClosureChanged):
        assert won
        assert closed_units(app) == 0
    else:
        assert isinstance(closed, Closure)
        assert won == []
    with app.app_context(), reading() as session:
        written = session.execute(select(func.count()).select_from(ClosureRow)).scalar_one()
    assert written == isinstance(closed, Closure)
