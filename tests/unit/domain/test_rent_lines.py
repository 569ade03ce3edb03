"""Each line of a month's rent says what it is for, from what it was derived, and for which days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import Money
from app.domain.months import add_months
from app.domain.rent_schedules import market_and_paid, schedule
from app.domain.rents import LineKind, MonthDue, RentLine, RentTerms, Revised, Stage

FULL = (Stage(12, Decimal(1)),)
HALF, WHOLE = Decimal("0.5"), Decimal(1)
YEAR = Money(270_000)  # 18 m² at 150.00
# Twelve months from the 15th, at half the rent for six of them.
TERMS = RentTerms(
    date(2027, 1, 15),
    date(2028, 1, 14),
    Decimal(18),
    Decimal(150),
    (Stage(6, HALF), Stage(6, WHOLE)),
    Decimal(4),
    Money(5000),
)


def rent_lines(months: tuple[MonthDue, ...]) -> list[RentLine]:
    return [line for month in months for line in month.lines if line.kind is LineKind.RENT]


def settlements(months: tuple[MonthDue, ...]) -> list[tuple[date, int]]:
    return [
        (month.month, line.amount.minor)
        for month in months
        for line in month.lines
        if line.kind is LineKind.SETTLEMENT
    ]


def test_a_month_in_which_a_stage_begins_is_asked_in_two_parts() -> None:
    july = schedule(TERMS)[6].lines
    first, second, charges, services = july
    # 2 700.00 / 12 × 14/31 at half, and 17/31 at the whole
    assert first == RentLine(
        LineKind.RENT, date(2027, 7, 1), date(2027, 7, 14), Money(5081), YEAR, HALF
    )
    assert second == RentLine(
        LineKind.RENT, date(2027, 7, 15), date(2027, 7, 31), Money(12339), YEAR, WHOLE
    )
    whole = (date(2027, 7, 1), date(2027, 7, 31))
    assert charges == RentLine(LineKind.CHARGES, *whole, Money(7200), Money(7200))
    assert services == RentLine(LineKind.SERVICES, *whole, Money(5000), Money(5000))


def test_the_last_part_of_a_rent_year_takes_the_rest_and_says_so() -> None:
    lines = rent_lines(schedule(TERMS))
    assert [line.takes_rest for line in lines] == [False] * 13 + [True]
    assert sum(line.amount.minor for line in lines) == 202_500  # half a year at half, half at all
    assert [line.is_provisional for line in lines] == [False] * 14
    assert (lines[-1].first, lines[-1].last) == (date(2028, 1, 1), date(2028, 1, 14))
    left = rent_lines(schedule(TERMS, left_on=date(2028, 1, 13)))
    assert [line.takes_rest for line in left] == [False] * 14


def test_every_stage_begins_after_all_those_before_it() -> None:
    thirds = tuple(Stage(4, Decimal(share)) for share in ("0.25", "0.50", "0.75"))
    lines = rent_lines(schedule(replace(TERMS, stages=thirds)))
    begins = {line.share: line.first for line in reversed(lines)}
    assert begins == {
        Decimal("0.25"): date(2027, 1, 15),
        Decimal("0.50"): date(2027, 5, 15),
        Decimal("0.75"): date(2027, 9, 15),
    }
    assert len(lines) == 15  # thirteen calendar months, two of them in two parts


def test_where_a_stage_begins_with_a_rent_year_no_empty_part_is_asked() -> None:
    first = date(2027, 1, 1)
    years = replace(
        TERMS,
        first_day=first,
        last_day=add_months(first, 36) - timedelta(days=1),
        stages=(Stage(12, HALF), Stage(12, WHOLE)),
    )
    lines = rent_lines(schedule(years))
    assert len(lines) == 36
    assert all(line.is_whole_month for line in lines)
    assert [line.share for line in lines] == [HALF] * 12 + [WHOLE] * 24


THREE_YEARS = replace(
    TERMS,
    first_day=date(2024, 7, 1),
    last_day=date(2027, 6, 30),
    stages=FULL,
    charges_per_m2=Decimal(0),
    services=Money(0),
)
AT_ONCE = Revised(date(2025, 7, 1), YEAR, Money(276_000))
LATE = Revised(date(2026, 7, 1), Money(276_000), Money(282_000), date(2026, 9, 3))


def test_a_late_value_is_settled_whatever_came_in_time_before_it() -> None:
    months = schedule(THREE_YEARS, [AT_ONCE, LATE])
    assert settlements(months) == [(date(2026, 9, 1), 2 * 500)]
    asked = rent_lines(months)
    assert [line.base.minor for line in asked] == [270_000] * 12 + [276_000] * 14 + [282_000] * 10
    assert [n for n, line in enumerate(asked) if line.is_provisional] == [24, 25]


def test_a_value_that_came_in_the_month_itself_has_nothing_to_settle() -> None:
    in_time = replace(LATE, settled_on=date(2026, 7, 31))
    assert settlements(schedule(THREE_YEARS, [AT_ONCE, in_time])) == []


def test_what_was_never_published_settles_nothing() -> None:
    unknown = replace(LATE, after=None)
    assert settlements(schedule(THREE_YEARS, [AT_ONCE, unknown])) == []


def test_an_indemnity_is_derived_from_the_last_month_of_the_lease() -> None:
    lease = replace(TERMS, last_day=date(2027, 8, 20))  # in the eighth month, at the whole rent
    *_, line = schedule(lease, left_on=date(2027, 8, 25))[-1].lines
    month = Money(22_500 + 7_200 + 5_000)
    days = (date(2027, 8, 21), date(2027, 8, 25))
    assert line == RentLine(LineKind.INDEMNITY, *days, Money(5_597), month)  # 347.00 × 5/31


def test_the_market_asks_the_whole_rent_from_the_first_month_on() -> None:
    pairs = market_and_paid(replace(TERMS, first_day=date(2027, 1, 1), last_day=date(2027, 12, 31)))
    assert [month for month, _, _ in pairs] == [date(2027, month, 1) for month in range(1, 13)]
    assert [market.minor for _, market, _ in pairs] == [22_500] * 12
    assert [paid.minor for _, _, paid in pairs] == [11_250] * 6 + [22_500] * 6
