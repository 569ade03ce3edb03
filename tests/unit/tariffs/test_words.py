"""The reason of each line of a quote in words, to the code point."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import (
    LineCode,
    Quote,
    QuoteLine,
    quote_office,
    quote_product,
    rate_card_from,
)
from app.domain.vat_rules import VatCode, VatTreatment
from app.tariffs import card_words, words
from tests.unit.domain.places import (
    MONDAY,
    SATURDAY,
    THIONVILLE,
    TROISIEME_LIEU,
    charter_card,
    charter_content,
    hall_calendar,
    room_quote,
)

CHARTER = Path(__file__).parents[3] / "config" / "network" / "charter.toml"


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    """Somebody who reads French."""
    app = Flask(__name__)
    Babel(app, default_locale="fr")
    with app.test_request_context():
        yield


N = "\u00a0"  # no-break space


def reasons(priced: Quote) -> list[str]:
    """The words of every line."""
    return [words.reason(line) for line in priced.lines]


def test_a_plain_half_day_is_just_that() -> None:
    assert reasons(room_quote("08:30-12:30")) == [f"1 demi-journée à 80,00{N}€"]


def test_hours_tell_how_long_and_how_much_an_hour() -> None:
    assert reasons(room_quote("09:00-10:30")) == [f"1{N}h{N}30 à 25,00{N}€ l’heure"]


def test_late_hours_say_the_evening_rate() -> None:
    assert reasons(room_quote("17:00-19:00")) == [
        f"1{N}h à 25,00{N}€ l’heure",
        f"30{N}min à 25,00{N}€ l’heure",
        f"30{N}min à 25,00{N}€ l’heure, soirée +25{N}%",
    ]


def test_a_profile_is_named_with_its_factor() -> None:
    priced = room_quote("08:30-12:30", profile=Profile.STARTUP_UNDER_3)
    assert reasons(priced) == [f"1 demi-journée à 80,00{N}€, start-up de moins de 3 ans ×{N}0,75"]


def test_site_profile_and_time_are_told_in_that_order() -> None:
    priced = room_quote(
        "18:00-23:00",
        day=SATURDAY,
        kind=SpaceKind.CONFERENCE,
        capacity=80,
        profile=Profile.ASSOCIATION,
        site=THIONVILLE,
        calendar=hall_calendar(),
    )
    assert reasons(priced) == [
        f"soirée à 300,00{N}€, site ×{N}1,10, association ×{N}0,60, samedi +25{N}%"
    ]


def test_several_people_are_counted() -> None:
    priced = room_quote("09:00-17:00", kind=SpaceKind.SEAT, capacity=32, people=3)
    assert reasons(priced) == [f"journée à 15,00{N}€ ×{N}3"]


def test_what_is_free_says_so() -> None:
    priced = room_quote("14:00-16:00", kind=SpaceKind.SEAT, capacity=20, site=TROISIEME_LIEU)
    assert reasons(priced) == ["gratuit"]


def test_products_and_offices_have_words() -> None:
    card = charter_card()
    pack = quote_product(card, "ten_days", on=MONDAY, profiles={Profile.STUDENT})
    assert reasons(pack) == [f"carnet de 10 journées à 150,00{N}€ ×{N}0,85, étudiant ×{N}0,40"]
    office = quote_office(
        card, Decimal("18"), tenancy_month=1, first=date(2026, 11, 12), last=date(2026, 11, 30)
    )
    assert reasons(office) == [
        f"loyer de 18{N}m², 50{N}% du loyer de référence, 19 jours sur 30",
        f"charges de 18{N}m², 19 jours sur 30",
    ]


def test_every_profile_has_a_word_of_its_own() -> None:
    assert len({words.profile(profile) for profile in Profile}) == len(Profile)


def test_every_product_of_the_charter_has_a_word() -> None:
    charter = tomllib.loads(CHARTER.read_text(encoding="utf-8"))
    assert [name for name in charter["products"] if words.product(name) == name] == []


@pytest.mark.parametrize(
    ("kind", "amount", "said"),
    [
        ("half_days", 1, "1 demi-journée de votre carnet"),
        ("half_days", 2, "2 demi-journées de votre carnet"),
        ("days", 1, "1 journée de votre carnet"),
        ("days", 3, "3 journées de votre carnet"),
        ("minutes", 90, f"1{N}h{N}30 de vos heures incluses"),
        ("money", 1250, f"12,50{N}€ de votre avoir"),
        ("unlimited", 1, "compris dans votre abonnement"),
        ("pieces", 5, "5 de vos pièces incluses"),
    ],
)
def test_a_right_says_what_it_pays_with(kind: str, amount: int, said: str) -> None:
    vat = VatTreatment(VatCode.STANDARD, Decimal(20))
    facts: JsonObject = {"row": "seat", "right": 7, "kind": kind, "amount": amount}
    assert words.reason(QuoteLine(LineCode.RIGHT, Money(0), vat, facts)) == said


def test_the_derivation_tells_the_formula_of_its_card() -> None:
    formula = {"rent_share": "0.40", "reference_rent": "120.00", "step": "0.02"}
    site = {"reference_rent": "165.00"}
    told = card_words.derivation(rate_card_from(charter_content(site) | {"coefficient": formula}))
    assert told[-1] == (
        f"Le loyer fait 40{N}% du coût d’une place{N}: 1 + 0,4 × (165 ÷ 120 − 1) = 1,15, "
        "soit 1,16 au 0,02 le plus proche."
    )
