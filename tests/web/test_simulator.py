"""The simulator: anybody sees what the same stay costs at every Totem, and why."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import clock
from tests.databases import Counted
from tests.screens import heading, links, text_of, value_of
from tests.stays import booked, make_person, stay

ROOM = {
    "kind": "meeting_room",
    "people": "8",
    "date": "2026-11-24",
    "start": "10:00",
    "end": "12:00",
}
SEAT = {"kind": "seat", "people": "1", "date": "2026-11-24", "start": "09:00", "end": "17:00"}
COMPANY = {"payer": "business", "country": "LU", "vat_id": "LU26375245"}


@pytest.fixture
def simulate(sqlite_app: Flask, now: datetime) -> Callable[..., TestResponse]:
    """Ask the simulator as a stranger."""

    def asked(values: dict[str, object], status: int = 200) -> TestResponse:
        page = sqlite_app.test_client().get("/simulator", query_string=values)
        assert page.status_code == status, text_of(page)
        return page

    return asked


def test_before_anything_is_typed_a_seat_is_priced_at_every_totem(
    simulate: Callable[..., TestResponse],
) -> None:
    page = simulate({})
    assert heading(page) == "Combien ça coûterait"
    words = text_of(page)
    for totem in ("Totem de Metz", "Totem de Nancy", "Totem d’Épinal", "Totem de Thionville"):
        assert totem in words
    assert "10,80 € TTC" in words  # a half-day at Metz
    assert "9,18 € TTC" in words  # at Épinal, ×0.85


def test_a_room_costs_each_totem_its_coefficient_and_the_cheapest_is_marked(
    simulate: Callable[..., TestResponse],
) -> None:
    words = text_of(simulate(ROOM))
    assert "60,00 € TTC" in words  # two hours at 25.00 and 20 %
    assert "51,00 € TTC" in words  # ×0.85 at Épinal
    assert "66,00 € TTC" in words  # ×1.10 at Thionville
    assert words.count("le moins cher") == 1
    assert words.index("Totem d’Épinal") < words.index("le moins cher")
    assert "Le coefficient est fixé à la main à 1,10" in words


def test_a_profile_changes_every_price_and_what_would_lower_it_is_told(
    simulate: Callable[..., TestResponse],
) -> None:
    plain = text_of(simulate(ROOM))
    assert "avec le profil étudiant Carte d’étudiant" in plain
    student = text_of(simulate({**ROOM, "profile": "student"}))
    assert "24,00 € TTC" in student
    assert "Profil : étudiant, × 0,40." in student
    assert "Ce qui ferait baisser ce prix" not in student


def test_a_totem_without_such_a_place_says_so(simulate: Callable[..., TestResponse]) -> None:
    studio = text_of(simulate({**ROOM, "kind": "studio", "people": "1"}))
    assert "Ce Totem n’a pas de lieu de ce genre : studio." in studio
    crowd = text_of(simulate({**ROOM, "people": "400"}))
    assert "400" in crowd
    assert "€ TTC" not in crowd


def test_one_totem_alone_may_be_asked(simulate: Callable[..., TestResponse]) -> None:
    page = simulate({**ROOM, "site": "epinal"})
    assert "51,00 € TTC" in text_of(page)
    assert "60,00 € TTC" not in text_of(page)


def test_a_company_of_luxembourg_accounts_for_the_tax_of_a_seat_but_not_of_a_room(
    simulate: Callable[..., TestResponse],
) -> None:
    seat = text_of(simulate({**SEAT, **COMPANY}))
    assert "15,00 € HT soit 15,00 € TTC" in seat
    assert "Pas de TVA sur 15,00 € : autoliquidation" in seat
    room = text_of(simulate({**ROOM, **COMPANY}))
    assert "50,00 € HT soit 60,00 € TTC" in room
    unnumbered = text_of(simulate({**SEAT, **COMPANY, "vat_id": ""}))
    assert "15,00 € HT soit 18,00 € TTC" in unnumbered


def test_many_days_come_to_the_cheapest_set_of_packs(
    simulate: Callable[..., TestResponse],
) -> None:
    weeks: dict[str, object] = {**SEAT, "until": "2026-12-07", "site": "metz"}
    ten = text_of(simulate({**weeks, "weekdays": ["0", "1", "2", "3", "4"]}))
    assert "Le moins cher : un carnet de 10 journées. Sans cela : 180,00 €." in ten
    assert "153,00 € TTC" in ten  # 150.00 × 0.85 and 20 %
    assert "10 fois : 1 journée de votre carnet" in ten
    assert "avec le profil étudiant" in ten
    two = text_of(simulate({**weeks, "until": "2026-11-25", "people": "2"}))
    assert "72,00 € TTC" in two
    assert "Le moins cher" not in two


def test_days_on_which_a_totem_is_closed_are_not_counted(
    simulate: Callable[..., TestResponse],
) -> None:
    words = text_of(simulate({**ROOM, "until": "2026-11-30", "site": "metz"}))
    assert "6 jours" in words
    assert "1 jour fermé n’est pas compté." in words  # the Sunday


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"until": "2026-11-01"}, "Le dernier jour est avant le premier."),
        ({"until": "2027-01-30"}, "Simulez 31 jours au plus à la fois."),
        ({"until": "demain"}, "Choisissez une date."),
        ({"until": "2026-11-24", "weekdays": "6"}, "Aucun de ces jours n’est dans la période."),
        ({"date": "2026-11-02"}, "passé"),
        ({"date": "2030-01-01"}, "2027"),
        ({"end": "09:00"}, "fin"),
        ({"people": "0"}, "personne"),
        ({"people": "many"}, "Indiquez un nombre de personnes."),
        ({"kind": "palace"}, "Choisissez dans la liste."),
        ({"site": "paris"}, "Choisissez dans la liste."),
        ({"profile": "king"}, "Choisissez dans la liste."),
        ({"payer": "nobody"}, "Choisissez dans la liste."),
        ({"vat_id": "zz"}, "Ce numéro de TVA n’existe pas."),
        ({**COMPANY, "country": "DE"}, "Ce numéro n’est pas du pays choisi : il commence par LU."),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_the_form_is_kept(
    simulate: Callable[..., TestResponse], changes: dict[str, object], told: str
) -> None:
    page = simulate({**ROOM, **changes}, status=422)
    assert told in text_of(page)
    assert value_of(page, "start") == "10:00"
    assert value_of(page, "people") == changes.get("people", "8")
    assert "€ TTC" not in text_of(page)


def test_a_simulation_has_an_address_to_share_that_says_the_same(
    simulate: Callable[..., TestResponse], sqlite_app: Flask
) -> None:
    asked = {**ROOM, "profile": "association", **COMPANY}
    first = simulate(asked)
    (shared,) = links(first, "/simulator?")
    again = sqlite_app.test_client().get(shared)
    assert text_of(again) == text_of(first)


def test_the_simulator_speaks_to_everybody_in_two_statements_whatever_is_booked(
    app: Flask,
    client: FlaskClient,
    count_statements: Callable[[], AbstractContextManager[Counted]],
    now: datetime,
) -> None:
    def asked(values: dict[str, object]) -> int:
        with count_statements() as counted:
            assert client.get("/simulator", query_string=values).status_code == 200
        return len(counted)

    client.get("/simulator")
    month: dict[str, object] = {**SEAT, "until": "2026-12-20"}
    quiet = [asked({**ROOM}), asked(month), asked({**ROOM, "site": "nancy"})]
    booked(app, make_person(app), stay("10:00-12:00"), now)
    assert [asked({**ROOM}), asked(month), asked({**ROOM, "site": "nancy"})] == quiet
    assert len(set(quiet)) == 1
    assert quiet[0] <= 2


def test_the_simulator_is_found_from_the_places_where_prices_show(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    for path in ("/", "/sites/metz", "/sites/metz/prices"):
        assert links(client.get(path), "/simulator"), path


def test_an_organisation_is_not_offered_what_only_a_person_can_have(
    simulate: Callable[..., TestResponse],
) -> None:
    month = {"until": "2026-12-18"}
    for values in (SEAT, {**SEAT, **month}):
        assert "étudiant" in offers(simulate(values))
        company = offers(simulate({**values, "payer": "business"}))
        assert "étudiant" not in company
        assert "association" in company


def offers(page: TestResponse) -> str:
    """Give what the page says would lower the prices."""
    _before, *told = text_of(page).split("Ce qui ferait baisser")
    return " ".join(told)


def test_who_asks_without_end_is_asked_to_wait_and_others_are_not(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    statuses = [client.get("/simulator").status_code for _ in range(60)]
    assert statuses == [200] * 60
    refused = client.get("/simulator")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Trop d’essais. Réessayez à partir de 9 h 01." in text_of(refused)
    other = client.get("/simulator", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200
    with clock.freeze(now + timedelta(minutes=1)):
        assert client.get("/simulator").status_code == 200
