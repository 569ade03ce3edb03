"""The public page of prices: what the card says, with tax or without, by profile, by day."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Counted


def words_of(client: FlaskClient, path: str) -> str:
    """Give the words of a page, blanks made plain."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    page = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"[\s\u00a0\u202f]+", " ", page)


def test_a_person_reads_prices_with_tax(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/sites/metz/prices")
    for told in (
        "demi-journée journée Coworking 10,80 € 18,00 €",
        "Salle de réunion, jusqu’à 12 personnes 30,00 € 96,00 € 168,00 € 132,00 €".replace(
            "Salle", "salle"
        ),
        "carnet de 10 journées 153,00 €",
        "casier, par mois 12,00 €",
        "mois 1 à 12 : 50 % du loyer de référence 7,50 €",
        "Charte du réseau LORnTECH",
        "comprise au taux de 20 %",
    ):
        assert told.lower() in page.lower(), told


def test_a_company_reads_prices_without_tax(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/sites/metz/prices?for=company")
    assert "coworking 9,00 € 15,00 €" in page
    assert "en plus, au taux de 20 %" in page


def test_golden_vector_1_stands_on_the_page(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/sites/thionville-gare/prices?for=company&profile=startup_under_3")
    assert "mois de coworking, place libre 123,75 €" in page
    assert "start-up de moins de 3 ans" in page


def test_a_large_company_pays_more_than_the_base(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/sites/metz/prices?for=company&profile=large_company")
    assert "coworking 12,60 € 21,00 €" in page


def test_what_a_site_gives_for_nothing_says_so(client: FlaskClient, now: datetime) -> None:
    assert "coworking gratuit gratuit" in words_of(client, "/sites/thionville-3eme-lieu/prices")


@pytest.mark.parametrize(
    ("site", "told"),
    [
        ("nancy", "(144 ÷ 150 − 1) = 0,98, soit 1,00"),
        ("epinal", "(108 ÷ 150 − 1) = 0,86, soit 0,85"),
        ("thionville-gare", "fixé à la main à 1,10 : aligné sur l’offre voisine."),
    ],
)
def test_the_coefficient_is_derived_before_everybody(
    client: FlaskClient, now: datetime, site: str, told: str
) -> None:
    assert told in words_of(client, f"/sites/{site}/prices")


def test_profiles_say_what_they_save_and_what_proves_them(
    client: FlaskClient, now: datetime
) -> None:
    page = words_of(client, "/sites/metz/prices")
    assert "étudiant −60 % −60 % Carte d’étudiant" in page
    assert "résident du Totem prix de base −30 %" in page
    assert "grand groupe +40 % +40 %" in page


def test_evenings_saturdays_and_sundays_are_told(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/sites/metz/prices")
    for told in ("+25 % après 18 h 30", "Le samedi : +25 %", "jours fériés", "+50 %"):
        assert told in page, told


@pytest.mark.parametrize(
    "query", ["for=nobody", "profile=king", "day=yesterday", "day=0001-01-01", "day=9999-12-31"]
)
def test_a_strange_address_shows_the_prices_of_today(
    client: FlaskClient, now: datetime, query: str
) -> None:
    assert "coworking 10,80 €" in words_of(client, f"/sites/metz/prices?{query}")


def test_an_unknown_site_has_no_prices(client: FlaskClient, now: datetime) -> None:
    assert client.get("/sites/atlantis/prices").status_code == 404


@pytest.mark.parametrize("site", ["metz", "nancy", "epinal", "thionville-gare"])
def test_the_page_is_linked_from_its_site(client: FlaskClient, now: datetime, site: str) -> None:
    assert f'href="/sites/{site}/prices"' in client.get(f"/sites/{site}").get_data(as_text=True)


def test_the_page_takes_one_small_statement(
    app: Flask,
    client: FlaskClient,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    client.get("/sites/metz/prices")
    with count_statements() as counted:
        client.get("/sites/metz/prices?for=company&profile=student")
    assert len(counted) == 1


def test_the_totems_stand_side_by_side(client: FlaskClient, now: datetime) -> None:
    page = words_of(client, "/prices")
    assert "Totem d’Épinal – Pôle Gare 9,18 € 15,30 € 15,30 € 25,50 € 153,00 €" in page
    assert "3e Lieu gratuit gratuit" in page
    assert "Metz – TCRM-Blida 9,00 € 15,00 €" in words_of(client, "/prices?for=company")
    assert 'href="/prices"' in client.get("/").get_data(as_text=True)
