"""My pass on screen, on paper, by mail and as JSON; and the desk that scans it."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from PIL import Image
from werkzeug.test import TestResponse

from app import jobs
from app.bookings import service as bookings
from app.bookings.booking import Booking, Change, Wanted
from app.db.transaction import transaction
from app.domain.permissions import Actor, Role, Scope
from app.gateways.mail import MemoryMailer
from app.web import clock
from devices.passes.text import read
from tests.databases import Counted
from tests.members import acting, make_member, sign_in
from tests.readers import MIRABELLE_DOOR, keys_of
from tests.stays import make_person, make_token, span, stay

Counting = Callable[[], AbstractContextManager[Counted]]


def book(app: Flask, actor: Actor, now: datetime, wanted: Wanted | None = None) -> Booking:
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, wanted or stay(title="Comité"), now=now)


def pass_of(client: FlaskClient, headers: dict[str, str], ref: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/bookings/{ref}/pass", headers=headers)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def test_the_pass_is_given_with_its_hours_its_doors_and_its_picture(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    headers = make_token(app, anais)
    told = pass_of(client, headers, booking.ref)
    assert told["valid_from"] == "2026-11-24T09:00:00Z"
    assert told["valid_until"] == "2026-11-24T11:00:00Z"
    assert [door["code"] for door in told["doors"]] == ["metz-entree", "metz-mirabelle"]
    assert told["doors"][1] == {
        "number": MIRABELLE_DOOR,
        "code": "metz-mirabelle",
        "name": "Salle Mirabelle",
    }
    assert (told["day"], told["days"]) == (None, [])
    assert read(told["text"], keys_of(app).ring).claims.site == "mz"
    picture = client.get(told["svg_url"], headers=headers)
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")


def test_a_cancelled_booking_has_no_pass_and_a_stranger_sees_none(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    path = f"/api/v1/bookings/{ref}/pass"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=make_token(app, make_person(app, "Basile"))).status_code == 404
    assert client.get(path, headers=make_token(app, anais, Scope.READ)).status_code == 403
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=now)
    answer = client.get(path, headers=make_token(app, anais))
    assert (answer.status_code, answer.json["code"]) == (409, "no-pass")


def test_the_page_shows_the_code_the_hours_and_the_doors(app: Flask, now: datetime) -> None:
    member = make_member(app)
    booking = book(app, acting(app, member), now)
    browser = sign_in(app, member)
    page = browser.get(f"/bookings/{booking.ref}/pass")
    shown = page.get_data(as_text=True)
    assert page.status_code == 200
    assert shown.count("<h1>") == 1
    assert "Salle Mirabelle" in shown
    assert "10\u00a0h\u00a0–\u00a012\u00a0h" in shown
    assert f'src="/bookings/{booking.ref}/pass.svg"' in shown
    assert "page-pass" in shown
    assert browser.get(f"/bookings/{booking.ref}/pass.svg").mimetype == "image/svg+xml"
    assert browser.get(f"/bookings/{booking.ref}/pass/print").status_code == 200
    assert browser.get(f"/bookings/{booking.ref}/pass?day=soon").status_code == 404
    assert browser.get(f"/bookings/{booking.ref}/pass?day=2026-11-24").status_code == 409


def test_my_pass_leads_to_the_next_one_or_says_there_is_none(app: Flask, now: datetime) -> None:
    member = make_member(app)
    browser = sign_in(app, member)
    assert "Pas de pass" in browser.get("/pass/next").get_data(as_text=True)
    booking = book(app, acting(app, member), now)
    assert browser.get("/pass/next").headers["Location"] == f"/bookings/{booking.ref}/pass"


def test_nobody_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/pass").headers["Location"] == "/sign-in?next=/pass"


def sent(app: Flask, mails: MemoryMailer) -> list[EmailMessage]:
    before = len(mails.sent)
    jobs.deliver_due(app)
    return mails.sent[before:]


def attachments(mail: EmailMessage, kind: str) -> list[bytes]:
    return [
        part.get_payload(decode=True)  # type: ignore[misc]
        for part in mail.walk()
        if part.get_content_type() == kind
    ]


def test_one_mail_tells_place_amount_pass_and_calendar(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    (mail,) = sent(app, mails)
    assert mail["To"] == "anaïs@people.example"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for said in ("Salle Mirabelle", "7 avenue de Blida", "régler", f"/bookings/{booking.ref}/pass"):
        assert said in text
    (picture,) = attachments(mail, "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    claims = read(code.text, keys_of(app).ring).claims
    assert claims.pass_id == keys_of(app).pass_id(booking.id, booking.version, "static")
    (invitation,) = attachments(mail, "text/calendar")
    (event,) = Calendar.from_ical(invitation).events
    assert event["uid"].startswith(booking.ref)
    assert sent(app, mails) == []


def test_a_moved_booking_mails_its_new_pass_only(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    later, last = span("14:00-16:00"), span("16:00-18:00")
    with app.app_context():
        for hours in (later, last):
            change = Change(starts_at=hours.start, ends_at=hours.end)
            with transaction() as session:
                moved = bookings.move(session, anais, ref, change, now=now)
    (mail,) = sent(app, mails)  # what was overtaken before the worker ran is not told
    (picture,) = attachments(mail, "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    claims = read(code.text, keys_of(app).ring).claims
    assert claims.not_before == int(moved.span.start.timestamp())


def test_a_mail_is_in_the_language_of_its_person(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    katrin = make_person(app, "Katrin", locale="de")
    book(app, katrin, now)
    (mail,) = sent(app, mails)
    assert "Raum Mirabelle" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.fixture
def desk(app: Flask) -> dict[str, str]:
    return make_token(app, make_person(app, "Odile", concierge_of="metz"), Scope.DESK)


def check_in(client: FlaskClient, desk: dict[str, str], body: dict[str, str]) -> TestResponse:
    """Check in on the day of the stay."""
    with clock.freeze(span("09:45-10:00").start):
        return client.post("/api/v1/check-ins", json=body, headers=desk)


def test_the_desk_checks_in_by_pass_and_twice_is_once(
    app: Flask, client: FlaskClient, desk: dict[str, str], now: datetime
) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    text = pass_of(client, make_token(app, anais), booking.ref)["text"]
    for _ in range(2):
        answer = check_in(client, desk, {"pass": text})
        assert (answer.status_code, answer.json["state"]) == (200, "checked_in")
        assert answer.json["id"] == booking.ref


def test_the_desk_checks_in_by_booking(
    app: Flask, client: FlaskClient, desk: dict[str, str], now: datetime
) -> None:
    ref = book(app, make_person(app), now).ref
    answer = check_in(client, desk, {"booking": ref})
    assert (answer.status_code, answer.json["state"]) == (200, "checked_in")


def test_a_pass_of_a_changed_or_cancelled_booking_is_revoked_at_the_desk_too(
    app: Flask, client: FlaskClient, desk: dict[str, str], now: datetime
) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    texts = [pass_of(client, make_token(app, anais), ref)["text"]]
    with app.app_context(), transaction() as session:
        bookings.move(session, anais, ref, Change(people=5), now=now)
    texts.append(pass_of(client, make_token(app, anais), ref)["text"])
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=now)
    for text in texts:
        answer = client.post("/api/v1/check-ins", json={"pass": text}, headers=desk)
        assert (answer.status_code, answer.json["code"]) == (422, "not-a-pass")
        assert answer.json["reason"] == "revoked"


def test_a_desk_takes_no_pass_of_another_site_nor_nonsense(
    app: Flask, client: FlaskClient, desk: dict[str, str], now: datetime
) -> None:
    anais = make_person(app)
    wanted = stay(space="nancy-galle", people=2)
    ref = book(app, anais, now, wanted).ref
    text = pass_of(client, make_token(app, anais), ref)["text"]
    assert client.post("/api/v1/check-ins", json={"pass": text}, headers=desk).status_code == 403
    forged = text[:-10] + ("0" if text[-10] != "0" else "1") + text[-9:]
    for nonsense, reason in (("RB1:", "not-a-pass"), (forged, "bad-signature")):
        answer = client.post("/api/v1/check-ins", json={"pass": nonsense}, headers=desk)
        assert (answer.status_code, answer.json["reason"]) == (422, reason)


def test_a_pass_of_yesterday_says_that_the_stay_is_over(
    app: Flask, client: FlaskClient, desk: dict[str, str], now: datetime
) -> None:
    anais = make_person(app)
    booking = book(app, anais, now)
    text = pass_of(client, make_token(app, anais), booking.ref)["text"]
    with clock.freeze(booking.span.end + timedelta(hours=1)):
        answer = client.post("/api/v1/check-ins", json={"pass": text}, headers=desk)
    assert (answer.status_code, answer.json["code"]) == (409, "wrong-state")


@pytest.mark.parametrize("body", [{}, {"pass": "x", "booking": "y"}, {"pass": 7}, {"more": 1}])
def test_a_check_in_names_one_thing(
    app: Flask, client: FlaskClient, desk: dict[str, str], body: dict[str, object]
) -> None:
    answer = client.post("/api/v1/check-ins", json=body, headers=desk)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-input")


def test_a_member_checks_nobody_in(app: Flask, client: FlaskClient, now: datetime) -> None:
    anais = make_person(app)
    ref = book(app, anais, now).ref
    headers = make_token(app, anais, Scope.DESK)
    answer = client.post("/api/v1/check-ins", json={"booking": ref}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("by", ["pass", "booking"])
def test_a_check_in_takes_four_statements(
    app: Flask,
    client: FlaskClient,
    desk: dict[str, str],
    now: datetime,
    count_statements: Counting,
    by: str,
) -> None:
    anais = make_person(app)
    for hour in range(14, 18):
        book(app, anais, now, stay(f"{hour}:00-{hour}:30"))
    ref = book(app, anais, now).ref
    text = pass_of(client, make_token(app, anais), ref)["text"]
    body = {"pass": text} if by == "pass" else {"booking": ref}
    with count_statements() as counted:
        assert check_in(client, desk, body).status_code == 200
    asked = [text for text in counted.statements if "api_tokens" not in text]
    assert len(asked) <= 4, asked


def test_staff_print_the_pass_of_a_visitor_without_a_telephone(app: Flask, now: datetime) -> None:
    booking = book(app, make_person(app), now)
    odile = make_member(app, "Odile", role=Role.CONCIERGE, site="metz")
    page = sign_in(app, odile).get(f"/bookings/{booking.ref}/pass/print")
    shown = page.get_data(as_text=True)
    assert page.status_code == 200
    assert booking.ref in shown
    assert "7 avenue de Blida" in shown
