"""The staff's pages of doors: known or unknown state, letting readers in, what was reported."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask

from app.access.passes import issue
from app.bookings import service as bookings
from app.db.transaction import transaction
from app.domain.permissions import Role
from app.web import clock
from devices.passes.chain import Head, Kind
from devices.passes.text import read
from tests.members import make_member, press, sign_in
from tests.readers import (
    API,
    MIRABELLE_DOOR,
    ask_in,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import make_person, span, stay

METZ = "/doors/metz"
CODE = re.compile(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>")


def test_a_state_is_confirmed_or_unknown_with_its_age(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))
    assert "sans lecteur" in browser.get(METZ).get_data(as_text=True)
    reader = make_reader(app, make_manager(app), now)
    assert "jamais entendu" in browser.get(METZ).get_data(as_text=True)
    reader.beat(snapshot=reader.snapshot().version)
    page = browser.get(METZ).get_data(as_text=True)
    assert "en ligne, entendu il y a 0 seconde" in page
    assert "à l’heure" in page
    assert "pas à jour" not in page
    with clock.freeze(now + timedelta(hours=3)):
        page = browser.get(METZ).get_data(as_text=True)
    assert "inconnu, entendu il y a 3\u00a0h" in page
    assert "pas à jour" in page


def test_a_cut_journal_and_a_wrong_clock_are_shown(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))
    reader = make_reader(app, make_manager(app), now)
    reader.note(now)
    reader.push()
    reader.beat(head=Head(0, bytes(32)), clock_at=(now + timedelta(seconds=75)).isoformat())
    page = browser.get(METZ).get_data(as_text=True)
    assert "la fin de son journal a disparu" in page
    assert "en avance de 75 s" in page


def test_a_manager_lets_a_reader_in_by_code_and_fingerprint(app: Flask, now: datetime) -> None:
    manager = make_member(app, "Solange", role=Role.NETWORK_MANAGER)
    browser = sign_in(app, manager)
    shown = press(browser, f"/doors/{MIRABELLE_DOOR}/code", page=METZ)
    assert shown.status_code == 200
    assert CODE.search(shown.get_data(as_text=True))
    reader = ask_in(app, make_manager(app, "Nora"), now)
    page = browser.get(METZ).get_data(as_text=True)
    assert reader.device().fingerprint in page
    answer = press(browser, f"/doors/devices/{reader.code}/approve", page=METZ)
    assert answer.headers["Location"] == METZ
    assert reader.pull().status_code == 200
    assert "Retirer" in browser.get(f"/doors/devices/{reader.code}/revoke").get_data(as_text=True)
    press(browser, f"/doors/devices/{reader.code}/revoke", page=METZ)
    assert reader.pull().status_code == 403


def test_a_code_typed_at_the_reader_is_the_one_that_was_shown(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app, "Solange", role=Role.NETWORK_MANAGER))
    shown = press(browser, f"/doors/{MIRABELLE_DOOR}/code", page=METZ).get_data(as_text=True)
    found = CODE.search(shown)
    assert found is not None
    asked = {"code": found[1], "public_key": "A" * 43 + "="}
    assert app.test_client().post(f"{API}/enrolments", json=asked).status_code == 201


def test_a_concierge_watches_doors_but_lets_nobody_in(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))
    reader = ask_in(app, make_manager(app), now)
    page = browser.get(METZ).get_data(as_text=True)
    assert "Installer un lecteur" not in page
    assert press(browser, f"/doors/{MIRABELLE_DOOR}/code").status_code == 403
    assert press(browser, f"/doors/devices/{reader.code}/approve").status_code == 403
    assert browser.get(f"/doors/devices/{reader.code}/revoke").status_code == 403
    assert browser.get("/doors/nancy").status_code == 403
    assert browser.get("/doors").headers["Location"] == METZ


def test_a_network_manager_chooses_a_site_and_sees_no_movements(app: Flask) -> None:
    browser = sign_in(app, make_member(app, "Solange", role=Role.NETWORK_MANAGER))
    page = browser.get("/doors").get_data(as_text=True)
    for site in ("metz", "nancy", "epinal", "thionville-gare", "thionville-3eme-lieu"):
        assert f'href="/doors/{site}"' in page
    assert browser.get(f"{METZ}/journal").status_code == 403


def test_a_member_sees_no_doors(app: Flask) -> None:
    browser = sign_in(app, make_member(app))
    assert [browser.get(path).status_code for path in ("/doors", METZ, f"{METZ}/journal")] == [
        403
    ] * 3


def test_the_journal_of_a_day_tells_who_came_and_what_was_refused(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, anais, stay(), now=now)
    pass_id = read(issue(booking, keys_of(app)).text, keys_of(app).ring).claims.pass_id
    reader = make_reader(app, make_manager(app), now)
    at = span("10:05-10:06").start
    reader.note(at - timedelta(hours=1), Kind.DENY, reason="too-early", pass_id=pass_id)
    reader.note(at, pass_id=pass_id)
    with clock.freeze(at + timedelta(hours=2)):
        reader.push()
        member = make_member(app, "Odile", role=Role.CONCIERGE, site="metz")
        browser = sign_in(app, member)
        page = browser.get(f"{METZ}/journal").get_data(as_text=True)
        empty = browser.get(f"{METZ}/journal?date=2026-11-23").get_data(as_text=True)
        wrong = [
            browser.get(f"{METZ}/journal?date={day}").status_code
            for day in ("soon", "2026-11-25", "2020-01-01", "9999-12-31")
        ]
    assert "trop tôt" in page
    assert "ouverte" in page
    assert "Anaïs" in page
    assert f"/bookings/{booking.ref}" in page
    assert "su à 12\u00a0h\u00a005" in page
    assert "Rien ce jour-là" in empty
    assert wrong == [404] * 4
