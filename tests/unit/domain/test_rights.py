"""What rights are good for, and until when those that come with a product count."""

from datetime import date

import pytest

from app.domain.ids import SiteCode
from app.domain.kinds import SpaceKind
from app.domain.tariffs import Family, Gift, Right, RightKind
from app.domain.tariffs.rights import earliest_first
from tests.unit.domain.places import MONDAY, charter_card

METZ, NANCY = SiteCode("metz"), SiteCode("nancy")


def right(number: int = 1, **changes: object) -> Right:
    """Ten half-days of seats, good this week."""
    fields = {
        "kind": RightKind.HALF_DAYS,
        "families": frozenset({Family.SEATS}),
        "valid_from": MONDAY,
        "valid_until": date(2027, 3, 7),
        "left": 10,
    }
    return Right(number, **(fields | changes))


@pytest.mark.parametrize(
    ("bought", "months", "last"),
    [
        (date(2027, 1, 15), 1, date(2027, 2, 14)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_the_eve_of_its_day_or_with_the_shorter_month(
    bought: date, months: int, last: date
) -> None:
    gift = Gift(RightKind.UNLIMITED, frozenset({Family.SEATS}), months)
    assert gift.valid_until(bought) == last


def test_a_right_counts_on_its_days_both_included() -> None:
    held = right()
    days = [date(2027, 2, 28), MONDAY, date(2027, 3, 7), date(2027, 3, 8)]
    good = [held.honours(Family.SEATS, SpaceKind.SEAT, METZ, day) for day in days]
    assert good == [False, True, True, False]


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({}, True),
        ({"families": frozenset({Family.ROOMS})}, False),
        ({"kinds": frozenset({SpaceKind.SEAT})}, True),
        ({"kinds": frozenset({SpaceKind.STUDIO})}, False),
        ({"sites": frozenset({METZ})}, True),
        ({"sites": frozenset({NANCY})}, False),
        ({"left": 0}, False),
        ({"left": 1}, True),
        ({"left": None}, True),
    ],
)
def test_a_right_is_good_where_it_says_and_while_some_is_left(
    changes: dict[str, object], good: bool
) -> None:
    assert right(**changes).honours(Family.SEATS, SpaceKind.SEAT, METZ, MONDAY) is good


def test_rights_are_used_up_in_the_order_in_which_they_expire() -> None:
    late, early = right(1, valid_until=date(2027, 3, 9)), right(3, valid_until=date(2027, 3, 8))
    twin = right(2, valid_until=date(2027, 3, 8))
    assert earliest_first([late, early, twin]) == (twin, early, late)


def test_the_packs_of_the_charter_give_rights_of_a_year() -> None:
    (gift,) = charter_card().product("ten_days").gives
    assert (gift.kind, gift.amount, gift.valid_until(MONDAY)) == (
        RightKind.DAYS,
        10,
        date(2028, 2, 29),
    )
