"""The terms of giving up: tiers by notice, a free while, and no way around them by moving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.absences import NO_STRIKES, StrikeRule, release_instant, suspended_until
from app.domain.cancellation import (
    FREE_UNTIL_START,
    Terms,
    Tier,
    kept_of_change,
    part_of,
    terms_from_json,
)
from app.domain.errors import BadRateCard
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.tariffs import rate_card_from
from tests.unit.domain.places import charter_card, charter_content

START = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
BOOKED = START - timedelta(days=20)
TERMS = Terms((Tier(48, 100), Tier(24, 50)), free_minutes=30)
HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MONEY = st.integers(0, 10**7).map(Money)
PERCENT = st.integers(0, 100)
RULE = StrikeRule(3, within_days=90, suspended_days=30)


@pytest.mark.parametrize(
    ("hours", "percent"),
    [(400, 100), (48, 100), (47.99, 50), (24, 50), (23.99, 0), (0.1, 0), (0, 0), (-1, 0)],
)
def test_the_notice_given_decides_what_comes_back(hours: float, percent: int) -> None:
    assert TERMS.percent(START, BOOKED, START - timedelta(hours=hours)) == percent


def test_a_booking_just_made_costs_nothing_to_give_up_until_it_begins() -> None:
    booked = START - timedelta(minutes=20)
    assert TERMS.percent(START, booked, booked + timedelta(minutes=19)) == 100
    assert TERMS.percent(START, booked, START) == 0
    assert TERMS.percent(START + HOUR, booked, booked + timedelta(minutes=30)) == 0


def test_a_late_move_caps_what_comes_back_for_good() -> None:
    moved = TERMS.capped(50).capped(100)
    assert moved.percent(START + 30 * A_DAY, BOOKED, START) == 50
    assert moved.percent(START, BOOKED, START - 25 * HOUR) == 50
    assert moved.capped(0).percent(START + 30 * A_DAY, START, START) == 0


def test_what_came_before_the_terms_is_free_until_it_begins() -> None:
    assert FREE_UNTIL_START.percent(START, BOOKED, START - timedelta(seconds=1)) == 100
    assert FREE_UNTIL_START.percent(START, BOOKED, START) == 0


@given(tiers=st.lists(st.tuples(st.integers(0, 999), PERCENT), max_size=5), cap=PERCENT)
def test_terms_are_frozen_as_they_were(tiers: list[tuple[int, int]], cap: int) -> None:
    terms = Terms(tuple(Tier(*each) for each in tiers), 30, cap)
    assert terms_from_json(terms.to_json()) == terms


@pytest.mark.parametrize("content", [None, {}, {"tiers": [[1]], "free_minutes": 0, "at_most": 1}])
def test_what_is_no_terms_is_not_read(content: object) -> None:
    with pytest.raises(ValueError, match=r"terms|tier"):
        terms_from_json(content)  # type: ignore[arg-type]  # that is what is tested


@given(price=MONEY, percent=PERCENT)
def test_a_part_is_rounded_in_favour_of_who_paid(price: Money, percent: int) -> None:
    part = part_of(price, percent)
    assert 0 <= part.minor * 100 - price.minor * percent < 100
    assert part <= price


@given(before=MONEY, other=MONEY, percent=PERCENT)
def test_shorter_and_longer_again_costs_no_more_than_staying(
    before: Money, other: Money, percent: int
) -> None:
    middle = min(before, other)
    kept = kept_of_change(before, middle, percent)
    due = middle + kept
    assert middle <= due <= before
    again = before + kept_of_change(due, before, percent)
    assert again == before


def test_the_card_says_the_terms_and_a_family_may_have_its_own() -> None:
    card = charter_card()
    assert card.terms == TERMS
    assert card.terms_of(card.rows["seat"].family) == Terms((Tier(2, 100),), 30)
    assert card.terms_of(card.rows["meeting_6"].family) == TERMS
    assert card.strikes == RULE


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ({"tiers": []}, "terms.tiers"),
        ({"tiers": [{"hours": 24, "percent": 50}, {"hours": 48, "percent": 50}]}, "terms.tiers"),
        ({"tiers": [{"hours": 48, "percent": 50}, {"hours": 24, "percent": 60}]}, "terms.tiers"),
        ({"tiers": [{"hours": 48, "percent": 101}]}, "terms.tiers.0.percent"),
        ({"tiers": [{"hours": 48, "percent": 1, "x": 1}]}, "terms.tiers.0.x"),
        ({"tiers": [{"hours": 48, "percent": 1}], "free": 1}, "terms.free"),
    ],
)
def test_a_card_with_odd_terms_is_refused(terms: dict[str, object], fault: str) -> None:
    with pytest.raises(BadRateCard) as refused:
        rate_card_from({**charter_content(), "terms": terms})
    assert any(each.startswith(f"{fault}:") for each in refused.value.faults)


def test_nobody_is_waited_for_after_the_grace() -> None:
    stay = Span(START, START + HOUR)
    quarter = timedelta(minutes=15)
    assert release_instant(stay, 15, BOOKED) == START + quarter
    late = START + timedelta(minutes=5)
    assert release_instant(stay, 15, late) == late + quarter
    assert release_instant(stay, None, BOOKED) is None
    assert release_instant(Span(START, START + quarter), 15, BOOKED) is None


def test_three_absences_in_ninety_days_end_booking_ahead_for_thirty() -> None:
    days = [START, START + 40 * A_DAY, START + 89 * A_DAY]
    third = days[-1]
    assert suspended_until(RULE, days[:2], third) is None
    assert suspended_until(RULE, days, third - HOUR) is None
    assert suspended_until(RULE, days[::-1], third) == third + 30 * A_DAY
    assert suspended_until(RULE, days, third + 30 * A_DAY) is None
    far = [START, START + 40 * A_DAY, START + 90 * A_DAY]
    assert suspended_until(RULE, far, far[-1]) is None
    assert suspended_until(NO_STRIKES, days * 9, third) is None


@given(offsets=st.lists(st.integers(0, 200), max_size=8), at=st.integers(0, 240))
def test_suspension_depends_on_no_absence_older_than_it_may(offsets: list[int], at: int) -> None:
    now = START + at * A_DAY
    known = [START + each * A_DAY for each in offsets]
    recent = [each for each in known if each >= RULE.since(now)]
    assert suspended_until(RULE, known, now) == suspended_until(RULE, recent, now)
