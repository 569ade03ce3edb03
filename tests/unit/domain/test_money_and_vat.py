"""Money is whole cents, rounded half up once; tax is taken per rate on the sum of the lines."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import Money, half_up, money_from_json, total
from app.domain.vat import vat_by_rate, vat_on
from app.domain.vat_rules import VatCode, VatTreatment

STANDARD = VatTreatment(VatCode.STANDARD, Decimal(20))
REDUCED = VatTreatment(VatCode.REDUCED, Decimal("5.5"))
cents = st.integers(-10_000_000, 10_000_000)
factors = st.decimals(0, 100, places=4)


@pytest.mark.parametrize(
    ("minor", "factor", "expected"),
    [(15000, "0.6375", 9563), (1, "0.5", 1), (1, "0.49", 0), (-1, "0.5", -1), (10, "0.25", 3)],
)
def test_half_a_cent_is_rounded_up(minor: int, factor: str, expected: int) -> None:
    assert Money(minor).times(Decimal(factor)) == Money(expected)


@given(cents, factors)
def test_a_product_is_within_half_a_cent_of_the_exact_one(minor: int, factor: Decimal) -> None:
    exact = minor * Fraction(factor)
    assert abs(Money(minor).times(factor).minor - exact) <= Fraction(1, 2)


@given(st.integers(-10_000, 10_000), st.integers(1, 500))
def test_half_up_agrees_with_decimal_rounding(upper: int, lower: int) -> None:
    rounded = half_up(upper, lower)
    assert abs(rounded - Fraction(upper, lower)) <= Fraction(1, 2)
    assert half_up(-upper, lower) == -rounded


@given(st.lists(cents))
def test_a_total_is_the_sum_of_its_parts(parts: list[int]) -> None:
    assert total(Money(part) for part in parts) == Money(sum(parts))


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        Money(1.0)
    with pytest.raises(TypeError):
        Money(1).times(0.5)
    with pytest.raises(TypeError):
        Money(True)


def test_two_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not mix"):
        Money(1) + Money(1, "CHF")
    with pytest.raises(ValueError, match="EUR"):
        vat_by_rate([(STANDARD, Money(1))], currency="CHF")


def test_amounts_of_money_compare() -> None:
    assert Money(1) < Money(2) <= Money(2)
    assert Money(3) > Money(2) >= Money(2)
    assert Money(3) - Money(1) == -Money(-2)


@given(cents)
def test_money_survives_json(minor: int) -> None:
    assert money_from_json(Money(minor).to_json()) == Money(minor)


@pytest.mark.parametrize(
    "content",
    [None, 5, {}, {"amount": "5", "currency": "EUR"}, {"amount": True, "currency": "EUR"}],
)
def test_what_is_no_money_is_not_read_as_such(content: object) -> None:
    with pytest.raises(ValueError, match="money is"):
        money_from_json(content)


def test_tax_is_taken_on_the_sum_and_not_line_by_line() -> None:
    (part,) = vat_by_rate([(STANDARD, Money(1013))] * 3)
    assert (part.net, part.tax) == (Money(3039), Money(608))


def test_each_rate_has_its_own_base_lowest_first() -> None:
    lines = [(STANDARD, Money(1000)), (REDUCED, Money(1000)), (STANDARD, Money(1))]
    assert [(str(part.rate), part.net.minor, part.tax.minor) for part in vat_by_rate(lines)] == [
        ("5.5", 1000, 55),
        ("20", 1001, 200),
    ]


@given(cents, st.sampled_from(["20", "10", "5.5", "2.1", "0"]))
def test_tax_is_within_half_a_cent_of_the_exact_one(minor: int, rate: str) -> None:
    exact = minor * Fraction(rate) / 100
    assert abs(vat_on(Money(minor), Decimal(rate)).minor - exact) <= Fraction(1, 2)
