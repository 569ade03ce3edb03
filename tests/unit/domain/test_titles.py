"""Titles of occupation: the words they need, three years in all, and alarms that ring in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import LeaseTooLong, MissingTitleWords, WrongLeaseState
from app.domain.lease_states import MOVES, LeaseState, require_lease_move
from app.domain.months import add_months
from app.domain.titles import (
    Alarm,
    Due,
    Tenure,
    Title,
    alarms,
    latest_day,
    require_within_cap,
    require_words,
)

ONE_DAY = timedelta(days=1)


def tenure(first: str, last: str, title: Title = Title.DEROGATORY) -> Tenure:
    return Tenure(title, date.fromisoformat(first), date.fromisoformat(last))


def ringing(of: Tenure, today: str, *, has_services: bool = True, is_present: bool = True):
    on = date.fromisoformat(today)
    return [
        due.alarm for due in alarms(of, has_services=has_services, is_present=is_present, today=on)
    ]


def test_a_precarious_title_needs_its_motive() -> None:
    with pytest.raises(MissingTitleWords) as refusal:
        require_words(Title.PRECARIOUS, motive="  ", call_reference="")
    assert refusal.value.needed == "motive"
    require_words(Title.PRECARIOUS, motive="Démolition prévue en 2028", call_reference="")


def test_a_title_on_public_domain_needs_its_call() -> None:
    with pytest.raises(MissingTitleWords) as refusal:
        require_words(Title.PUBLIC_DOMAIN, motive="x", call_reference=" ")
    assert refusal.value.needed == "call_reference"
    require_words(Title.PUBLIC_DOMAIN, motive="", call_reference="AMI 2026-04")


@pytest.mark.parametrize("title", [Title.SERVICES, Title.DEROGATORY, Title.RESIDENCY])
def test_other_titles_need_no_words(title: Title) -> None:
    require_words(title, motive="", call_reference="")


def test_three_years_to_the_day_pass_and_a_day_more_does_not() -> None:
    require_within_cap(tenure("2024-07-01", "2027-06-30"), [])
    with pytest.raises(LeaseTooLong) as refusal:
        require_within_cap(tenure("2024-07-01", "2027-07-01"), [])
    assert refusal.value.latest_day == date(2027, 6, 30)
    assert refusal.value.months == 36


def test_successive_leases_count_together_even_with_a_gap() -> None:
    before = [tenure("2022-01-01", "2022-12-31"), tenure("2023-03-01", "2024-08-31")]
    assert latest_day(date(2025, 1, 1), before) == date(2025, 6, 30)
    require_within_cap(tenure("2025-01-01", "2025-06-30"), before)
    with pytest.raises(LeaseTooLong):
        require_within_cap(tenure("2025-01-01", "2025-07-01"), before)


def test_after_three_years_nothing_is_left() -> None:
    with pytest.raises(LeaseTooLong) as refusal:
        require_within_cap(tenure("2027-07-01", "2027-07-31"), [tenure("2024-07-01", "2027-06-30")])
    assert (refusal.value.latest_day, refusal.value.months) == (None, 36)


def test_the_last_day_of_three_years_may_still_be_let_and_not_the_one_after() -> None:
    before = [tenure("2024-07-01", "2027-06-29")]
    require_within_cap(tenure("2027-07-01", "2027-07-01"), before)
    assert latest_day(date(2027, 7, 1), before) == date(2027, 7, 1)
    assert latest_day(date(2027, 7, 1), [tenure("2024-07-01", "2027-06-30")]) is None


def test_what_is_left_is_counted_in_months_and_days() -> None:
    ten_days = [tenure("2024-01-01", "2024-01-10")]  # 35 months and 21 days are left
    assert latest_day(date(2025, 3, 1), ten_days) == date(2028, 2, 21)


def test_titles_without_a_cap_neither_count_nor_are_counted() -> None:
    services = tenure("2018-01-01", "2026-12-31", Title.SERVICES)
    require_within_cap(tenure("2027-01-01", "2029-12-31"), [services])
    require_within_cap(services, [tenure("2015-01-01", "2017-12-31")])
    assert latest_day(date(2027, 1, 1), [services]) == date(2029, 12, 31)


def test_a_pepiniere_counts_with_a_derogatory_lease() -> None:
    before = [tenure("2024-01-01", "2025-12-31", Title.INCUBATOR)]
    assert latest_day(date(2026, 1, 1), before) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "rings"),
    [
        ("2026-12-31", []),
        ("2027-01-01", [Alarm.ENDS_IN_6_MONTHS]),
        ("2027-03-31", [Alarm.ENDS_IN_6_MONTHS]),
        ("2027-04-01", [Alarm.ENDS_IN_3_MONTHS]),
        ("2027-06-01", [Alarm.ENDS_IN_1_MONTH]),
        ("2027-06-30", [Alarm.ENDS_IN_1_MONTH]),
        ("2027-07-01", [Alarm.OVER]),
        ("2027-07-31", [Alarm.OVER]),
        ("2027-08-01", [Alarm.LEFT_IN_PLACE]),
    ],
)
def test_alarms_ring_before_and_after_the_end(today: str, rings: list[Alarm]) -> None:
    assert ringing(tenure("2024-07-01", "2027-06-30"), today) == rings


def test_who_has_left_rings_no_alarm() -> None:
    assert ringing(tenure("2024-07-01", "2027-06-30"), "2027-09-01", is_present=False) == []


def test_only_a_derogatory_lease_turns_into_a_commercial_one() -> None:
    services = tenure("2024-07-01", "2027-06-30", Title.SERVICES)
    assert ringing(services, "2027-12-01") == [Alarm.OVER]


def test_an_exclusive_office_without_service_is_flagged() -> None:
    services = tenure("2024-07-01", "2030-06-30", Title.SERVICES)
    assert ringing(services, "2025-01-01", has_services=False) == [Alarm.EXCLUSIVE_WITHOUT_SERVICE]
    assert ringing(services, "2025-01-01") == []


@pytest.mark.parametrize(
    ("title", "today", "due"),
    [
        (Title.DEROGATORY, "2027-04-15", Due(Alarm.ENDS_IN_3_MONTHS, date(2027, 4, 1))),
        (Title.DEROGATORY, "2027-07-15", Due(Alarm.OVER, date(2027, 7, 1))),
        (Title.DEROGATORY, "2027-09-15", Due(Alarm.LEFT_IN_PLACE, date(2027, 8, 1))),
        (Title.SERVICES, "2025-01-01", Due(Alarm.EXCLUSIVE_WITHOUT_SERVICE, date(2024, 7, 1))),
    ],
)
def test_an_alarm_says_since_when(title: Title, today: str, due: Due) -> None:
    found = alarms(
        tenure("2024-07-01", "2027-06-30", title),
        has_services=False,
        is_present=True,
        today=date.fromisoformat(today),
    )
    assert found == (due,)


days = st.dates(date(2019, 1, 1), date(2032, 12, 31))


@given(days, st.integers(1, 35), st.integers(0, 400))
def test_what_is_left_after_one_lease_fills_the_three_years(
    first: date, months: int, gap: int
) -> None:
    before = Tenure(Title.DEROGATORY, first, add_months(first, months) - ONE_DAY)
    again = before.last_day + ONE_DAY * (gap + 1)
    latest = latest_day(again, [before])
    assert latest is not None
    require_within_cap(Tenure(Title.DEROGATORY, again, latest), [before])
    with pytest.raises(LeaseTooLong):
        require_within_cap(Tenure(Title.DEROGATORY, again, latest + ONE_DAY), [before])
    assert abs((latest - (add_months(again, 36 - months) - ONE_DAY)).days) <= 4


@given(st.sampled_from(LeaseState), st.sampled_from(LeaseState))
def test_only_lawful_moves_pass(state: LeaseState, wanted: LeaseState) -> None:
    if wanted in MOVES[state]:
        require_lease_move(state, wanted)
    else:
        with pytest.raises(WrongLeaseState) as refusal:
            require_lease_move(state, wanted)
        assert (refusal.value.state, refusal.value.wanted) == (state, wanted)
