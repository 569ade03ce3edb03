"""Many at once: exactly one gets the place, and nobody meets a locked database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from app.bookings import service
from app.bookings.booking import MOST_HOLDS
from app.db.transaction import reading, transaction
from app.domain.errors import (
    BuildingFull,
    DomainError,
    HoldExpired,
    QuotaExceeded,
    RoomTaken,
    TooManyHolds,
)
from app.domain.permissions import Actor
from app.spaces.tables import AllocationRow, BuildingRow, NetworkRevisionRow
from tests.conftest import SOAK
from tests.races import Deed, at_once, booking_of, won
from tests.stays import MIRABELLE, MOSELLE, SEATS, SEILLE, TUESDAY, booked, make_person, stay

CLIENTS = 8
STUDIOS = ("metz-studio-son", "metz-studio-video")
ROUNDS = 60 if SOAK else 6


def test_of_many_who_want_overlapping_stays_one_gets_the_room(app: Flask, now: datetime) -> None:
    people = [make_person(app, f"Client{number}") for number in range(CLIENTS)]
    for turn in range(ROUNDS):
        room, day = (MIRABELLE, SEILLE)[turn % 2], TUESDAY + timedelta(days=turn // 2 % 4)
        hour = 8 + turn // 8
        wishes = [
            stay(f"{hour}:{number % 2 * 30:02d}-{hour + 1}:00", room, day)
            for number in range(CLIENTS)
        ]
        deeds = [booking_of(one, wish, now) for one, wish in zip(people, wishes, strict=True)]
        assert won(at_once(app, deeds)) == 1


def test_a_divisible_room_and_its_halves_are_never_sold_together(app: Flask, now: datetime) -> None:
    people = [make_person(app, f"Client{number}") for number in range(CLIENTS)]
    places = [MOSELLE, SEILLE, "metz-cheneau", MOSELLE] * 2
    results = at_once(
        app,
        [
            booking_of(one, stay(space=place), now)
            for one, place in zip(people, places, strict=True)
        ],
    )
    assert won(results) in (1, 2)
    with app.app_context(), reading() as session:
        units = session.scalars(select(AllocationRow.unit_id)).all()
    assert len(units) == len(set(units)) == 2


def test_the_last_seats_go_to_as_many_as_there_are(app: Flask, now: datetime) -> None:
    people = [make_person(app, f"Client{number}") for number in range(CLIENTS)]
    with app.app_context(), transaction() as session:
        service.book(session, people[0], stay(space=SEATS, people=29), now=now)
    results = at_once(app, [booking_of(one, stay(space=SEATS, people=1), now) for one in people])
    assert won(results) == 3


def test_a_hold_is_confirmed_or_given_away_but_never_both(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    for hour in range(9, 9 + MOST_HOLDS):
        wish = stay(f"{hour}:00-{hour + 1}:00")
        with app.app_context(), transaction() as session:
            held = service.hold_room(session, anais, wish, now=now - timedelta(minutes=35))

        def confirm(ref: str = held.ref) -> object:
            with transaction() as session:
                return service.confirm(
                    session, anais, ref, now=now - timedelta(seconds=1)
                )  # her clock is a second behind his

        results = at_once(app, [confirm, booking_of(bruno, wish, now)])
        refused = [each for each in results if isinstance(each, HoldExpired | RoomTaken)]
        assert len(refused) == 1, results


def test_a_person_who_holds_from_many_tabs_keeps_three_places(app: Flask, now: datetime) -> None:
    anais = make_person(app)

    def hold(number: int) -> Deed:
        def deed() -> object:
            with transaction() as session:
                wish = stay(f"{9 + number}:00-{10 + number}:00")
                return service.hold_room(session, anais, wish, now=now)

        return deed

    results = at_once(app, [hold(number) for number in range(CLIENTS)])
    refused = [each for each in results if isinstance(each, TooManyHolds)]
    assert len(refused) == CLIENTS - MOST_HOLDS, results


def test_two_who_swap_rooms_end_politely(app: Flask, now: datetime) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    with app.app_context(), transaction() as session:
        here = service.book(session, anais, stay(space=MIRABELLE), now=now)
        there = service.book(session, bruno, stay(space="metz-bergamote"), now=now)

    def swap(actor: Actor, ref: str, place: str) -> Deed:
        def deed() -> object:
            with transaction() as session:
                return service.move(session, actor, ref, stay(space=place), now=now)

        return deed

    for _ in range(ROUNDS):
        results = at_once(
            app,
            [swap(anais, here.ref, "metz-bergamote"), swap(bruno, there.ref, MIRABELLE)],
        )
        assert won(results) == 0


def test_of_many_wishes_for_the_last_hours_of_a_quota_one_is_granted(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    for day in (2, 3):
        booked(app, anais, stay("09:00-18:00", STUDIOS[0], date(2026, 12, day), 2), now)
    wishes = [
        booking_of(anais, stay(hours, studio, date(2026, 12, 4), 2), now)
        for studio in STUDIOS
        for hours in ("09:00-11:00", "12:00-14:00", "15:00-17:00")
    ]
    results = at_once(app, wishes)
    assert sum(not isinstance(each, DomainError) for each in results) == 1
    assert {type(each) for each in results if isinstance(each, DomainError)} == {QuotaExceeded}


@contextmanager
def holding_only(app: Flask, building: str, people: int) -> Iterator[None]:
    """Let a building of the house that all tests share hold fewer for a while."""

    def hold(number: int) -> int:
        with app.app_context(), transaction() as session:
            of_code = BuildingRow.code == building
            before = session.execute(select(BuildingRow.safe_capacity).where(of_code)).scalar_one()
            session.execute(update(BuildingRow).where(of_code).values(safe_capacity=number))
            session.execute(update(NetworkRevisionRow).values(number=NetworkRevisionRow.number + 1))
        return before

    before = hold(people)
    try:
        yield
    finally:
        hold(before)


def test_a_building_never_holds_more_people_than_is_safe(app: Flask, now: datetime) -> None:
    with holding_only(app, "metz-halle", 10):
        fill_the_building(app, now)


def fill_the_building(app: Flask, now: datetime) -> None:
    people = [make_person(app, f"P{number}") for number in range(4)]
    rooms = ("metz-mirabelle", "metz-quetsche", "metz-bergamote", "metz-seille")
    wishes = [
        booking_of(person, stay(space=room, people=4), now)
        for person, room in zip(people, rooms, strict=True)
    ]
    results = at_once(app, wishes)
    assert sum(not isinstance(each, DomainError) for each in results) == 2
    refusals = [each for each in results if isinstance(each, BuildingFull)]
    assert [(each.left, each.asked) for each in refusals] == [(2, 4), (2, 4)]
    booked(app, people[0], stay("12:00-13:00", people=6), now)  # they have left by then
