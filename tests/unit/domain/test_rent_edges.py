"""Office rents at their edges: the least and the most that pass, and revisions settled together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import AbsurdArea, BadLeaseTerms
from app.domain.indices import Quarter, revised
from app.domain.money import Money
from app.domain.rent_schedules import schedule
from app.domain.rents import (
    LARGEST_OFFICE,
    LineKind,
    RentTerms,
    Revised,
    Stage,
    annual_rent,
    check_deposit,
    check_terms,
    deposit_return,
    pro_rata,
)

FULL = (Stage(12, Decimal(1)),)
YEARS = RentTerms(
    date(2024, 7, 1), date(2028, 6, 30), Decimal(18), Decimal(150), FULL, Decimal(0), Money(0)
)
SWISS = "CHF"


@pytest.mark.parametrize(
    "passing",
    [
        {"area_m2": Decimal("0.5")},
        {"last_day": date(2024, 7, 1)},
        {"rent_per_m2": Decimal(5000)},
        {"charges_per_m2": Decimal(100)},
        {"services": Money(1_000_000)},
        {"stages": (Stage(1, Decimal(0)), Stage(12 * 99, Decimal(1)))},
        {"last_day": date(2123, 6, 30)},
    ],
)
def test_terms_at_the_edge_pass(passing: dict[str, object]) -> None:
    check_terms(replace(YEARS, **passing))


@pytest.mark.parametrize(
    "refused", [{"last_day": date(2123, 7, 1)}, {"stages": (Stage(12 * 99 + 1, Decimal(1)),)}]
)
def test_a_lease_lasts_less_than_99_years(refused: dict[str, object]) -> None:
    with pytest.raises(BadLeaseTerms):
        check_terms(replace(YEARS, **refused))


def test_a_refused_area_is_told_with_the_most_that_passes() -> None:
    for refuse in (
        lambda: annual_rent(Decimal(150), Decimal(10_001)),
        lambda: check_terms(replace(YEARS, area_m2=Decimal(10_001))),
    ):
        with pytest.raises(AbsurdArea) as refusal:
            refuse()
        assert (refusal.value.area_m2, refusal.value.most) == (Decimal(10_001), LARGEST_OFFICE)
    assert annual_rent(Decimal(1), Decimal(10_000)) == Money(1_000_000)


def test_a_deposit_is_measured_by_the_first_month_of_the_first_stage() -> None:
    steep = replace(YEARS, stages=(Stage(1, Decimal("0.5")), Stage(11, Decimal(1))))
    with pytest.raises(BadLeaseTerms) as refusal:
        check_deposit(Money(22501), steep)
    assert refusal.value.term == "deposit"


def test_a_deposit_keeps_its_currency_and_may_be_used_up_exactly() -> None:
    exact = deposit_return(Money(100, SWISS), [Money(100, SWISS)])
    assert (exact.returned, exact.owed) == (Money(0, SWISS), Money(0, SWISS))
    less = deposit_return(Money(100, SWISS), [Money(99, SWISS)])
    assert (less.returned, less.owed) == (Money(1, SWISS), Money(0, SWISS))
    more = deposit_return(Money(100, SWISS), [Money(101, SWISS)])
    assert (more.returned, more.owed) == (Money(0, SWISS), Money(1, SWISS))
    assert pro_rata(Money(3000, SWISS), date(2026, 11, 1), date(2026, 11, 1)) == Money(100, SWISS)


def test_a_revised_year_keeps_its_currency() -> None:
    assert revised(Money(300, SWISS), Decimal(100), Decimal(101)) == Money(303, SWISS)


def test_a_lease_of_one_day_is_asked_for_that_day() -> None:
    (month,) = schedule(replace(YEARS, last_day=date(2024, 7, 1)))
    assert (month.month, month.total) == (date(2024, 7, 1), Money(726))  # 225.00 / 31


def test_who_left_before_the_first_day_owes_nothing() -> None:
    assert schedule(YEARS, left_on=date(2024, 6, 30)) == ()


def test_two_years_settled_on_one_day_are_two_lines_whatever_their_order() -> None:
    first = Revised(date(2025, 7, 1), Money(270000), Money(276000), date(2026, 9, 3))
    second = Revised(date(2026, 7, 1), Money(270000), Money(282000), date(2026, 9, 3))
    waiting = Revised(date(2027, 7, 1), Money(282000), None)
    months = schedule(YEARS, [waiting, second, first])
    september = next(month for month in months if month.month == date(2026, 9, 1))
    found = [line for line in september.lines if line.kind is LineKind.SETTLEMENT]
    assert [(line.first, line.last, line.amount.minor, line.base.minor) for line in found] == [
        (date(2025, 7, 1), date(2026, 6, 30), 12 * 500, 276000),
        (date(2026, 7, 1), date(2026, 8, 31), 2 * 1000, 282000),
    ]
    assert sum(month.total.minor for month in months) == 270000 + 276000 + 282000 + 282000


def test_a_quarter_is_one_of_four() -> None:
    assert [str(Quarter(2026, number)) for number in (1, 4)] == ["2026-T1", "2026-T4"]
    for number in (0, 5):
        with pytest.raises(ValueError, match=r"^a year has four quarters$"):
            Quarter(2026, number)
