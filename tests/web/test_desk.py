"""The board of the day: who comes, who may see it, what doors tell, arrivals and their undoing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.passes import issue
from app.bookings.booking import Booking
from app.domain.permissions import Role
from app.web import clock
from devices.passes.text import read
from tests.members import make_member, press, scalar, sign_in
from tests.readers import keys_of, make_manager, make_reader
from tests.screens import text_of
from tests.stays import booked, make_person, span, stay

BOARD = "/desk/metz?date=2026-11-24"
AT = span("10:05-10:06").start


def concierge(app: Flask, site: str = "metz") -> FlaskClient:
    """Give the browser of a concierge."""
    return sign_in(app, make_member(app, f"Claire {site}", role=Role.CONCIERGE, site=site))


@pytest.fixture
def booking(sqlite_app: Flask, now: datetime) -> Booking:
    """A booking of the Mirabelle room on Tuesday from ten to noon."""
    return booked(sqlite_app, make_person(sqlite_app), stay(title="Comité"), now)


def test_the_board_names_who_comes_and_what_is_due(sqlite_app: Flask, booking: Booking) -> None:
    words = text_of(concierge(sqlite_app).get(BOARD))
    for said in ("Anaïs", "Salle Mirabelle", "Comité", "10 h – 12 h", "à régler : 60,00 €"):
        assert said in words


@pytest.mark.parametrize("deed", ["scan", "check-in", "check-out", "undo"])
def test_the_desk_of_another_site_is_closed(sqlite_app: Flask, booking: Booking, deed: str) -> None:
    browser = concierge(sqlite_app, "nancy")
    assert browser.get(BOARD).status_code == 403
    where = "scan" if deed == "scan" else f"bookings/{booking.ref}/{deed}"
    press(browser, f"/desk/nancy/{where}", text="x", found="x", only=booking.ref)
    assert "Cette réservation est introuvable" in text_of(browser.get("/desk/nancy"))
    assert scalar(sqlite_app, "SELECT state FROM bookings") == "confirmed"


@pytest.mark.parametrize("typed", ["anais", "ANAÏS", "anai\u0308s", "comite mirabelle"])
def test_a_visit_is_found_without_its_accents(
    sqlite_app: Flask, booking: Booking, typed: str
) -> None:
    words = text_of(concierge(sqlite_app).get(f"{BOARD}&q={typed}"))
    assert "1 résultat" in words
    assert "Salle Mirabelle" in words


def test_a_search_leaves_the_counts_of_the_day(sqlite_app: Flask, booking: Booking) -> None:
    browser = concierge(sqlite_app)
    expected = f"{booking.people} personnes attendues"
    assert expected in text_of(browser.get(BOARD))
    assert expected in text_of(browser.get(f"{BOARD}&q=zzz"))


def test_a_member_has_no_desk(sqlite_app: Flask, booking: Booking) -> None:
    browser = sign_in(sqlite_app, make_member(sqlite_app, "Marc"))
    assert browser.get(BOARD).status_code == 403
    for deed in ("check-in", "check-out", "undo"):
        answer = press(browser, f"/desk/metz/bookings/{booking.ref}/{deed}")
        assert answer.status_code == 403


def test_an_arrival_is_noted_and_taken_back(sqlite_app: Flask, booking: Booking) -> None:
    with clock.freeze(AT):
        browser = concierge(sqlite_app)
        press(browser, f"/desk/metz/bookings/{booking.ref}/check-in")
        page = browser.get("/desk/metz")
        assert "Anaïs, Salle Mirabelle : arrivée notée" in text_of(page)
        assert scalar(sqlite_app, "SELECT state FROM bookings") == "checked_in"
        press(browser, f"/desk/metz/bookings/{booking.ref}/undo")
        assert scalar(sqlite_app, "SELECT state FROM bookings") == "confirmed"


def test_the_network_sees_who_is_expected_and_no_movements(
    sqlite_app: Flask, booking: Booking, now: datetime
) -> None:
    reader = make_reader(sqlite_app, make_manager(sqlite_app), now)
    keys = keys_of(sqlite_app)
    reader.note(AT, pass_id=read(issue(booking, keys).text, keys.ring).claims.pass_id)
    with clock.freeze(AT + timedelta(minutes=5)):
        assert reader.push().status_code == 200
        network = sign_in(sqlite_app, make_member(sqlite_app, "Nadia", role=Role.NETWORK_MANAGER))
        here, above = text_of(concierge(sqlite_app).get(BOARD)), text_of(network.get(BOARD))
    assert "Anaïs" in here
    assert "Anaïs" in above
    assert "ouverte à 10 h 05" in here
    assert "ouverte à" not in above
