"""A rate card is read from data, and every fault in it is told at once with its key path."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.tariffs import Family, rate_card_from
from app.domain.vat_rules import PlaceRule, VatCode, VatRule
from tests.unit.domain.places import (
    TROISIEME_LIEU,
    changed,
    charter_card,
    charter_content,
    faults_of,
)

GIFT = {"right": "days", "amount": 10, "families": ["seats"], "months": 12}


def broken(path: str, value: object) -> list[str]:
    """The faults of the charter's content with one value replaced, or removed if None."""
    return faults_of(changed(path, value))


def test_the_charter_reads_without_a_fault() -> None:
    card = charter_card(TROISIEME_LIEU)
    assert (card.version, card.effective_on) == (3, date(2026, 1, 1))
    assert (card.coefficient, card.reason) == (Decimal("1.10"), "aligned on the offer next door")
    assert card.free == {Family.SEATS}
    assert len(card.rows) == 8


def test_a_date_of_toml_is_read_as_well_as_a_text() -> None:
    content = charter_content() | {"effective_on": date(2027, 1, 1)}
    assert rate_card_from(content).effective_on == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rows.meeting_6.hour", "-15.00"),
        ("rows.meeting_6.hour", 15.0),
        ("rows.meeting_6.hour", 15),
        ("rows.meeting_6.hour", "15.005"),
        ("rows.meeting_6.hour", "NaN"),
        ("rows.meeting_6.capacity", 0),
        ("rows.meeting_6.kinds", ["ballroom"]),
        ("rows.meeting_6.family", "ballrooms"),
        ("rows.meeting_6.per_person", "yes"),
        ("rows.meeting_6.hours", "15.00"),
        ("families.rooms.profiles.genius", "0.10"),
        ("families.rooms.profiles.student", "1e9"),
        ("families.rooms.profiles.small_business", "0.90"),
        ("families.cafes", {}),
        ("products.ten_days.unit", "dozen"),
        ("products.ten_days.price", None),
        ("products.ten_days.factor", 0.85),
        ("families.seats.vat", "20"),
        ("families.seats.vat", "reverse_charge"),
        ("families.seats.vat", None),
        ("families.seats.place", "moon"),
        ("rows.meeting_6.vat", "standard"),
        ("products.ten_days.place", "general"),
        ("products.ten_days.gives", []),
        ("products.ten_days.gives", [GIFT | {"right": "lunches"}]),
        ("products.ten_days.gives", [GIFT | {"amount": 0}]),
        ("products.ten_days.gives", [GIFT | {"months": -1}]),
        ("products.ten_days.gives", [GIFT | {"families": []}]),
        ("products.ten_days.gives", [GIFT | {"right": "unlimited"}]),
        ("products.ten_days.gives", [GIFT | {"right": "pieces"}]),
        ("vat", {"seats": "twenty"}),
        ("vat", {"seats": "19.6"}),
        ("vat", {"cafes": "10"}),
        ("time.late", "0.75"),
        ("time.day_ends", "25:00"),
        ("time.evening", ["19:00", "23:00"]),
        ("time.evening", ["23:00", "18:00"]),
        ("time.evening", "18:00"),
        ("time.late_from", "23:30"),
        ("time.half_day_minutes", 0),
        ("time", None),
        ("site", None),
        ("site.reference_rent", None),
        ("site.coefficient", "1.10"),
        ("site.reason", "because"),
        ("site.free", ["lunches"]),
        ("site", "metz"),
        ("version", True),
        ("version", None),
        ("effective_on", "soon"),
        ("deliberation", " "),
        ("offices.stages", []),
        ("offices.charges_per_m2", None),
        ("rows", {}),
        ("typing_eror", 1),
    ],
)
def test_one_wrong_value_is_told_by_its_key_path(path: str, value: object) -> None:
    faults = broken(path, value)
    top = path.split(".")[0]
    assert any(fault.startswith(top) for fault in faults), faults


