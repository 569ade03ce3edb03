"""Guests of a booking: invited, mailed a pass without account, checked in, taken off the list."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import queries, service
from app.access.holders import Guest
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change
from app.db.transaction import reading, transaction
from app.domain.permissions import Role, Scope
from app.gateways.pdf import PlainPdf
from app.web import clock
from devices.passes.reasons import Reason
from devices.passes.rules import Granted, Refused, judge
from devices.passes.text import read
from tests.members import Member, acting, delivered, make_member, press, sign_in
from tests.readers import Reader, keys_of, make_manager, make_reader
from tests.stays import make_token, span, stay

AT = span("10:10-11:00").start
LIST = "Camille Petit, camille@people.example\nLéo Martin\nNoé <noe@people.example>"


@pytest.fixture
def anais(app: Flask) -> Member:
    return make_member(app, "Anaïs")


@pytest.fixture
def odile(app: Flask) -> Member:
    return make_member(app, "Odile", role=Role.CONCIERGE, site="metz")


@pytest.fixture
def host(app: Flask, anais: Member) -> FlaskClient:
    return sign_in(app, anais)


@pytest.fixture
def desk(app: Flask, odile: Member) -> FlaskClient:
    return sign_in(app, odile)


@pytest.fixture
def booking(app: Flask, anais: Member, now: datetime) -> Booking:
    actor = acting(app, anais)
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, stay(), now=now)


def page_of(booking: Booking) -> str:
    return f"/bookings/{booking.ref}/guests"


def invite(host: FlaskClient, booking: Booking, people: str = LIST) -> int:
    return press(host, page_of(booking), page_of(booking), people=people).status_code


def listed(app: Flask, booking: Booking) -> dict[str, Guest]:
    with app.app_context(), reading() as session:
        return {each.name: each for each in queries.guests_of(session, {booking.id})[booking.id]}


def link_in(body: str) -> str:
    found = re.search(r"https?://[^/\s]+(/guests/\S+)", body)
    assert found is not None, body
    return found.group(1)


def text_of(app: Flask, guest: Guest) -> str:
    with app.app_context(), reading() as session:
        _guest, passes = service.guest_passes(
            session, guest.code, keys=keys_of(app), now=clock.now()
        )
    return passes[0].text


def answer(reader: Reader, text: str) -> Granted | Refused:
    with clock.freeze(AT):
        snapshot = reader.snapshot()
    (sheet,) = snapshot.doors
    return judge(text, snapshot.knowledge(sheet, clock_floor=0), now=int(AT.timestamp()))


def test_who_has_an_address_is_mailed_a_pass_that_needs_no_account(
    app: Flask, host: FlaskClient, booking: Booking, client: FlaskClient
) -> None:
    assert invite(host, booking) == 302
    mails = {to: body for to, subject, body in delivered(app) if "vous invite" in subject}
    assert set(mails) == {"camille@people.example", "noe@people.example"}
    assert "Anaïs vous attend" in mails["camille@people.example"]
    link = link_in(mails["camille@people.example"])
    page = client.get(link)
    assert page.status_code == 200
    assert "Salle Mirabelle" in page.get_data(as_text=True)
    assert client.get(f"{link}/pass.svg").mimetype == "image/svg+xml"
    assert client.get(f"{link[:-1]}x").status_code == 404
    assert client.get(f"{link}/pass.svg?day=2026-11-25").status_code == 404


def test_guests_hear_when_the_booking_moves_and_when_it_is_cancelled(
    app: Flask, host: FlaskClient, booking: Booking, anais: Member, now: datetime
) -> None:
    invite(host, booking, "Camille Petit, camille@people.example")
    actor, later = acting(app, anais), span("14:00-16:00")
    delivered(app)
    with app.app_context(), transaction() as session:
        change = Change(starts_at=later.start, ends_at=later.end)
        bookings.move(session, actor, booking.ref, change, now=now)
    moved = [body for to, _, body in delivered(app) if to == "camille@people.example"]
    assert ["14\u00a0h\u00a0–\u00a016\u00a0h" in body for body in moved] == [False, True]
    with app.app_context(), transaction() as session:
        bookings.cancel(session, actor, booking.ref, now=now)
    last = [subject for to, subject, _ in delivered(app) if to == "camille@people.example"][-1]
    assert last == "Annulé\u00a0: Anaïs ne vous attend plus"


def test_a_guest_opens_the_door_until_they_are_taken_off_the_list(
    app: Flask, host: FlaskClient, booking: Booking, now: datetime
) -> None:
    reader = make_reader(app, make_manager(app), now)
    invite(host, booking)
    guests = listed(app, booking)
    texts = {name: text_of(app, guest) for name, guest in guests.items()}
    assert len({read(text, keys_of(app).ring).claims.pass_id for text in texts.values()}) == 3
    assert all(isinstance(answer(reader, text), Granted) for text in texts.values())
    gone = guests["Noé"]
    assert (
        press(host, f"{page_of(booking)}/{gone.code}/remove", page_of(booking)).status_code == 302
    )
    refused = answer(reader, texts.pop("Noé"))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.REVOKED
    assert all(isinstance(answer(reader, text), Granted) for text in texts.values())
    assert "Noé" not in listed(app, booking)


def test_the_desk_checks_a_class_in_by_list_and_by_ticket(
    app: Flask, host: FlaskClient, desk: FlaskClient, booking: Booking, odile: Member
) -> None:
    headers = make_token(app, acting(app, odile), Scope.DESK)
    program = app.test_client()
    invite(host, booking)
    leo, camille = listed(app, booking)["Léo Martin"], listed(app, booking)["Camille Petit"]
    with clock.freeze(AT):
        assert (
            press(desk, f"{page_of(booking)}/{leo.code}/arrived", page_of(booking)).status_code
            == 302
        )
        body = {"pass": text_of(app, camille)}
        assert program.post("/api/v1/check-ins", json=body, headers=headers).status_code == 200
        shown = desk.get(page_of(booking)).get_data(as_text=True)
    assert {name for name, each in listed(app, booking).items() if each.is_present} == {
        "Léo Martin",
        "Camille Petit",
    }
    assert "2 présentes" in shown
    with clock.freeze(AT + timedelta(hours=1)):
        press(desk, f"{page_of(booking)}/{leo.code}/left", page_of(booking))
    assert not listed(app, booking)["Léo Martin"].is_present


def test_a_guest_who_came_by_the_door_is_on_the_list_as_present(
    app: Flask, host: FlaskClient, booking: Booking, now: datetime
) -> None:
    reader = make_reader(app, make_manager(app), now)
    invite(host, booking)
    shown = read(text_of(app, listed(app, booking)["Léo Martin"]), keys_of(app).ring)
    with clock.freeze(AT):
        reader.note(AT, pass_id=shown.claims.pass_id)
        assert reader.push().status_code == 200
    assert [each.name for each in listed(app, booking).values() if each.is_present] == [
        "Léo Martin"
    ]
    assert listed(app, booking)["Léo Martin"].arrived_at == AT


def test_the_desk_prints_a_badge_with_the_pass_on_it(
    app: Flask,
    host: FlaskClient,
    desk: FlaskClient,
    booking: Booking,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twin = PlainPdf()
    monkeypatch.setitem(app.extensions, "totem.pdf", twin)
    invite(host, booking)
    leo = listed(app, booking)["Léo Martin"]
    badge = desk.get(f"{page_of(booking)}/{leo.code}/badge.pdf")
    assert (badge.status_code, badge.mimetype) == (200, "application/pdf")
    assert "Léo Martin" in twin.written[0]
    assert "data:image/svg+xml;base64," in twin.written[0]
    assert host.get(f"{page_of(booking)}/{leo.code}/badge.pdf").status_code == 403


@pytest.mark.parametrize(
    "people",
    ["", "Camille, camille@", "www.loterie.example, a@b.fr", "x" * 121, ", a@people.example"],
)
def test_a_list_that_cannot_be_read_is_shown_again(
    app: Flask, host: FlaskClient, booking: Booking, people: str
) -> None:
    assert invite(host, booking, people) == 422
    assert listed(app, booking) == {}


def test_only_the_host_and_the_desk_of_the_site_see_the_list(
    app: Flask, host: FlaskClient, desk: FlaskClient, booking: Booking
) -> None:
    assert desk.get(page_of(booking)).status_code == 200
    basile = sign_in(app, make_member(app, "Basile"))
    assert basile.get(page_of(booking)).status_code == 404
    invite(host, booking)
    leo = listed(app, booking)["Léo Martin"]
    assert (
        press(host, f"{page_of(booking)}/{leo.code}/arrived", page_of(booking)).status_code == 403
    )


def test_a_pass_on_paper_needs_a_reason_and_is_given_by_the_desk_alone(
    app: Flask, host: FlaskClient, desk: FlaskClient, booking: Booking
) -> None:
    page = f"/bookings/{booking.ref}/emergency-pass"
    assert press(desk, page, page, reason=" ").status_code == 422
    given = press(desk, page, page, reason="téléphone éteint")
    assert given.status_code == 200
    assert "data:image/svg+xml;base64," in given.get_data(as_text=True)
    assert host.get(page).status_code == 403
