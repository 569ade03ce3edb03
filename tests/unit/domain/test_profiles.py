"""The one profile that sets a price: the lowest proven and in date."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnknownProfile
from app.domain.profiles import Profile, ProvenProfile, in_date, lowest, profile_from
from tests.unit.domain.places import ROOM_PROFILES, SEAT_PROFILES

ROOMS = {Profile(name): Decimal(factor) for name, factor in ROOM_PROFILES.items()}
SEATS = {Profile(name): Decimal(factor) for name, factor in SEAT_PROFILES.items()}
held = st.sets(st.sampled_from(Profile))


def test_nothing_proven_is_the_base() -> None:
    assert lowest([], ROOMS) is Profile.SMALL_BUSINESS


def test_the_lowest_counts_by_family() -> None:
    both = {Profile.RESIDENT, Profile.INHABITANT}
    assert lowest(both, ROOMS) is Profile.RESIDENT
    assert lowest(both, SEATS) is Profile.INHABITANT


@given(held)
def test_a_large_company_gets_nothing_else(others: set[Profile]) -> None:
    assert lowest(others | {Profile.LARGE_COMPANY}, ROOMS) is Profile.LARGE_COMPANY


@given(held)
def test_no_other_choice_would_be_lower(profiles: set[Profile]) -> None:
    profiles.discard(Profile.LARGE_COMPANY)
    chosen = ROOMS.get(lowest(profiles, ROOMS), Decimal(1))
    assert chosen == min([Decimal(1), *(ROOMS.get(each, Decimal(1)) for each in profiles)])


@given(held, st.randoms())
def test_the_choice_does_not_depend_on_the_order(profiles: set[Profile], random: object) -> None:
    some = sorted(profiles)
    random.shuffle(some)
    assert lowest(some, SEATS) is lowest(sorted(profiles), SEATS)


def test_a_proof_counts_from_its_first_to_its_last_day() -> None:
    proof = ProvenProfile(Profile.STUDENT, date(2026, 9, 1), date(2027, 8, 31))
    assert in_date([proof], on=date(2026, 9, 1)) == {Profile.STUDENT}
    assert in_date([proof], on=date(2027, 8, 31)) == {Profile.STUDENT}
    assert in_date([proof], on=date(2026, 8, 31)) == frozenset()
    assert in_date([proof], on=date(2027, 9, 1)) == frozenset()


def test_a_profile_is_read_by_its_public_name() -> None:
    assert profile_from("startup_under_3") is Profile.STARTUP_UNDER_3
    with pytest.raises(UnknownProfile):
        profile_from("genius")
