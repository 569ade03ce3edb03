"""What each step of an explanation says, fact by fact, and what is offered as cheaper and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import (
    Asked,
    Family,
    Gift,
    Quote,
    RateCard,
    Right,
    RightKind,
    quote,
    quote_office,
    quote_product,
    rate_card_from,
)
from app.domain.tariffs.explaining import Step, StepCode, exact_amount, explain, would_lower
from app.domain.vat_rules import business
from tests.unit.domain.places import (
    METZ,
    MONDAY,
    SATURDAY,
    THIONVILLE,
    TROISIEME_LIEU,
    charter_card,
    charter_content,
    ordinary_calendar,
    room_quote,
    span,
)

CALENDAR = ordinary_calendar()
HOUR = timedelta(hours=1)
SEATS = frozenset({Family.SEATS})
VAT = Step(
    StepCode.VAT,
    {"code": "standard", "category": "S", "rate": "20", "net_minor": 2700, "tax_minor": 540},
)
CARD = Step(
    StepCode.CARD,
    {"version": 3, "effective_on": "2026-01-01", "deliberation": "Charter of the network"},
)


def seat(hours: str = "09:00-13:00", **changes: object) -> Asked:
    return Asked(**{"kind": SpaceKind.SEAT, "capacity": 1, "span": span(MONDAY, hours), **changes})


def steps(priced: Quote, card: RateCard, code: StepCode) -> list[tuple[int | None, dict]]:
    return [(step.line, step.facts) for step in explain(priced, card) if step.code is code]


def test_a_half_day_of_three_people_is_told_from_the_row_to_the_card() -> None:
    card = charter_card()
    assert explain(quote(card, seat(people=3), CALENDAR), card) == (
        Step(
            StepCode.BASE,
            {
                "code": "half-day",
                "row": "seat",
                "base_minor": 900,
                "count": 1,
                "minutes": 240,
                "starts_at": "2027-03-01T08:00:00Z",
                "ends_at": "2027-03-01T12:00:00Z",
            },
            0,
        ),
        Step(StepCode.QUANTITY, {"quantity": 3}, 0),
        Step(
            StepCode.SITE, {"factor": "1.00", "rent_minor": 15000, "charter_rent_minor": 15000}, 0
        ),
        Step(
            StepCode.PROFILE, {"profile": "small_business", "factor": "1", "needs_proof": False}, 0
        ),
        VAT,
        CARD,
    )


def test_a_pack_is_told_from_the_product_to_the_rounding() -> None:
    card = charter_card()
    pack = quote_product(card, "ten_days", on=MONDAY, profiles=(Profile.STARTUP_UNDER_3,))
    base = {"code": "product", "product": "ten_days", "unit": "pack", "base_minor": 15000}
    assert explain(pack, card)[:5] == (
        Step(StepCode.BASE, base, 0),
        Step(StepCode.PACK, {"factor": "0.85"}, 0),
        Step(
            StepCode.SITE, {"factor": "1.00", "rent_minor": 15000, "charter_rent_minor": 15000}, 0
        ),
        Step(StepCode.PROFILE, {"profile": "startup_under_3", "factor": "0.75"}, 0),
        Step(StepCode.ROUNDING, {"exact_thousandths": 9_562_500, "minor": 9563}, 0),
    )


def test_what_changes_nothing_is_no_step() -> None:
    card = charter_card()
    locker = quote_product(card, "locker", on=MONDAY)  # of a family without site or profiles
    assert [step.code for step in explain(locker, card)] == [
        StepCode.BASE,
        StepCode.VAT,
        StepCode.CARD,
    ]
    pages = quote_product(card, "print", on=MONDAY, quantity=37)
    assert steps(pages, card, StepCode.QUANTITY) == [(0, {"quantity": 37})]


def test_each_line_of_an_office_is_its_own_base_and_only_the_rent_has_a_stage() -> None:
    card, days = charter_card(), (date(2026, 11, 1), date(2026, 11, 30))
    office = quote_office(card, Decimal(18), tenancy_month=13, first=days[0], last=days[1])
    told = steps(office, card, StepCode.BASE)
    shared = {
        "area_m2": "18",
        "first": "2026-11-01",
        "last": "2026-11-30",
        "days": 30,
        "days_of_month": 30,
    }
    stage = {"share": "0.75", "tenancy_month": 13}
    assert told == [
        (0, {"code": "office-rent", "rent_minor": 15000, **stage, **shared}),
        (1, {"code": "office-charges", "charges_minor": 400, **shared}),
    ]
    assert steps(office, card, StepCode.STAGE) == [(0, stage)]
    codes = {step.code for step in explain(office, card)}
    assert codes == {StepCode.BASE, StepCode.STAGE, StepCode.VAT, StepCode.CARD}


def test_a_free_stay_and_a_right_are_told_with_all_their_facts_and_nothing_else() -> None:
    free = charter_card(TROISIEME_LIEU)
    held = Right(7, RightKind.HALF_DAYS, SEATS, MONDAY, MONDAY, 3)
    for card, code, rights in (
        (free, StepCode.FREE, ()),
        (charter_card(), StepCode.RIGHT, (held,)),
    ):
        priced = quote(card, seat(rights=rights), CALENDAR)
        found = explain(priced, card)
        assert [step.code for step in found] == [code, StepCode.VAT, StepCode.CARD]
        assert found[0] == Step(code, priced.lines[0].facts, 0)


def test_a_rounding_is_that_of_the_price_before_its_credit() -> None:
    card = charter_card()
    credit = Right(2, RightKind.MONEY, frozenset({Family.ROOMS}), MONDAY, MONDAY, 1000)
    late = Asked(SpaceKind.MEETING_ROOM, 12, span(MONDAY, "18:30-19:00"), rights=(credit,))
    priced = quote(card, late, CALENDAR)  # 25.00 × 1/2 × 1.25 = 15.625, and 10.00 of it paid
    assert priced.net == Money(563)
    assert steps(priced, card, StepCode.ROUNDING) == [
        (1, {"exact_thousandths": 1_562_500, "minor": 1563})
    ]
    assert steps(priced, card, StepCode.CREDIT) == [(1, {"credit_minor": 1000})]
    assert steps(priced, card, StepCode.TIME) == [(1, {"time": "late", "factor": "1.25"})]


def test_a_coefficient_by_hand_tells_its_reason_beside_the_rent() -> None:
    card = charter_card(THIONVILLE)
    priced = room_quote("09:00-10:00", site=THIONVILLE)
    told = {
        "factor": "1.10",
        "rent_minor": 15600,
        "charter_rent_minor": 15000,
        "reason": "aligned on the offer next door",
    }
    assert steps(priced, card, StepCode.SITE) == [(0, told)]
    without = {key: value for key, value in told.items() if "rent" not in key}
    assert steps(priced, replace(card, reference_rent=None), StepCode.SITE) == [(0, without)]


def test_a_proof_is_told_even_of_the_base() -> None:
    card = charter_card()
    proof = ProvenProfile(Profile.SMALL_BUSINESS, date(2026, 9, 1), date(2027, 8, 31))
    priced = replace(room_quote("09:00-10:00"), proof=proof)
    assert steps(priced, card, StepCode.PROFILE)[0][1] == {
        "profile": "small_business",
        "factor": "1",
        "needs_proof": False,
        "valid_from": "2026-09-01",
        "valid_until": "2027-08-31",
    }


def test_a_line_whose_row_is_gone_is_told_with_site_and_profile_all_the_same() -> None:
    card = charter_card()
    laser = Asked(SpaceKind.MACHINE, 1, span(MONDAY, "09:00-10:00"), row="laser")
    priced = quote(card, laser, CALENDAR)
    without = replace(card, rows={}, products={})
    codes = [step.code for step in explain(priced, without)]
    assert codes[:3] == [StepCode.BASE, StepCode.SITE, StepCode.PROFILE]


def ten(kind: RightKind, **changes: object) -> Gift:
    return Gift(**{"kind": kind, "families": SEATS, "months": 12, "amount": 10, **changes})


def offered(asked: Asked, *gifts: Gift) -> list[tuple[str | None, int]]:
    """The packs offered when the charter's ten half-days give this instead, and its others."""
    card = charter_card()
    pack = replace(card.products["ten_half_days"], gives=gifts)
    first = {"locker": card.products["locker"]}  # gives nothing, and must hide nothing
    sold = replace(card, products={**first, **card.products, "ten_half_days": pack})
    found = would_lower(sold, asked, CALENDAR)
    return [(each.product, each.net.minor) for each in found if each.profile is None]


