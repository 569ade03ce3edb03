"""Proofs: how long each counts, and the stages a start-up goes through as it ages."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import CompanyTooOld
from app.domain.profiles import Profile, ProvenProfile
from app.domain.proofs import (
    KIND_OF,
    STAGES,
    ProofKind,
    ProofRule,
    anniversary,
    profiles_proven,
    stages,
)

UNDER_1, UNDER_3, UNDER_5 = (profile for _, profile in STAGES)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
STUDENT = ProofRule(ends_on=(10, 31), turns_on=(9, 1))


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (date(2026, 11, 23), date(2027, 10, 31)),
        (date(2027, 3, 15), date(2027, 10, 31)),
        (date(2027, 8, 31), date(2027, 10, 31)),
        (date(2027, 9, 1), date(2028, 10, 31)),
    ],
)
def test_a_student_card_counts_to_the_end_of_october_of_its_year(asked: date, until: date) -> None:
    assert STUDENT.proposed_until(asked) == until


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (date(2026, 11, 23), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_proof_of_twelve_months_ends_the_day_before_its_anniversary(
    asked: date, until: date
) -> None:
    assert ProofRule(months=12).proposed_until(asked) == until


def test_a_start_up_goes_through_its_stages_to_the_day() -> None:
    found = list(
        stages(date(2026, 3, 10), valid_from=date(2026, 11, 23), valid_until=date(2035, 1, 1))
    )
    assert found == [
        ProvenProfile(UNDER_1, date(2026, 11, 23), date(2027, 3, 9)),
        ProvenProfile(UNDER_3, date(2027, 3, 10), date(2029, 3, 9)),
        ProvenProfile(UNDER_5, date(2029, 3, 10), date(2031, 3, 9)),
    ]


def test_a_company_of_29_february_turns_one_on_1_march() -> None:
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(DAYS, DAYS, DAYS)
def test_on_each_day_a_start_up_has_the_one_stage_of_its_age(
    created: date, one: date, other: date
) -> None:
    first, last = min(one, other), max(one, other)
    found = list(stages(created, valid_from=first, valid_until=last))
    for day in {first, last, *(each.valid_until for each in found)}:
        counting = [each.profile for each in found if each.is_valid(day)]
        age = next(
            (profile for years, profile in STAGES if day < anniversary(created, years)), None
        )
        expected = [age] if age and created <= day else []
        assert counting == expected
    for before, after in pairwise(found):
        assert after.valid_from == before.valid_until + timedelta(days=1)


def test_a_company_of_five_years_is_no_start_up() -> None:
    with pytest.raises(CompanyTooOld):
        profiles_proven(
            ProofKind.STARTUP,
            valid_from=date(2026, 11, 23),
            valid_until=date(2027, 11, 22),
            created_on=date(2021, 11, 23),
        )


def test_a_start_up_without_a_date_of_creation_proves_nothing() -> None:
    with pytest.raises(CompanyTooOld):
        profiles_proven(
            ProofKind.STARTUP, valid_from=date(2026, 1, 1), valid_until=date(2026, 2, 1)
        )


def test_any_other_proof_grants_its_own_profile_for_its_days() -> None:
    for kind in set(ProofKind) - {ProofKind.STARTUP}:
        (found,) = profiles_proven(kind, valid_from=date(2026, 1, 1), valid_until=date(2026, 2, 1))
        assert KIND_OF[found.profile] is kind
        assert (found.valid_from, found.valid_until) == (date(2026, 1, 1), date(2026, 2, 1))


def test_who_pays_more_or_the_base_asks_for_no_proof() -> None:
    assert set(Profile) - set(KIND_OF) == {
        Profile.SMALL_BUSINESS,
        Profile.LARGE_COMPANY,
        Profile.RESIDENT,
    }
