"""A fault that would show at the desk is refused at publishing, with the exact place."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import BadRateCard
from app.domain.tariffs import rate_card_from, unsound
from app.domain.vat_rules import VatCode, VatRate, VatSeries
from tests.unit.domain.places import METZ, TERMS, THIONVILLE, changed, charter_card, charter_content

RATES = VatSeries([VatRate(VatCode.STANDARD, date(2026, 6, 1), Decimal(20))])


def test_the_charter_has_nothing_against_it() -> None:
    assert unsound(charter_card()) == ()


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("effective_on", "2101-01-01", "effective_on: not between 2014 and 2100"),
        ("site.reference_rent", "0.00", "site.reference_rent: above zero"),
        (
            "families.rooms.profiles.resident",
            None,
            'families.rooms.profiles.resident: missing; "1.00" where it changes nothing',
        ),
        (
            "families.seats.profiles.large_company",
            None,
            'families.seats.profiles.large_company: missing; "1.00" where it changes nothing',
        ),
        (
            "rows.meeting_6.hour",
            "999999.99",
            "rows.meeting_6.hour: more than can be written down for a day",
        ),
        ("rows.seat.day", "99999.99", "rows.seat.day: more than can be written down for a day"),
        ("products.print.price", "13333.34", "products.print.price: more than can be written down"),
        ("offices.stages.2.share", "1.01", "offices.stages.2.share: more than the whole rent"),
        (
            "products.locker.gives",
            [
                {
                    "right": "pieces",
                    "amount": 5,
                    "product": "tea",
                    "families": ["services"],
                    "months": 1,
                }
            ],
            "products.locker.gives.0.product: tea is not on the card",
        ),
    ],
)
def test_one_fault_is_told_by_its_key_path(path: str, value: object, fault: str) -> None:
    assert unsound(rate_card_from(changed(path, value))) == (fault,)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("effective_on", "2100-12-31"),
        ("effective_on", "2014-01-01"),
        ("site.reference_rent", "0.01"),
        ("offices.stages.2.share", "1"),
        ("products.print.price", "13333.33"),
        ("rows.hall_80.evening", "9523809.52"),  # times 1.50 and 1.40: 20 million euros, just
        (
            "products.locker.gives",
            [
                {
                    "right": "pieces",
                    "amount": 5,
                    "product": "print",
                    "families": ["services"],
                    "months": 1,
                }
            ],
        ),
    ],
)
def test_what_is_just_within_bounds_is_let_through(path: str, value: object) -> None:
    assert unsound(rate_card_from(changed(path, value))) == ()


def test_a_row_that_sells_evenings_only_leaves_the_day_without_a_price() -> None:
    content = changed("rows.hall_80.day", None)
    del content["rows"]["hall_80"]["half_day"]
    fault = "rows.hall_80.hour: nothing is sold before the end of the day"
    assert unsound(rate_card_from(content)) == (fault,)


def test_a_coefficient_of_zero_is_refused_in_favour_of_naming_what_is_free() -> None:
    content = charter_content({"coefficient": "0", "reason": "a gift"})
    fault = "site.coefficient: above zero, or everything would be free"
    assert unsound(rate_card_from(content)) == (fault,)


def test_a_card_that_begins_before_its_tax_is_known_is_refused_where_the_tax_stands() -> None:
    content = charter_content()
    content["products"]["locker"] |= {"vat": "reduced", "place": "cafe"}
    early = set(unsound(rate_card_from(content, RATES)))
    assert "families.seats.vat: no rate of standard is known on 2026-01-01" in early
    assert "families.offices.vat: no rate of standard is known on 2026-01-01" in early
    assert "products.locker.vat: no rate of reduced is known on 2026-01-01" in early
    late = rate_card_from(content | {"effective_on": "2026-06-01"}, RATES)
    assert unsound(late) == ("products.locker.vat: no rate of reduced is known on 2026-06-01",)


@pytest.mark.parametrize("day", ["2027-02-29", "2100-02-29", "2026-13-01"])
def test_a_day_that_does_not_exist_is_no_day_of_effect(day: str) -> None:
    with pytest.raises(BadRateCard) as refusal:
        rate_card_from(charter_content() | {"effective_on": day})
    assert refusal.value.faults[0].startswith("effective_on: ")
    assert rate_card_from(charter_content() | {"effective_on": "2028-02-29"}).effective_on


@pytest.mark.parametrize(
    ("site", "path", "most", "too_much"),
    [
        # Sundays count 1.50 and large companies 1.40; 24 hours or six half-days make a day.
        (METZ, "rows.meeting_6.hour", "396825.39", "396825.40"),
        (METZ, "rows.meeting_6.half_day", "1587301.58", "1587301.59"),
        (METZ, "rows.meeting_6.day", "9523809.52", "9523809.53"),
        (THIONVILLE, "rows.meeting_6.day", "8658008.65", "8658008.66"),
        (THIONVILLE, "rows.laser.hour", "555555.55", "555555.56"),  # neither site nor profile
        (METZ, "products.ten_days.price", "11204.48", "11204.49"),  # times 0.85
    ],
)
def test_the_most_a_price_may_be_follows_from_its_dearest_factors(
    site: dict[str, object], path: str, most: str, too_much: str
) -> None:
    assert unsound(rate_card_from(changed(path, most) | {"site": dict(site)})) == ()
    (fault,) = unsound(rate_card_from(changed(path, too_much) | {"site": dict(site)}))
    assert fault.startswith(f"{path}: more than can be written down")


def test_the_largest_amount_itself_can_be_written_down() -> None:
    content = changed("rows.laser.day", "16000000.00")
    content["time"]["sunday"] = "1.25"
    assert unsound(rate_card_from(content)) == ()


def test_a_card_without_offices_has_nothing_against_it() -> None:
    assert unsound(rate_card_from(changed("offices", None))) == ()


def test_the_tax_of_a_row_is_told_where_it_stands() -> None:
    content = charter_content() | {"effective_on": "2026-06-01"}
    content["rows"]["seat"] |= {"vat": "reduced", "place": "cafe"}
    fault = "rows.seat.vat: no rate of reduced is known on 2026-06-01"
    assert unsound(rate_card_from(content, RATES)) == (fault,)


def test_a_shorter_half_day_is_sold_more_often_in_a_day() -> None:
    content = changed("time.half_day_minutes", 200)  # eight of them, the last one begun
    content["rows"]["meeting_6"]["half_day"] = "1190476.19"
    assert unsound(rate_card_from(content)) == ()
    content["rows"]["meeting_6"]["half_day"] = "1190476.20"
    fault = "rows.meeting_6.half_day: more than can be written down for a day"
    assert unsound(rate_card_from(content)) == (fault,)


@pytest.mark.parametrize(
    ("path", "most", "too_much"),
    [
        ("time.half_day_minutes", 60, 59),
        ("time.half_day_minutes", 1080, 1081),  # the day ends at 18:00
        ("site.reference_rent", "5000.00", "5000.01"),
        ("offices.charges_per_m2", "100.00", "100.01"),
        ("offices.stages.0.months", 1188, 1189),
        ("terms.free_minutes", 527_040, 527_041),
        ("terms.tiers.0.hours", 8784, 8785),
        ("families.rooms.terms.free_minutes", 527_040, 527_041),
        ("families.rooms.terms.tiers.0.hours", 8784, 8785),
        ("no_shows.within_days", 3660, 3661),
        ("no_shows.suspended_days", 3660, 3661),
        ("products.ten_days.gives.0.months", 120, 121),
        ("products.ten_days.gives.0.amount", 2_000_000_000, 2_000_000_001),
    ],
)
def test_a_number_that_no_calendar_or_column_holds_is_refused_where_it_stands(
    path: str, most: object, too_much: object
) -> None:
    assert unsound(rate_card_from(changed(path, most, _with_terms_of_rooms()))) == ()
    found = unsound(rate_card_from(changed(path, too_much, _with_terms_of_rooms())))
    assert found == (f"{path}: beyond all measure",)


def _with_terms_of_rooms() -> dict[str, Any]:
    return changed("families.rooms.terms", deepcopy(TERMS))


def test_what_is_owed_for_a_visit_fits_into_its_column() -> None:
    assert unsound(rate_card_from(changed("products.month_any_seat.roaming", "20000000.00"))) == ()
    found = unsound(rate_card_from(changed("products.month_any_seat.roaming", "20000000.01")))
    assert found == ("products.month_any_seat.roaming: more than can be written down",)


def test_a_card_is_in_the_money_of_leases_rights_and_aid() -> None:
    found = unsound(rate_card_from(charter_content() | {"currency": "CHF"}))
    assert found == ("currency: leases, rights and aid are counted in EUR",)
