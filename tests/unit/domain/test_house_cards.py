"""The house's own data ask exactly what the charter's rate card says, at every site."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.tariffs import RateCard, quote_product, rate_card_from
from tests.unit.domain.places import EPINAL, METZ, MONDAY, THIONVILLE, TROISIEME_LIEU, charter_card

NETWORK = Path(__file__).parents[3] / "config" / "network"
NANCY = {"reference_rent": "144.00"}


def house_card(site: str) -> RateCard:
    charter = tomllib.loads((NETWORK / "charter.toml").read_text())
    own = tomllib.loads((NETWORK / "sites" / f"{site}.toml").read_text())["card"]
    return rate_card_from({**charter, "version": 1, "site": own})


@pytest.mark.parametrize(
    ("site", "expected", "coefficient"),
    [
        ("metz", METZ, "1.00"),
        ("nancy", NANCY, "1.00"),
        ("epinal", EPINAL, "0.85"),
        ("thionville-gare", THIONVILLE, "1.10"),
        ("thionville-3eme-lieu", TROISIEME_LIEU, "1.10"),
    ],
)
def test_a_site_asks_what_the_charter_says(
    site: str, expected: dict[str, object], coefficient: str
) -> None:
    card, charter = house_card(site), charter_card(expected)
    assert card.coefficient == Decimal(coefficient)
    assert (card.free, card.time, card.offices) == (charter.free, charter.time, charter.offices)
    assert card.families == charter.families
    assert (card.terms, card.strikes) == (charter.terms, charter.strikes)
    for row in charter.rows.values():
        prices = (row.family, row.kinds, row.capacity, row.hour, row.half_day, row.day, row.evening)
        assert prices in [
            (its.family, its.kinds, its.capacity, its.hour, its.half_day, its.day, its.evening)
            for its in card.rows.values()
        ]


@pytest.mark.parametrize(
    ("product", "minor"),
    [
        ("month_any_seat", 15000),
        ("month_own_seat", 21000),
        ("ten_half_days", 7650),
        ("ten_days", 12750),
        ("fablab_year", 3500),
        ("locker", 1000),
        ("domiciliation", 2500),
        ("parking", 3000),
        ("print", 10),
        ("print_colour", 40),
        ("cleaning", 6000),
    ],
)
def test_the_house_sells_its_products_at_the_printed_price(product: str, minor: int) -> None:
    assert quote_product(house_card("metz"), product, on=MONDAY).net.minor == minor
