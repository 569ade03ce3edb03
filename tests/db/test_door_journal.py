"""What doors report is taken in once, in order, unchanged, and says who came."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import cbor2
import pytest
from flask import Flask

from app.access import queries, service
from app.access.alarms import AlarmKind
from app.access.devices import Fault
from app.access.holders import Invitee
from app.access.journal import KEPT, JournalLine, Status
from app.access.pass_names import GUEST, PHONE, STATIC, named
from app.access.passes import issue
from app.bookings import queries as bookings_queries
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.chain import Head, Kind, Line, genesis
from devices.passes.text import read
from tests.databases import counting
from tests.phones import enrol
from tests.readers import (
    ENTRANCE,
    MIRABELLE_DOOR,
    Reader,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import TUESDAY, make_person, span, stay

AT = span("10:05-10:06").start
LATER = AT + timedelta(hours=1)


@dataclass(frozen=True)
class Shown:
    """A booking of the Mirabelle room on Tuesday from ten to noon, and the id of its pass."""

    ref: str
    pass_id: bytes
    anais: Actor


@pytest.fixture
def reader(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now)


@pytest.fixture
def shown(app: Flask, now: datetime) -> Shown:
    anais = make_person(app)
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, anais, stay(), now=now)
    return Shown(booking.ref, id_of(app, booking), anais)


def id_of(app: Flask, booking: Booking) -> bytes:
    return read(issue(booking, keys_of(app)).text, keys_of(app).ring).claims.pass_id


def seen(app: Flask, shown: Shown, at: datetime) -> Booking:
    with app.app_context(), reading() as session:
        network = find_network(session)
        return bookings_queries.get_booking(session, network, shown.anais, shown.ref, now=at)


def journal(app: Flask) -> list[JournalLine]:
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        return queries.journal_of_day(session, site, TUESDAY)


def pushed(reader: Reader, at: datetime = LATER, lines: list[Line] | None = None) -> str:
    """Hand in lines; gives the code of the refusal, or "" """
    with clock.freeze(at):
        answer = reader.push(lines)
    if answer.status_code == 200:
        return ""
    assert answer.status_code == 409, answer.json
    return str((answer.json or {})["code"])


def test_an_opening_at_the_door_of_the_room_checks_its_booking_in(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(AT, pass_id=shown.pass_id)
    assert pushed(reader) == ""
    booking = seen(app, shown, LATER)
    assert booking.state is BookingState.CHECKED_IN
    assert booking.checked_in_at == AT
    (line,) = journal(app)
    assert (line.status, line.booking_id) == (Status.OPENED, booking.id)
    assert (line.at, line.received_at) == (AT, LATER)
    assert line.is_late
    assert line.door is not None
    assert line.door.number == MIRABELLE_DOOR


def test_coming_through_the_entrance_is_not_coming_to_the_room(
    app: Flask, now: datetime, shown: Shown
) -> None:
    entrance = make_reader(app, make_manager(app), now, ENTRANCE)
    entrance.note(AT, door=ENTRANCE, pass_id=shown.pass_id)
    assert pushed(entrance) == ""
    assert seen(app, shown, AT).state is BookingState.CONFIRMED
    booking = seen(app, shown, LATER)
    assert (booking.state, booking.checked_in_at) == (BookingState.NO_SHOW, None)
    assert [line.status for line in journal(app)] == [Status.OPENED]


def test_a_journal_that_comes_after_the_stay_makes_a_no_show_a_guest(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    evening = AT + timedelta(hours=10)
    assert seen(app, shown, evening).state is BookingState.NO_SHOW
    reader.note(AT, pass_id=shown.pass_id)
    pushed(reader, evening)
    booking = seen(app, shown, evening)
    assert (booking.state, booking.checked_in_at) == (BookingState.COMPLETED, AT)


def test_the_same_batch_twice_counts_once(app: Flask, reader: Reader, shown: Shown) -> None:
    for _ in range(3):
        reader.note(AT, pass_id=shown.pass_id)
    assert [pushed(reader), pushed(reader)] == ["", ""]
    reader.note(AT, Kind.DENY, reason="other-door", pass_id=shown.pass_id)
    assert pushed(reader) == ""  # three lines again and one new
    assert len(journal(app)) == 4
    assert reader.device().journal_seq == 4


def test_the_answer_says_where_the_journal_stands(reader: Reader) -> None:
    for _ in range(3):
        reader.note(AT)
    with clock.freeze(LATER):
        answer = reader.push(reader.lines[:2])
    assert answer.json == {"seq": 2, "head": reader.lines[1].digest.hex()}


def test_a_gap_names_the_line_to_go_on_with_and_takes_nothing(app: Flask, reader: Reader) -> None:
    for _ in range(4):
        reader.note(AT)
    pushed(reader, lines=reader.lines[:1])
    with clock.freeze(LATER):
        answer = reader.push(reader.lines[2:])
    assert (answer.status_code, answer.json["code"], answer.json["seq"]) == (409, "journal-gap", 2)
    assert len(journal(app)) == 1
    assert reader.device().fault is None  # the door sends again; nothing is wrong
    assert pushed(reader) == ""


def test_a_rewritten_line_is_a_fork_and_stays_a_fault(app: Flask, reader: Reader) -> None:
    reader.note(AT)
    pushed(reader)
    reader.head, reader.lines = Head(0, _genesis(reader)), []
    reader.note(AT + timedelta(minutes=1))
    assert pushed(reader) == "journal-fork"
    device = reader.device()
    assert (device.fault, device.fault_at) == (Fault.FORK, LATER)
    with clock.freeze(LATER):
        reader.beat(head=Head(9, bytes(32)))
    assert reader.device().fault is Fault.FORK
    assert len(journal(app)) == 1


@pytest.mark.parametrize("spoiled", ["body", "digest"])
def test_a_changed_line_breaks_the_chain_and_is_not_taken(
    app: Flask, reader: Reader, spoiled: str
) -> None:
    reader.note(AT)
    good = reader.note(AT)
    other = good.body[:-1] + b"\xf4" if spoiled == "body" else bytes(32)
    bad = replace(good, **{spoiled: other})
    assert pushed(reader, lines=[reader.lines[0], bad]) == "journal-chain"
    assert reader.device().fault is Fault.CHAIN
    assert journal(app) == []


def test_a_door_that_opened_although_the_booking_was_cancelled_is_said_to_have(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    with app.app_context(), transaction() as session:
        bookings.cancel(session, shown.anais, shown.ref, now=AT - timedelta(hours=1))
    reader.note(AT, pass_id=shown.pass_id)
    assert pushed(reader) == ""
    (line,) = journal(app)
    assert line.status is Status.OPENED_ALTHOUGH_CANCELLED
    assert line.booking_id == seen(app, shown, LATER).id
    assert seen(app, shown, LATER).state is BookingState.CANCELLED


def test_an_alarm_is_found_behind_any_number_of_other_lines(
    app: Flask, now: datetime, reader: Reader, shown: Shown
) -> None:
    with app.app_context(), transaction() as session:
        bookings.cancel(session, shown.anais, shown.ref, now=now)
    reader.note(AT, pass_id=shown.pass_id)
    for minute in range(3):
        reader.note(AT + timedelta(minutes=minute), Kind.DENY, reason="other-door")
    assert pushed(reader) == ""
    alarms = (Status.OPENED_ALTHOUGH_CANCELLED,)
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        (line,) = queries.journal_of_day(session, site, TUESDAY, only=alarms, most=2)
    assert line.status is Status.OPENED_ALTHOUGH_CANCELLED


def test_a_pass_of_before_a_move_is_said_to_be_one_but_checks_nobody_in(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    with app.app_context(), transaction() as session:
        bookings.move(
            session, shown.anais, shown.ref, Change(people=6), now=AT - timedelta(hours=1)
        )
    reader.note(AT, pass_id=shown.pass_id)
    pushed(reader)
    (line,) = journal(app)
    assert line.status is Status.OPENED_ALTHOUGH_MOVED
    assert seen(app, shown, AT).state is BookingState.CONFIRMED
    booking = seen(app, shown, LATER)
    assert (booking.state, booking.checked_in_at) == (BookingState.NO_SHOW, None)


def test_what_was_right_then_is_not_judged_again_by_what_changed_since(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    early = span("09:55-09:56").start
    reader.note(early, pass_id=shown.pass_id)
    odile = make_person(app, "Odile", concierge_of="metz")
    with app.app_context(), transaction() as session:
        bookings.cancel(session, odile, shown.ref, now=AT)
    pushed(reader)
    assert [line.status for line in journal(app)] == [Status.OPENED]


def test_refusals_and_other_things_are_kept_as_they_were_told(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(AT, Kind.DENY, reason="too-early", pass_id=shown.pass_id)
    reader.note(AT, Kind.DENY, reason="bad-signature")
    reader.note(AT, Kind.FORCED, reason="")
    reader.note(AT, pass_id=b"stranger")
    reader.note(AT, reason="staff", pass_id=b"reserved")
    pushed(reader)
    told = [(line.kind, line.reason, line.status) for line in reversed(journal(app))]
    assert told == [
        ("deny", "too-early", Status.REFUSED),
        ("deny", "bad-signature", Status.REFUSED),
        ("forced", "", Status.NOTHING),
        ("grant", "static", Status.UNKNOWN_PASS),
        ("grant", "staff", Status.OPENED),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        cbor2.dumps("nonsense"),
        cbor2.dumps([2**63, 1, b"", "grant", 104, "static", b"", True, 1, True]),
        cbor2.dumps([-1, 1, b"", "grant", 104, "static", b"", True, 1, True]),
        cbor2.dumps(
            [1, 2**64 - 1, b"", "deny", 2**64 - 1, "x\0y" * 99, b"", True, 2**64 - 1, True]
        ),
    ],
)
def test_a_line_that_says_nonsense_is_kept_without_stopping_the_rest(
    app: Flask, reader: Reader, shown: Shown, body: bytes
) -> None:
    reader.write(body)
    reader.note(AT, pass_id=shown.pass_id)
    assert pushed(reader) == ""
    assert reader.device().journal_seq == 2
    assert seen(app, shown, LATER).state is BookingState.CHECKED_IN


def test_a_clock_that_runs_ahead_never_checks_anybody_in_in_the_future(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(LATER + timedelta(minutes=30), pass_id=shown.pass_id)
    pushed(reader)
    assert seen(app, shown, LATER).checked_in_at == LATER


def test_a_long_batch_costs_as_many_statements_as_a_short_one(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(AT, pass_id=shown.pass_id)
    pushed(reader)
    counts = []
    for size in (1, 100):
        start = len(reader.lines)
        for _ in range(size):
            reader.note(AT, pass_id=shown.pass_id)
        with counting(app) as counted:
            pushed(reader, lines=reader.lines[start:])
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_openings_are_found_by_booking_for_the_desk(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(AT, pass_id=shown.pass_id)
    reader.note(AT, Kind.DENY, reason="ended", pass_id=shown.pass_id)
    pushed(reader)
    booking = seen(app, shown, LATER)
    with app.app_context(), reading() as session:
        network = find_network(session)
        found = queries.openings_of_bookings(session, network, [booking.id, 999])
        assert queries.openings_of_bookings(session, network, []) == {}
    assert {key: [line.status for line in lines] for key, lines in found.items()} == {
        booking.id: [Status.OPENED]
    }


def test_lines_are_kept_three_months_and_the_chain_goes_on(
    app: Flask, reader: Reader, shown: Shown
) -> None:
    reader.note(AT, pass_id=shown.pass_id)
    pushed(reader)
    with app.app_context(), transaction() as session:
        service.tidy(session, now=LATER + KEPT)
    assert len(journal(app)) == 1
    with app.app_context(), transaction() as session:
        service.tidy(session, now=LATER + KEPT + timedelta(seconds=1))
    assert journal(app) == []
    reader.note(AT)
    assert pushed(reader) == ""  # line 1 again, which cannot be compared any more, and line 2
    assert reader.device().journal_seq == 2


def test_two_pushes_of_one_door_at_once_take_each_line_once(app: Flask, reader: Reader) -> None:
    for _ in range(20):
        reader.note(AT)
    with clock.freeze(LATER), ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: reader.push().status_code, range(8)))
    assert answers == [200] * 8
    assert len(journal(app)) == 20


def test_a_heartbeat_says_that_the_end_of_a_journal_is_gone(app: Flask, reader: Reader) -> None:
    first = reader.note(AT)
    reader.note(AT)
    pushed(reader)
    with clock.freeze(LATER):
        told = reader.beat(head=Head(first.seq, first.digest))
        assert told.json["seq"] == 2
        assert reader.device().fault is Fault.CUT
        reader.beat()
        assert reader.device().fault is None
        reader.beat(head=Head(2, bytes(32)))
    assert reader.device().fault is Fault.CUT


def test_a_heartbeat_tells_how_the_clock_stands_and_what_the_door_knows(
    app: Flask, reader: Reader, now: datetime
) -> None:
    told = reader.snapshot()
    slow = (now - timedelta(seconds=45)).isoformat()
    answer = reader.beat(snapshot=told.version, clock_at=slow)
    assert answer.json == {"time": "2026-11-23T08:00:00Z", "seq": 0, "head": _genesis(reader).hex()}
    device = reader.device()
    assert device.clock_error == timedelta(seconds=-45)
    assert device.has_wrong_clock
    assert device.heard_at == now
    assert device.told_at == now
    assert device.is_heard(now + timedelta(seconds=90))
    assert not device.is_heard(now + timedelta(seconds=91))
    assert not device.is_behind(now + timedelta(minutes=15))


def test_a_heartbeat_of_a_broken_clock_is_heard_all_the_same(reader: Reader) -> None:
    for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert reader.beat(clock_at=at, snapshot=2**53).status_code == 200
    assert reader.device().told_at is None
    assert reader.device().has_wrong_clock


def _genesis(reader: Reader) -> bytes:
    return genesis(reader.code).digest


def test_who_was_let_in_after_their_phone_or_invitation_was_given_up_is_an_alarm(
    app: Flask, reader: Reader, now: datetime
) -> None:
    anais = make_person(app)
    phone = enrol(app, anais, now)
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, anais, stay(), now=now)
        people = [Invitee("Zoé", None, "fr")]
        (guest,) = service.invite_guests(session, anais, booking.ref, people, now=now)
    names = named(PHONE, phone.code), named(GUEST, guest.code), STATIC
    keys = keys_of(app)
    shown = [read(issue(booking, keys, name=name).text, keys.ring).claims.pass_id for name in names]
    ends = AT + timedelta(minutes=10)
    with app.app_context(), transaction() as session:
        service.remove_guest(session, anais, booking.ref, guest.code, now=ends)
        service.give_up_passes(session, anais, anais.account_id, now=ends)
    for pass_id in shown:
        reader.note(ends - timedelta(seconds=1), pass_id=pass_id)
        reader.note(ends, pass_id=pass_id)
    with clock.freeze(ends + timedelta(hours=1)):
        assert reader.push().status_code == 200
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        lines = queries.journal_of_day(session, site, TUESDAY)
        waiting = queries.waiting_alarms(session, [site])
    assert [line.status for line in lines[:3]] == [Status.OPENED_ALTHOUGH_GIVEN_UP] * 3
    assert [line.status for line in lines[3:]] == [Status.OPENED] * 3
    assert [(each.kind, each.times) for each in waiting] == [
        (AlarmKind.OPENED_ALTHOUGH_GIVEN_UP, 3)
    ]
