"""The later life of a booking on screen and by API: its end, leaving, coming, handing over."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app import jobs
from app.bookings import service
from app.bookings.booking import Booking
from app.db.transaction import transaction
from app.domain.permissions import Actor, Role
from app.web import clock
from tests.databases import counting
from tests.members import LINK, acting, make_member, press, sign_in
from tests.screens import forms, text_of
from tests.stays import make_person, make_token, span, stay

TEN = span("10:00-12:00").start
MINUTE = timedelta(minutes=1)


def booked(app: Flask, actor: Actor, now: datetime, hours: str = "10:00-12:00") -> Booking:
    with app.app_context(), transaction() as session:
        return service.book(session, actor, stay(hours), now=now)


def link_in(app: Flask, to: str, part: str) -> str:
    """The path of the last link mailed to somebody that holds a word."""
    mails = app.extensions["totem.mailer"].sent
    texts = [str(mail) for mail in mails if mail["To"] == to]
    found = [
        urlsplit(match.group(0)).path
        for mail in mails
        if mail["To"] == to
        for match in LINK.finditer(mail.get_body(("plain",)).get_content())
        if part in match.group(0)
    ]
    assert found, texts
    return found[-1]


def test_a_stay_is_made_longer_then_ended_from_the_phone(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    browser, actor = sign_in(sqlite_app, member), acting(sqlite_app, member)
    given = booked(sqlite_app, actor, now)
    booked(sqlite_app, make_person(sqlite_app, "Zoé"), now, "12:30-14:00")
    page = f"/bookings/{given.ref}"
    with clock.freeze(TEN + 5 * MINUTE):
        assert "Je suis là" in text_of(browser.get(page))
        press(browser, f"{page}/come", page)
        ends = text_of(browser.get(f"{page}/end"))
        assert "Jusqu’à 12 h 30" in ends.replace("\u00a0", " ")
        assert "Jusqu’à 13 h" not in ends.replace("\u00a0", " ")
        with counting(sqlite_app) as counted:
            browser.get(f"{page}/end")
        assert len(counted.statements) <= 9
        half = span("10:00-12:30").end.isoformat()
        cheap = press(browser, f"{page}/end", f"{page}/end", ends_at=half, price="1")
        assert "Le prix a changé" in text_of(browser.get(cheap.location))
        for odd in ("0001-01-01T00:00:00+23:00", "2026-11-24T12:00:00", "noon"):
            unread = press(browser, f"{page}/end", f"{page}/end", ends_at=odd, price="99999")
            assert unread.location == f"{page}/end"
        done = press(browser, f"{page}/end", f"{page}/end", ends_at=half, price="99999")
        assert done.location == page
        assert "Prolongée" in text_of(browser.get(page))
    with clock.freeze(TEN + 60 * MINUTE):
        press(browser, f"{page}/leave", page)
        press(browser, f"{page}/leave", "/bookings")
        seen = text_of(browser.get(page))
        assert "terminée" in seen
        assert "Départ noté" in seen


def test_the_terms_are_read_before_and_the_refund_after(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    browser, actor = sign_in(sqlite_app, member), acting(sqlite_app, member)
    given = booked(sqlite_app, actor, now)
    page = f"/bookings/{given.ref}"
    assert "Si vous annulez" in text_of(browser.get(page))
    with clock.freeze(TEN - 60 * MINUTE):
        asked = text_of(browser.get(f"{page}/cancel")).replace("\u00a0", " ")
        assert "Reste à régler 60,00 €" in asked
        press(browser, f"{page}/cancel", f"{page}/cancel")
        after = text_of(browser.get(page)).replace("\u00a0", " ")
    assert "à régler 60,00 €" in after
    assert "Rendu à l’annulation : 0,00 €" in after


def test_the_desk_waives_and_pardons_with_a_reason(sqlite_app: Flask, now: datetime) -> None:
    anais = make_person(sqlite_app)
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Denis", role=Role.CONCIERGE, site="metz"))
    first, second = booked(sqlite_app, anais, now), booked(sqlite_app, anais, now, "14:00-16:00")
    with clock.freeze(TEN - 60 * MINUTE):
        page = f"/bookings/{first.ref}"
        press(desk, f"{page}/cancel", f"{page}/cancel", waived="fuite d’eau")
        assert "motif : fuite d’eau" in text_of(desk.get(page)).replace("\u00a0", " ")
    with clock.freeze(second.span.start + 20 * MINUTE):
        page, board = f"/bookings/{second.ref}", desk.get("/desk/metz")
        assert "libérée" in text_of(board)
        assert forms(board, f"/desk/metz/bookings/{second.ref}/check-in?date=2026-11-24")
        press(desk, f"{page}/pardon", page, reason="train en panne")
        assert "Absence effacée" in text_of(desk.get(page))


def test_a_link_in_the_mail_says_that_one_is_there(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    given = booked(sqlite_app, acting(sqlite_app, member), now)
    jobs.deliver_due(sqlite_app)
    link, stranger = link_in(sqlite_app, member.email, "/arrive/"), sqlite_app.test_client()
    assert stranger.get(link[:-1] + "x").status_code == 404
    press(stranger, link, link)
    assert "confirmée" in text_of(stranger.get(link))
    with clock.freeze(TEN - 10 * MINUTE):
        press(stranger, link, link)
        press(stranger, link, "/sign-in")
        assert "Votre arrivée est notée" in text_of(stranger.get(link))
    assert given.ref in link


def test_a_booking_is_offered_by_mail_and_taken_over(sqlite_app: Flask, now: datetime) -> None:
    giver = make_member(sqlite_app)
    taker = make_member(sqlite_app, "Zoé", email="zoe@people.example")
    mine, theirs = sign_in(sqlite_app, giver), sign_in(sqlite_app, taker)
    given = booked(sqlite_app, acting(sqlite_app, giver), now)
    page = f"/bookings/{given.ref}/hand-over"
    for wrong in ("nobody", "zoe@people..example", "zoe@people.example."):
        assert press(mine, page, page, email=wrong).status_code == 422
    press(mine, page, page, email=taker.email)
    jobs.deliver_due(sqlite_app)
    offer = link_in(sqlite_app, taker.email, "/hand-overs/")
    assert "60,00" in text_of(theirs.get(offer))
    press(theirs, offer, offer)
    assert theirs.get(offer).status_code == 404
    assert mine.get(f"/bookings/{given.ref}").status_code == 404
    assert "Transmise" in text_of(theirs.get(f"/bookings/{given.ref}"))
    jobs.deliver_due(sqlite_app)
    subjects = [str(mail["Subject"]) for mail in sqlite_app.extensions["totem.mailer"].sent]
    assert any("transmise" in each for each in subjects)
    assert any("reçue" in each for each in subjects)


def test_who_did_not_come_is_told_once_and_sees_it(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    browser = sign_in(sqlite_app, member)
    booked(sqlite_app, acting(sqlite_app, member), now)
    with clock.freeze(TEN + 20 * MINUTE):
        jobs.tidy_up(sqlite_app)
        jobs.tidy_up(sqlite_app)
        jobs.deliver_due(sqlite_app)
        jobs.deliver_due(sqlite_app)
        assert "Salle Mirabelle" in text_of(browser.get("/me/absences"))
    subjects = [str(mail["Subject"]) for mail in sqlite_app.extensions["totem.mailer"].sent]
    assert len([each for each in subjects if "libérée" in each]) == 1


def test_a_program_previews_a_change_leaves_and_reads_the_log(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    given, token = booked(sqlite_app, anais, now), make_token(sqlite_app, anais)
    client: FlaskClient = sqlite_app.test_client()
    base = f"/api/v1/bookings/{given.ref}"
    longer = {"ends_at": span("10:00-14:00").end.isoformat()}
    asked = client.post(f"{base}/previews", json=longer, headers=token).get_json()
    assert asked["difference"]["amount"] == asked["due"]["amount"] - given.gross.minor
    assert asked["quote"]["terms"]["tiers"][0] == {"hours_before": 48, "percent": 100}
    with clock.freeze(TEN + 5 * MINUTE):
        moved = client.patch(base, json=longer, headers=token)
        assert moved.get_json()["due"] == asked["due"]
        left = client.post(f"{base}/check-out", headers=token)
        assert left.get_json()["state"] == "completed"
        log = client.get(f"{base}/log", headers=token).get_json()["items"]
        assert [line["action"] for line in log] == ["booked", "extended", "checked out"]
        assert client.post(f"{base}/previews", json=longer, headers=token).status_code == 409
        broken = client.post(f"{base}/hand-overs", json={"email": "z@x"}, headers=token)
        assert (broken.status_code, broken.json["code"]) == (422, "bad-email")
        refused = client.post(f"{base}/hand-overs", json={"email": "z@x.org"}, headers=token)
        assert refused.status_code == 409
        absences = client.get("/api/v1/me/absences", headers=token).get_json()
        assert absences == {"items": [], "next": None}


def test_a_preview_refuses_a_set_up_that_the_change_would_refuse(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    given, token = booked(sqlite_app, anais, now), make_token(sqlite_app, anais)
    client: FlaskClient = sqlite_app.test_client()
    base, odd = f"/api/v1/bookings/{given.ref}", {"setup": "hammocks"}
    changed = client.patch(base, json=odd, headers=token)
    assert (changed.status_code, changed.get_json()["code"]) == (422, "unknown-setup")
    asked = client.post(f"{base}/previews", json=odd, headers=token)
    assert (asked.status_code, asked.get_json()["code"]) == (422, "unknown-setup")


def test_who_may_not_sees_nothing_of_it(sqlite_app: Flask, now: datetime) -> None:
    given = booked(sqlite_app, make_person(sqlite_app), now)
    zoe = sign_in(sqlite_app, make_member(sqlite_app, "Zoé", email="zoe@people.example"))
    for page in ("end", "hand-over"):
        assert zoe.get(f"/bookings/{given.ref}/{page}").status_code == 404
    for deed in ("leave", "come"):
        assert press(zoe, f"/bookings/{given.ref}/{deed}", "/bookings").status_code == 404
    assert forms(zoe.get("/me/absences"), "/pardon") == []