def test_a_pack_is_offered_where_its_one_counted_gift_is_good() -> None:
    halves = ten(RightKind.HALF_DAYS)
    assert offered(seat(), halves) == [("ten_half_days", 765)]
    assert offered(seat(), ten(RightKind.HALF_DAYS, kinds=frozenset({SpaceKind.SEAT}))) == [
        ("ten_half_days", 765)
    ]
    for useless in (
        (ten(RightKind.HALF_DAYS, kinds=frozenset({SpaceKind.STUDIO})),),
        (ten(RightKind.HALF_DAYS, families=frozenset({Family.ROOMS})),),
        (ten(RightKind.UNLIMITED, amount=None),),
        (halves, halves),
        (),
    ):
        assert offered(seat(), *useless) == []


def test_a_pack_that_a_right_already_held_makes_needless_is_not_offered() -> None:
    held = Right(7, RightKind.HALF_DAYS, SEATS, MONDAY, MONDAY, 1)
    assert would_lower(charter_card(), seat(rights=(held,)), CALENDAR) == ()


def test_a_pack_is_priced_for_the_buyer_on_the_day_of_the_stay() -> None:
    student = frozenset({Profile.STUDENT})
    day = MONDAY + timedelta(days=1)
    asked = seat(span=span(day, "09:00-13:00"), profiles=student, customer=business("LU26375245"))
    (pack,) = would_lower(charter_card(), asked, CALENDAR)
    assert (pack.product, pack.profile) == ("ten_half_days", None)
    assert pack.net == Money(306)  # a tenth of 90.00 × 0.85 × 0.40
    assert pack.quote.spent[0].amount == 1
    assert pack.quote.net == Money(0)


