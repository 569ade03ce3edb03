"""The cheapest set of packs and months for many stays: equal to trying every one of them."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import NoPrice
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.months import add_months
from app.domain.opening_hours import week_hours_from
from app.domain.profiles import Profile
from app.domain.tariffs import (
    Asked,
    Family,
    Plan,
    RateCard,
    Right,
    RightKind,
    cheapest_plan,
    quote,
    rate_card_from,
)
from app.domain.vat_rules import business
from tests.unit.domain.places import (
    MONDAY,
    TROISIEME_LIEU,
    charter_card,
    charter_content,
    hall_calendar,
    ordinary_calendar,
    span,
)
from tests.unit.domain.test_rights_optimum import searched

CALENDAR = ordinary_calendar()
TEN_DAYS = {"right": "days", "amount": 10, "families": ["seats"], "months": 12}
TEN_HALVES = {"right": "half_days", "amount": 10, "families": ["seats"], "months": 12}
ONE, THREE = date(2027, 1, 1), date(2027, 12, 31)


def seat(day: date, hours: str = "09:00-17:00", *profiles: Profile) -> Asked:
    return Asked(SpaceKind.SEAT, 1, span(day, hours), 1, frozenset(profiles))


def workdays(count: int, hours: str = "09:00-17:00", *profiles: Profile) -> list[Asked]:
    days = [MONDAY + timedelta(days=n) for n in range(60)]
    return [seat(day, hours, *profiles) for day in days if day.weekday() < 5][:count]


def bought(plan: Plan) -> list[str]:
    return [purchase.product for purchase in plan.purchases]


@pytest.mark.parametrize(
    ("stays", "buys", "net"),
    [
        (workdays(1), [], 1500),
        (workdays(8), [], 12000),
        (workdays(9), ["ten_days"], 12750),
        (workdays(10), ["ten_days"], 12750),
        (workdays(11), ["ten_days"], 14250),
        (workdays(12), ["month_any_seat"], 15000),
        (workdays(23), ["month_any_seat"], 15000),
        (workdays(24), ["month_any_seat"], 16500),
        (workdays(9, "09:00-12:00"), ["ten_half_days"], 7650),
        (workdays(8, "09:00-12:00"), [], 7200),
        (workdays(12, "09:00-12:00"), ["ten_half_days"], 9450),
        (workdays(10, "09:00-17:00", Profile.STUDENT), ["ten_days"], 5100),
        ([*workdays(9), *workdays(9, "09:00-12:00")], ["month_any_seat"], 15000),
    ],
)
def test_the_charter_s_packs_and_months_are_bought_where_they_pay(
    stays: list[Asked], buys: list[str], net: int
) -> None:
    plan = cheapest_plan(charter_card(), stays, CALENDAR)
    assert (bought(plan), plan.net.minor) == (buys, net)
    assert len(plan.quotes) == len(stays)


def test_each_quote_says_which_purchase_pays_it() -> None:
    plan = cheapest_plan(charter_card(), workdays(11), CALENDAR)
    (pack,) = plan.purchases
    assert (pack.number, pack.valid_from, pack.valid_until) == (-1, MONDAY, date(2028, 2, 29))
    assert pack.quote.net.minor == 12750
    spent = [[(each.right_id, each.amount) for each in one.spent] for one in plan.quotes]
    assert sorted(spent) == [[]] + [[(-1, 1)]] * 10
    assert plan.gross.minor == 17100


def test_the_quotes_keep_the_order_in_which_the_stays_were_given() -> None:
    mixed = [seat(MONDAY + timedelta(days=2)), seat(MONDAY, "09:00-12:00")]
    plan = cheapest_plan(charter_card(), mixed, CALENDAR)
    assert [one.net.minor for one in plan.quotes] == [1500, 900]


def test_a_month_covers_hours_that_are_not_sold_one_by_one() -> None:
    late = [seat(MONDAY, "09:00-20:00")]
    plan = cheapest_plan(charter_card(), late, CALENDAR)
    assert (bought(plan), plan.net.minor) == (["month_any_seat"], 15000)
    content = charter_content()
    del content["products"]["month_any_seat"]
    with pytest.raises(NoPrice) as refusal:
        cheapest_plan(rate_card_from(content), [*workdays(2), *late], CALENDAR)
    refused = refusal.value
    assert (refused.kind, refused.capacity) == (SpaceKind.SEAT, 1)
    assert (refused.starts_at, refused.ends_at) == (late[0].span.start, late[0].span.end)


def test_without_packs_the_stay_that_nothing_covers_is_named() -> None:
    late = seat(MONDAY + timedelta(days=4), "09:00-20:00")
    with pytest.raises(NoPrice) as refusal:
        cheapest_plan(card_with(), [late, *workdays(2)], CALENDAR)
    assert (refusal.value.starts_at, refusal.value.ends_at) == (late.span.start, late.span.end)


def test_where_seats_are_free_nothing_is_bought() -> None:
    plan = cheapest_plan(charter_card(TROISIEME_LIEU), workdays(20), CALENDAR)
    assert (bought(plan), plan.net.minor) == ([], 0)


def test_several_packs_are_used_up_one_after_the_other() -> None:
    content = charter_content()
    del content["products"]["month_any_seat"]
    plan = cheapest_plan(rate_card_from(content), workdays(20, "09:00-12:00"), CALENDAR)
    assert bought(plan) == ["ten_half_days"] * 2
    assert [purchase.number for purchase in plan.purchases] == [-1, -2]
    spent = [each for one in plan.quotes for each in one.spent]
    assert [each.right_id for each in spent] == [-1] * 10 + [-2] * 10
    assert plan.net.minor == 15300
    long = cheapest_plan(rate_card_from(content), workdays(15), CALENDAR)
    assert (bought(long), long.net.minor) == (["ten_days"], 20250)


def test_stays_given_out_of_order_are_planned_in_time() -> None:
    plan = cheapest_plan(charter_card(), workdays(12)[::-1], CALENDAR)
    assert (bought(plan), plan.net.minor) == (["month_any_seat"], 15000)
    (month,) = plan.purchases
    assert (month.valid_from, month.valid_until) == (MONDAY, date(2027, 3, 31))


def test_days_that_open_at_other_hours_are_not_taken_for_the_same() -> None:
    early = {"mon": ["06:00-20:00"], "tue": ["10:00-20:00"]}
    calendar = ordinary_calendar(week=week_hours_from(early))
    content = charter_content()
    content["products"] = {}
    content["rows"]["seat"] |= {"half_day": "9.00", "day": "10.00"}
    stays = [seat(MONDAY, "07:00-17:00"), seat(MONDAY + timedelta(days=1), "07:00-17:00")]
    plan = cheapest_plan(rate_card_from(content), stays, calendar)
    assert [one.net.minor for one in plan.quotes] == [1000, 1900]
    ten = {"family": "seats", "unit": "pack", "price": "27.99", "gives": [TEN_HALVES]}
    content["products"]["halves"] = ten
    assert bought(cheapest_plan(rate_card_from(content), stays, calendar)) == ["halves"]
    assert bought(cheapest_plan(rate_card_from(content), stays[:1] * 2, calendar)) == []


def test_packs_are_priced_for_the_payer_and_rows_taken_by_name() -> None:
    stays = [replace(stay, customer=business("LU26375245")) for stay in workdays(9)]
    plan = cheapest_plan(charter_card(), stays, CALENDAR)
    assert plan.gross == plan.net == plan.purchases[0].quote.net
    hall = [replace(stay, kind=SpaceKind.CAFE, capacity=9, row="seat") for stay in workdays(9)]
    assert bought(cheapest_plan(charter_card(), hall, CALENDAR)) == ["ten_days"]
    big = [replace(stay, kind=SpaceKind.MEETING_ROOM, capacity=12) for stay in workdays(1)]
    assert cheapest_plan(charter_card(), big, CALENDAR).net.minor == 14000


def card_with(**packs: dict[str, object]) -> RateCard:
    """The charter's card with other products."""
    content = charter_content()
    content["products"] = {
        name: {"family": "seats", "unit": "pack", **pack} for name, pack in packs.items()
    }
    return rate_card_from(content)


