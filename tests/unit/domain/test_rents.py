"""Office rents: the worked examples of the design to the cent, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import AbsurdArea, BadLeaseTerms
from app.domain.indices import (
    IndexSeries,
    IndexValue,
    Quarter,
    change_in_percent,
    index_table,
    revised,
)
from app.domain.money import Money, half_up
from app.domain.months import add_months, days_in_month, whole_months
from app.domain.rent_schedules import market_and_paid, schedule
from app.domain.rents import (
    LineKind,
    MonthDue,
    RentTerms,
    Revised,
    Stage,
    anniversaries,
    annual_on,
    annual_rent,
    check_deposit,
    check_terms,
    deposit_return,
    month_of,
    pro_rata,
    share_in,
)

CLIMB = (Stage(12, Decimal("0.50")), Stage(12, Decimal("0.75")), Stage(12, Decimal("1.00")))
FULL = (Stage(12, Decimal(1)),)
SITES = {"metz": "150", "nancy": "144", "thionville-gare": "156", "epinal": "108"}


def terms(
    first: date = date(2024, 7, 1),
    last: date = date(2027, 6, 30),
    *,
    area: str = "18",
    rent: str = "150",
    stages: tuple[Stage, ...] = CLIMB,
    charges: str = "4.00",
    services: int = 0,
) -> RentTerms:
    return RentTerms(
        first, last, Decimal(area), Decimal(rent), stages, Decimal(charges), Money(services)
    )


def rents_of(months: tuple[MonthDue, ...], *kinds: LineKind) -> list[int]:
    wanted = kinds or (LineKind.RENT,)
    return [
        sum(line.amount.minor for line in month.lines if line.kind in wanted) for month in months
    ]


@pytest.mark.parametrize(
    ("site", "years", "total", "aid"),
    [
        ("metz", (11250, 16875, 22500), 18450, 202500),
        ("nancy", (10800, 16200, 21600), 18000, 194400),
        ("thionville-gare", (11700, 17550, 23400), 18900, 210600),
        ("epinal", (8100, 12150, 16200), 15300, 145800),
    ],
)
def test_an_office_of_18_m2_costs_what_the_rate_card_says(
    site: str, years: tuple[int, ...], total: int, aid: int
) -> None:
    lease = terms(rent=SITES[site])
    months = schedule(lease)
    assert [rents_of(months)[year * 12] for year in range(3)] == list(years)
    assert months[0].total == Money(total)
    assert lease.monthly_charges == Money(7200)
    pairs = market_and_paid(lease)
    assert sum(market.minor - paid.minor for _, market, paid in pairs) == aid
    assert len(pairs) == 36


def test_part_months_go_by_the_days_of_the_month() -> None:
    assert pro_rata(Money(22500), date(2026, 11, 12), date(2026, 11, 30)) == Money(14250)
    lease = terms(date(2026, 11, 12), date(2027, 11, 11), stages=FULL, charges="0")
    assert rents_of(schedule(lease))[0] == 14250


def test_the_revision_of_july_2025_comes_to_the_cent() -> None:
    before = annual_rent(Decimal(150), Decimal(18))
    assert before == Money(270000)
    after = revised(before, Decimal("133.69"), Decimal("137.29"))
    assert after == Money(277271)
    assert change_in_percent(Decimal("133.69"), Decimal("137.29")) == Decimal("2.69")
    whole_year = terms(date(2025, 7, 1), date(2026, 6, 30), stages=FULL)
    step = Revised(date(2025, 7, 1), before, after)
    rents = rents_of(schedule(whole_year, [step]))
    assert rents == [23106] * 11 + [23105]
    assert sum(rents) == 277271
    assert month_of(after, Decimal("0.75")) == Money(17329)


def test_the_stage_applies_after_the_index() -> None:
    step = Revised(date(2025, 7, 1), Money(270000), Money(277271))
    rents = rents_of(schedule(terms(), [step]))
    assert rents[:12] == [11250] * 12
    assert rents[12:23] == [17329] * 11
    assert sum(rents[12:24]) == 207953  # 2 772.71 × 0.75 = 2 079.5325


def test_a_fall_of_the_index_lowers_the_rent() -> None:
    assert revised(Money(22500), Decimal("115.43"), Decimal("114.06")) == Money(22233)


def test_a_ratio_is_not_rounded_before_the_year() -> None:
    # With a ratio of four decimals, 1.0269, the year would be 2 772.63.
    assert revised(Money(270000), Decimal("133.69"), Decimal("137.29")) != Money(277263)


def test_an_index_not_published_is_asked_at_the_old_rent_then_settled_at_once() -> None:
    lease = terms(date(2024, 7, 1), date(2026, 6, 30), stages=FULL, charges="0")
    waiting = Revised(date(2025, 7, 1), Money(270000), None)
    months = schedule(lease, [waiting])
    assert rents_of(months)[12:] == [22500] * 12
    assert all(line.is_provisional for month in months[12:] for line in month.lines)
    settled = Revised(date(2025, 7, 1), Money(270000), Money(277271), date(2025, 10, 6))
    months = schedule(lease, [settled])
    assert rents_of(months)[12:15] == [22500] * 3
    assert rents_of(months, LineKind.SETTLEMENT)[15] == 3 * (23106 - 22500)
    assert rents_of(months)[15:] == [23106] * 8 + [23105]
    assert sum(rents_of(months, LineKind.RENT, LineKind.SETTLEMENT)[12:]) == 277271


def test_a_fall_that_was_published_late_is_given_back() -> None:
    lease = terms(date(2024, 7, 1), date(2026, 6, 30), stages=FULL, charges="0")
    fall = Revised(date(2025, 7, 1), Money(270000), Money(266796), date(2025, 9, 30))
    assert rents_of(schedule(lease, [fall]), LineKind.SETTLEMENT)[14] == -2 * (22500 - 22233)


def test_a_value_that_comes_after_the_year_settles_the_whole_year() -> None:
    lease = terms(date(2024, 7, 1), date(2027, 6, 30), stages=FULL, charges="0")
    late = Revised(date(2025, 7, 1), Money(270000), Money(277271), date(2026, 8, 3))
    months = schedule(lease, [late])
    assert rents_of(months)[12:24] == [22500] * 12
    assert rents_of(months, LineKind.SETTLEMENT)[25] == 277271 - 270000 + 23106 - 22500


def test_a_value_that_comes_after_the_exit_is_settled_in_the_last_month() -> None:
    lease = terms(date(2024, 7, 1), date(2025, 9, 30), stages=FULL, charges="0")
    late = Revised(date(2025, 7, 1), Money(270000), Money(277271), date(2026, 1, 5))
    assert rents_of(schedule(lease, [late]), LineKind.SETTLEMENT)[-1] == 3 * 606


def test_an_entry_on_a_leap_day_has_its_anniversaries_at_the_end_of_february() -> None:
    days = list(anniversaries(date(2024, 2, 29), date(2028, 3, 1)))
    assert days == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]
    assert list(anniversaries(date(2024, 2, 29), date(2026, 2, 28))) == days[:2]
    lease = terms(date(2024, 2, 29), date(2027, 2, 27), stages=FULL, charges="0")
    assert sum(rents_of(schedule(lease))) == 3 * 270000


def test_an_early_exit_is_asked_to_the_day() -> None:
    months = schedule(terms(stages=FULL, charges="0"), left_on=date(2024, 9, 15))
    assert rents_of(months) == [22500, 22500, 11250]


def test_who_stays_after_the_last_day_owes_each_day_what_the_last_one_cost() -> None:
    lease = terms(date(2024, 7, 1), date(2026, 6, 15), services=3000)
    revision = Revised(date(2025, 7, 1), lease.annual, Money(277271))
    within = schedule(lease, [revision])
    stayed = schedule(lease, [revision], left_on=date(2026, 8, 10))
    month = 17329 + 7200 + 3000  # 2 772.71 at 75 % over 12, with charges and services
    owed = [half_up(month * 15, 30), month, half_up(month * 10, 31)]
    assert rents_of(stayed, LineKind.INDEMNITY)[-3:] == owed
    assert [each.month for each in stayed[-3:]] == [date(2026, month, 1) for month in (6, 7, 8)]
    for kind in (LineKind.RENT, LineKind.CHARGES, LineKind.SERVICES):
        assert sum(rents_of(stayed, kind)) == sum(rents_of(within, kind))


@given(st.dates(date(2027, 6, 1), date(2027, 12, 31)))
def test_an_indemnity_grows_day_by_day_and_is_none_within_the_lease(left: date) -> None:
    months = schedule(terms(), left_on=left)
    lines = [line for each in months for line in each.lines if line.kind is LineKind.INDEMNITY]
    assert sum(line.days for line in lines) == max(0, (left - date(2027, 6, 30)).days)
    assert all(line.amount.minor > 0 for line in lines)


def test_services_and_charges_go_by_the_day_as_rent_does() -> None:
    lease = terms(date(2026, 2, 15), date(2026, 3, 31), services=5000)
    february, march = schedule(lease)
    assert [(line.kind, line.amount.minor, line.days) for line in february.lines] == [
        (LineKind.RENT, 5625, 14),
        (LineKind.CHARGES, 3600, 14),
        (LineKind.SERVICES, 2500, 14),
    ]
    assert march.lines[1].is_whole_month
    assert march.total == Money(11250 + 7200 + 5000)


def test_after_the_last_stage_its_share_stays() -> None:
    assert [share_in(CLIMB, month) for month in (0, 11, 12, 35, 36, 400)] == [
        Decimal(each) for each in ("0.50", "0.50", "0.75", "1.00", "1.00", "1.00")
    ]


@pytest.mark.parametrize("area", ["0", "-18", "1000000", "10000.01"])
def test_an_absurd_area_is_refused(area: str) -> None:
    with pytest.raises(AbsurdArea):
        check_terms(terms(area=area))
    with pytest.raises(AbsurdArea):
        annual_rent(Decimal(150), Decimal(area))


@pytest.mark.parametrize(
    ("bad", "term"),
    [
        (terms(date(2026, 2, 2), date(2026, 2, 1)), "days"),
        (terms(date(2026, 2, 2), date(2126, 2, 1)), "days"),
        (terms(stages=()), "stages"),
        (terms(stages=(Stage(0, Decimal(1)),)), "stages"),
        (terms(stages=(Stage(12, Decimal("1.01")),)), "stages"),
        (terms(rent="-1"), "rent"),
        (terms(rent="5000.01"), "rent"),
        (terms(charges="-0.01"), "charges"),
        (terms(services=-1), "services"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(bad: RentTerms, term: str) -> None:
    with pytest.raises(BadLeaseTerms) as refusal:
        check_terms(bad)
    assert refusal.value.term == term


def test_terms_in_order_pass() -> None:
    check_terms(terms())
    check_terms(terms(area="10000", rent="0", charges="0"))


def test_a_deposit_is_two_months_of_the_first_rent_at_most() -> None:
    check_deposit(Money(22500), terms())
    check_deposit(Money(0), terms())
    for minor in (22501, -1):
        with pytest.raises(BadLeaseTerms):
            check_deposit(Money(minor), terms())


def test_a_deposit_comes_back_less_the_damages() -> None:
    assert deposit_return(Money(11250), []).returned == Money(11250)
    some = deposit_return(Money(11250), [Money(2500), Money(1000)])
    assert (some.returned, some.owed) == (Money(7750), Money(0))
    more = deposit_return(Money(11250), [Money(15000)])
    assert (more.returned, more.owed) == (Money(0), Money(3750))


def test_the_rent_that_counts_on_a_day_follows_the_revisions() -> None:
    steps = [
        Revised(date(2026, 7, 1), Money(277271), None),
        Revised(date(2025, 7, 1), Money(270000), Money(277271)),
    ]
    days = (date(2025, 6, 30), date(2025, 7, 1), date(2026, 7, 1))
    assert [annual_on(terms(), steps, day).minor for day in days] == [270000, 277271, 277271]


def test_the_last_revision_of_a_quarter_is_the_value_in_force() -> None:
    quarter = Quarter(2024, 4)
    first = IndexValue(IndexSeries.ILAT, quarter, Decimal("137.28"))
    corrected = IndexValue(IndexSeries.ILAT, quarter, Decimal("137.29"), revision=2)
    earlier = IndexValue(IndexSeries.ILAT, Quarter(2023, 4), Decimal("133.69"))
    table = index_table([corrected, first, earlier])
    assert table.find(IndexSeries.ILAT, quarter) == corrected
    assert table.latest(IndexSeries.ILAT) == corrected
    assert table.find(IndexSeries.ILC, quarter) is None
    assert table.latest(IndexSeries.ICC) is None
    assert quarter.years_later(-1) == Quarter(2023, 4)
    assert [Quarter(2024, each).last_day.isoformat() for each in (1, 2, 3, 4)] == [
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
        "2024-12-31",
    ]


days = st.dates(date(2019, 1, 1), date(2032, 12, 31))
areas = st.decimals("1", "400", places=2)
rents = st.decimals("10", "400", places=2)
stages = st.lists(
    st.builds(Stage, st.integers(1, 30), st.decimals("0", "1", places=2)), min_size=1, max_size=4
).map(tuple)
indices = st.decimals("100", "160", places=2)


@given(days, st.integers(1, 4), areas, rents, stages)
def test_the_months_of_whole_years_add_up_to_the_years(
    first: date, years: int, area: Decimal, rent: Decimal, steps: tuple[Stage, ...]
) -> None:
    last = add_months(first, 12 * years) - timedelta(days=1)
    lease = RentTerms(first, last, area, rent, steps, Decimal(0), Money(0))
    wanted = 0
    for year in range(years):
        shares = sum(share_in(steps, month) for month in range(12 * year, 12 * year + 12))
        wanted += int((lease.annual.minor * shares / 12 + Decimal("0.5")) // 1)
    assert sum(rents_of(schedule(lease))) == wanted


@given(days, st.integers(1, 1500), areas, rents, stages)
def test_every_day_of_a_lease_is_asked_for_once(
    first: date, length: int, area: Decimal, rent: Decimal, steps: tuple[Stage, ...]
) -> None:
    last = first + timedelta(days=length)
    lease = RentTerms(first, last, area, rent, steps, Decimal(4), Money(0))
    lines = [line for month in schedule(lease) for line in month.lines]
    for kind in (LineKind.RENT, LineKind.CHARGES):
        day = first
        for line in (line for line in lines if line.kind is kind):
            assert line.first == day
            assert line.first.month == line.last.month
            day = line.last + timedelta(days=1)
        assert day == last + timedelta(days=1)


@given(days, areas, rents, indices, indices, st.integers(0, 500))
def test_when_a_value_comes_never_changes_what_is_paid_in_the_end(
    first: date, area: Decimal, rent: Decimal, base: Decimal, new: Decimal, wait: int
) -> None:
    last = add_months(first, 36) - timedelta(days=1)
    lease = RentTerms(first, last, area, rent, FULL, Decimal(0), Money(0))
    effective = add_months(first, 12)
    after = revised(lease.annual, base, new)
    at_once = schedule(lease, [Revised(effective, lease.annual, after)])
    late = schedule(
        lease, [Revised(effective, lease.annual, after, effective + timedelta(days=wait))]
    )
    assert sum(month.total.minor for month in late) == sum(m.total.minor for m in at_once)


@given(rents.map(lambda rent: Money(int(rent * 100))), indices, indices)
def test_a_revision_follows_the_index_up_and_down(
    annual: Money, base: Decimal, new: Decimal
) -> None:
    after = revised(annual, base, new)
    assert (after >= annual) if new >= base else (after <= annual)
    exact = annual.minor * new / base
    assert abs(Decimal(after.minor) - exact) <= Decimal("0.5")


@given(days, days)
def test_whole_months_and_days_lead_from_one_day_to_the_other(one: date, other: date) -> None:
    first, after = sorted((one, other))
    months, rest = whole_months(first, after)
    assert add_months(first, months) + timedelta(days=rest) == after
    assert 0 <= rest < 31
    assert 28 <= days_in_month(first) <= 31
