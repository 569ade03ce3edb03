"""Quotes are frozen as JSON and read back the same; wishes the card cannot price are refused."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import NoPrice, OffStep
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile
from app.domain.tariffs import Asked, quote, quote_from_json
from tests.unit.domain.places import (
    MONDAY,
    charter_card,
    hall_calendar,
    ordinary_calendar,
    room_quote,
    span,
    utc,
)


@given(
    st.sampled_from(Profile),
    st.integers(0, 14 * 60 - 1),
    st.integers(1, 60 * 48),
)
def test_a_quote_survives_json_unchanged(profile: Profile, begins: int, minutes: int) -> None:
    start = utc("2027-03-26 07:00") + timedelta(minutes=begins)
    asked = Asked(
        SpaceKind.MEETING_ROOM,
        12,
        Span(start, start + timedelta(minutes=minutes)),
        2,
        frozenset({profile}),
    )
    priced = quote(charter_card(), asked, hall_calendar())
    assert quote_from_json(json.loads(json.dumps(priced.to_json()))) == priced


def test_a_quote_tells_profile_and_version_of_its_card() -> None:
    priced = room_quote("09:00-10:00", profile=Profile.STUDENT)
    assert (priced.profile, priced.card_version) == (Profile.STUDENT, 3)


def test_a_line_tells_everything_its_amount_was_made_of() -> None:
    line = room_quote("18:30-20:00", profile=Profile.ASSOCIATION).lines[0]
    assert line.facts == {
        "row": "meeting_12",
        "base_minor": 2500,
        "count": 1,
        "minutes": 90,
        "quantity": 1,
        "starts_at": "2027-03-01T17:30:00Z",
        "ends_at": "2027-03-01T19:00:00Z",
        "site_factor": "1.00",
        "profile": "association",
        "profile_factor": "0.60",
        "time": "late",
        "time_factor": "1.25",
    }


def test_the_tax_of_a_quote_is_taken_once_per_rate() -> None:
    priced = room_quote("17:00-19:00")
    assert [(part.net.minor, part.tax.minor) for part in priced.vat_parts] == [(5313, 1063)]


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "quote",
        {},
        {"lines": {}, "card_version": 1},
        {"lines": [None], "card_version": 1},
        {"lines": [], "card_version": "1"},
    ],
)
def test_what_is_no_quote_is_not_read_as_one(content: object) -> None:
    with pytest.raises(ValueError, match="not a quote"):
        quote_from_json(content)


def test_a_quote_that_was_tampered_with_is_refused() -> None:
    content = room_quote("09:00-10:00").to_json()
    content["net"] = {"amount": 1, "currency": "EUR"}
    with pytest.raises(ValueError, match="add up"):
        quote_from_json(content)


def test_parts_of_minutes_are_not_sold() -> None:
    stay = span(MONDAY, "09:00-10:00")
    asked = Asked(SpaceKind.MEETING_ROOM, 6, Span(stay.start, stay.end - timedelta(seconds=1)))
    with pytest.raises(OffStep):
        quote(charter_card(), asked, ordinary_calendar())


def test_a_named_row_prices_a_place_whatever_its_kind() -> None:
    asked = Asked(SpaceKind.ASSOCIATION_OFFICE, 8, span(MONDAY, "09:00-10:00"), row="meeting_6")
    assert quote(charter_card(), asked, ordinary_calendar()).net.minor == 1500


@pytest.mark.parametrize("row", [None, "no_such_row"])
def test_a_place_without_a_row_has_no_price(row: str | None) -> None:
    asked = Asked(SpaceKind.CAFE, 8, span(MONDAY, "09:00-10:00"), row=row)
    with pytest.raises(NoPrice) as refusal:
        quote(charter_card(), asked, ordinary_calendar())
    assert refusal.value.facts()["kind"] == "cafe"


def test_a_hall_is_not_sold_after_its_evening_package() -> None:
    with pytest.raises(NoPrice):
        room_quote("22:00-23:30", kind=SpaceKind.CONFERENCE, capacity=80)


def test_large_companies_pay_their_own_price_whatever_else_they_prove() -> None:
    asked = Asked(
        SpaceKind.MEETING_ROOM,
        12,
        span(MONDAY, "09:00-10:00"),
        profiles=frozenset({Profile.STUDENT, Profile.LARGE_COMPANY}),
    )
    priced = quote(charter_card(), asked, ordinary_calendar())
    assert (priced.profile, priced.net.minor) == (Profile.LARGE_COMPANY, 3500)


def test_several_days_are_priced_day_by_day() -> None:
    first, second = span(MONDAY, "08:00-18:00"), span(MONDAY + timedelta(days=1), "08:00-12:00")
    asked = Asked(SpaceKind.MEETING_ROOM, 12, Span(first.start, second.end))
    priced = quote(charter_card(), asked, ordinary_calendar())
    assert [(line.code, line.facts["count"], line.amount.minor) for line in priced.lines] == [
        ("day", 1, 14000),
        ("evening", 1, 11000),
        ("hour", 1, 3125),
        ("half-day", 3, 24000),  # midnight to noon: cheaper than the early hours and a day
    ]