def test_a_pack_is_bought_for_a_single_euro_saved_and_not_for_none() -> None:
    nine = workdays(9)  # 135.00 one by one
    for price, buys in (("134.00", ["pack"]), ("135.00", []), ("136.00", [])):
        card = card_with(pack={"price": price, "gives": [TEN_DAYS]})
        assert bought(cheapest_plan(card, nine, CALENDAR)) == buys


def test_a_pack_counts_until_its_last_day_and_only_for_its_kind_and_family() -> None:
    stays = [*workdays(9), seat(date(2027, 3, 31))]
    for change, buys in (
        ({}, ["pack"]),
        ({"months": 1}, ["pack"]),
        ({"kinds": ["seat"]}, ["pack"]),
        ({"kinds": ["studio"]}, []),
        ({"families": ["rooms"]}, []),
    ):
        card = card_with(pack={"price": "100.00", "gives": [TEN_DAYS | change]})
        assert bought(cheapest_plan(card, stays, CALENDAR)) == buys


def test_a_month_that_gives_more_is_a_month_and_a_pack_that_gives_more_is_not_weighed() -> None:
    month = {"right": "unlimited", "families": ["seats"], "months": 1}
    hours = {"right": "minutes", "amount": 240, "families": ["rooms"], "months": 1}
    rich = card_with(own={"price": "210.00", "gives": [month, hours]})
    assert bought(cheapest_plan(rich, workdays(15), CALENDAR)) == ["own"]
    mixed = card_with(pack={"price": "10.00", "gives": [TEN_DAYS, hours]})
    assert bought(cheapest_plan(mixed, workdays(9), CALENDAR)) == []


