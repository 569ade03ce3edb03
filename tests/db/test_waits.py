"""The line at work on both engines: freed stretches, offers one after another, races, the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.bookings import service
from app.bookings.queries.waits import InLine, waits_of_person, waits_of_site
from app.bookings.service.waiting import MOST_WAITS, decline, join, leave_line, offer_places
from app.bookings.waits import Wait, WaitWish
from app.db.transaction import reading, transaction
from app.domain.errors import NothingToWaitFor, SpanInPast, TooManyWaits, UnknownWait
from app.domain.kinds import SpaceKind
from app.domain.permissions import Actor
from app.domain.waiting import ANSWER
from app.spaces.queries import find_network
from tests.databases import Counted
from tests.races import at_once
from tests.stays import make_person, span, stay

STUDIO = WaitWish(span("10:00-12:00"), 120, 2, "metz", SpaceKind.STUDIO)
NAMES = ("Anaïs", "Bruno", "Chloé")


def joined(app: Flask, actor: Actor, now: datetime, wish: WaitWish = STUDIO) -> Wait:
    with app.app_context(), transaction() as session:
        return join(session, actor, wish, now=now)


def swept(app: Flask, now: datetime) -> int:
    with app.app_context(), transaction() as session:
        return offer_places(session, now=now)


def mine(app: Flask, actor: Actor, now: datetime) -> list[InLine]:
    with app.app_context(), reading() as session:
        return waits_of_person(session, find_network(session), actor.account_id, now=now)


def filled(app: Flask, now: datetime) -> tuple[Actor, list[str]]:
    """Let somebody book both studios; gives them and the references."""
    keeper = make_person(app, "Keeper")
    with app.app_context(), transaction() as session:
        places = STUDIO.places(find_network(session))
        wishes = [stay("10:00-12:00", each.code, people=2) for each in places]
        refs = [service.book(session, keeper, wanted, now=now).ref for wanted in wishes]
    assert len(refs) == 2
    return keeper, refs


def cancelled(app: Flask, keeper: Actor, ref: str, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        service.cancel(session, keeper, ref, now=now)


def waiting_three(app: Flask, now: datetime) -> list[Actor]:
    people = [make_person(app, name) for name in NAMES]
    for number, person in enumerate(people):
        joined(app, person, now - timedelta(minutes=30 - number))
    return people


def test_two_freed_places_go_to_the_first_two_of_three_however_many_workers(
    app: Flask, now: datetime
) -> None:
    keeper, refs = filled(app, now)
    people = waiting_three(app, now)
    assert swept(app, now) == 0
    for ref in refs:
        cancelled(app, keeper, ref, now)

    def worker() -> object:
        with transaction() as session:
            return offer_places(session, now=now)

    assert sum(int(str(made)) for made in at_once(app, [worker] * 4)) == 2
    assert swept(app, now) == 0
    offers = [mine(app, person, now)[0].wait.open_offer for person in people]
    assert offers[2] is None
    assert {each.space.code for each in offers if each} == {
        "metz-studio-son",
        "metz-studio-video",
    }
    assert [mine(app, person, now)[0].rank for person in people] == [None, None, 1]


def test_an_unanswered_offer_goes_to_the_next_without_any_timer(app: Flask, now: datetime) -> None:
    keeper, refs = filled(app, now)
    anais, bruno, chloe = waiting_three(app, now)
    cancelled(app, keeper, refs[0], now)
    assert swept(app, now) == 1
    (first,) = mine(app, anais, now)
    offer = first.wait.open_offer
    assert offer is not None
    assert offer.until == now + ANSWER
    assert offer.gross.minor > 0
    late = now + ANSWER
    (after,) = mine(app, anais, late)
    assert (after.wait.open_offer, after.rank) == (None, 3)
    assert [mine(app, each, late)[0].rank for each in (bruno, chloe)] == [1, 2]
    assert swept(app, late) == 1
    (second,) = mine(app, bruno, late)
    assert second.wait.open_offer is not None
    with app.app_context(), transaction() as session:
        decline(session, bruno, second.wait.ref, now=late)
    assert swept(app, late) == 1
    (third,) = mine(app, chloe, late)
    assert third.wait.open_offer is not None
    with app.app_context(), transaction() as session:
        service.confirm(session, chloe, third.wait.open_offer.ref, now=late)
    assert mine(app, chloe, late) == []
    assert swept(app, late + ANSWER) == 0  # both who let it pass are not asked twice


def test_an_offer_never_outlives_the_start_and_comes_late_enough_to_answer(
    sqlite_app: Flask, now: datetime
) -> None:
    keeper, refs = filled(sqlite_app, now)
    anais = make_person(sqlite_app)
    joined(sqlite_app, anais, now)
    cancelled(sqlite_app, keeper, refs[0], now)
    start = STUDIO.window.start
    assert swept(sqlite_app, start - timedelta(minutes=4)) == 0
    assert swept(sqlite_app, start - timedelta(minutes=10)) == 1
    (offered,) = mine(sqlite_app, anais, start - timedelta(minutes=10))
    assert offered.wait.open_offer is not None
    assert offered.wait.open_offer.until == start


def test_one_waits_once_for_one_wish_leaves_and_gives_the_offer_on(
    app: Flask, now: datetime
) -> None:
    keeper, refs = filled(app, now)
    anais, bruno, _chloe = waiting_three(app, now)
    wait = joined(app, anais, now)
    assert len(mine(app, anais, now)) == 1
    cancelled(app, keeper, refs[0], now)
    assert swept(app, now) == 1
    with app.app_context(), transaction() as session, pytest.raises(UnknownWait):
        leave_line(session, bruno, wait.ref, now=now)
    for _twice in range(2):
        with app.app_context(), transaction() as session:
            leave_line(session, anais, wait.ref, now=now)
    assert mine(app, anais, now) == []
    assert swept(app, now) == 1
    assert mine(app, bruno, now)[0].wait.open_offer is not None


def test_any_hour_of_a_day_is_found_beside_what_is_taken(sqlite_app: Flask, now: datetime) -> None:
    filled(sqlite_app, now)
    anais = make_person(sqlite_app)
    joined(sqlite_app, anais, now, replace(STUDIO, window=span("08:10-17:00")))
    assert swept(sqlite_app, now) == 1
    (offered,) = mine(sqlite_app, anais, now)
    assert offered.wait.open_offer is not None
    found = offered.wait.open_offer.span
    assert found.minutes == STUDIO.minutes
    assert not found.overlaps(STUDIO.window)


def test_what_cannot_be_waited_for_is_refused(sqlite_app: Flask, now: datetime) -> None:
    anais = make_person(sqlite_app)
    with pytest.raises(NothingToWaitFor):
        joined(sqlite_app, anais, now, replace(STUDIO, people=5000))
    with pytest.raises(SpanInPast):
        joined(sqlite_app, anais, now, replace(STUDIO, window=span("06:00-08:00", now.date())))
    for hour in range(MOST_WAITS):
        joined(
            sqlite_app, anais, now, replace(STUDIO, window=span(f"{9 + hour}:00-{11 + hour}:00"))
        )
    with pytest.raises(TooManyWaits):
        joined(sqlite_app, anais, now, replace(STUDIO, window=span("09:30-11:30")))


def test_a_long_line_is_read_in_as_many_statements_as_a_short_one(
    app: Flask,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    filled(app, now)
    first = make_person(app)
    joined(app, first, now)

    def counted() -> tuple[int, int, int]:
        return (
            _statements(count_statements, lambda: swept(app, now)),
            _statements(count_statements, lambda: mine(app, first, now)),
            _statements(count_statements, lambda: _site(app, now)),
        )

    counted()  # the network is read once
    before = counted()
    for number in range(8):
        joined(app, make_person(app, f"Client{number}"), now)
    assert counted() == before
    assert before[1] <= 4


def _site(app: Flask, now: datetime) -> list[InLine]:
    with app.app_context(), reading() as session:
        network = find_network(session)
        return waits_of_site(session, network, network.get_site("metz"), now=now)


def _statements(
    count: Callable[[], AbstractContextManager[Counted]], deed: Callable[[], object]
) -> int:
    with count() as counted:
        deed()
    return len(counted.statements)
