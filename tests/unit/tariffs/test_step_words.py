"""Every step behind a price has words, and what bears no tax has its mention."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.domain.tariffs import RateCard, Step, StepCode, explain, quote_product
from app.domain.tariffs.offices import quote_office
from app.domain.vat_rules import TAXED, VatCode, business
from app.tariffs.step_words import Reader, mention, sentences
from app.web import languages
from tests.unit.domain.places import MONDAY, charter_card, room_quote

PLAIN = str.maketrans("\u00a0\u202f", "  ")


@pytest.fixture
def card() -> RateCard:
    return charter_card()


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    app = Flask("words")
    languages.register(app)
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        yield


def said(card: RateCard, code: StepCode, facts: dict[str, object]) -> str:
    step = Step(code, facts)  # type: ignore[arg-type]  # facts of a test
    return " ".join(sentences(step, Reader(card, ZoneInfo("Europe/Paris")))).translate(PLAIN)


@pytest.mark.parametrize("code", [code for code in VatCode if code not in TAXED])
def test_whatever_bears_no_tax_has_its_mention(card: RateCard, code: VatCode) -> None:
    assert len(mention(code)) > 10
    told = said(card, StepCode.VAT, {"code": code.value, "net_minor": 1500})
    assert told == f"Pas de TVA sur 15,00 € : {mention(code).translate(PLAIN)}."


def test_what_is_taxed_needs_no_mention() -> None:
    assert {mention(code) for code in TAXED} == {""}


def test_a_right_a_credit_and_a_free_place_are_said(card: RateCard) -> None:
    assert "rien à régler" in said(card, StepCode.RIGHT, {})
    assert said(card, StepCode.CREDIT, {"credit_minor": 500}) == "Votre avoir en paie 5,00 €."
    assert said(card, StepCode.FREE, {}) == "Ce Totem n’en demande rien."


def test_the_exact_amount_is_said_to_its_last_digit(card: RateCard) -> None:
    facts = {"exact_thousandths": 8128125, "minor": 8128}
    told = said(card, StepCode.ROUNDING, facts)
    assert told == "81,28125 €, arrondis une fois à 81,28 €."


def test_every_step_of_stays_packs_and_offices_is_said(card: RateCard) -> None:
    quotes = [
        room_quote("17:00-19:00"),
        quote_product(card, "ten_days", on=MONDAY, customer=business("LU26375245")),
        quote_office(card, Decimal(20), tenancy_month=13, first=MONDAY, last=MONDAY),
    ]
    reader = Reader(card, ZoneInfo("Europe/Paris"))
    told = [
        (step.code, " ".join(sentences(step, reader)).translate(PLAIN))
        for priced in quotes
        for step in explain(priced, card)
    ]
    assert all(words for _code, words in told)
    assert (
        StepCode.STAGE,
        "Mois 13 dans les lieux : 75 % du loyer de référence.",
    ) in told
    assert any("autoliquidation" in words for _code, words in told)
