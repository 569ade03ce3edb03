"""A pass is a function of its booking: the same in every process, gone when the booking changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.access import queries, service
from app.access.passes import issue_all
from app.bookings import queries as bookings_queries
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change, Wanted
from app.db.transaction import reading, transaction
from app.domain.errors import NoPass, NotAllowed, UnknownBooking
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from devices.passes.rules import DoorRules, Granted, Knowledge, Refused, judge
from devices.passes.text import read
from tests.readers import ENTRANCE, MIRABELLE_DOOR, keys_of, make_manager
from tests.stays import MIRABELLE, make_person, span, stay

HOUR = 3600


def book(app: Flask, actor: Actor, now: datetime, wanted: Wanted | None = None) -> Booking:
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, wanted or stay(), now=now)


def text_of(app: Flask, actor: Actor, ref: str, now: datetime) -> str:
    with app.app_context(), reading() as session:
        return service.pass_for(session, actor, ref, keys=keys_of(app), now=now).text


def test_a_pass_names_the_doors_and_hours_of_its_booking_and_nobody(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    claims = read(text_of(app, anais, booking.ref, now), keys_of(app).ring).claims
    assert claims.site == "mz"
    assert claims.doors == (ENTRANCE, MIRABELLE_DOOR)
    assert claims.not_before == int(booking.span.start.timestamp())
    assert claims.not_after == int(booking.span.end.timestamp())
    assert claims.holder is None


def test_the_same_booking_has_the_same_pass_for_ever(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    assert text_of(app, anais, ref, now) == text_of(app, anais, ref, now + timedelta(hours=3))


def test_a_new_title_keeps_the_pass_and_a_new_hour_changes_it(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    first = text_of(app, anais, ref, now)
    with app.app_context(), transaction() as session:
        bookings.move(session, anais, ref, Change(title="Comité"), now=now)
    assert text_of(app, anais, ref, now) == first
    later = span("14:00-16:00")
    with app.app_context(), transaction() as session:
        bookings.move(
            session, anais, ref, Change(starts_at=later.start, ends_at=later.end), now=now
        )
    ring = keys_of(app).ring
    second = text_of(app, anais, ref, now)
    assert read(second, ring).claims.pass_id != read(first, ring).claims.pass_id


def test_a_door_opens_to_it_ten_minutes_early_and_five_late(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    text = text_of(app, anais, booking.ref, now)
    start, end = int(booking.span.start.timestamp()), int(booking.span.end.timestamp())
    known = Knowledge(
        DoorRules("mz", MIRABELLE_DOOR), keys_of(app).ring, server_time=start - 2 * HOUR
    )
    answers = {at: judge(text, known, now=at) for at in (start - 601, start - 600, end + 299)}
    assert [type(answer) for answer in answers.values()] == [Refused, Granted, Granted]
    assert isinstance(judge(text, known, now=end + 300), Refused)


def test_staff_of_the_site_see_the_pass_and_nobody_else_does(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    odile = make_person(app, "Odile", concierge_of="metz")
    assert text_of(app, odile, ref, now) == text_of(app, anais, ref, now)
    with pytest.raises(UnknownBooking):
        text_of(app, make_person(app, "Firmin", concierge_of="nancy"), ref, now)
    with pytest.raises(UnknownBooking):
        text_of(app, make_person(app, "Basile"), ref, now)
    with pytest.raises(NotAllowed):  # the network sees bookings, but opens no doors
        text_of(app, make_manager(app), ref, now)


def test_only_a_confirmed_booking_that_is_not_over_has_a_pass(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    with pytest.raises(NoPass):
        text_of(app, anais, booking.ref, booking.span.end)
    with app.app_context(), transaction() as session:
        held = bookings.hold_room(session, anais, stay("14:00-15:00"), now=now)
        bookings.cancel(session, anais, booking.ref, now=now)
    for ref in (held.ref, booking.ref):
        with pytest.raises(NoPass):
            text_of(app, anais, ref, now)


def test_a_stay_beyond_twelve_hours_has_one_pass_a_local_day(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    long = Span(
        datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 26, 11, tzinfo=UTC)
    )  # Tuesday 14 h to Thursday noon in Metz
    with app.app_context(), reading() as session:
        network = find_network(session)
        seen = bookings_queries.get_booking(session, network, anais, booking.ref, now=now)
    passes = issue_all(_with_span(seen, long), keys_of(app))
    assert [given.day for given in passes] == [date(2026, 11, day) for day in (24, 25, 26)]
    assert passes[0].valid_from == long.start
    assert passes[0].valid_until == passes[1].valid_from == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert passes[2].valid_until == long.end
    ids = {read(given.text, keys_of(app).ring).claims.pass_id for given in passes}
    assert len(ids) == 3
    assert ids == {
        keys_of(app).pass_id(seen.id, seen.version, f"static:2026-11-{day}") for day in (24, 25, 26)
    }


def test_my_next_pass_is_that_of_my_running_or_next_booking(app: Flask, now: datetime) -> None:
    anais, basile = make_person(app), make_person(app, "Basile")
    later = book(app, anais, now, stay("16:00-18:00"))
    soon = book(app, anais, now, stay("10:00-12:00"))
    book(app, basile, now, stay("08:00-09:00"))
    with app.app_context(), transaction() as session:
        bookings.hold_room(session, anais, stay("09:00-10:00"), now=now)
    assert _next(app, anais, now) == soon.ref
    assert _next(app, anais, soon.span.start + timedelta(minutes=14)) == soon.ref
    assert _next(app, anais, soon.span.start + timedelta(minutes=15)) == later.ref  # nobody came
    assert _next(app, anais, soon.span.end) == later.ref
    assert _next(app, anais, later.span.end) is None


def _next(app: Flask, actor: Actor, now: datetime) -> str | None:
    with app.app_context(), reading() as session:
        network = find_network(session)
        booking = queries.next_pass_booking(session, network, actor, now=now)
    return None if booking is None else booking.ref


def _with_span(booking: Booking, long: Span) -> Booking:
    assert booking.space.code == SpaceCode(MIRABELLE)
    return replace(booking, span=long)
