"""The golden vectors of the rate card, to the cent, and its tables read line by line."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import NoPrice, UnknownProduct
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import (
    Asked,
    CoefficientFormula,
    LineCode,
    part_of_month,
    quote,
    quote_office,
    quote_product,
    site_coefficient,
)
from tests.unit.domain.places import (
    EPINAL,
    METZ,
    MONDAY,
    ROOM_PROFILES,
    SATURDAY,
    SEAT_PROFILES,
    SUNDAY,
    THIONVILLE,
    TROISIEME_LIEU,
    amounts,
    charter_card,
    euros,
    hall_calendar,
    ordinary_calendar,
    room_quote,
    span,
)

STARTUP = (Profile.STARTUP_UNDER_3,)


def test_vector_1_a_month_any_seat_in_thionville_for_a_startup_under_three() -> None:
    priced = quote_product(charter_card(THIONVILLE), "month_any_seat", on=MONDAY, profiles=STARTUP)
    assert priced.net == Money(12375)


def test_vector_2_the_room_for_a_day_for_a_resident() -> None:
    priced = room_quote("08:30-18:00", profile=Profile.RESIDENT)
    assert priced.net == Money(9800)
    assert priced.gross == Money(11760)


def test_vector_3_the_conference_hall_on_a_saturday_evening() -> None:
    priced = room_quote(
        "18:00-23:00",
        day=SATURDAY,
        kind=SpaceKind.CONFERENCE,
        capacity=80,
        calendar=hall_calendar(),
    )
    assert priced.net == Money(37500)
    assert priced.gross == Money(45000)
    assert priced.lines[0].facts["time"] == "saturday"


def test_vector_4_the_room_for_half_a_day_for_a_large_company() -> None:
    priced = room_quote("08:30-12:30", profile=Profile.LARGE_COMPANY)
    assert priced.net == Money(11200)
    assert priced.gross == Money(13440)


def test_vector_5_ten_days_in_metz_for_a_startup_under_three() -> None:
    pack = quote_product(charter_card(METZ), "ten_days", on=MONDAY, profiles=STARTUP)
    assert pack.net == Money(9563)


def test_vector_6_an_office_from_the_twelfth_to_the_end_of_november() -> None:
    first, last = date(2027, 11, 12), date(2027, 11, 30)
    assert 22500 * part_of_month(first, last) == 14250
    priced = quote_office(charter_card(METZ), Decimal(18), tenancy_month=25, first=first, last=last)
    rent, charges = priced.lines
    assert rent.amount == Money(14250)
    assert charges.amount == Money(7200 * 19 // 30)


def test_vector_7_ten_half_days_in_metz_for_a_startup_under_three() -> None:
    pack = quote_product(charter_card(METZ), "ten_half_days", on=MONDAY, profiles=STARTUP)
    assert pack.net == Money(5738)


def test_vector_8_ten_days_in_epinal_for_a_startup_under_three() -> None:
    pack = quote_product(charter_card(EPINAL), "ten_days", on=MONDAY, profiles=STARTUP)
    assert pack.net == Money(8128)


def test_vector_9_five_hours_in_the_day_are_half_a_day_and_an_hour() -> None:
    priced = room_quote("09:00-14:00")
    assert priced.net == Money(10500)
    assert [line.code for line in priced.lines] == [LineCode.HALF_DAY, LineCode.HOUR]


def test_vector_10_two_hours_around_the_end_of_the_day_make_three_lines() -> None:
    priced = room_quote("17:00-19:00")
    assert amounts(priced) == [Decimal("25.00"), Decimal("12.50"), Decimal("15.63")]
    assert priced.net == Money(5313)
    assert [line.facts["time"] for line in priced.lines] == ["plain", "plain", "late"]


@pytest.mark.parametrize(
    ("rent", "coefficient"),
    [("150", "1.00"), ("144", "1.00"), ("156", "1.00"), ("108", "0.85"), ("165", "1.05")],
)
def test_the_coefficient_of_a_site_follows_from_its_rent(rent: str, coefficient: str) -> None:
    assert site_coefficient(Decimal(rent)) == Decimal(coefficient)


def test_another_formula_of_the_charter_gives_another_coefficient() -> None:
    formula = CoefficientFormula(Decimal("0.4"), Decimal(120), Decimal("0.02"))
    assert site_coefficient(Decimal(150), formula) == Decimal("1.10")


@pytest.mark.parametrize(
    ("kind", "capacity", "hour", "half_day", "day", "evening"),
    [
        (SpaceKind.MEETING_ROOM, 4, 15, 45, 75, 60),
        (SpaceKind.MEETING_ROOM, 6, 15, 45, 75, 60),
        (SpaceKind.MEETING_ROOM, 7, 25, 80, 140, 110),
        (SpaceKind.MEETING_ROOM, 12, 25, 80, 140, 110),
        (SpaceKind.VIDEOCONFERENCE, 12, 30, 100, 170, 130),
        (SpaceKind.TRAINING, 24, 40, 140, 240, 190),
        (SpaceKind.CONFERENCE, 80, 250, 250, 420, 300),
        (SpaceKind.DEMO, 40, 250, 250, 420, 300),
        (SpaceKind.STUDIO, 3, 20, 60, 100, None),
    ],
)
def test_a_room_takes_the_row_of_its_kind_with_the_nearest_capacity_above(
    kind: SpaceKind, capacity: int, hour: int, half_day: int, day: int, evening: int | None
) -> None:
    def asks(hours: str) -> Decimal:
        calendar = hall_calendar()
        return euros(room_quote(hours, kind=kind, capacity=capacity, calendar=calendar).net.minor)

    assert asks("09:00-10:00") == hour
    assert asks("09:00-13:00") == half_day
    assert asks("08:00-18:00") == day
    if evening is not None:
        assert asks("18:00-23:00") == evening


def test_a_room_larger_than_every_row_of_its_kind_has_no_price() -> None:
    with pytest.raises(NoPrice):
        room_quote("09:00-10:00", capacity=13)


@pytest.mark.parametrize("profile", list(Profile))
def test_each_profile_has_its_coefficient_by_family(profile: Profile) -> None:
    card = charter_card()
    seat = Asked(SpaceKind.SEAT, 1, span(MONDAY, "08:00-18:00"), 1, frozenset({profile}))
    on_seats = Decimal(SEAT_PROFILES.get(profile, "1.00"))
    assert euros(quote(card, seat, ordinary_calendar()).net.minor) == 15 * on_seats
    on_rooms = Decimal(ROOM_PROFILES.get(profile, "1.00"))
    assert euros(room_quote("08:00-18:00", profile=profile).net.minor) == 140 * on_rooms
    laser = Asked(
        SpaceKind.MACHINE, 1, span(MONDAY, "09:00-10:00"), 1, frozenset({profile}), "laser"
    )
    assert quote(card, laser, ordinary_calendar()).net == Money(2000)


def test_neither_site_nor_profile_touches_machines_and_services() -> None:
    card = charter_card(THIONVILLE)
    assert quote_product(card, "locker", on=MONDAY, profiles=STARTUP).net == Money(1000)
    assert quote_product(card, "print", on=MONDAY, quantity=37).net == Money(370)
    laser = Asked(SpaceKind.MACHINE, 1, span(MONDAY, "09:00-10:30"), row="laser")
    assert quote(card, laser, ordinary_calendar()).net == Money(3000)


def test_seats_are_counted_by_person() -> None:
    priced = room_quote("09:00-12:00", kind=SpaceKind.SEAT, capacity=30, people=3)
    assert priced.net == Money(2700)


def test_seats_are_not_sold_after_six() -> None:
    with pytest.raises(NoPrice) as refusal:
        room_quote("14:00-19:00", kind=SpaceKind.SEAT, capacity=30)
    evening = span(MONDAY, "18:00-19:00")
    assert (refusal.value.starts_at, refusal.value.ends_at) == (evening.start, evening.end)


def test_public_seats_of_the_third_place_are_free_at_any_hour() -> None:
    priced = room_quote("14:00-19:00", kind=SpaceKind.SEAT, capacity=30, site=TROISIEME_LIEU)
    assert priced.net == priced.gross == Money(0)
    assert [line.code for line in priced.lines] == [LineCode.FREE]
    room = room_quote("09:00-10:00", site=TROISIEME_LIEU)
    assert room.net == Money(2750)


def test_saturday_costs_a_quarter_more_once_even_late() -> None:
    calendar = hall_calendar()
    priced = room_quote("17:00-19:00", day=SATURDAY, calendar=calendar)
    assert amounts(priced) == [Decimal("31.25"), Decimal("31.25")]
    assert {line.facts["time"] for line in priced.lines} == {"saturday"}


def test_the_evening_package_contains_the_late_hours() -> None:
    priced = room_quote("18:00-23:00", calendar=hall_calendar())
    assert amounts(priced) == [Decimal("110.00")]
    assert priced.lines[0].facts["time"] == "plain"


def test_sundays_and_holidays_cost_half_more_instead() -> None:
    holiday = ordinary_calendar(holidays={SATURDAY: "Saturday feast"})
    assert room_quote("09:00-10:00", day=SUNDAY).net == Money(3750)
    priced = room_quote("09:00-10:00", day=SATURDAY, calendar=holiday)
    assert priced.net == Money(3750)
    assert priced.lines[0].facts["time"] == "holiday"


def test_an_office_climbs_to_the_reference_rent_in_three_years() -> None:
    def rent(month: int) -> Money:
        priced = quote_office(
            charter_card(METZ),
            Decimal(18),
            tenancy_month=month,
            first=date(2027, 4, 1),
            last=date(2027, 4, 30),
        )
        assert priced.lines[1].amount == Money(7200)
        return priced.lines[0].amount

    stages = [rent(month).minor for month in (1, 12, 13, 24, 25, 36)]
    assert stages == [11250, 11250, 16875, 16875, 22500, 22500]
    with pytest.raises(NoPrice):
        rent(37)


def test_an_office_in_metz_costs_the_published_month_in_its_first_year() -> None:
    first, last = date(2027, 4, 1), date(2027, 4, 30)
    priced = quote_office(charter_card(METZ), Decimal(18), tenancy_month=1, first=first, last=last)
    assert (priced.net, priced.gross) == (Money(18450), Money(22140))


def test_a_part_of_a_month_stays_in_its_month() -> None:
    with pytest.raises(ValueError, match=r"^a part of a month lies in one month$"):
        part_of_month(date(2027, 11, 12), date(2027, 12, 1))


def test_a_product_that_is_not_on_the_card_is_unknown() -> None:
    with pytest.raises(UnknownProduct):
        quote_product(charter_card(), "pool", on=MONDAY)
