"""State aid: what a rebate is worth, three rolling years, one undertaking of many companies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.aid import (
    AidRule,
    Assessment,
    Rebate,
    Received,
    gross_grant_equivalent,
    nominal,
    rebates_of,
    received_by,
    rule_on,
    single_undertaking,
    window_start,
)
from app.domain.errors import AidCeilingExceeded, AidDeclarationMissing, NoAidRule
from app.domain.money import Money, total
from app.domain.months import add_months
from app.domain.rent_schedules import market_and_paid
from app.domain.rents import RentTerms, Stage

GRANTED = date(2026, 12, 1)
ILLUSTRATIVE = Decimal("2.5")
RULE = AidRule(
    date(2024, 1, 1), date(2030, 12, 31), Money(30_000_000), "2023/2831", ILLUSTRATIVE, "here", 60
)
METZ = RentTerms(
    first_day=GRANTED,
    last_day=date(2029, 11, 30),
    area_m2=Decimal(18),
    rent_per_m2=Decimal(150),
    stages=(Stage(12, Decimal("0.5")), Stage(12, Decimal("0.75")), Stage(12, Decimal(1))),
    charges_per_m2=Decimal(4),
    services=Money(0),
)
AMOUNTS = st.integers(0, 10_000_000)


def monthly(amounts: list[int], start: date = GRANTED) -> list[Rebate]:
    return [
        Rebate(add_months(start, month), Money(amount), Money(0))
        for month, amount in enumerate(amounts)
    ]


def test_the_worked_example_of_metz_is_right_to_the_cent() -> None:
    rebates = rebates_of(market_and_paid(METZ))
    assert nominal(rebates) == Money(202_500)
    worth = gross_grant_equivalent(rebates, granted_on=GRANTED, percent=ILLUSTRATIVE)
    assert worth == Money(198_598)


def test_without_interest_aid_is_worth_what_it_is() -> None:
    rebates = rebates_of(market_and_paid(METZ))
    plain = gross_grant_equivalent(rebates, granted_on=GRANTED, percent=Decimal(0))
    assert plain == nominal(rebates)


def test_a_year_away_is_discounted_by_one_year_and_half_a_month_by_its_days() -> None:
    year = [Rebate(date(2027, 12, 1), Money(102_500), Money(0))]
    assert gross_grant_equivalent(year, granted_on=GRANTED, percent=ILLUSTRATIVE) == Money(100_000)
    half = [Rebate(date(2027, 6, 16), Money(10_000_000), Money(0))]
    exact = Decimal(10_000_000) / Decimal("1.025") ** (Decimal("6.5") / 12)
    found = gross_grant_equivalent(half, granted_on=GRANTED, percent=ILLUSTRATIVE)
    assert found == Money(int(exact.to_integral_value()))


@pytest.mark.parametrize(
    ("granted", "due", "months"),
    [
        (date(2026, 12, 1), date(2026, 12, 2), Decimal(1) / 31),
        (date(2026, 12, 15), date(2027, 1, 14), Decimal(30) / 31),
        (date(2026, 12, 15), date(2027, 1, 15), Decimal(1)),
        (date(2026, 12, 15), date(2029, 3, 14), 26 + Decimal(27) / 28),
        (date(2026, 12, 1), date(2029, 12, 1), Decimal(36)),
        (date(2027, 1, 31), date(2027, 2, 28), Decimal(1)),
        (date(2027, 1, 31), date(2027, 3, 30), 1 + Decimal(30) / 31),
        (date(2027, 1, 31), date(2027, 3, 31), Decimal(2)),
    ],
)
def test_aid_is_discounted_for_the_months_and_days_until_it_is_due(
    granted: date, due: date, months: Decimal
) -> None:
    rebate = [Rebate(due, Money(1_000_000_000), Money(0))]
    found = gross_grant_equivalent(rebate, granted_on=granted, percent=ILLUSTRATIVE)
    exact = 1_000_000_000 / Decimal("1.025") ** (months / 12)
    assert found == Money(int(exact.to_integral_value()))


@given(st.dates(date(2026, 1, 1), date(2029, 1, 1)), st.integers(0, 1200))
def test_what_is_due_a_day_later_is_never_worth_more(granted: date, days: int) -> None:
    due = granted + timedelta(days=days)
    today, tomorrow = (
        gross_grant_equivalent(
            [Rebate(day, Money(1_000_000_000), Money(0))], granted_on=granted, percent=ILLUSTRATIVE
        )
        for day in (due, due + timedelta(days=1))
    )
    assert tomorrow < today


@pytest.mark.parametrize(("nominal", "worth"), [(101, 51), (103, 52), (100, 50)])
def test_half_a_cent_of_aid_counts_as_one(nominal: int, worth: int) -> None:
    doubled = [Rebate(date(2027, 12, 1), Money(nominal), Money(0))]  # at 100 % a year is half
    found = gross_grant_equivalent(doubled, granted_on=GRANTED, percent=Decimal(100))
    assert found == Money(worth)


def test_what_is_due_before_the_grant_is_not_discounted() -> None:
    before = [Rebate(date(2026, 6, 1), Money(1000), Money(0))]
    assert gross_grant_equivalent(before, granted_on=GRANTED, percent=ILLUSTRATIVE) == Money(1000)


def test_a_month_above_the_market_makes_up_for_no_other() -> None:
    rebates = [Rebate(GRANTED, Money(100), Money(50)), Rebate(GRANTED, Money(100), Money(300))]
    assert nominal(rebates) == Money(50)


@given(st.lists(AMOUNTS, max_size=40), st.decimals(0, 20, places=2))
def test_discounting_never_adds_and_later_is_never_worth_more(
    amounts: list[int], percent: Decimal
) -> None:
    rebates = monthly(amounts)
    worth = gross_grant_equivalent(rebates, granted_on=GRANTED, percent=percent)
    assert Money(0) <= worth <= nominal(rebates)
    later = monthly(amounts, add_months(GRANTED, 1))
    assert gross_grant_equivalent(later, granted_on=GRANTED, percent=percent) <= worth


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_the_window_goes_back_three_years_from_day_to_day(day: date) -> None:
    start = window_start(day)
    assert (start.year, start.month) == (day.year - 3, day.month)
    received = [Received(start, Money(1)), Received(start - timedelta(days=1), Money(10))]
    received += [Received(day, Money(100))]
    assert received_by(received, day) == Money(101)
    # What came later than anybody looks back from that later day does not count.
    beyond = add_months(day, 36) + timedelta(days=2)  # 29 February looks back to the 28th
    assert received_by([*received, Received(beyond, Money(1000))], day) == Money(101)


def test_a_grant_entered_late_counts_with_what_came_after_it() -> None:
    later = [Received(GRANTED + timedelta(days=1), Money(1000))]
    assert received_by(later, GRANTED) == Money(1000)
    three_years = [Received(add_months(GRANTED, 36), Money(1000))]
    assert received_by(three_years, GRANTED) == Money(1000)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 400)), max_size=12))
def test_in_whatever_order_grants_are_entered_no_three_years_hold_too_much(
    grants: list[tuple[int, int]],
) -> None:
    ceiling, entered = Money(500), list[Received]()
    for days, amount in grants:
        wish = Received(GRANTED + timedelta(days=days), Money(amount))
        if wish.amount + received_by(entered, wish.on) <= ceiling:
            entered.append(wish)
    for each in entered:
        window = [other for other in entered if window_start(each.on) <= other.on <= each.on]
        assert total(other.amount for other in window) <= ceiling


def test_the_example_of_the_commission_looks_back_to_the_same_day() -> None:
    assert window_start(date(2024, 1, 30)) == date(2021, 1, 30)
    assert window_start(date(2024, 2, 29)) == date(2021, 2, 28)


def test_a_reversal_gives_the_room_back() -> None:
    received = [Received(GRANTED, Money(500)), Received(GRANTED, Money(-500))]
    assert received_by(received, GRANTED) == Money(0)


def test_linked_companies_are_one_undertaking_through_any_number_of_others() -> None:
    links = [(1, 2), (3, 2), (4, 3), (8, 9)]
    assert single_undertaking(1, links) == {1, 2, 3, 4}
    assert single_undertaking(9, links) == {8, 9}
    assert single_undertaking(7, links) == {7}


PAIRS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=20)


@given(PAIRS, st.integers(1, 12))
def test_every_company_of_an_undertaking_sees_the_same_undertaking(
    links: list[tuple[int, int]], company: int
) -> None:
    found = single_undertaking(company, links)
    assert company in found
    assert all(single_undertaking(other, reversed(links)) == found for other in found)


def assessment(wanted: int, received: int = 0, declared: date | None = GRANTED) -> Assessment:
    return Assessment(RULE, GRANTED, Money(received), Money(wanted), declared)


def test_the_last_cent_of_headroom_may_be_given_and_no_more() -> None:
    assessment(1000, received=29_999_000).refuse()
    with pytest.raises(AidCeilingExceeded) as refusal:
        assessment(1001, received=29_999_000).refuse()
    told = refusal.value
    assert (told.wanted, told.left, told.ceiling) == (Money(1001), Money(1000), RULE.ceiling)
    assert assessment(0, received=40_000_000).left == Money(0)


@pytest.mark.parametrize(
    ("declared", "missing"),
    [
        (None, True),
        (GRANTED, False),
        (GRANTED - timedelta(days=60), False),
        (GRANTED - timedelta(days=61), True),
        (GRANTED + timedelta(days=1), True),
    ],
)
def test_a_declaration_is_needed_and_must_be_fresh(declared: date | None, missing: bool) -> None:
    found = assessment(1, declared=declared)
    assert found.declaration_missing is missing
    if missing:
        with pytest.raises(AidDeclarationMissing) as refusal:
            found.refuse()
        assert refusal.value.days == 60


def test_a_rent_at_the_market_asks_for_nothing() -> None:
    assessment(0, received=40_000_000, declared=None).refuse()


def test_the_rule_of_a_day_is_the_latest_that_began() -> None:
    later = AidRule(
        date(2028, 1, 1), date(2030, 12, 31), Money(1), "other", Decimal(1), "there", 60
    )
    assert rule_on([RULE, later], date(2027, 12, 31)) is RULE
    assert rule_on([later, RULE], date(2028, 1, 1)) is later
    assert rule_on([RULE], date(2024, 1, 1)) is rule_on([RULE], date(2030, 12, 31)) is RULE
    for day in (date(2023, 12, 31), date(2031, 1, 1)):
        with pytest.raises(NoAidRule) as refusal:
            rule_on([RULE, later], day)
        assert refusal.value.day == day