def test_a_share_of_a_pack_is_rounded_half_up() -> None:
    card = charter_card({"coefficient": "1.10", "reason": "a test"})
    startup = seat(profiles=frozenset({Profile.STARTUP_UNDER_3}))
    # 90.00 × 0.85 × 1.10 × 0.75 = 63.11, of which a tenth is 6.311
    found = {each.product: each.net for each in would_lower(card, startup, CALENDAR)}
    assert found["ten_half_days"] == Money(631)


@pytest.mark.parametrize(("day", "factor"), [(MONDAY, None), (SATURDAY, "1.25")])
def test_only_a_time_that_costs_more_is_a_step(day: date, factor: str | None) -> None:
    told = steps(room_quote("09:00-10:00", day=day), charter_card(), StepCode.TIME)
    assert told == ([(0, {"time": "saturday", "factor": factor})] if factor else [])


def test_a_part_of_a_month_is_a_fact_of_its_base() -> None:
    card = charter_card()
    month = quote_product(card, "month_any_seat", on=MONDAY, part=Fraction(1, 31))
    base = {"product": "month_any_seat", "unit": "month", "part": "1/31", "base_minor": 15000}
    assert steps(month, card, StepCode.BASE) == [(0, {"code": "product", **base})]
    assert steps(month, card, StepCode.ROUNDING) == [
        (0, {"exact_thousandths": 483_871, "minor": 484})
    ]


def test_a_place_with_a_row_of_its_own_or_a_capacity_is_offered_packs_too() -> None:
    card = charter_card()
    named = seat(kind=SpaceKind.CAFE, row="seat")
    assert [each.product for each in would_lower(card, named, CALENDAR) if each.product] == [
        "ten_half_days"
    ]
    rooms = replace(ten(RightKind.HALF_DAYS), families=frozenset({Family.ROOMS}))
    pack = replace(card.products["ten_half_days"], gives=(rooms,))
    sold = replace(card, products={pack.name: pack}, currency="CHF")
    asked = Asked(SpaceKind.MEETING_ROOM, 12, span(MONDAY, "09:00-13:00"))
    found = would_lower(sold, asked, CALENDAR)
    assert found[0].net == Money(765, "CHF")
    assert {each.net.currency for each in found} == {"CHF"}


def test_a_pack_is_counted_apart_from_the_rights_held() -> None:
    held = Right(1, RightKind.HALF_DAYS, SEATS, MONDAY, MONDAY, 1)
    found = would_lower(charter_card(), seat(people=2, rights=(held,)), CALENDAR)
    packs = {each.product: each.net.minor for each in found if each.product}
    assert packs == {"ten_half_days": 765}


def test_packs_of_one_price_are_told_by_name() -> None:
    card = charter_card()
    pack = card.products["ten_half_days"]
    sold = replace(card, products={name: replace(pack, name=name) for name in ("b", "c", "a")})
    found = would_lower(sold, seat(), CALENDAR)
    assert [each.product for each in found if each.product] == ["a", "b", "c"]


def test_nobody_is_told_to_become_a_large_company_even_where_it_pays_less() -> None:
    content = charter_content()
    content["families"]["seats"]["profiles"]["large_company"] = "0.10"
    found = would_lower(rate_card_from(content), seat(), CALENDAR)
    assert Profile.STUDENT in {each.profile for each in found}
    assert Profile.LARGE_COMPANY not in {each.profile for each in found}


@given(
    st.sampled_from(Profile),
    st.integers(1, 5),
    st.sampled_from([METZ, THIONVILLE]),
    st.integers(1, 12),
)
def test_the_exact_amount_of_a_line_is_all_its_facts_multiplied(
    profile: Profile, people: int, site: dict[str, object], hours: int
) -> None:
    card = charter_card(site)
    stay = Span(span(MONDAY, "06:00-07:00").start, span(MONDAY, "06:00-07:00").start + hours * HOUR)
    asked = Asked(SpaceKind.SEAT, 1, stay, people, frozenset({profile}))
    packs = quote_product(card, "ten_days", on=MONDAY, quantity=people, profiles=(profile,))
    for line in (*quote(card, asked, CALENDAR).lines, *packs.lines):
        exact = exact_amount(line)
        assert Fraction(-1, 2) <= exact - line.amount.minor < Fraction(1, 2)
