"""What a door is told: derived from bookings at every asking, numbered upward for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.access.passes import issue
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change
from app.db.transaction import transaction
from app.domain.ids import SpaceCode
from app.domain.permissions import Actor
from app.spaces.tables import DoorRow, NetworkRevisionRow
from app.web import clock
from devices.passes.rules import Granted, Mode, Policy, judge
from devices.passes.snapshot import etag, may_replace
from devices.passes.text import read
from tests.databases import counting
from tests.readers import (
    ENTRANCE,
    MIRABELLE_DOOR,
    NANCY_DOOR,
    Reader,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import make_person, span, stay

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)  # Tuesday, 8 h in Metz


@pytest.fixture
def anais(app: Flask) -> Actor:
    return make_person(app)


@pytest.fixture
def reader(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now)


def book(app: Flask, actor: Actor, now: datetime, hours: str = "10:00-12:00") -> tuple[str, str]:
    """Book the Mirabelle room on Tuesday; gives the reference and the text of the pass."""
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, actor, stay(hours), now=now)
    return booking.ref, issue(booking, keys_of(app)).text


def move(app: Flask, actor: Actor, ref: str, change: Change, now: datetime) -> Booking:
    with app.app_context(), transaction() as session:
        return bookings.move(session, actor, ref, change, now=now)


def opens(reader: Reader, text: str, at: datetime, now: datetime) -> bool:
    """Whether the door opens to a pass at that instant with what it was told just before."""
    with clock.freeze(now):
        snapshot = reader.snapshot()
    (sheet,) = snapshot.doors
    known = snapshot.knowledge(sheet, clock_floor=0)
    return isinstance(judge(text, known, now=int(at.timestamp())), Granted)


def test_each_door_has_its_own_patience_with_a_silent_server(
    app: Flask, reader: Reader, now: datetime
) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(
                update(DoorRow).where(DoorRow.number == MIRABELLE_DOOR).values(max_stale_minutes=45)
            )
            session.execute(update(NetworkRevisionRow).values(number=NetworkRevisionRow.number + 1))
        (sheet,) = reader.snapshot().doors
        assert sheet.rules.max_stale == 45 * 60
        with transaction() as session:
            session.execute(update(DoorRow).values(max_stale_minutes=2160))
            session.execute(update(NetworkRevisionRow).values(number=NetworkRevisionRow.number + 1))


def test_a_door_is_told_its_rules_its_keys_and_the_other_doors(
    app: Flask, reader: Reader, now: datetime
) -> None:
    told = reader.snapshot()
    (sheet,) = told.doors
    assert (told.site, told.zone, told.device) == ("mz", "Europe/Paris", reader.code)
    assert told.server_time == int(now.timestamp())
    assert (sheet.code, sheet.names["fr"]) == ("metz-mirabelle", "Salle Mirabelle")
    assert (sheet.rules.door, sheet.rules.policy) == (MIRABELLE_DOOR, Policy.ANY)
    assert (sheet.rules.early, sheet.rules.late, sheet.rules.max_stale) == (600, 300, 129_600)
    assert sheet.rules.mode is Mode.NORMAL
    assert [key.kid for key in told.keys] == [key.kid for key in keys_of(app).public]
    assert ENTRANCE in told.others
    assert MIRABELLE_DOOR not in told.others


def test_the_day_of_a_room_names_hours_and_passes_but_nobody(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    _ref, text = book(app, anais, now)
    with clock.freeze(MORNING):
        (sheet,) = reader.snapshot().doors
    claims = read(text, keys_of(app).ring).claims
    (occupied,) = sheet.day
    assert (occupied.starts, occupied.ends) == (claims.not_before, claims.not_after)
    assert occupied.passes == (claims.pass_id,)


def test_the_day_of_an_entrance_is_nobodys(app: Flask, anais: Actor, now: datetime) -> None:
    entrance = make_reader(app, make_manager(app), now, ENTRANCE)
    book(app, anais, now)
    with clock.freeze(MORNING):
        (sheet,) = entrance.snapshot().doors
    assert sheet.day == ()


def test_a_cancelled_booking_opens_no_door_though_no_worker_ran(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, text = book(app, anais, now)
    at = span("10:30-11:00").start
    assert opens(reader, text, at, MORNING)
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=MORNING)
    assert not opens(reader, text, at, MORNING + timedelta(minutes=1))


def test_every_pass_of_a_moved_booking_dies_save_the_last(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, first = book(app, anais, now)
    at = span("10:30-11:00").start
    second = issue(move(app, anais, ref, Change(people=5), now), keys_of(app)).text
    third = issue(move(app, anais, ref, Change(people=6), now), keys_of(app)).text
    assert [opens(reader, text, at, MORNING) for text in (first, second, third)] == [
        False,
        False,
        True,
    ]


def test_a_booking_moved_away_and_back_never_revives_an_old_pass(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, first = book(app, anais, now)
    there, back = span("14:00-16:00"), span("10:00-12:00")
    move(app, anais, ref, Change(starts_at=there.start, ends_at=there.end), now)
    last = move(app, anais, ref, Change(starts_at=back.start, ends_at=back.end), now)
    at = span("10:30-11:00").start
    assert not opens(reader, first, at, MORNING)
    assert opens(reader, issue(last, keys_of(app)).text, at, MORNING)


def test_a_pass_of_tomorrow_given_up_today_stays_revoked_at_the_old_site(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, text = book(app, anais, now)
    moved = move(app, anais, ref, Change(space=SpaceCode("nancy-stanislas")), now)
    assert moved.site.code == "nancy"
    assert not opens(reader, text, span("10:30-11:00").start, MORNING)


def test_who_has_left_for_good_does_not_come_back_by_pass(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, text = book(app, anais, now)
    odile = make_person(app, "Odile", concierge_of="metz")
    at = span("10:30-11:00").start
    with app.app_context(), transaction() as session:
        bookings.check_in(session, odile, ref, now=at)
        bookings.check_out(session, odile, ref, now=at)
    assert not opens(reader, text, at + timedelta(minutes=5), at)


def test_a_hold_that_was_moved_about_revokes_nothing_of_what_is_booked(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        held = bookings.hold_room(session, anais, stay("14:00-15:00"), now=now)
        bookings.move(session, anais, held.ref, Change(people=2), now=now)
        booked = bookings.confirm(session, anais, held.ref, now=now)
    text = issue(booked, keys_of(app)).text
    assert opens(reader, text, span("14:30-14:45").start, MORNING)


def test_only_what_could_still_open_before_the_door_goes_stale_is_listed(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    ref, _text = book(app, anais, now)
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=now)
    start, end = span("10:00-12:00").start, span("10:00-12:00").end
    seen = {
        at: len(_revoked(reader, at))
        for at in (start - timedelta(hours=38), start - timedelta(hours=36), end, end + _A_DAY)
    }
    assert [bool(count) for count in seen.values()] == [False, True, True, False]


def test_numbers_only_rise_and_the_same_word_has_the_same_etag(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    first = reader.snapshot()
    ref, _text = book(app, anais, now)
    with clock.freeze(now + timedelta(seconds=1)):
        second = reader.snapshot()
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=now)
    with clock.freeze(now + timedelta(seconds=2)):
        third = reader.snapshot()
    assert [first.version, second.version, third.version] == [
        int(now.timestamp()) + seconds for seconds in range(3)
    ]
    assert etag(first) == etag(second) != etag(third)
    assert may_replace(second, first)
    assert may_replace(third, second)


def test_telling_a_door_the_same_again_writes_nothing_and_costs_little(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    for hour in range(8, 18):
        book(app, anais, now, f"{hour:02}:00-{hour:02}:30")
    told = reader.pull()
    with counting(app) as counted:
        again = reader.pull(told.headers["ETag"])
    assert again.status_code == 304
    assert not [text for text in counted.statements if not text.lstrip().startswith("SELECT")]
    assert len(counted) <= 6  # device of the guard, day, revocations, offices, orders, cards


def test_a_snapshot_signed_for_one_door_is_not_for_another(
    app: Flask, reader: Reader, now: datetime
) -> None:
    other = make_reader(app, make_manager(app, "Nora"), now, NANCY_DOOR)
    assert other.snapshot().device != reader.snapshot().device
    assert not may_replace(other.snapshot(), reader.snapshot())


_A_DAY = timedelta(days=1)


def _revoked(reader: Reader, at: datetime) -> frozenset[bytes]:
    with clock.freeze(at):
        return reader.snapshot().revoked
