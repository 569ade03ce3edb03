"""The tax of every supply of the house, by product, place, customer and date (design, §4)."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import NoVatRate
from app.domain.money import Money
from app.domain.tariffs import quote_office, quote_product
from app.domain.vat import vat_by_rate
from app.domain.vat_rules import (
    LEGAL_RATES,
    OTHER_MEMBER_STATES,
    PRIVATE_PERSON,
    Customer,
    CustomerKind,
    PlaceRule,
    VatCategory,
    VatCode,
    VatRate,
    VatRule,
    VatSeries,
    VatTreatment,
    business,
    letting_code,
    taxed_code,
    treatment,
)
from tests.unit.domain.places import MONDAY, charter_card

FRENCH = business("FR83404833048")
LUXEMBOURG = business("LU26375245")
GERMAN = business("DE136695976")
UNKNOWN = business(None)
CUSTOMERS = {
    "person": PRIVATE_PERSON,
    "french": FRENCH,
    "no number": UNKNOWN,
    "luxembourg": LUXEMBOURG,
    "german": GERMAN,
}
S, E, AE, OUT = VatCategory


def bears(
    code: VatCode, place: PlaceRule, customer: Customer = PRIVATE_PERSON, on: date = MONDAY
) -> tuple[VatCategory, str]:
    found = treatment(VatRule(code, place), customer, LEGAL_RATES, on)
    return found.category, str(found.rate)


# --- Supplies and their rates, the first table


@pytest.mark.parametrize(
    ("supply", "code", "place", "expected"),
    [
        ("furnished desk, office or room", VatCode.STANDARD, PlaceRule.IMMOVABLE, (S, "20")),
        ("bare office, no option", VatCode.EXEMPT_LETTING, PlaceRule.IMMOVABLE, (E, "0")),
        ("parking space", VatCode.STANDARD, PlaceRule.IMMOVABLE, (S, "20")),
        ("meal eaten on the spot", VatCode.INTERMEDIATE, PlaceRule.CAFE, (S, "10")),
        ("alcohol", VatCode.STANDARD, PlaceRule.CAFE, (S, "20")),
        ("packaged food to keep", VatCode.REDUCED, PlaceRule.CAFE, (S, "5.5")),
        ("ticket of a conference", VatCode.STANDARD, PlaceRule.EVENT, (S, "20")),
        ("approved fair", VatCode.INTERMEDIATE, PlaceRule.EVENT, (S, "10")),
        ("concert or theatre", VatCode.REDUCED, PlaceRule.EVENT, (S, "5.5")),
        ("approved training", VatCode.EXEMPT_TRAINING, PlaceRule.EVENT, (E, "0")),
        ("cultural service of a town", VatCode.PUBLIC_BODY, PlaceRule.EVENT, (OUT, "0")),
        ("deposit, damages", VatCode.OUTSIDE, PlaceRule.OUTSIDE, (OUT, "0")),
        ("fee without counterpart", VatCode.OUTSIDE, PlaceRule.OUTSIDE, (OUT, "0")),
        ("press", VatCode.SUPER_REDUCED, PlaceRule.CAFE, (S, "2.1")),
    ],
)
def test_a_supply_bears_the_tax_of_its_kind_for_a_french_customer(
    supply: str, code: VatCode, place: PlaceRule, expected: tuple[VatCategory, str]
) -> None:
    assert bears(code, place) == expected, supply
    assert bears(code, place, FRENCH) == expected, supply


@pytest.mark.parametrize(
    ("furnished", "option", "housing", "code"),
    [
        (True, False, False, VatCode.STANDARD),
        (True, True, False, VatCode.STANDARD),
        (False, False, False, VatCode.EXEMPT_LETTING),
        (False, True, False, VatCode.STANDARD),
        (False, True, True, VatCode.EXEMPT_LETTING),
        (False, False, True, VatCode.EXEMPT_LETTING),
    ],
)
def test_a_bare_office_is_exempt_unless_the_option_was_taken_and_never_for_housing(
    furnished: bool, option: bool, housing: bool, code: VatCode
) -> None:
    assert letting_code(furnished=furnished, option=option, housing=housing) is code


def test_an_office_is_let_without_option_and_not_for_housing_unless_said() -> None:
    assert letting_code(furnished=False) is VatCode.EXEMPT_LETTING
    assert letting_code(furnished=False, option=True) is VatCode.STANDARD


# --- Customers from elsewhere, the second table


@pytest.mark.parametrize(
    ("product", "place", "abroad"),
    [
        ("private office, room booked exclusively", PlaceRule.IMMOVABLE, (S, "20")),
        ("storage locker-room, parking", PlaceRule.IMMOVABLE, (S, "20")),
        ("hot desk, day pass, membership, domiciliation", PlaceRule.GENERAL, (AE, "0")),
        ("fixed desk in open space", PlaceRule.IMMOVABLE, (S, "20")),
        ("event admission", PlaceRule.EVENT, (S, "20")),
        ("café, consumption on the spot", PlaceRule.CAFE, (S, "20")),
    ],
)
def test_only_supplies_of_the_general_rule_are_reversed_to_a_business_abroad(
    product: str, place: PlaceRule, abroad: tuple[VatCategory, str]
) -> None:
    for customer in (LUXEMBOURG, GERMAN):
        assert bears(VatCode.STANDARD, place, customer) == abroad, product
    for customer in (PRIVATE_PERSON, UNKNOWN, FRENCH):
        assert bears(VatCode.STANDARD, place, customer) == (S, "20"), product


@pytest.mark.parametrize("customer", CUSTOMERS.values(), ids=list(CUSTOMERS))
@pytest.mark.parametrize(
    "code", [VatCode.EXEMPT_LETTING, VatCode.EXEMPT_TRAINING, VatCode.PUBLIC_BODY, VatCode.OUTSIDE]
)
def test_what_bears_no_tax_is_never_reversed(code: VatCode, customer: Customer) -> None:
    found = treatment(VatRule(code, PlaceRule.GENERAL), customer, LEGAL_RATES, MONDAY)
    assert (found.code, found.rate) == (code, 0)


def test_what_is_no_supply_bears_no_tax_whatever_code_it_has() -> None:
    for customer in CUSTOMERS.values():
        assert bears(VatCode.STANDARD, PlaceRule.OUTSIDE, customer) == (OUT, "0")


@pytest.mark.parametrize(
    ("customer", "abroad"),
    [
        (Customer(CustomerKind.PERSON, "LU", "LU26375245"), False),
        (Customer(CustomerKind.BUSINESS, "LU", None), False),
        (Customer(CustomerKind.BUSINESS, "FR", "LU26375245"), False),
        (Customer(CustomerKind.BUSINESS, "CH", "CHE123456788"), False),
        (Customer(CustomerKind.BUSINESS, "GB", "GB123456789"), False),
        (business("EL123456783"), True),
        (business("LU26375245"), True),
        (business("FR83404833048"), False),
        (business(""), False),
    ],
)
def test_a_business_abroad_is_known_by_the_number_of_another_member_state(
    customer: Customer, abroad: bool
) -> None:
    assert customer.is_business_abroad is abroad


def test_the_union_has_twenty_six_states_beside_france() -> None:
    assert len(OTHER_MEMBER_STATES) == 26
    assert "FR" not in OTHER_MEMBER_STATES
    assert (business(None).country, business("LU26375245").country) == ("FR", "LU")


# --- The card of the house


@pytest.mark.parametrize(
    ("product", "category"), [("ten_days", AE), ("month_any_seat", AE), ("locker", S)]
)
def test_the_products_of_the_charter_are_taxed_where_their_rule_says(
    product: str, category: VatCategory
) -> None:
    priced = quote_product(charter_card(), product, on=MONDAY, customer=LUXEMBOURG)
    (part,) = priced.vat_parts
    assert part.category is category
    assert (priced.gross == priced.net) is (category is AE)


def test_an_office_bears_the_tax_of_its_lease_and_the_charges_follow_it() -> None:
    exempt = VatRule(VatCode.EXEMPT_LETTING, PlaceRule.IMMOVABLE)
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    office = quote_office(
        charter_card(), Decimal(18), tenancy_month=1, first=first, last=last, vat=exempt
    )
    assert {line.vat.code for line in office.lines} == {VatCode.EXEMPT_LETTING}
    assert (office.net, office.gross) == (Money(18450), Money(18450))
    assert {line.vat.needs_mention for line in office.lines} == {True}


# --- Rates by day


def dated() -> VatSeries:
    return VatSeries(
        [
            VatRate(VatCode.STANDARD, date(2014, 1, 1), Decimal("20")),
            VatRate(VatCode.STANDARD, date(2012, 1, 1), Decimal("19.6")),
            VatRate(VatCode.REDUCED, date(2014, 1, 1), Decimal("5.5")),
        ]
    )


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (date(2012, 1, 1), "19.6"),
        (date(2013, 12, 31), "19.6"),
        (date(2014, 1, 1), "20"),
        (date(2030, 1, 1), "20"),
    ],
)
def test_a_rate_counts_from_its_day_until_the_next(on: date, rate: str) -> None:
    assert dated().rate(VatCode.STANDARD, on) == Decimal(rate)


def test_a_day_before_every_rate_has_none() -> None:
    with pytest.raises(NoVatRate) as refusal:
        dated().rate(VatCode.STANDARD, date(2011, 12, 31))
    assert refusal.value.facts() == {"rate": "standard", "on": "2011-12-31"}
    with pytest.raises(NoVatRate):
        dated().rate(VatCode.INTERMEDIATE, MONDAY)
    assert dated().rate(VatCode.OUTSIDE, date(1900, 1, 1)) == 0


def test_a_series_is_refused_when_a_day_has_two_rates_or_a_code_bears_none() -> None:
    twice = [VatRate(VatCode.STANDARD, MONDAY, Decimal(20))] * 2
    with pytest.raises(ValueError, match="standard has two rates from 2027-03-01"):
        VatSeries(twice)
    with pytest.raises(ValueError, match="outside bears no rate"):
        VatSeries([VatRate(VatCode.OUTSIDE, MONDAY, Decimal(0))])


def test_series_of_the_same_rates_are_equal_however_they_were_listed() -> None:
    one = dated()
    other = VatSeries(reversed(one.rates))
    assert (one, hash(one)) == (other, hash(other))
    assert one != LEGAL_RATES
    assert one != "rates"


# --- Sums


def test_two_reasons_for_no_tax_are_told_apart_and_one_rate_has_one_base() -> None:
    standard = VatTreatment(VatCode.STANDARD, Decimal(20))
    same = VatTreatment(VatCode.INTERMEDIATE, Decimal(20))  # should a law make them meet
    exempt = VatTreatment(VatCode.EXEMPT_LETTING, Decimal(0))
    outside = VatTreatment(VatCode.OUTSIDE, Decimal(0))
    lines = [(each, Money(1013)) for each in (standard, same, exempt, outside, exempt)]
    parts = vat_by_rate(lines)
    assert [(part.treatment.code, part.net.minor, part.tax.minor) for part in parts] == [
        (VatCode.EXEMPT_LETTING, 2026, 0),
        (VatCode.OUTSIDE, 1013, 0),
        (VatCode.STANDARD, 2026, 405),
    ]


def test_the_parts_keep_the_currency_of_their_lines() -> None:
    standard = VatTreatment(VatCode.STANDARD, Decimal(20))
    (part,) = vat_by_rate([(standard, Money(1000, "CHF"))], currency="CHF")
    assert (part.net, part.tax) == (Money(1000, "CHF"), Money(200, "CHF"))


@pytest.mark.parametrize(
    ("percent", "code"),
    [
        ("20.00", VatCode.STANDARD),
        ("10", VatCode.INTERMEDIATE),
        ("5.5", VatCode.REDUCED),
        ("2.1", VatCode.SUPER_REDUCED),
        ("0", VatCode.OUTSIDE),
        ("19.6", None),
    ],
)
def test_the_per_cents_of_old_cards_have_their_codes(percent: str, code: VatCode | None) -> None:
    assert taxed_code(Decimal(percent)) is code
