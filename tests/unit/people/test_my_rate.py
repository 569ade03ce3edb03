"""What would lower a payer's rate: of a start-up, the stage of its age where that is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from app.domain.profiles import Profile
from app.domain.proofs import ProofKind
from app.people import words
from app.people.my_rate import my_rate
from app.people.proof_rules import proof_rules

TODAY = date(2026, 11, 23)
FACTORS = {
    "rooms": {
        Profile.STARTUP_UNDER_1: Decimal("0.50"),
        Profile.STARTUP_UNDER_3: Decimal("0.75"),
        Profile.STARTUP_UNDER_5: Decimal("0.90"),
    }
}
N = "\u00a0"


def startup_offers(created_on: date | None) -> list[tuple[int, ...]]:
    """The percents a start-up created on that day is offered."""
    rate = my_rate(
        [], FACTORS, proof_rules(), by_organisation=True, on=TODAY, created_on=created_on
    )
    return [each.percents["rooms"] for each in rate.offers if each.kind is ProofKind.STARTUP]


@pytest.mark.parametrize(
    ("created_on", "offered"),
    [
        (None, [(50, 75, 90)]),
        (date(2026, 1, 1), [(50,)]),
        (date(2025, 11, 23), [(75,)]),
        (date(2022, 1, 1), [(90,)]),
        (date(2021, 11, 23), []),
    ],
)
def test_a_start_up_is_offered_the_stage_of_its_age(
    created_on: date | None, offered: list[tuple[int, ...]]
) -> None:
    assert startup_offers(created_on) == offered


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("fr", f"Salles et studios{N}: 75{N}%", f"selon l’âge, 50, 75 ou 90{N}%"),
        ("de", f": 75{N}%", f"je nach Alter 50, 75 oder 90{N}%"),
    ],
)
def test_an_offer_says_one_stage_or_all_by_age(language: str, one: str, several: str) -> None:
    app = Flask("app")
    Babel(app, default_locale=language)
    with app.test_request_context():
        assert words.offer("rooms", (75,)).endswith(one)
        assert words.offer("rooms", (50, 75, 90)).endswith(several)
