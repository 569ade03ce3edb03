"""Somebody walks in: one field for what they need, one press for booking and check-in."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.permissions import Role
from app.domain.profiles import Profile
from tests.members import delivered, make_member, press, scalar, sign_in
from tests.screens import text_of
from tests.stays import MIRABELLE, MOSELLE, booked, make_person, span, stay

PAGE = "/desk/metz/walk-in"
NOW_HERE = "8 visio maintenant"


def concierge(app: Flask, site: str = "metz") -> FlaskClient:
    """Give the browser of a concierge."""
    return sign_in(app, make_member(app, f"Claire {site}", role=Role.CONCIERGE, site=site))


def stays(page: TestResponse) -> list[str]:
    """Give the values of the buttons that take a place."""
    return re.findall(r'name="stay" value="([^"]+)"', page.get_data(as_text=True))


def test_a_line_and_three_letters_show_places_at_the_price_of_the_person(
    sqlite_app: Flask, now: datetime
) -> None:
    desk, anais = concierge(sqlite_app), make_person(sqlite_app, profile=Profile.ASSOCIATION)
    anybody = desk.get(PAGE, query_string={"q": NOW_HERE})
    hers = desk.get(PAGE, query_string={"q": NOW_HERE, "who": "ana"})
    assert stays(anybody)[0] == "metz-mirabelle 2026-11-23T08:00Z 2026-11-23T09:00Z"
    assert "30,00 € TTC" in text_of(anybody)
    assert "18,00 € TTC" in text_of(hers)
    assert "Prix pour Anaïs." in text_of(hers)
    assert f'value="{anais.account_id}" checked' in hers.get_data(as_text=True)


def test_one_press_books_for_a_new_person_and_notes_their_arrival(
    sqlite_app: Flask, now: datetime
) -> None:
    desk = concierge(sqlite_app)
    stay_value = stays(desk.get(PAGE, query_string={"q": NOW_HERE}))[0]
    new = {"q": NOW_HERE, "stay": stay_value, "name": "Zoé Petit", "email": "zoe@people.example"}
    done = press(desk, PAGE, **new)
    assert (done.status_code, done.location) == (303, "/desk/metz?date=2026-11-23")
    words = text_of(desk.get(done.location))
    assert "Zoé Petit, Salle Mirabelle : arrivée notée." in words
    assert "à régler : 30,00 €" in words
    assert scalar(sqlite_app, "SELECT people FROM bookings") == 8
    assert any(to == "zoe@people.example" for to, _subject, _text in delivered(sqlite_app))
    taken = press(desk, PAGE, **{**new, "email": "other@people.example"})
    assert taken.status_code == 409
    assert 'value="Zoé Petit"' in taken.get_data(as_text=True)
    assert scalar(sqlite_app, "SELECT count(*) FROM accounts WHERE email LIKE 'other%'") == 0
    # Who has an account already keeps it, and later stays are only booked.
    later = stays(desk.get(PAGE, query_string={"q": "2 demain 10h-11h"}))[0]
    again = press(
        desk, PAGE, q="2 demain 10h-11h", stay=later, name="Z", email="ZOE@people.example"
    )
    assert again.status_code == 303
    assert "Zoé Petit" in text_of(desk.get(again.location))
    assert scalar(sqlite_app, "SELECT count(*) FROM bookings WHERE checked_in_at IS NULL") == 1


def test_what_is_wrong_is_told_and_what_was_typed_stays(sqlite_app: Flask, now: datetime) -> None:
    desk = concierge(sqlite_app)
    value = "metz-mirabelle 2026-11-23T08:00Z 2026-11-23T09:00Z"
    for fields, said in (
        ({"stay": value}, "Choisissez une personne"),
        ({"stay": value, "name": "Zoé"}, "Choisissez une personne"),
        ({"stay": "here", "name": "Zoé", "email": "zoe@people.example"}, "Choisissez un lieu"),
        ({"stay": value, "name": "Zoé", "email": "zoe"}, "adresse"),
        ({"stay": f"castle {value[15:]}", "person": "1"}, "inconnu"),
    ):
        answer = press(desk, PAGE, q=NOW_HERE, **fields)
        assert answer.status_code in (404, 422), fields
        assert said in text_of(answer)
        assert NOW_HERE in answer.get_data(as_text=True)
    assert scalar(sqlite_app, "SELECT count(*) FROM bookings") == 0


def test_nothing_free_shows_what_is_free_later_that_day(sqlite_app: Flask, now: datetime) -> None:
    anais = make_person(sqlite_app)
    for space in (MIRABELLE, MOSELLE):
        booked(sqlite_app, anais, stay("09:00-10:30", space, span("09:00-10:00").start.date()), now)
    desk = concierge(sqlite_app)
    asked = desk.get(PAGE, query_string={"q": "réunion 8 mardi 9h-10h jacuzzi"})
    words = text_of(asked)
    assert "Rien à cette heure ; ensuite, le même jour" in words
    assert stays(asked)[0].endswith("2026-11-24T09:30Z 2026-11-24T10:30Z")
    assert "Non compris : jacuzzi." in words
    assert "Rien de libre" in text_of(desk.get(PAGE, query_string={"q": "75 fablab demain"}))
    assert "Ce moment est passé." in text_of(desk.get(PAGE, query_string={"q": "4 à 8h"}))


def test_the_field_is_for_the_staff_of_the_totem(sqlite_app: Flask, now: datetime) -> None:
    elsewhere = concierge(sqlite_app, "nancy")
    assert elsewhere.get(PAGE).status_code == 403
    assert press(elsewhere, PAGE, q="4", stay="x").status_code == 403
    assert elsewhere.get("/desk/nancy/walk-in").status_code == 200
