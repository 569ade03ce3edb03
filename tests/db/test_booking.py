"""Booking a place: at once, on hold, for somebody else; on both engines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.bookings import queries, service
from app.bookings.booking import HOLD, MOST_HOLDS, Booking, Wanted
from app.bookings.tables import BookingLogRow, BookingRow
from app.db.outbox import OutboxRow
from app.db.transaction import reading, transaction
from app.domain import errors as e
from app.domain.booking_states import BookingState
from app.domain.permissions import Actor
from app.domain.profiles import Profile
from app.spaces.queries import find_network
from app.spaces.tables import AllocationRow
from tests.databases import Counted
from tests.stays import MOSELLE, SEATS, SEILLE, make_person, stay

Count = Callable[[], AbstractContextManager[Counted]]


def book(app: Flask, actor: Actor, wanted: Wanted, now: datetime) -> Booking:
    with app.app_context(), transaction() as session:
        return service.book(session, actor, wanted, now=now)


def seen(app: Flask, actor: Actor, ref: str, now: datetime) -> Booking:
    with app.app_context(), reading() as session:
        return queries.get_booking(session, find_network(session), actor, ref, now=now)


def test_a_booking_is_confirmed_priced_and_kept_as_it_was_given(app: Flask, now: datetime) -> None:
    anais = make_person(app, profile=Profile.STARTUP_UNDER_3)
    given = book(app, anais, stay("10:00-12:00", people=8, title="Comité"), now)
    assert given.state is BookingState.CONFIRMED
    assert given.net.minor == 3750  # 2 × 25.00 × 0.75
    assert given.gross.minor == 4500
    assert given.profile is Profile.STARTUP_UNDER_3
    assert given.is_due
    assert seen(app, anais, given.ref, now) == given


def test_a_booking_leaves_its_units_a_log_line_and_an_event(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, stay(space=MOSELLE), now)
    with app.app_context(), reading() as session:
        rows = session.scalars(select(AllocationRow)).all()
        log = session.scalars(select(BookingLogRow)).one()
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "booking-confirmed")).one()
    assert {row.holder_id for row in rows} == {given.id}
    assert len(rows) == 2  # both halves of the divisible room
    assert (log.action, log.actor_id) == ("booked", anais.account_id)
    assert str(given.id) in told.payload


def test_a_place_taken_is_refused_and_nothing_is_written(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    book(app, anais, stay("10:00-12:00"), now)
    with pytest.raises(e.RoomTaken) as refused:
        book(app, bruno, stay("11:00-13:00"), now)
    assert refused.value.clashes == (stay("10:00-12:00").span,)
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(BookingRow)).all()) == 1


def test_stays_that_touch_and_halves_that_differ_do_not_clash(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    book(app, anais, stay("10:00-12:00", space=SEILLE), now)
    book(app, anais, stay("12:00-14:00", space=SEILLE), now)
    book(app, anais, stay("10:00-12:00", space="metz-cheneau"), now)
    with pytest.raises(e.RoomTaken):
        book(app, anais, stay("10:00-12:00", space=MOSELLE), now)


def test_seats_are_taken_one_by_one_until_none_is_left(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    book(app, anais, stay(space=SEATS, people=30), now)
    book(app, anais, stay(space=SEATS, people=2), now)
    with pytest.raises(e.RoomTaken):
        book(app, anais, stay(space=SEATS, people=1), now)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (stay(day=date(2026, 11, 20)), e.SpanInPast),
        (stay(day=date(2027, 12, 1)), e.BeyondHorizon),
        (stay("06:00-09:00"), e.Closed),
        (stay(day=date(2026, 11, 29)), e.Closed),
        (stay(day=date(2026, 12, 25)), e.Closed),
        (stay("10:02-12:00"), e.OffStep),
        (stay("10:00-10:05"), e.TooShort),
        (stay(people=13), e.OverCapacity),
        (stay(people=0), e.NobodyComes),
        (stay(space="metz-bureau-101"), e.NotBookable),
        (stay(space="nowhere"), e.UnknownSpace),
    ],
)
def test_an_unlawful_wish_is_refused_by_its_rule(
    sqlite_app: Flask, now: datetime, wanted: Wanted, refusal: type[e.DomainError]
) -> None:
    anais = make_person(sqlite_app)
    with pytest.raises(refusal):
        book(sqlite_app, anais, wanted, now)
    with sqlite_app.app_context(), reading() as session:
        assert session.scalars(select(BookingRow)).all() == []


def test_booking_takes_five_statements(app: Flask, now: datetime, count_statements: Count) -> None:
    anais = make_person(app, profile=Profile.STUDENT)
    book(app, anais, stay("08:00-09:00", day=date(2026, 11, 25)), now)
    with count_statements() as counted:
        book(app, anais, stay(), now)
    assert len(counted) == 5, counted.statements


def test_a_hold_keeps_the_place_for_35_minutes_by_the_clock_alone(
    app: Flask, now: datetime
) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    with app.app_context(), transaction() as session:
        held = service.hold_room(session, anais, stay(), now=now)
    assert held.hold_expires_at == now + HOLD
    with pytest.raises(e.RoomTaken):
        book(app, bruno, stay(), now + HOLD - timedelta(seconds=1))
    assert seen(app, anais, held.ref, now + HOLD).state is BookingState.EXPIRED
    assert book(app, bruno, stay(), now + HOLD).state is BookingState.CONFIRMED


def test_a_hold_is_confirmed_at_the_price_shown(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    with app.app_context():
        with transaction() as session:
            held = service.hold_room(session, anais, stay(), now=now)
        later = now + timedelta(minutes=20)
        with transaction() as session:
            given = service.confirm(session, anais, held.ref, now=later, title="Atelier")
    assert given.state is BookingState.CONFIRMED
    assert (given.quote, given.version, given.title) == (held.quote, 0, "Atelier")
    assert seen(app, anais, held.ref, later) == given


def test_a_hold_confirmed_too_late_is_refused(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    with app.app_context():
        with transaction() as session:
            held = service.hold_room(session, anais, stay(), now=now)
        with pytest.raises(e.HoldExpired), transaction() as session:
            service.confirm(session, anais, held.ref, now=now + HOLD)


def test_nobody_keeps_more_than_three_places_unconfirmed(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    with app.app_context():
        for hour in range(9, 9 + MOST_HOLDS):
            with transaction() as session:
                service.hold_room(session, anais, stay(f"{hour}:00-{hour + 1}:00"), now=now)
        with pytest.raises(e.TooManyHolds), transaction() as session:
            service.hold_room(session, anais, stay("15:00-16:00"), now=now)
        with transaction() as session:
            service.hold_room(
                session, anais, stay("15:00-16:00"), now=now + HOLD
            )  # the others have run out


def test_a_dropped_hold_frees_the_place_at_once_and_tells_nobody(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    with app.app_context():
        with transaction() as session:
            held = service.hold_room(session, anais, stay(), now=now)
        with transaction() as session:
            dropped = service.drop_hold(session, anais, held.ref, now=now)
        with reading() as session:
            kinds = session.scalars(select(OutboxRow.kind)).all()
    assert dropped.state is BookingState.CANCELLED
    assert "booking-cancelled" not in kinds
    assert book(app, anais, stay(), now).state is BookingState.CONFIRMED


def test_staff_book_for_a_person_at_that_persons_tariff(app: Flask, now: datetime) -> None:
    guest = make_person(app, "Chloé", profile=Profile.STUDENT)
    concierge = make_person(app, "Denis", concierge_of="metz")
    stranger = make_person(app, "Elsa", concierge_of="nancy")
    with app.app_context():
        with transaction() as session:
            given = service.book_for(session, concierge, guest.account_id, stay(), now=now)
        with pytest.raises(e.NotAllowed), transaction() as session:
            service.book_for(session, stranger, guest.account_id, stay("14:00-15:00"), now=now)
    assert (given.account_id, given.created_by) == (guest.account_id, concierge.account_id)
    assert given.net.minor == 2000  # 2 × 25.00 × 0.40


def test_a_booking_of_somebody_else_is_not_there(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    given = book(app, anais, stay(), now)
    for ref in (given.ref, "nothere", "no\x00thing", "é", ""):
        with pytest.raises(e.UnknownBooking):
            seen(app, bruno, ref, now)
    concierge = make_person(app, "Denis", concierge_of="metz")
    assert seen(app, concierge, given.ref, now) == given


def test_tidying_marks_what_the_clock_had_ended_and_changes_no_answer(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    with app.app_context():
        with transaction() as session:
            held = service.hold_room(session, anais, stay(), now=now)
        late = now + HOLD
        before = seen(app, anais, held.ref, late)
        with transaction() as session:
            assert service.tidy(session, late) == 1
        with reading() as session:
            assert session.scalars(select(AllocationRow)).all() == []
    after = seen(app, anais, held.ref, late)
    assert replace(after, stored_state=before.stored_state) == before
    assert after.stored_state is BookingState.EXPIRED


def test_ten_on_the_wall_is_ten_before_and_after_the_clocks_change(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    before = book(app, anais, stay("10:00-11:00", day=date(2027, 3, 25)), now)
    after = book(app, anais, stay("10:00-11:00", day=date(2027, 3, 30)), now)
    assert before.span.start == datetime(2027, 3, 25, 9, 0, tzinfo=UTC)
    assert after.span.start == datetime(2027, 3, 30, 8, 0, tzinfo=UTC)
    assert before.gross == after.gross
