"""What a card says is read field by field, and what it may not say is refused word for word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.absences import NO_STRIKES
from app.domain.cancellation import FREE_UNTIL_START, Terms, Tier
from app.domain.errors import NoPrice, UnknownProduct
from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile
from app.domain.tariffs import (
    CoefficientFormula,
    Family,
    Gift,
    RateCard,
    RightKind,
    Row,
    TimeRules,
    rate_card_from,
)
from app.domain.tariffs.card import FamilyRules, OfficeRules, Product
from app.domain.vat_rules import PlaceRule, VatCode, VatRate, VatRule, VatSeries
from tests.unit.domain.places import (
    METZ,
    ROOM_PROFILES,
    changed,
    charter_card,
    charter_content,
    faults_of,
)

STANDARD = VatRule(VatCode.STANDARD, PlaceRule.GENERAL)
GIFT = {"right": "days", "amount": 10, "families": ["seats"], "months": 12}
KINDS = " ".join(SpaceKind)
FAMILIES = " ".join(Family)
CODES = " ".join(VatCode)
PLACES = " ".join(PlaceRule)
FACTOR = 'a number such as "0.85", in quotes, not negative'


def test_a_row_is_read_field_by_field() -> None:
    rows = charter_card().rows
    assert rows["meeting_6"] == Row(
        "meeting_6",
        Family.ROOMS,
        frozenset({SpaceKind.MEETING_ROOM}),
        capacity=6,
        per_person=False,
        hour=1500,
        half_day=4500,
        day=7500,
        evening=6000,
    )
    assert (rows["seat"].per_person, rows["seat"].capacity, rows["seat"].hour) == (True, None, None)
    assert (rows["laser"].kinds, rows["laser"].half_day) == (frozenset(), None)
    own = changed("rows.seat.vat", "reduced")
    own["rows"]["seat"]["place"] = "cafe"
    assert rate_card_from(own).rows["seat"].vat == VatRule(VatCode.REDUCED, PlaceRule.CAFE)


def test_a_product_and_its_gifts_are_read_field_by_field() -> None:
    gifts = [
        GIFT | {"kinds": ["seat"]},
        {"right": "pieces", "amount": 3, "families": ["services"], "months": 1, "product": "print"},
        {"right": "unlimited", "families": ["seats", "rooms"], "months": 6},
    ]
    content = charter_content()
    content["products"]["ten_days"] |= {"gives": gifts, "resident": True, "roaming": "5.00"}
    card = rate_card_from(content)
    assert card.product("ten_days") == Product(
        "ten_days",
        Family.SEATS,
        15000,
        "pack",
        factor=Decimal("0.85"),
        gives=(
            Gift(
                RightKind.DAYS,
                frozenset({Family.SEATS}),
                12,
                amount=10,
                kinds=frozenset({SpaceKind.SEAT}),
            ),
            Gift(RightKind.PIECES, frozenset({Family.SERVICES}), 1, amount=3, product="print"),
            Gift(RightKind.UNLIMITED, frozenset({Family.SEATS, Family.ROOMS}), 6),
        ),
        resident=True,
        roaming=500,
    )
    assert card.product("print") == Product("print", Family.SERVICES, 10, "page")


def test_the_hours_and_the_stages_are_read_field_by_field() -> None:
    card = charter_card()
    assert card.time == TimeRules(
        half_day_minutes=240,
        day_ends=18 * 60,
        evening_ends=23 * 60,
        late_from=18 * 60 + 30,
        late=Decimal("1.25"),
        saturday=Decimal("1.25"),
        sunday=Decimal("1.50"),
    )
    stages = ((12, Decimal("0.50")), (12, Decimal("0.75")), (12, Decimal("1.00")))
    assert card.offices == OfficeRules(400, stages)
    assert rate_card_from(changed("offices", None)).offices is None


def test_what_costs_nothing_is_read_as_costing_nothing() -> None:
    content = changed("products.print.price", "0.00")
    content["offices"]["charges_per_m2"] = "0"
    content["rows"]["seat"] |= {"half_day": "0", "day": "0.0"}
    card = rate_card_from(content)
    assert card.product("print").base == 0
    assert card.offices is not None
    assert card.offices.charges_per_m2 == 0
    assert (card.rows["seat"].half_day, card.rows["seat"].day) == (0, 0)


def test_a_family_is_read_with_tax_coefficient_and_profiles() -> None:
    families = charter_card().families
    profiles = {Profile(name): Decimal(factor) for name, factor in ROOM_PROFILES.items()}
    rooms = VatRule(VatCode.STANDARD, PlaceRule.IMMOVABLE)
    assert families[Family.ROOMS] == FamilyRules(rooms, True, profiles)
    assert families[Family.MACHINES] == FamilyRules(STANDARD, False, {})
    assert list(families) == [family for family in Family if family in families]


def test_the_card_itself_is_read_field_by_field() -> None:
    site = METZ | {"rent_source": "Domaine", "rent_dated": "2025-03-31", "free": ["seats"]}
    rates = VatSeries([VatRate(VatCode.STANDARD, date(2014, 1, 1), Decimal(19))])
    content = charter_content(site) | {"currency": "CHF"}
    card = rate_card_from(content, rates)
    assert (card.version, card.effective_on) == (3, date(2026, 1, 1))
    assert (card.deliberation, card.currency) == ("Charter of the network", "CHF")
    assert (card.coefficient, card.reason, card.reference_rent) == (Decimal("1.00"), None, 15000)
    assert (card.rent_source, card.rent_dated) == ("Domaine", date(2025, 3, 31))
    assert (card.free, card.rates) == (frozenset({Family.SEATS}), rates)
    assert card.formula == CoefficientFormula(Decimal("0.5"), Decimal(150), Decimal("0.05"))
    plain = charter_card()
    assert (plain.currency, plain.rent_source, plain.rent_dated) == ("EUR", None, None)


def test_a_coefficient_by_hand_needs_no_rent_and_a_formula_rounds_halves_up() -> None:
    by_hand: RateCard = charter_card({"coefficient": "1.10", "reason": "a decision"})
    assert (by_hand.coefficient, by_hand.reason) == (Decimal("1.10"), "a decision")
    assert by_hand.reference_rent is None
    # 1 + 0.5 × (97.50 / 150 - 1) is 0.825, which is 16 steps of 0.05 and a half
    assert charter_card({"reference_rent": "97.50"}).coefficient == Decimal("0.85")


@pytest.mark.parametrize(
    ("path", "value", "faults"),
    [
        ("site", None, ["site: missing; a table", "site.reference_rent: {needed}"]),
        ("site.reference_rent", None, ["site.reference_rent: {needed}"]),
        ("site.reason", "because", ["site.reason: a reason belongs to a coefficient set by hand"]),
        ("site.coefficient", "1.10", ["site.reason: missing; a text"]),
        ("site.free", ["pool"], [f"site.free: ['pool'] is not a list of {FAMILIES}"]),
        ("site.rent_source", " ", ["site.rent_source: ' ' is not a text"]),
        ("site.rent_dated", "x", ["site.rent_dated: 'x' is not a date such as 2026-01-01"]),
        ("site.rents", "1", ["site.rents: unknown key"]),
        ("families.cafes", {}, [f"families.cafes: not one of {FAMILIES}"]),
        (
            "families.rooms.profiles.genius",
            "0.10",
            ["families.rooms.profiles.genius: not a tariff profile"],
        ),
        (
            "families.rooms.profiles.small_business",
            "0.90",
            ["families.rooms.profiles.small_business: the base counts 1"],
        ),
        ("families.rooms.profile", {}, ["families.rooms.profile: unknown key"]),
        ("families.seats.vat", "20", [f"families.seats.vat: '20' is not one of {CODES}"]),
        ("families.seats.place", None, [f"families.seats.place: missing; one of {PLACES}"]),
        (
            "families.seats.vat",
            "reverse_charge",
            ["families.seats.vat: the customer makes it a reverse charge, not the card"],
        ),
        (
            "families.machines",
            {},
            [
                f"families.machines.vat: missing; one of {CODES}",
                f"families.machines.place: missing; one of {PLACES}",
            ],
        ),
        ("rows.seat.vat", "standard", [f"rows.seat.place: missing; one of {PLACES}"]),
        ("rows.seat.place", "general", [f"rows.seat.vat: missing; one of {CODES}"]),
        ("rows.seat.family", "pools", [f"rows.seat.family: 'pools' is not one of {FAMILIES}"]),
        ("rows.seat.kinds", ["pool"], [f"rows.seat.kinds: ['pool'] is not a list of {KINDS}"]),
        ("rows.seat.capacity", 0, ["rows.seat.capacity: 0 is not a whole number above zero"]),
        ("rows.seat.per_person", 1, ["rows.seat.per_person: 1 is not true or false"]),
        ("rows.seat.week", "1.00", ["rows.seat.week: unknown key"]),
        ("rows", {}, ["rows: a card sells at least one kind of place"]),
        ("products.print.unit", "dozen", ["products.print.unit: one of {units}"]),
        ("products.print.cost", "1", ["products.print.cost: unknown key"]),
        ("products.print.factor", "x", [f"products.print.factor: 'x' is not {FACTOR}"]),
        ("products.print.resident", 1, ["products.print.resident: 1 is not true or false"]),
        (
            "products.ten_days.gives",
            [GIFT | {"families": []}],
            ["products.ten_days.gives.0.families: names at least one family"],
        ),
        (
            "products.ten_days.gives",
            [GIFT, GIFT | {"right": "unlimited"}],
            ["products.ten_days.gives.1.amount: unknown key"],
        ),
        (
            "products.ten_days.gives",
            [GIFT | {"right": "pieces"}],
            ["products.ten_days.gives.0.product: missing; a text"],
        ),
        (
            "products.ten_days.gives",
            [GIFT | {"product": "print"}],
            ["products.ten_days.gives.0.product: unknown key"],
        ),
        ("time.evening", ["19:00", "23:00"], ["time.evening: {evening}"]),
        ("time.late_from", "17:59", ["time.late_from: {late}"]),
        ("time.late_from", "23:01", ["time.late_from: {late}"]),
        ("time.half_day_minutes", 1441, ["time.half_day_minutes: beyond all measure"]),
        ("time.late", "0.99", ["time.late: a time costs no less than the plain one"]),
        ("time.saturday", "0.99", ["time.saturday: a time costs no less than the plain one"]),
        ("time.sunday", "0.99", ["time.sunday: a time costs no less than the plain one"]),
        ("time.saturday", None, [f"time.saturday: missing; {FACTOR}"]),
        ("time.monday", "1.00", ["time.monday: unknown key"]),
        ("offices.rent", "1.00", ["offices.rent: unknown key"]),
        ("families.offices", None, ["offices: needs the table families.offices"]),
        (
            "offices.stages",
            [{"months": 1, "share": "1", "m2": 1}],
            ["offices.stages.0.m2: unknown key"],
        ),
        ("rows.seat", {"family": "seats"}, ["rows.seat: {sells}"]),
        ("vat", {"seats": "19.6"}, ["vat.seats: not a rate of French VAT"]),
        ("vat", {"seats": "20", "cafes": "10"}, ["vat.cafes: unknown key"]),
        ("currency", "", ["currency: '' is not a text"]),
        ("coefficient", {"rent_share": "1", "step": "1", "reference_rent": "0"}, ["{zero}"]),
        ("typing_eror", 1, ["typing_eror: unknown key"]),
    ],
)
def test_each_rule_of_a_card_is_refused_in_its_own_words(
    path: str, value: object, faults: list[str]
) -> None:
    words = {
        "needed": "needed, or a coefficient set by hand",
        "units": "month pack page time year",
        "evening": "the evening begins where the day ends",
        "late": "late hours begin between the end of the day and of the evening",
        "sells": "a row sells hours, half-days, days or evenings",
        "zero": "coefficient.reference_rent: above zero",
    }
    assert faults_of(changed(path, value)) == [fault.format(**words) for fault in faults]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("time.half_day_minutes", 1440),
        ("time.late_from", "18:00"),
        ("time.late_from", "23:00"),
        ("time.late", "1"),
        ("families.rooms.profiles.small_business", "1.00"),
        ("coefficient", {"rent_share": "1.00", "reference_rent": "0.01", "step": "0.01"}),
        ("vat", {"seats": "10"}),
    ],
)
def test_a_card_at_the_edge_of_a_rule_is_read(path: str, value: object) -> None:
    assert rate_card_from(changed(path, value)).version == 3


def test_two_rows_price_the_same_place_only_if_kind_and_capacity_are_the_same() -> None:
    content = charter_content()
    both = ["videoconference", "meeting_room"]
    content["rows"]["other"] = content["rows"]["meeting_12"] | {"kinds": both}
    assert faults_of(content) == [
        "rows.other: prices the same meeting_room as meeting_12",
        "rows.other: prices the same videoconference as video_12",
    ]
    content["rows"]["other"] |= {"capacity": 13}
    assert set(rate_card_from(content).rows) >= {"other", "meeting_12", "video_12"}


def test_a_row_for_any_capacity_is_taken_only_where_no_other_is_large_enough() -> None:
    content = charter_content()
    content["rows"]["a_room"] = {"family": "rooms", "kinds": ["meeting_room"], "hour": "99.00"}
    card = rate_card_from(content)
    rows = [card.row_for(SpaceKind.MEETING_ROOM, people).name for people in (6, 12, 13)]
    assert rows == ["meeting_6", "meeting_12", "a_room"]


def test_a_card_of_2026_needs_no_families() -> None:
    content = charter_content() | {"vat": dict.fromkeys(Family, "20")}
    del content["families"]
    families = rate_card_from(content).families
    assert set(families) == set(Family)
    assert all(rules.profiles == {} for rules in families.values())


def test_an_old_per_cent_stands_where_a_family_says_no_code() -> None:
    content = changed("families.machines", None)
    del content["families"]["seats"]["vat"], content["families"]["seats"]["place"]
    content["vat"] = {"machines": "5.5", "seats": "10", "rooms": "2.1"}
    families = rate_card_from(content).families
    assert families[Family.MACHINES] == FamilyRules(VatRule(VatCode.REDUCED, PlaceRule.IMMOVABLE))
    assert families[Family.SEATS].vat == VatRule(VatCode.INTERMEDIATE, PlaceRule.IMMOVABLE)
    assert families[Family.SEATS].profiles == charter_card().families[Family.SEATS].profiles
    assert families[Family.ROOMS].vat == VatRule(VatCode.STANDARD, PlaceRule.IMMOVABLE)


@pytest.mark.parametrize("row", [None, "no_such_row"])
def test_what_a_card_does_not_sell_is_told_by_its_name(row: str | None) -> None:
    with pytest.raises(NoPrice) as refusal:
        charter_card().row_for(SpaceKind.CAFE, 8, row)
    assert (refusal.value.kind, refusal.value.capacity) == (SpaceKind.CAFE, 8)
    with pytest.raises(UnknownProduct) as unknown:
        charter_card().product("pool")
    assert unknown.value.product == "pool"


TIER = {"hours": 48, "percent": 50}


@pytest.mark.parametrize(
    ("path", "value", "faults"),
    [
        (
            "terms.tiers",
            [TIER, TIER],
            ["terms.tiers: the longest notice comes first, each once"],
        ),
        (
            "terms.tiers",
            [TIER, {"hours": 24, "percent": 51}],
            ["terms.tiers: a shorter notice gives no more back"],
        ),
        (
            "terms.tiers",
            [{"hours": 48, "percent": 101}],
            ["terms.tiers.0.percent: no more than everything comes back"],
        ),
        ("terms.free_minutes", 0, ["terms.free_minutes: 0 is not a whole number above zero"]),
        ("no_shows.strikes", 0, ["no_shows.strikes: 0 is not a whole number above zero"]),
        ("no_shows.days", 1, ["no_shows.days: unknown key"]),
        ("no_shows.within_days", None, ["no_shows.within_days: missing; {number}"]),
        ("no_shows.suspended_days", None, ["no_shows.suspended_days: missing; {number}"]),
        ("families.seats.terms", {"tiers": []}, ["families.seats.terms.tiers: {list}"]),
    ],
)
def test_each_rule_of_the_terms_is_refused_in_its_own_words(
    path: str, value: object, faults: list[str]
) -> None:
    words = {"number": "a whole number above zero", "list": "[] is not a list of tables"}
    assert faults_of(changed(path, value)) == [fault.format(**words) for fault in faults]


def test_terms_at_the_edge_are_read_and_without_any_all_comes_back() -> None:
    content = changed("terms", {"tiers": [TIER | {"percent": 100}, {"hours": 1, "percent": 100}]})
    del content["no_shows"]
    card = rate_card_from(content)
    assert card.terms == Terms((Tier(48, 100), Tier(1, 100)), free_minutes=0)
    assert card.strikes == NO_STRIKES
    without = changed("terms", None)
    del without["families"]["seats"]["terms"]
    plain = rate_card_from(without)
    assert plain.terms == plain.terms_of(Family.SEATS) == FREE_UNTIL_START
