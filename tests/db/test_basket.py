"""The basket: places kept together run out together, and are booked all or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.bookings import queries, service
from app.bookings.booking import HOLD, Booking, Wanted
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import BasketRefused, TooManyHolds, UnknownBooking, WrongState
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from tests.races import at_once
from tests.stays import MIRABELLE, SEILLE, make_person, stay

MINUTE = timedelta(minutes=1)


def added(app: Flask, actor: Actor, wanted: Wanted, now: datetime) -> Booking:
    with app.app_context(), transaction() as session:
        return service.hold_room(session, actor, wanted, now=now, beside=True)


def confirm(app: Flask, actor: Actor, *held: Booking, now: datetime) -> list[Booking]:
    shown = {str(each.ref): each.gross.minor for each in held}
    with app.app_context(), transaction() as session:
        return service.confirm_basket(session, actor, shown, now=now)


def state(app: Flask, actor: Actor, booking: Booking, now: datetime) -> BookingState:
    with app.app_context(), reading() as session:
        network = find_network(session)
        return queries.get_booking(session, network, actor, booking.ref, now=now).state


def test_what_is_added_runs_out_with_the_first_to_the_second(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    first = added(app, anais, stay(space=MIRABELLE), now)
    second = added(app, anais, stay(space=SEILLE), now + 20 * MINUTE)
    assert first.hold_expires_at == second.hold_expires_at == now + HOLD
    added(app, anais, stay("14:00-15:00"), now + 21 * MINUTE)
    with pytest.raises(TooManyHolds):
        added(app, anais, stay("15:00-16:00"), now + 22 * MINUTE)
    with pytest.raises(BasketRefused):
        confirm(app, anais, first, second, now=now + HOLD)
    done = confirm(app, anais, first, second, now=now + HOLD - timedelta(seconds=1))
    assert {each.state for each in done} == {BookingState.CONFIRMED}
    # What ran out makes room: the next is the first of a new basket.
    later = added(app, anais, stay("15:00-16:00"), now + HOLD)
    assert later.hold_expires_at == now + 2 * HOLD


def test_one_that_cannot_be_had_leaves_all_unbooked_and_is_named(app: Flask, now: datetime) -> None:
    anais, basil = make_person(app), make_person(app, "Basil")
    held = [added(app, anais, stay(space=space), now) for space in (MIRABELLE, SEILLE)]
    with app.app_context(), transaction() as session:
        service.drop_hold(session, anais, held[1].ref, now=now)
    with pytest.raises(BasketRefused) as refusal:
        confirm(app, anais, *held, now=now)
    ((ref, cause),) = refusal.value.refused
    assert ref == held[1].ref
    assert isinstance(cause, WrongState)
    assert refusal.value.facts()["refused"][0]["code"] == "wrong-state"
    assert state(app, anais, held[0], now) is BookingState.HELD
    with pytest.raises(UnknownBooking):
        confirm(app, basil, held[0], now=now)
    assert state(app, anais, held[0], now) is BookingState.HELD


def test_pressed_twice_at_once_a_basket_is_booked_once(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    held = [added(app, anais, stay(space=space), now) for space in (MIRABELLE, SEILLE)]
    shown = {str(each.ref): each.gross.minor for each in held}

    def press() -> object:
        with transaction() as session:
            return service.confirm_basket(session, anais, shown, now=now)

    results = at_once(app, [press] * 4)
    assert sum(isinstance(each, list) for each in results) == 1
    assert sum(isinstance(each, BasketRefused) for each in results) == 3
    assert {state(app, anais, each, now) for each in held} == {BookingState.CONFIRMED}
