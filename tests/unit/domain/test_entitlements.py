"""Rules of rights: how long they count, what comes back, and when their holder is told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.entitlements import (
    ALL,
    Period,
    amount_of,
    beginning_from,
    cost_of_use,
    given_back,
    is_low,
    period_of,
    rest_of_month,
    suffices,
    tell_ending_from,
)
from app.domain.errors import BadBeginning
from app.domain.tariffs import Family, Gift, Right, RightKind

SEATS = frozenset({Family.SEATS})
PACK = Gift(RightKind.HALF_DAYS, SEATS, months=12, amount=10)
MONTH = Gift(RightKind.UNLIMITED, SEATS, months=1)
HOURS = Gift(RightKind.MINUTES, SEATS, months=1, amount=240)


@pytest.mark.parametrize(
    ("gift", "first", "last"),
    [
        pytest.param(PACK, date(2026, 11, 23), date(2027, 11, 22), id="twelve months"),
        pytest.param(MONTH, date(2026, 11, 23), date(2026, 12, 22), id="a month"),
        pytest.param(MONTH, date(2026, 12, 1), date(2026, 12, 31), id="a calendar month"),
        pytest.param(MONTH, date(2027, 1, 31), date(2027, 2, 28), id="a short month"),
        pytest.param(PACK, date(2028, 2, 29), date(2029, 2, 28), id="a leap day"),
    ],
)
def test_a_right_counts_to_the_eve_of_the_same_day(gift: Gift, first: date, last: date) -> None:
    assert (period_of(gift, first).first, period_of(gift, first).last) == (first, last)


def test_the_rest_of_a_month_is_its_days_over_those_of_the_month() -> None:
    period = rest_of_month(date(2026, 11, 12))
    assert period == Period(date(2026, 11, 12), date(2026, 11, 30), Fraction(19, 30))
    assert period_of(MONTH, date(2026, 11, 12)).part == ALL
    assert rest_of_month(date(2028, 2, 29)).part == Fraction(1, 29)
    assert rest_of_month(date(2026, 12, 1)).part == ALL


def test_included_hours_are_in_proportion_and_rounded_up() -> None:
    assert amount_of(HOURS) == 240
    assert amount_of(HOURS, Fraction(19, 30)) == 152
    assert amount_of(HOURS, Fraction(1, 29)) == 9
    assert amount_of(MONTH, Fraction(1, 29)) == 1


def test_a_right_begins_today_or_within_a_year() -> None:
    today = date(2026, 11, 23)
    last = date(2027, 11, 23)
    assert [beginning_from(day, today=today) for day in (today, last)] == [today, last]
    for day in (today - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(BadBeginning) as refusal:
            beginning_from(day, today=today)
        assert (refusal.value.first, refusal.value.last) == (today, last)


@given(
    spent=st.integers(0, 10_000),
    share=st.fractions(min_value=0, max_value=1, max_denominator=100),
)
def test_never_more_comes_back_than_was_spent(spent: int, share: Fraction) -> None:
    back = given_back(spent, share)
    assert 0 <= back <= spent
    assert given_back(spent, ALL) == spent
    assert back <= spent * share < back + 1


def test_a_membership_is_used_without_being_used_up() -> None:
    assert cost_of_use(RightKind.UNLIMITED, 1) == 0
    assert cost_of_use(RightKind.MINUTES, 90) == 90


def test_rights_suffice_when_each_covers_its_part() -> None:
    first, last = date(2026, 11, 1), date(2026, 12, 1)
    pack = Right(1, RightKind.HALF_DAYS, SEATS, first, last, left=2)
    month = Right(2, RightKind.UNLIMITED, SEATS, first, last)
    assert suffices([pack, month], [(1, 2), (2, 1)])
    assert not suffices([pack, month], [(1, 3)])
    assert not suffices([month], [(1, 1)])
    assert suffices([], [])


def test_only_packs_are_told_to_be_low() -> None:
    assert [left for left in range(5) if is_low(RightKind.DAYS, left)] == [1, 2]
    assert not is_low(RightKind.MINUTES, 1)


def test_long_rights_are_told_a_month_ahead_and_months_five_days() -> None:
    assert tell_ending_from(date(2026, 11, 23), date(2027, 11, 22)) == date(2027, 10, 23)
    assert tell_ending_from(date(2026, 11, 23), date(2026, 12, 22)) == date(2026, 12, 17)
    edge = date(2026, 11, 23) + timedelta(days=62)
    assert tell_ending_from(date(2026, 11, 23), edge) == edge - timedelta(days=30)
    assert tell_ending_from(date(2026, 11, 24), edge) == edge - timedelta(days=5)