def test_of_two_packs_that_cost_the_same_the_first_is_bought() -> None:
    pack = {"price": "100.00", "gives": [TEN_DAYS]}
    card = card_with(second=pack, first=pack)
    assert bought(cheapest_plan(card, workdays(9), CALENDAR)) == ["second"]


def test_a_pack_of_one_ticket_is_bought_for_one_stay() -> None:
    one = card_with(pack={"price": "14.99", "gives": [TEN_DAYS | {"amount": 1}]})
    assert bought(cheapest_plan(one, workdays(2), CALENDAR)) == ["pack", "pack"]


def test_a_pack_that_no_profile_lowers_is_weighed_against_what_the_stays_cost_the_payer() -> None:
    card = card_with(pack={"family": "machines", "price": "100.00", "gives": [TEN_DAYS]})
    for profile, buys in ((Profile.STUDENT, []), (Profile.INHABITANT, ["pack"])):
        stays = workdays(10, "09:00-17:00", profile)  # 60.00 for a student, 135.00 for inhabitants
        assert bought(cheapest_plan(card, stays, CALENDAR)) == buys


def test_a_cheap_day_may_pay_a_morning_where_half_days_are_dear() -> None:
    days = {"price": "10.00", "gives": [TEN_DAYS]}
    halves = {"price": "50.00", "gives": [TEN_HALVES]}
    plan = cheapest_plan(card_with(halves=halves, days=days), workdays(10, "09:00-12:00"), CALENDAR)
    assert (bought(plan), plan.net.minor) == (["days"], 1000)


def test_a_plan_needs_a_stay() -> None:
    with pytest.raises(ValueError, match=r"^a plan is for at least one stay$"):
        cheapest_plan(charter_card(), [], CALENDAR)


def test_a_pack_that_expires_before_the_last_stay_is_not_bought() -> None:
    content = charter_content()
    content["products"]["ten_days"]["gives"][0]["months"] = 1
    del content["products"]["month_any_seat"]
    card = rate_card_from(content)
    assert bought(cheapest_plan(card, workdays(10), CALENDAR)) == ["ten_days"]
    apart = [*workdays(9), seat(MONDAY + timedelta(days=31))]
    assert bought(cheapest_plan(card, apart, CALENDAR)) == []


# --- Against a search over every set of purchases

HALF_HOUR = timedelta(minutes=30)
prices = st.integers(1, 40).map(lambda units: f"{units * 8 / 100:.2f}")  # no cent to round
HALL = hall_calendar()


@st.composite
def cards(draw: st.DrawFn) -> RateCard:
    content = charter_content()
    row = {"family": "seats", "kinds": ["seat"], "half_day": draw(prices)}
    for name in draw(st.sets(st.sampled_from(["hour", "day", "evening"]))):
        row[name] = draw(prices)
    content["rows"] = {"seat": row}
    sizes = {"two_halves": ("half_days", 2), "three_days": ("days", 3), "two_days": ("days", 2)}
    content["products"] = {
        name: {
            "family": "seats",
            "unit": "pack",
            "price": draw(prices),
            "gives": [{"right": right, "amount": size, "families": ["seats"], "months": 12}],
        }
        for name, (right, size) in sizes.items()
        if draw(st.booleans())
    }
    if draw(st.booleans()):
        gift = {"right": "unlimited", "families": ["seats"], "months": 1}
        content["products"]["month"] = {
            "family": "seats",
            "unit": "month",
            "price": draw(st.integers(10, 60).map(lambda units: f"{units * 8 / 100:.2f}")),
            "gives": [gift],
        }
    return rate_card_from(content)


