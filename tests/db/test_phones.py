"""Phones hold passes of their own: three a person, given up alone or all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.access import queries, service
from app.access.holders import MOST_PHONES
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change
from app.db.transaction import reading, transaction
from app.domain.errors import NotAllowed, NotAPass, PhoneRefused, UnknownPhone
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import Granted, Policy, judge
from devices.passes.text import read
from tests.phones import enrol, known, new_phone, passes
from tests.readers import Reader, keys_of, make_manager, make_reader
from tests.stays import make_person, span, stay

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)  # Tuesday, 8 h in Metz
AT = span("10:10-11:00").start


@pytest.fixture
def anais(app: Flask) -> Actor:
    return make_person(app)


@pytest.fixture
def reader(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now)


def book(app: Flask, actor: Actor, now: datetime, hours: str = "10:00-12:00") -> Booking:
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, stay(hours), now=now)


def answer(
    reader: Reader, text: str, at: datetime = AT, *, policy: Policy = Policy.ANY
) -> Opening | Reason:
    """What the door says to a text, with what it was told at that instant."""
    with clock.freeze(at):
        snapshot = reader.snapshot()
    (sheet,) = snapshot.doors
    known = snapshot.knowledge(sheet, clock_floor=0)
    known = replace(known, rules=replace(known.rules, policy=policy))
    decision = judge(text, known, now=int(at.timestamp()))
    return decision.opening if isinstance(decision, Granted) else decision.reason


def give_up(app: Flask, actor: Actor, of: Actor, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        service.give_up_passes(session, actor, of.account_id, now=now)


def own_pass(app: Flask, actor: Actor, ref: str, now: datetime) -> str:
    with app.app_context(), reading() as session:
        return service.pass_for(session, actor, ref, keys=keys_of(app), now=now).text


def test_a_phone_shows_a_pass_of_its_own_that_opens_the_door_live(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    booking = book(app, anais, now)
    phone = enrol(app, anais, now)
    (given,) = passes(app, anais, phone, MORNING)
    assert read(given.text, keys_of(app).ring).claims.holder == known(app, phone.code).holder
    assert answer(reader, phone.live(given, AT)) is Opening.LIVE
    assert answer(reader, given.text) is Reason.LIVE_NEEDED
    assert given.text != own_pass(app, anais, booking.ref, now)
    assert answer(reader, own_pass(app, anais, booking.ref, now)) is Opening.STATIC


def test_the_day_of_the_room_knows_the_passes_of_phones(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    book(app, anais, now)
    phone = enrol(app, anais, now)
    (given,) = passes(app, anais, phone, MORNING)
    with clock.freeze(MORNING):
        (occupied,) = reader.snapshot().doors[0].day
    assert read(given.text, keys_of(app).ring).claims.pass_id in occupied.passes


def test_a_phone_is_given_the_passes_of_the_week_ahead_and_no_others(
    app: Flask, anais: Actor, now: datetime
) -> None:
    book(app, anais, now)
    basile = make_person(app, "Basile")
    book(app, basile, now, "14:00-16:00")
    phone = enrol(app, anais, now)
    start = span("10:00-12:00").start
    assert len(passes(app, anais, phone, start - timedelta(days=7))) == 1
    assert passes(app, anais, phone, start - timedelta(days=7, seconds=1)) == []
    assert passes(app, anais, phone, span("10:00-12:00").end) == []


def test_the_fourth_phone_takes_the_place_of_the_oldest(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    book(app, anais, now)
    phones = [enrol(app, anais, now) for _ in range(MOST_PHONES)]
    shown = [phone.live(passes(app, anais, phone, MORNING)[0], AT) for phone in phones]
    assert {answer(reader, text) for text in shown} == {Opening.LIVE}
    phones.append(enrol(app, anais, now))
    shown.append(phones[-1].live(passes(app, anais, phones[-1], MORNING)[0], AT))
    assert [answer(reader, text) for text in shown] == [Reason.REVOKED] + [Opening.LIVE] * 3
    with app.app_context(), reading() as session:
        standing = [phone.code for phone in queries.phones_of(session, anais.account_id)]
    assert standing == [phone.code for phone in phones[1:]]


def test_enrolling_a_phone_again_is_the_same_phone(app: Flask, anais: Actor, now: datetime) -> None:
    phone = enrol(app, anais, now)
    assert enrol(app, anais, now, phone).code == phone.code
    assert enrol(app, anais, now + timedelta(minutes=9), phone).code == phone.code


def test_a_phone_must_prove_its_key_over_a_fresh_nonce_of_its_own(
    app: Flask, anais: Actor, now: datetime
) -> None:
    keys, phone = keys_of(app), new_phone()
    nonce = keys.enrolment_nonces(anais.account_id, now)[0]
    basile = make_person(app, "Basile")
    good = phone.asking(nonce)
    theirs = phone.asking(keys.enrolment_nonces(basile.account_id, now)[0])
    old = phone.asking(keys.enrolment_nonces(anais.account_id, now - timedelta(minutes=21))[0])
    forged = replace(good, signature=new_phone().sign(good.signed_message))
    no_key = replace(good, public_key=bytes(65))
    for asking in (theirs, old, forged, no_key):
        with pytest.raises(PhoneRefused), app.app_context(), transaction() as session:
            service.enrol_phone(session, anais, asking, keys=keys, now=now)


def test_a_key_given_up_or_of_somebody_else_is_never_taken_again(
    app: Flask, anais: Actor, now: datetime
) -> None:
    phone = enrol(app, anais, now)
    with pytest.raises(PhoneRefused):
        enrol(app, make_person(app, "Basile"), now, phone)
    with app.app_context(), transaction() as session:
        service.revoke_phone(session, anais, phone.code, now=now)
    with pytest.raises(PhoneRefused):
        enrol(app, anais, now, phone)


def test_one_gives_up_one_s_own_phone_and_nobody_else_s(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    book(app, anais, now)
    phone, kept = enrol(app, anais, now), enrol(app, anais, now)
    shown = phone.live(passes(app, anais, phone, MORNING)[0], AT)
    basile = make_person(app, "Basile")
    with pytest.raises(UnknownPhone), app.app_context(), transaction() as session:
        service.revoke_phone(session, basile, phone.code, now=now)
    with app.app_context(), transaction() as session:
        service.revoke_phone(session, anais, phone.code, now=now)
    assert answer(reader, shown) is Reason.REVOKED
    assert answer(reader, kept.live(passes(app, anais, kept, MORNING)[0], AT)) is Opening.LIVE


def test_a_lost_phone_gives_up_every_pass_of_its_person_at_once(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    booking = book(app, anais, now)
    phone = enrol(app, anais, now)
    shown = phone.live(passes(app, anais, phone, MORNING)[0], AT)
    printed = own_pass(app, anais, booking.ref, now)
    basile = make_person(app, "Basile")
    theirs = own_pass(app, basile, book(app, basile, now, "14:00-16:00").ref, now)
    odile = make_person(app, "Odile", concierge_of="nancy")
    for who in (odile, anais):
        give_up(app, who, anais, MORNING)
        assert answer(reader, shown) is Reason.REVOKED
        assert answer(reader, printed) is Reason.REVOKED
        printed = own_pass(app, anais, booking.ref, MORNING)
        assert answer(reader, printed) is Opening.STATIC, "the next pass is a new one"
    assert answer(reader, theirs, span("14:10-15:00").start) is Opening.STATIC
    again = enrol(app, anais, MORNING)
    assert answer(reader, again.live(passes(app, anais, again, MORNING)[0], AT)) is Opening.LIVE


def test_a_pass_on_paper_opens_a_door_that_wants_a_live_code_until_all_is_given_up(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    booking, odile = book(app, anais, now), make_person(app, "Odile", concierge_of="metz")
    with app.app_context(), transaction() as session:
        given = service.give_emergency_pass(
            session, odile, booking.ref, "téléphone éteint", keys=keys_of(app), now=MORNING
        )
    assert answer(reader, given.text, policy=Policy.LIVE) is Opening.STAFF
    printed = own_pass(app, anais, booking.ref, now)
    assert answer(reader, printed, policy=Policy.LIVE) is Reason.LIVE_NEEDED
    give_up(app, odile, anais, MORNING)
    assert answer(reader, given.text, policy=Policy.LIVE) is Reason.REVOKED
    with pytest.raises(NotAllowed), app.app_context(), transaction() as session:
        service.give_emergency_pass(
            session, anais, booking.ref, "pour voir", keys=keys_of(app), now=MORNING
        )


def test_only_its_person_and_staff_report_a_phone_lost(
    app: Flask, anais: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        give_up(app, make_person(app, "Basile"), anais, now)


def test_the_passes_of_a_moved_booking_die_on_phones_too(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    booking = book(app, anais, now)
    phone = enrol(app, anais, now)
    before = phone.live(passes(app, anais, phone, MORNING)[0], AT)
    with app.app_context(), transaction() as session:
        bookings.move(session, anais, booking.ref, Change(people=5), now=MORNING)
    assert answer(reader, before) is Reason.REVOKED
    after = phone.live(passes(app, anais, phone, MORNING)[0], AT)
    assert answer(reader, after) is Opening.LIVE


def test_the_desk_checks_in_a_live_code_drawn_just_now_and_no_picture_of_one(
    app: Flask, anais: Actor, now: datetime
) -> None:
    book(app, anais, now)
    phone = enrol(app, anais, now)
    odile = make_person(app, "Odile", concierge_of="metz")
    (given,) = passes(app, anais, phone, MORNING)
    refused = [
        (given.text, Reason.LIVE_NEEDED),
        (phone.live(given, AT - timedelta(seconds=31)), Reason.STALE_CODE),
    ]
    for text, reason in refused:
        with pytest.raises(NotAPass) as told, app.app_context(), transaction() as session:
            service.check_in_by_pass(session, odile, text, keys=keys_of(app), now=AT)
        assert told.value.reason == reason
    with app.app_context(), transaction() as session:
        shown = phone.live(given, AT)
        booking = service.check_in_by_pass(session, odile, shown, keys=keys_of(app), now=AT)
    assert booking.checked_in_at == AT


def test_a_door_s_line_of_a_phone_s_pass_is_recognised(
    app: Flask, anais: Actor, reader: Reader, now: datetime
) -> None:
    book(app, anais, now)
    phone = enrol(app, anais, now)
    (given,) = passes(app, anais, phone, MORNING)
    shown = read(given.text, keys_of(app).ring).claims.pass_id
    with clock.freeze(AT):
        reader.note(AT, reason="live", pass_id=shown)
        assert reader.push().status_code == 200
    with app.app_context(), reading() as session:
        opened = queries.openings_of_bookings(session, find_network(session), {given.booking.id})
    assert [line.reason for line in opened[given.booking.id]] == ["live"]
