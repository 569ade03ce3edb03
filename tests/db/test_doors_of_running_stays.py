"""What doors make of stays under way: longer, shorter, or never begun."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.access.passes import issue
from app.bookings import service as bookings
from app.bookings.booking import Change
from app.db.transaction import transaction
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.spaces.service import hear_door
from tests.db.test_snapshots import MORNING, book, move, opens
from tests.readers import MIRABELLE_DOOR, Reader, keys_of, make_manager, make_reader
from tests.stays import MIRABELLE, make_person, span

TEN = span("10:00-12:00").start
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def anais(app: Flask) -> Actor:
    return make_person(app)


@pytest.fixture
def reader(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now, MIRABELLE_DOOR)


def arrive(app: Flask, ref: str, at: datetime) -> None:
    odile = make_person(app, "Odile", concierge_of="metz")
    with app.app_context(), transaction() as session:
        bookings.check_in(session, odile, ref, now=at)


def hear(app: Flask, at: datetime) -> None:
    with app.app_context(), transaction() as session:
        door = find_network(session).get_space(MIRABELLE).doors[-1]
        hear_door(session, door.id, now=at)


def test_a_longer_stay_keeps_its_pass_and_a_shorter_one_loses_it_at_its_new_end(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, first = book(app, anais, now)
    arrive(app, ref, TEN)
    longer = Change(ends_at=span("10:00-13:00").end)
    second = issue(move(app, anais, ref, longer, TEN + MINUTE), keys_of(app)).text
    at = TEN + HOUR
    assert opens(reader, first, at, at)
    assert opens(reader, second, at + 80 * MINUTE, at)
    assert not opens(reader, first, at + 80 * MINUTE, at)
    shorter = Change(ends_at=span("10:00-11:30").end)
    move(app, anais, ref, shorter, at)
    assert opens(reader, second, at + 10 * MINUTE, at + MINUTE)
    after = span("10:00-11:40").end
    assert not opens(reader, second, after, after)


def test_the_pass_of_a_released_place_opens_no_more_until_its_people_are_checked_in(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, text = book(app, anais, now)
    at, late = TEN + 5 * MINUTE, TEN + 20 * MINUTE
    assert opens(reader, text, at, MORNING)
    assert not opens(reader, text, late, late)
    hear(app, TEN)
    assert opens(reader, text, late, late), "its door may know of somebody inside"
    hear(app, late)
    assert not opens(reader, text, late, late)
    arrive(app, ref, late)
    assert opens(reader, text, late + MINUTE, late + MINUTE)
