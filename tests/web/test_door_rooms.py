"""The room behind a door, asked for at the door: booked from now, arrived, by who shows a pass."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access import service
from app.access.holders import Invitee
from app.access.pass_names import GUEST, named
from app.access.passes import Pass, issue
from app.access.queries import find_phone
from app.access.rooms import OFFERED, stay_from_now
from app.bookings import queries as booking_queries
from app.bookings import service as bookings
from app.bookings.booking import Booking
from app.db.transaction import reading, transaction
from app.domain.permissions import Actor
from app.domain.stays import StayLimits
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.rules import Granted, judge
from tests.phones import enrol
from tests.readers import (
    ENTRANCE,
    Reader,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import SEATS, TUESDAY, make_person, span, stay

AT = span("10:07-10:08").start


@pytest.fixture
def anais(sqlite_app: Flask) -> Actor:
    return make_person(sqlite_app)


@pytest.fixture
def door(sqlite_app: Flask, now: datetime) -> Reader:
    return make_reader(sqlite_app, make_manager(sqlite_app), now)


def booked(
    app: Flask,
    actor: Actor,
    now: datetime,
    hours: str,
    space: str = SEATS,
    day: date = TUESDAY,
) -> Booking:
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, stay(hours, space, day, people=1), now=now)


def paper(app: Flask, booking: Booking) -> Pass:
    return issue(booking, keys_of(app))


def ask(
    door: Reader, text: str, minutes: int = 30, key: str = "tap-1", **more: str
) -> TestResponse:
    content = {"pass": text, "minutes": minutes}
    return door.call("POST", "/bookings", content, headers={"Idempotency-Key": key, **more})


def mine(app: Flask, actor: Actor, at: datetime) -> list[Booking]:
    with app.app_context(), reading() as session:
        return booking_queries.upcoming(session, find_network(session), actor, now=at, limit=9)


def test_who_shows_a_pass_books_the_room_behind_the_door_at_their_own_price(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    text = paper(sqlite_app, booked(sqlite_app, anais, now, "09:00-12:00")).text
    with clock.freeze(AT):
        answer = ask(door, text)
        again = ask(door, text)
        snapshot = door.snapshot()
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert again.get_json() == answer.get_json(), "a tap that is sent twice counts once"
    made = answer.get_json()
    assert (made["booking"]["space"], made["booking"]["people"]) == ("metz-mirabelle", 1)
    assert made["booking"]["starts_at"] == "2026-11-24T09:05:00Z"
    assert made["booking"]["ends_at"] == "2026-11-24T09:35:00Z"
    assert made["booking"]["due"]["amount"] > 0
    assert len(mine(sqlite_app, anais, AT)) == 2
    (sheet,) = snapshot.doors
    known = snapshot.knowledge(sheet, clock_floor=0)
    opened = judge(made["pass"]["text"], known, now=int(AT.timestamp()))
    assert isinstance(opened, Granted), "by its own rules the door opens to what it was given"


def test_a_phone_books_by_a_live_code_and_not_by_a_picture_of_it(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    phone = enrol(sqlite_app, anais, now)
    booked(sqlite_app, anais, now, "14:00-16:00")
    with sqlite_app.app_context(), reading() as session:
        holder = find_phone(session, phone.code)
        assert holder is not None
        keys = keys_of(sqlite_app)
        (given,) = service.passes_of_phone(session, anais, holder, keys=keys, now=now)
    with clock.freeze(AT):
        stale = ask(door, phone.live(given, AT - timedelta(minutes=1)))
        assert (stale.status_code, stale.get_json()["reason"]) == (422, "stale-code")
        assert ask(door, given.text).get_json()["reason"] == "live-needed"
        assert ask(door, phone.live(given, AT), key="tap-2").status_code == 201


def test_guests_papers_of_another_day_and_given_up_passes_book_nothing(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    today = booked(sqlite_app, anais, now, "09:00-12:00")
    tomorrow = booked(sqlite_app, anais, now, "09:00-12:00", day=TUESDAY + timedelta(days=1))
    text = paper(sqlite_app, today).text
    with sqlite_app.app_context(), transaction() as session:
        (guest,) = service.invite_guests(
            session, anais, today.ref, [Invitee("Zoé", None, "fr")], now=now
        )
    invited = issue(today, keys_of(sqlite_app), name=named(GUEST, guest.code)).text
    with clock.freeze(AT):
        assert ask(door, invited).get_json()["reason"] == "not-the-holder"
        assert ask(door, paper(sqlite_app, tomorrow).text).get_json()["reason"] == "ended"
        with sqlite_app.app_context(), transaction() as session:
            bookings.cancel(session, anais, tomorrow.ref, now=AT)
            service.give_up_passes(session, anais, anais.account_id, now=AT)
        assert ask(door, text).get_json()["reason"] == "revoked"
        assert ask(door, "RB1:ABC").get_json()["reason"] == "not-a-pass"
    assert len(mine(sqlite_app, anais, AT)) == 1


def test_the_rules_of_the_house_hold_at_the_door_too(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    text = paper(sqlite_app, booked(sqlite_app, anais, now, "09:00-12:00")).text
    basile = make_person(sqlite_app, "Basile")
    booked(sqlite_app, basile, now, "10:30-11:30", "metz-mirabelle")
    with clock.freeze(AT):
        taken = ask(door, text, 60, **{"Accept-Language": "de"})
        assert (taken.status_code, taken.get_json()["code"]) == (409, "room-taken")
        assert ask(door, text, 45).status_code == 422
        assert ask(door, text, 15, key="short").status_code == 201
        entrance = make_reader(sqlite_app, make_manager(sqlite_app, "Ines"), now, ENTRANCE)
        assert ask(entrance, text).get_json()["code"] == "not-bookable"
    assert len(mine(sqlite_app, anais, AT)) == 2


def test_a_pass_of_the_running_stay_checks_it_in_at_once_and_no_other_does(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    room = booked(sqlite_app, anais, now, "10:00-11:00", "metz-mirabelle")
    seat = booked(sqlite_app, anais, now, "09:00-12:00")
    with clock.freeze(AT):
        wrong = door.call("POST", "/check-ins", {"pass": paper(sqlite_app, seat).text})
        assert (wrong.status_code, wrong.get_json()["code"]) == (409, "wrong-state")
        for _ in range(2):
            text = paper(sqlite_app, room).text
            came = door.call("POST", "/check-ins", {"pass": text})
            assert (came.status_code, came.get_json()["state"]) == (200, "checked_in")
        (sheet,) = door.snapshot().doors
    assert sheet.arrived == (int(room.span.start.timestamp()),)
    assert sheet.room is not None
    assert (sheet.room.lengths, sheet.room.step) == (OFFERED, 5)
    assert {each.ref: each.checked_in_at for each in mine(sqlite_app, anais, AT)} == {
        room.ref: AT,
        seat.ref: None,
    }


def test_who_booked_ends_their_stay_at_the_door_and_the_rest_of_the_hour_is_free(
    sqlite_app: Flask, anais: Actor, door: Reader, now: datetime
) -> None:
    room = booked(sqlite_app, anais, now, "10:00-12:00", "metz-mirabelle")
    with sqlite_app.app_context(), transaction() as session:
        people = [Invitee("Zoé", None, "fr")]
        (guest,) = service.invite_guests(session, anais, room.ref, people, now=now)
    invited = issue(room, keys_of(sqlite_app), name=named(GUEST, guest.code)).text
    basile = make_person(sqlite_app, "Basile")
    with clock.freeze(AT):
        refused = door.call("POST", "/ends", {"pass": invited})
        assert refused.get_json()["reason"] == "not-the-holder"
        ended = door.call("POST", "/ends", {"pass": paper(sqlite_app, room).text})
        assert ended.status_code == 200, ended.get_data(as_text=True)
        assert ended.get_json()["state"] == "completed"
        (sheet,) = door.snapshot().doors
        assert sheet.day == ()
        assert booked(sqlite_app, basile, AT, "11:00-12:00", "metz-mirabelle").ref


@pytest.mark.parametrize(
    ("step", "minute", "starts"), [(5, 7, 5), (15, 4, 0), (15, 7, 15), (60, 31, 60)]
)
def test_a_stay_from_now_begins_on_the_grid_and_never_long_ago(
    step: int, minute: int, starts: int
) -> None:
    hour = span("10:00-11:00").start
    at = hour + timedelta(minutes=minute, seconds=59)
    made = stay_from_now(StayLimits(step_minutes=step), 30, at)
    assert made.start == hour + timedelta(minutes=starts)
    assert made.duration == timedelta(minutes=30)


def test_only_a_door_s_own_device_may_ask(sqlite_app: Flask, now: datetime) -> None:
    answer = sqlite_app.test_client().post("/api/v1/devices/bookings", json={"pass": "RB1:"})
    assert answer.status_code == 401