@st.composite
def plans(draw: st.DrawFn) -> list[Span]:
    days = draw(st.lists(st.integers(0, 45), min_size=1, max_size=4, unique=True))
    spans = []
    for day in days:
        begin = span(MONDAY + timedelta(days=day), "08:00-08:30").start
        begin += HALF_HOUR * draw(st.integers(0, 22))
        spans.append(Span(begin, begin + HALF_HOUR * draw(st.integers(1, 12))))
    return spans


def tried(card: RateCard, spans: list[Span]) -> Fraction | None:
    """The least that any purchases and any use of them come to."""
    spans = sorted(spans, key=lambda each: each.start)
    days = [HALL.local_date(each.start) for each in spans]
    packs = [name for name in card.products if name != "month"]
    month = card.products.get("month")
    best = None
    for counts in product(range(4), repeat=len(packs)):
        for begun in product([False, True] if month else [False], repeat=len(spans)):
            months = [day for day, is_begun in zip(days, begun, strict=True) if is_begun]
            cost = Fraction(
                sum(card.products[name].base * n for name, n in zip(packs, counts, strict=True))
            )
            cost += sum(month.base for _ in months) if month else 0
            held = {"half_days": 0, "days": 0}
            for name, count in zip(packs, counts, strict=True):
                (gift,) = card.products[name].gives
                held[gift.kind] += (gift.amount or 0) * count
            due = [
                each
                for each, day in zip(spans, days, strict=True)
                if not any(start <= day < add_months(start, 1) for start in months)
            ]
            rest = shared(card, tuple(due), held["half_days"], held["days"])
            if rest is not None and (best is None or cost + rest < best):
                best = cost + rest
    return best


def shared(card: RateCard, spans: tuple[Span, ...], half_days: int, days: int) -> Fraction | None:
    """The least left to pay when so many tickets are shared out among the stays."""
    if not spans:
        return Fraction(0)
    best = None
    for halves, whole in product(range(min(half_days, 4) + 1), range(min(days, 2) + 1)):
        here = alone(card.rows["seat"], spans[0], halves, whole)
        onward = shared(card, spans[1:], half_days - halves, days - whole)
        if here is None or onward is None:
            continue
        if best is None or here + onward < best:
            best = here + onward
    return best


@cache
def alone(row: object, one: Span, half_days: int, days: int) -> Fraction | None:
    tickets = [(RightKind.HALF_DAYS, half_days), (RightKind.DAYS, days)]
    rights = [
        Right(number, kind, frozenset({Family.SEATS}), ONE, THREE, left)
        for number, (kind, left) in enumerate(tickets)
    ]
    return searched(row, one, rights, 1)


@settings(max_examples=40, deadline=None)
@given(cards(), plans())
def test_no_set_of_purchases_is_cheaper(card: RateCard, spans: list[Span]) -> None:
    stays = [Asked(SpaceKind.SEAT, 1, each) for each in spans]
    found = tried(card, spans)
    if found is None:
        with pytest.raises(NoPrice):
            cheapest_plan(card, stays, HALL)
        return
    assert cheapest_plan(card, stays, HALL).net.minor == found


@given(plans(), st.sampled_from(Profile))
def test_a_plan_never_costs_more_than_the_stays_by_themselves(
    spans: list[Span], profile: Profile
) -> None:
    content = charter_content()
    content["rows"]["seat"] |= {"hour": "2.50", "evening": "8.00"}
    card = rate_card_from(content)
    stays = [Asked(SpaceKind.SEAT, 1, each, 1, frozenset({profile})) for each in spans]
    plan = cheapest_plan(card, stays, HALL)
    alone_cost = sum(quote(card, stay, HALL).net.minor for stay in stays)
    lines = sum(len(one.lines) for one in plan.quotes) + len(plan.purchases)
    assert plan.net.minor <= alone_cost + lines
    assert cheapest_plan(card, stays[::-1], HALL).net == plan.net
    assert [one.profile for one in plan.quotes] == [
        quote(card, replace(stay, rights=()), HALL).profile for stay in stays
    ]
