"""Every price is explained step by step, and says what would lower it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import Asked, Family, Quote, RateCard, Right, RightKind, quote
from app.domain.tariffs.explaining import StepCode, exact_amount, explain, would_lower
from app.domain.tariffs.offices import quote_office
from app.domain.tariffs.pricing import quote_product
from app.domain.vat_rules import business
from tests.unit.domain.places import (
    EPINAL,
    MONDAY,
    SATURDAY,
    THIONVILLE,
    TROISIEME_LIEU,
    charter_card,
    ordinary_calendar,
    room_quote,
    span,
)

CALENDAR = ordinary_calendar()


def codes(priced: Quote, card: RateCard) -> list[tuple[int | None, str]]:
    return [(step.line, step.code.value) for step in explain(priced, card)]


def facts(priced: Quote, card: RateCard, code: StepCode) -> dict[str, object]:
    return next(step.facts for step in explain(priced, card) if step.code is code)


def seat(hours: str = "09:00-13:00", **changes: object) -> Asked:
    return Asked(**{"kind": SpaceKind.SEAT, "capacity": 1, "span": span(MONDAY, hours), **changes})


def test_an_evening_hour_is_explained_line_by_line() -> None:
    card = charter_card()
    priced = room_quote("17:00-19:00", profile=Profile.STUDENT)
    assert codes(priced, card) == [
        (0, "base"),
        (0, "site"),
        (0, "profile"),
        (1, "base"),
        (1, "site"),
        (1, "profile"),
        (2, "base"),
        (2, "site"),
        (2, "profile"),
        (2, "time"),
        (None, "vat"),
        (None, "card"),
    ]
    assert facts(priced, card, StepCode.TIME) == {"time": "late", "factor": "1.25"}
    assert facts(priced, card, StepCode.BASE)["minutes"] == 60
    assert facts(priced, card, StepCode.VAT) == {
        "code": "standard",
        "category": "S",
        "rate": "20",
        "net_minor": 2125,
        "tax_minor": 425,
    }
    assert facts(priced, card, StepCode.CARD) == {
        "version": 3,
        "effective_on": "2026-01-01",
        "deliberation": "Charter of the network",
    }


def test_the_rounding_of_a_line_shows_the_exact_amount() -> None:
    priced = room_quote("17:00-19:00")  # golden vector 10: 15.625
    steps = [each for each in explain(priced, charter_card()) if each.code is StepCode.ROUNDING]
    assert [(each.line, each.facts) for each in steps] == [
        (2, {"exact_thousandths": 1562500, "minor": 1563})
    ]


def test_a_coefficient_tells_the_rents_it_comes_from_or_its_reason() -> None:
    epinal = charter_card(EPINAL | {"rent_source": "Domaine", "rent_dated": "2025-03-31"})
    derived = facts(room_quote("09:00-10:00", site=EPINAL), epinal, StepCode.SITE)
    assert derived == {
        "factor": "0.85",
        "rent_minor": 10800,
        "charter_rent_minor": 15000,
        "source": "Domaine",
        "dated": "2025-03-31",
    }
    by_hand = facts(
        room_quote("09:00-10:00", site=THIONVILLE), charter_card(THIONVILLE), StepCode.SITE
    )
    assert (by_hand["factor"], by_hand["reason"]) == ("1.10", "aligned on the offer next door")


def test_a_profile_tells_the_days_of_its_proof_and_the_base_needs_none() -> None:
    card = charter_card()
    priced = room_quote("09:00-10:00", profile=Profile.STUDENT)
    proof = ProvenProfile(Profile.STUDENT, date(2026, 9, 1), date(2027, 8, 31))
    assert facts(replace(priced, proof=proof), card, StepCode.PROFILE) == {
        "profile": "student",
        "factor": "0.40",
        "valid_from": "2026-09-01",
        "valid_until": "2027-08-31",
    }
    base = facts(room_quote("09:00-10:00"), card, StepCode.PROFILE)
    assert base == {"profile": "small_business", "factor": "1", "needs_proof": False}


def test_people_packs_machines_and_offices_have_their_own_steps() -> None:
    card = charter_card()
    three = quote(card, seat(people=3), CALENDAR)
    assert (0, "quantity") in codes(three, card)
    pack = quote_product(card, "ten_days", on=MONDAY)
    assert facts(pack, card, StepCode.PACK) == {"factor": "0.85"}
    laser = quote(
        card, Asked(SpaceKind.MACHINE, 1, span(MONDAY, "09:00-10:00"), row="laser"), CALENDAR
    )
    assert codes(laser, card) == [(0, "base"), (None, "vat"), (None, "card")]
    office = quote_office(
        card, Decimal(18), tenancy_month=13, first=date(2026, 11, 1), last=date(2026, 11, 30)
    )
    assert codes(office, card)[:3] == [(0, "base"), (0, "stage"), (1, "base")]
    assert facts(office, card, StepCode.STAGE) == {"share": "0.75", "tenancy_month": 13}


def test_the_part_of_a_month_that_is_sold_is_told() -> None:
    month = quote_product(charter_card(), "month_any_seat", on=MONDAY, part=Fraction(19, 30))
    assert facts(month, charter_card(), StepCode.BASE)["part"] == "19/30"
    assert exact_amount(month.lines[0]) == month.net.minor == 9500


def test_rights_credits_and_free_seats_are_steps_too() -> None:
    everything = frozenset({Family.SEATS})
    credit = Right(2, RightKind.MONEY, everything, MONDAY, MONDAY, 500)
    card = charter_card()
    priced = quote(card, seat(rights=(credit,)), CALENDAR)
    assert codes(priced, card)[0] == (0, "right")
    assert facts(priced, card, StepCode.CREDIT) == {"credit_minor": 500}
    free = charter_card(TROISIEME_LIEU)
    assert codes(quote(free, seat(), CALENDAR), free)[0] == (0, "free")


def test_reverse_charge_is_told_as_such() -> None:
    card = charter_card()
    priced = quote(card, seat(customer=business("LU26375245")), CALENDAR)
    told = facts(priced, card, StepCode.VAT)
    assert (told["code"], told["category"], told["tax_minor"]) == ("reverse_charge", "AE", 0)


def test_a_card_that_lost_the_row_still_explains_what_it_sold() -> None:
    card = charter_card()
    without = replace(card, rows={}, products={})
    priced = quote(card, seat(), CALENDAR)
    assert codes(priced, without) == codes(priced, card)


def test_what_would_lower_a_price_is_told_cheapest_first() -> None:
    found = would_lower(charter_card(), seat(), CALENDAR)
    assert [(each.profile or each.product, each.net.minor) for each in found] == [
        ("student", 360),
        ("project_holder", 450),
        ("startup_under_1", 450),
        ("association", 540),
        ("partner", 630),
        ("startup_under_3", 675),
        ("ten_half_days", 765),
        ("inhabitant", 810),
        ("startup_under_5", 810),
    ]
    assert found[0].quote.profile is Profile.STUDENT
    assert found[6].quote.spent[0].amount == 1


def test_only_what_is_cheaper_is_offered_and_never_to_a_large_company() -> None:
    card = charter_card()
    student = would_lower(card, seat(profiles=frozenset({Profile.STUDENT})), CALENDAR)
    assert [each.product for each in student] == ["ten_half_days"]
    large = would_lower(card, seat(profiles=frozenset({Profile.LARGE_COMPANY})), CALENDAR)
    assert [each.product for each in large] == ["ten_half_days"]
    assert would_lower(charter_card(TROISIEME_LIEU), seat(), CALENDAR) == ()


def test_a_pack_counts_with_the_share_that_the_stay_takes() -> None:
    found = would_lower(charter_card(), seat("09:00-17:00", people=2), CALENDAR)
    packs = {each.product: each.net.minor for each in found if each.product}
    assert packs == {"ten_days": 2550}  # twice 12.75; four half-days would be 30.60


@pytest.mark.parametrize("day", [MONDAY, SATURDAY])
@given(profile=st.sampled_from(Profile), start=st.integers(36, 60), length=st.integers(1, 12))
def test_the_steps_of_a_line_multiply_to_its_amount(
    day: date, profile: Profile, start: int, length: int
) -> None:
    hours = "-".join(f"{q // 4:02}:{q % 4 * 15:02}" for q in (start, start + length))
    for line in room_quote(hours, day=day, profile=profile).lines:
        assert abs(exact_amount(line) - line.amount.minor) <= Fraction(1, 2)
