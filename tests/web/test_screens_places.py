"""The Totems, their days and places, and the calendar addresses, as anybody or staff see them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.permissions import Role
from app.web import clock
from tests.databases import counting
from tests.members import acting, make_member, press, sign_in
from tests.screens import forms, heading, links, text_of, value_of
from tests.stays import SEATS, booked, held, make_person, stay

DAY = "/sites/metz/day?date=2026-11-24"


def timeline_of(page: TestResponse) -> dict[str, Any]:
    found = re.search(r'id="day-settings">(.*?)</script>', page.get_data(as_text=True))
    assert found is not None
    return dict(json.loads(found.group(1)))


def test_the_totems_are_listed_and_each_has_its_page(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    page = client.get("/sites")
    assert "ouvert jusqu’à 20 h" in text_of(page)
    places = links(page, "/sites/")
    assert len([href for href in places if href.endswith("/prices")]) == 5
    assert len([href for href in places if not href.endswith(("/day", "/prices"))]) == 5
    page = client.get("/sites/metz")
    assert heading(page) == "Totem de Metz – TCRM-Blida"
    for said in (
        "7 avenue de Blida",
        "Bus ligne 5",
        "salle de réunion",
        "Salle Mirabelle",
        "fermé",
    ):
        assert said in text_of(page)


def test_a_totem_says_its_closing_days_ahead(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    with clock.freeze(datetime(2026, 12, 18, 9, 0, tzinfo=UTC)):
        metz, nancy = (text_of(client.get(f"/sites/{site}")) for site in ("metz", "nancy"))
        english = text_of(client.get("/sites/metz", headers={"Accept-Language": "en"}))
    assert "(Noël)" in metz
    assert "(Saint-Étienne)" in metz
    assert "(Saint-Étienne)" not in nancy
    assert "(End-of-year closure)" in english


@pytest.mark.parametrize("path", ["/sites/atlantis", "/sites/atlantis/day", "/spaces/atlantis"])
def test_unknown_places_are_not_found(sqlite_app: Flask, now: datetime, path: str) -> None:
    page = sqlite_app.test_client().get(path)
    assert page.status_code == 404
    assert heading(page) == "Introuvable"


def test_the_day_is_a_timeline_and_the_same_as_a_list(sqlite_app: Flask, now: datetime) -> None:
    booked(sqlite_app, make_person(sqlite_app), stay(), now)
    page = sqlite_app.test_client().get(DAY)
    assert heading(page) == "mardi 24 novembre 2026"
    drawn = timeline_of(page)
    assert (drawn["from"], drawn["date"]) == ("08:00", "2026-11-24")
    (busy,) = [each for each in drawn["events"] if each["kind"] == "busy"]
    assert (busy["resource"], busy["start"]) == ("metz-mirabelle", "2026-11-24T10:00")
    assert busy["url"] == ""
    words = text_of(page)
    assert "10 h – 12 h occupé" in words
    assert "8 h – 10 h libre" in words
    assert "Anaïs" not in words
    assert any("start=12:00&end=14:00" in href for href in links(page, "/spaces/metz-mirabelle?"))


def test_a_divided_room_is_taken_with_its_parts_and_seats_are_counted(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    booked(sqlite_app, anais, stay(space="metz-moselle"), now)
    booked(sqlite_app, anais, stay(space=SEATS, people=30), now)
    page = sqlite_app.test_client().get(DAY)
    busy = {each["resource"] for each in timeline_of(page)["events"] if each["kind"] == "busy"}
    assert busy == {"metz-moselle", "metz-seille", "metz-cheneau"}
    assert "libre, 2 places" in text_of(page)


def test_mine_is_mine_and_only_staff_read_names(sqlite_app: Flask, now: datetime) -> None:
    me = make_member(sqlite_app, "Anaïs")
    booked(sqlite_app, make_person(sqlite_app, "Bruno"), stay("14:00-16:00"), now)
    mine = held(sqlite_app, acting(sqlite_app, me), stay(), now)
    page = sign_in(sqlite_app, me).get(DAY)
    assert "10 h – 12 h à vous" in text_of(page)
    assert "Bruno" not in text_of(page)
    assert f"/bookings/{mine.ref}" in links(page)
    staff = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    assert "14 h – 16 h Bruno" in text_of(staff.get(DAY))
    afar = sign_in(sqlite_app, make_member(sqlite_app, "Reine", role=Role.CONCIERGE, site="nancy"))
    assert "Bruno" not in text_of(afar.get(DAY))


def test_what_is_free_now_stands_on_top_and_the_past_is_not_offered(
    sqlite_app: Flask, now: datetime
) -> None:
    with clock.freeze(now + timedelta(minutes=23)):
        page = sqlite_app.test_client().get("/sites/metz/day")
    words = text_of(page)
    assert "Libre maintenant" in words
    assert "Salle Mirabelle, jusqu’à 20 h" in words
    assert "9 h 20 – 20 h libre" in words
    assert words.index("Libre maintenant") < words.index("La journée en liste")


def test_closed_days_are_explained_with_the_next_opening(sqlite_app: Flask, now: datetime) -> None:
    page = sqlite_app.test_client().get("/sites/metz/day?date=2026-12-25")
    words = text_of(page)
    assert "Fermé ce jour-là. Noël." in words
    assert "Prochaine ouverture : lundi 28 décembre 2026" in words
    assert "/sites/metz/day?date=2026-12-28" in links(page)


def test_days_follow_each_other(sqlite_app: Flask, now: datetime) -> None:
    ways = links(sqlite_app.test_client().get(DAY), "/sites/metz/day")
    for day in ("2026-11-23", "2026-11-25"):
        assert f"/sites/metz/day?date={day}" in ways


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("tomorrow", "Cette date ne se lit pas."),
        ("9999-12-31", "On réserve jusqu’au"),
        ("0001-01-01", "Cette date est trop ancienne."),
    ],
)
def test_an_odd_date_is_told_and_today_shown(
    sqlite_app: Flask, now: datetime, date: str, said: str
) -> None:
    page = sqlite_app.test_client().get("/sites/metz/day", query_string={"date": date})
    assert page.status_code == 422
    assert said in text_of(page)
    assert heading(page) == "lundi 23 novembre 2026"


def test_days_on_which_the_clock_changes_are_drawn(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    for date in ("2027-03-28", "2027-10-31"):
        assert client.get(f"/sites/metz/day?date={date}").status_code == 200
        assert client.get(f"/spaces/metz-mirabelle?date={date}&start=10:00&end=11:00").status_code


def test_a_day_asks_the_database_little_whatever_is_booked(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    staff = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    member = sign_in(sqlite_app, make_member(sqlite_app, "Léa", email="lea@people.example"))
    stranger = sqlite_app.test_client()
    booked(sqlite_app, anais, stay(), now)
    counts = []
    for half in (0, 30):
        for client in (stranger, member, staff):
            client.get(DAY)
            with counting(sqlite_app) as counted:
                client.get(DAY)
            counts.append(len(counted))
        for hour in range(8, 18):
            booked(
                sqlite_app,
                anais,
                stay(f"{hour:02d}:{half:02d}-{hour:02d}:{half + 15}", "metz-quetsche"),
                now,
            )
    assert counts == [2, 4, 4, 2, 4, 4]  # one of those of a person is the sign-in


def test_a_place_shows_its_facts_its_day_and_a_price(sqlite_app: Flask, now: datetime) -> None:
    booked(sqlite_app, make_person(sqlite_app), stay(), now)
    client = sqlite_app.test_client()
    page = client.get("/spaces/metz-mirabelle?date=2026-11-24&start=14:00&end=16:00&people=12")
    words = text_of(page)
    for said in ("34 m²", "visioconférence", "boucle auditive", "La Grande Halle", "libre"):
        assert said in words
    assert "10 h – 12 h occupé" in words
    assert "60,00 € TTC" in words
    pressed = client.get("/spaces/metz-mirabelle?start=2026-11-24T14:00&end=2026-11-24T15:00")
    assert (value_of(pressed, "date"), value_of(pressed, "end")) == ("2026-11-24", "15:00")


def test_a_place_already_taken_offers_what_is_near(sqlite_app: Flask, now: datetime) -> None:
    booked(sqlite_app, make_person(sqlite_app), stay(), now)
    client = sign_in(sqlite_app, make_member(sqlite_app, "Léa", email="lea@people.example"))
    page = client.get("/spaces/metz-mirabelle?date=2026-11-24&start=10:00&end=12:00&people=8")
    assert page.status_code == 200
    assert "Ce lieu est déjà pris à ce moment" in text_of(page)
    spaces = [each["space"] for each in forms(page, "/hold")]
    assert "metz-mirabelle" in spaces  # later
    assert "metz-moselle" in spaces  # similar


def test_what_is_not_given_out_says_why(sqlite_app: Flask, now: datetime) -> None:
    client = sign_in(sqlite_app, make_member(sqlite_app))
    page = client.get("/spaces/metz-bureau-101")
    assert "loué à l’année" in text_of(page)
    assert forms(page, "/hold") == []


def test_ones_calendar_address_is_made_changed_and_closed(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    booking = booked(sqlite_app, acting(sqlite_app, member), stay(title="Comité"), now)
    client = sign_in(sqlite_app, member)
    addresses = []
    for wish in ("open", "open", "renew"):
        answer = press(client, "/me/calendars", wish=wish)
        assert answer.status_code == 303
        page = client.get("/me/calendars").get_data(as_text=True)
        found = re.search(r'value="https?://[^/"]+(/calendars/[^"]+\.ics)"', page)
        assert found is not None
        addresses.append(found.group(1))
    assert addresses[0] == addresses[1] != addresses[2]
    assert client.get(addresses[0]).status_code == 404
    feed = client.get(addresses[2]).get_data(as_text=True)
    assert booking.ref in feed
    press(client, "/me/calendars", wish="close")
    assert client.get(addresses[2]).status_code == 404
    assert "Créer l’adresse" in text_of(client.get("/me/calendars"))


def test_the_calendar_of_a_place_is_for_its_staff(sqlite_app: Flask, now: datetime) -> None:
    path = "/spaces/metz-mirabelle/calendar"
    staff = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    assert path in links(staff.get("/spaces/metz-mirabelle"))
    assert path in links(staff.get("/me/calendars"))
    assert press(staff, path, wish="open").status_code == 303
    assert "/calendars/" in staff.get(path).get_data(as_text=True)
    afar = sign_in(sqlite_app, make_member(sqlite_app, "Reine", role=Role.CONCIERGE, site="nancy"))
    assert afar.get(path).status_code == 403
    assert press(afar, path, wish="open").status_code == 403
    member = sign_in(sqlite_app, make_member(sqlite_app))
    assert member.get(path).status_code == 403
    assert path not in links(member.get("/spaces/metz-mirabelle"))