def test_all_faults_are_told_at_once() -> None:
    content = charter_content()
    content["rows"]["seat"]["day"] = "-1"
    content["rows"]["meeting_6"]["kinds"] = "meeting_room"
    content["families"]["seats"]["profiles"]["genius"] = "0.1"
    content["version"] = 0
    assert [fault.split(":")[0] for fault in faults_of(content)] == [
        "families.seats.profiles.genius",
        "version",
        "rows.seat.day",
        "rows.meeting_6.kinds",
    ]


def test_a_row_must_sell_something() -> None:
    content = charter_content()
    content["rows"]["empty"] = {"family": "rooms", "kinds": []}
    assert faults_of(content) == ["rows.empty: a row sells hours, half-days, days or evenings"]


def test_two_rows_may_not_price_the_same_place() -> None:
    content = charter_content()
    content["rows"]["other"] = dict(content["rows"]["meeting_6"])
    assert faults_of(content) == ["rows.other: prices the same meeting_room as meeting_6"]


def test_a_family_without_a_rate_of_tax_cannot_be_sold() -> None:
    content = charter_content()
    del content["families"]["studios"]
    assert faults_of(content) == ["rows.studio.family: studios has no table in families"]


def test_a_row_or_product_may_bear_another_tax_than_its_family() -> None:
    content = charter_content()
    content["products"]["ten_days"] |= {"vat": "reduced", "place": "cafe"}
    card = rate_card_from(content)
    assert card.vat_of(card.product("ten_days")) == VatRule(VatCode.REDUCED, PlaceRule.CAFE)
    assert card.vat_of(card.rows["seat"]) == VatRule(VatCode.STANDARD, PlaceRule.GENERAL)


def test_a_card_of_2026_with_per_cents_by_family_is_still_read() -> None:
    content = charter_content()
    for table in content["families"].values():
        del table["vat"], table["place"]
    del content["families"]["machines"]
    content["vat"] = dict.fromkeys(Family, "20") | {"offices": "0"}
    card = rate_card_from(content)
    everywhere = {rules.vat.place for rules in card.families.values()}
    assert everywhere == {PlaceRule.IMMOVABLE}  # French tax whoever the customer was
    assert card.families[Family.MACHINES].vat.code is VatCode.STANDARD
    assert card.families[Family.OFFICES].vat.code is VatCode.OUTSIDE
    assert card.families[Family.SEATS].profiles == charter_card().families[Family.SEATS].profiles


def test_an_empty_content_is_a_list_of_faults_and_no_crash() -> None:
    faults = faults_of({})
    assert {"version", "effective_on", "time", "site", "rows"} <= {
        fault.split(":")[0] for fault in faults
    }


FORMULA = {"rent_share": "0.40", "reference_rent": "120.00", "step": "0.02"}


def test_the_charter_says_how_a_coefficient_follows_from_a_rent() -> None:
    assert charter_card({"reference_rent": "165.00"}).coefficient == Decimal("1.05")
    site = {"reference_rent": "165.00"}
    card = rate_card_from(charter_content(site) | {"coefficient": FORMULA})
    assert card.coefficient == Decimal("1.16")  # 1 + 0.4 × (165 / 120 - 1) = 1.15, half up
    assert card.formula.reference_rent == 120


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("reference_rent", "0.00", "above zero"),
        ("step", "0.00", "a step of zero rounds nothing"),
        ("rent_share", "1.01", "more than the whole cost"),
        ("floor", "0.85", "unknown key"),
    ],
)
def test_a_formula_that_gives_no_coefficient_is_a_fault(key: str, value: str, fault: str) -> None:
    content = charter_content() | {"coefficient": {**FORMULA, key: value}}
    assert faults_of(content) == [f"coefficient.{key}: {fault}"]


def test_a_formula_says_all_three_figures() -> None:
    faults = faults_of(charter_content() | {"coefficient": {}})
    assert [fault.split(":")[0] for fault in faults] == [
        "coefficient.rent_share",
        "coefficient.step",
        "coefficient.reference_rent",
    ]
