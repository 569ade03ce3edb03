"""What each kind of line says of itself, fact by fact: it is frozen on the booking and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.cancellation import FREE_UNTIL_START
from app.domain.errors import NoPrice, OffStep
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import (
    Asked,
    Family,
    LineCode,
    Quote,
    RateCard,
    Right,
    RightKind,
    Spent,
    quote,
    quote_from_json,
    quote_office,
    quote_product,
    rate_card_from,
)
from app.domain.vat_rules import (
    PlaceRule,
    VatCode,
    VatRate,
    VatRule,
    VatSeries,
    VatTreatment,
    business,
)
from tests.unit.domain.places import (
    METZ,
    MONDAY,
    TROISIEME_LIEU,
    charter_card,
    charter_content,
    ordinary_calendar,
    span,
)

CALENDAR = ordinary_calendar()
SWISS = "CHF"
SEATS = frozenset({Family.SEATS})
STARTUP = (Profile.STARTUP_UNDER_3,)


def swiss_card(site: dict[str, object] = METZ) -> RateCard:
    return rate_card_from(charter_content(site) | {"currency": SWISS})


def seat(card: RateCard, hours: str = "09:00-14:00", **changes: object) -> Quote:
    return quote(card, Asked(SpaceKind.SEAT, 1, span(MONDAY, hours), **changes), CALENDAR)


def right(kind: RightKind, left: int | None, number: int = 7) -> Right:
    return Right(number, kind, SEATS, MONDAY, MONDAY + timedelta(days=30), left)


def november(card: RateCard, **changes: object) -> Quote:
    days = {"first": date(2027, 11, 12), "last": date(2027, 11, 30)}
    return quote_office(card, Decimal("18.5"), **{"tenancy_month": 13, **days, **changes})


def test_a_product_tells_what_was_sold_and_never_a_time() -> None:
    (line,) = quote_product(charter_card(), "ten_days", on=MONDAY, profiles=STARTUP).lines
    assert (line.code, line.amount) == (LineCode.PRODUCT, Money(9563))
    assert line.facts == {
        "product": "ten_days",
        "unit": "pack",
        "base_minor": 15000,
        "quantity": 1,
        "factor": "0.85",
        "site_factor": "1.00",
        "profile": "startup_under_3",
        "profile_factor": "0.75",
    }


def test_a_part_of_several_months_tells_part_and_quantity() -> None:
    priced = quote_product(
        charter_card(), "month_any_seat", on=MONDAY, quantity=2, part=Fraction(1, 3)
    )
    facts = priced.lines[0].facts
    assert (facts["part"], facts["quantity"], priced.net) == ("1/3", 2, Money(10000))
    assert (priced.profile, priced.card_version) == (Profile.SMALL_BUSINESS, 3)


def test_a_free_stay_tells_the_place_the_time_and_the_people() -> None:
    (line,) = seat(charter_card(TROISIEME_LIEU), people=2).lines
    assert line.facts == {
        "row": "seat",
        "minutes": 300,
        "quantity": 2,
        "starts_at": "2027-03-01T08:00:00Z",
        "ends_at": "2027-03-01T13:00:00Z",
    }


def test_a_right_tells_what_was_used_up_of_which() -> None:
    (line,) = seat(charter_card(), rights=(right(RightKind.DAYS, 3),)).lines
    assert (line.code, line.amount) == (LineCode.RIGHT, Money(0))
    assert line.facts == {
        "row": "seat",
        "right": 7,
        "kind": "days",
        "amount": 1,
        "starts_at": "2027-03-01T08:00:00Z",
        "ends_at": "2027-03-01T13:00:00Z",
    }


def test_a_credit_is_taken_off_one_line_after_the_other_and_told_on_each() -> None:
    asked = Asked(
        SpaceKind.MEETING_ROOM,
        12,
        span(MONDAY, "09:00-14:00"),  # a half-day of 80.00 and an hour of 25.00
        rights=(Right(1, RightKind.MONEY, frozenset({Family.ROOMS}), MONDAY, MONDAY, 8100),),
    )
    priced = quote(charter_card(), asked, CALENDAR)
    assert [(line.amount.minor, line.facts.get("credit_minor")) for line in priced.lines] == [
        (0, None),
        (0, 8000),
        (2400, 100),
    ]
    assert priced.lines[0].facts["kind"] == "money"
    assert priced.lines[1].facts["row"] == "meeting_12"
    assert priced.spent == (Spent(1, 8100),)


def test_a_line_that_no_credit_reached_says_nothing_of_one() -> None:
    asked = Asked(
        SpaceKind.MEETING_ROOM,
        12,
        span(MONDAY, "09:00-14:00"),
        rights=(Right(1, RightKind.MONEY, frozenset({Family.ROOMS}), MONDAY, MONDAY, 8000),),
    )
    last = quote(charter_card(), asked, CALENDAR).lines[-1]
    assert (last.amount, "credit_minor" in last.facts) == (Money(2500), False)


def test_an_office_tells_rent_stage_area_and_days() -> None:
    rent, charges = november(charter_card()).lines
    days = {
        "area_m2": "18.5",
        "first": "2027-11-12",
        "last": "2027-11-30",
        "days": 19,
        "days_of_month": 30,
    }
    assert (rent.code, charges.code) == (LineCode.OFFICE_RENT, LineCode.OFFICE_CHARGES)
    assert rent.facts == {"rent_minor": 15000, "tenancy_month": 13, "share": "0.75", **days}
    assert charges.facts == {"charges_minor": 400, **days}
    # 150.00 / 12 × 18.5 × 0.75 × 19/30 = 109.8437…, and 4.00 × 18.5 × 19/30 = 46.866…
    assert (rent.amount, charges.amount) == (Money(10984), Money(4687))


def test_an_office_bears_the_tax_of_its_lease_or_that_of_the_card() -> None:
    bare = VatRule(VatCode.EXEMPT_LETTING, PlaceRule.IMMOVABLE)
    taxed, exempt = november(charter_card()), november(charter_card(), vat=bare)
    assert [line.vat for line in taxed.lines] == [VatTreatment(VatCode.STANDARD, Decimal(20))] * 2
    assert [line.vat.code for line in exempt.lines] == [VatCode.EXEMPT_LETTING] * 2
    assert exempt.gross == exempt.net == taxed.net
    general = november(charter_card(), vat=VatRule(VatCode.STANDARD, PlaceRule.GENERAL))
    assert general == taxed  # no tenant abroad makes French rent a reverse charge
    assert (taxed.profile, taxed.card_version) == (Profile.SMALL_BUSINESS, 3)


@pytest.mark.parametrize("missing", [{"offices": None}, {"reference_rent": None}])
def test_a_card_without_rent_or_stages_has_no_price_for_an_office(missing: dict) -> None:
    with pytest.raises(NoPrice) as refusal:
        november(replace(charter_card(), **missing))
    assert (refusal.value.kind, refusal.value.capacity) == (SpaceKind.OFFICE, 0)


def test_every_amount_is_in_the_currency_of_the_card() -> None:
    card = swiss_card()
    quotes = [
        seat(card, "09:00-16:00", rights=(right(RightKind.MONEY, 100),)),
        seat(card, rights=(right(RightKind.DAYS, 1),)),
        seat(swiss_card(TROISIEME_LIEU)),
        quote_product(card, "locker", on=MONDAY),
        november(card),
    ]
    for priced in quotes:
        amounts = [priced.net, priced.vat, priced.gross, *(line.amount for line in priced.lines)]
        assert {amount.currency for amount in amounts} == {SWISS}
        assert {part.tax.currency for part in priced.vat_parts} == {SWISS}
        assert quote_from_json(priced.to_json()) == priced


RATES = VatSeries(
    [
        VatRate(VatCode.STANDARD, date(2014, 1, 1), Decimal(20)),
        VatRate(VatCode.STANDARD, MONDAY, Decimal(21)),
    ]
)


def test_the_tax_is_that_of_the_day_on_the_clock_of_the_place() -> None:
    card = rate_card_from(charter_content(), RATES)
    eve = MONDAY - timedelta(days=1)
    late, early = span(eve, "23:00-23:45"), span(MONDAY, "00:30-01:00")  # 23:30 UTC of the eve
    for stay, percent in ((late, 20), (early, 21)):
        priced = quote(card, Asked(SpaceKind.MEETING_ROOM, 6, stay), CALENDAR)
        assert priced.lines[0].vat == VatTreatment(VatCode.STANDARD, Decimal(percent))
    for day, percent in ((eve, 20), (MONDAY, 21)):
        assert quote_product(card, "locker", on=day).lines[0].vat.rate == percent
    offices = november(card), november(card, first=eve, last=eve)
    assert [priced.lines[0].vat.rate for priced in offices] == [21, 20]


def test_a_business_abroad_owes_the_tax_of_seats_and_packs_and_not_that_of_rooms() -> None:
    card, abroad = charter_card(), business("LU26375245")
    room = Asked(SpaceKind.MEETING_ROOM, 6, span(MONDAY, "09:00-10:00"), customer=abroad)
    pack = quote_product(card, "ten_days", on=MONDAY, customer=abroad)
    codes = [
        priced.lines[0].vat.code
        for priced in (seat(card, customer=abroad), pack, quote(card, room, CALENDAR))
    ]
    assert codes == [VatCode.REVERSE_CHARGE, VatCode.REVERSE_CHARGE, VatCode.STANDARD]


@pytest.mark.parametrize("part", [timedelta(seconds=1), timedelta(microseconds=1)])
def test_parts_of_minutes_are_refused_at_either_end(part: timedelta) -> None:
    stay = span(MONDAY, "09:00-10:00")
    for wrong in (Span(stay.start + part, stay.end), Span(stay.start, stay.end + part)):
        with pytest.raises(OffStep) as refusal:
            quote(charter_card(), Asked(SpaceKind.MEETING_ROOM, 6, wrong), CALENDAR)
        assert refusal.value.step_minutes == 1


def test_what_is_not_sold_is_told_with_the_place_and_the_time() -> None:
    with pytest.raises(NoPrice) as refusal:
        quote(charter_card(), Asked(SpaceKind.SEAT, 30, span(MONDAY, "14:00-19:00")), CALENDAR)
    unsold = span(MONDAY, "18:00-19:00")
    told = refusal.value
    assert (told.kind, told.capacity) == (SpaceKind.SEAT, 30)
    assert (told.starts_at, told.ends_at) == (unsold.start, unsold.end)


def test_a_right_helps_where_money_buys_nothing() -> None:
    month = Right(4, RightKind.UNLIMITED, SEATS, MONDAY, MONDAY, None)
    assert seat(charter_card(), "14:00-20:00", rights=(month,)).spent == (Spent(4, 1),)


def test_an_empty_credit_pays_nothing() -> None:
    empty, full = right(RightKind.MONEY, 0, 1), right(RightKind.MONEY, 100, 2)
    assert seat(charter_card(), rights=(empty, full)).spent == (Spent(2, 100),)


def test_a_right_that_saves_no_whole_cent_stays_where_it_is() -> None:
    content = charter_content()
    content["rows"]["laser"]["hour"] = "0.10"  # an hour of 10 cents: a minute less still costs 10
    asked = Asked(SpaceKind.MACHINE, 1, span(MONDAY, "09:00-10:00"), row="laser")
    for minutes, spent in ((1, ()), (30, (Spent(7, 30),))):
        held = replace(asked, rights=(right(RightKind.MINUTES, minutes),))
        assert quote(rate_card_from(content), held, CALENDAR).spent == spent


def test_a_quote_bears_the_terms_of_what_is_sold() -> None:
    card = charter_card()
    room = Asked(SpaceKind.MEETING_ROOM, 6, span(MONDAY, "09:00-10:00"))
    assert seat(card).terms == card.terms_of(Family.SEATS)
    assert quote(card, room, CALENDAR).terms == card.terms
    assert card.terms != card.terms_of(Family.SEATS) != FREE_UNTIL_START


def test_a_quote_is_frozen_in_the_shape_that_others_read() -> None:
    proof = ProvenProfile(Profile.STUDENT, date(2026, 9, 1), date(2027, 8, 31))
    priced = seat(
        charter_card(), rights=(right(RightKind.MONEY, 100),), customer=business("LU26375245")
    )
    frozen = replace(priced, proof=proof, profile=Profile.STUDENT).to_json()
    paid, nothing = {"amount": 1400, "currency": "EUR"}, {"amount": 0, "currency": "EUR"}
    assert {name: frozen[name] for name in frozen if name not in ("lines", "terms")} == {
        "net": paid,
        "vat": nothing,
        "gross": paid,
        "profile": "student",
        "card_version": 3,
        "proof": ["2026-09-01", "2027-08-31"],
        "spent": [[7, 100]],
    }
    line = frozen["lines"][-1]
    assert {name: line[name] for name in line if name != "facts"} == {
        "code": "day",
        "amount": paid,
        "vat_rate": "0",
        "vat": "reverse_charge",
    }
    assert line["facts"]["credit_minor"] == 100
    assert quote_from_json(frozen) == replace(priced, proof=proof, profile=Profile.STUDENT)
    plain = quote_product(charter_card(), "locker", on=MONDAY).to_json()
    assert set(plain) == {"lines", "net", "vat", "gross", "profile", "card_version"}


@pytest.mark.parametrize(
    ("percent", "code"),
    [("20", "standard"), ("10", "intermediate"), ("0", "outside"), ("19.6", "standard")],
)
def test_a_quote_of_2026_knew_the_rate_of_its_tax_only(percent: str, code: str) -> None:
    frozen = quote_product(charter_card(), "locker", on=MONDAY).to_json()
    del frozen["lines"][0]["vat"]
    frozen["lines"][0]["vat_rate"] = percent
    (line,) = quote_from_json(frozen).lines
    assert line.vat == VatTreatment(VatCode(code), Decimal(percent))


def test_a_quote_that_does_not_add_up_is_told_from_one_that_is_none() -> None:
    good = quote_product(charter_card(), "locker", on=MONDAY).to_json()
    money = {"amount": 1, "currency": "EUR"}
    for name in ("net", "vat", "gross"):
        with pytest.raises(ValueError, match=r"^the quote does not add up$"):
            quote_from_json({**good, name: money})


GOOD = quote_product(charter_card(), "locker", on=MONDAY).to_json()


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        ([GOOD], "a quote is an object"),
        ({**GOOD, "lines": {}}, "a quote has lines and the version of its card"),
        ({**GOOD, "card_version": True}, "a quote has lines and the version of its card"),
        ({**GOOD, "lines": [5]}, "a line is an object"),
        (
            {**GOOD, "lines": [GOOD["lines"][0] | {"facts": []}]},
            "the facts of a line are an object",
        ),
        ({**GOOD, "net": 5}, "money is an object of amount and currency"),
        ({**GOOD, "spent": 5}, "what is spent is a list of rights and amounts"),
        ({**GOOD, "spent": [[1, 2, 3]]}, "what is spent is a list of rights and amounts"),
        ({**GOOD, "proof": "2026-09-01"}, "a proof has two days"),
        ({**GOOD, "profile": "genius"}, "'genius' is not a valid Profile"),
        ({**GOOD, "lines": [GOOD["lines"][0] | {"vat_rate": "x"}]}, None),
        ({}, "'lines'"),
    ],
)
def test_what_is_no_quote_is_refused_with_its_cause(broken: object, cause: str | None) -> None:
    with pytest.raises(ValueError, match=r"^not a quote$") as refusal:
        quote_from_json(broken)
    assert refusal.value.__cause__ is not None
    if cause is not None:
        assert str(refusal.value.__cause__) == cause
