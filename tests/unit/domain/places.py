"""The charter's card, the sites' coefficients and an ordinary calendar, as plain data for tests."""

from copy import deepcopy
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendars import SiteCalendar
from app.domain.errors import BadRateCard
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.opening_hours import WeekHours, local_instant, week_hours_from
from app.domain.profiles import Profile
from app.domain.tariffs import Asked, Quote, RateCard, quote, rate_card_from

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
MONDAY = date(2027, 3, 1)
SATURDAY = date(2027, 3, 6)
SUNDAY = date(2027, 3, 7)

METZ = {"reference_rent": "150.00"}
EPINAL = {"reference_rent": "108.00"}
THIONVILLE = {
    "reference_rent": "156.00",
    "coefficient": "1.10",
    "reason": "aligned on the offer next door",
}
TROISIEME_LIEU = {**THIONVILLE, "free": ["seats"]}

SEAT_PROFILES = {
    "student": "0.40",
    "project_holder": "0.50",
    "startup_under_1": "0.50",
    "startup_under_3": "0.75",
    "startup_under_5": "0.90",
    "association": "0.60",
    "partner": "0.70",
    "resident": "1.00",
    "inhabitant": "0.90",
    "large_company": "1.40",
}
ROOM_PROFILES = {**SEAT_PROFILES, "resident": "0.70"}

TERMS = {
    "free_minutes": 30,
    "tiers": [{"hours": 48, "percent": 100}, {"hours": 24, "percent": 50}],
}
SEAT_TERMS = {"free_minutes": 30, "tiers": [{"hours": 2, "percent": 100}]}

TIME: dict[str, object] = {
    "half_day_minutes": 240,
    "day_ends": "18:00",
    "evening": ["18:00", "23:00"],
    "late_from": "18:30",
    "late": "1.25",
    "saturday": "1.25",
    "sunday": "1.50",
}


def charter_content(site: dict[str, object] | None = None) -> dict[str, object]:
    """The card of rate-card.md as data, for a site (Metz unless told)."""
    return {
        "version": 3,
        "effective_on": "2026-01-01",
        "deliberation": "Charter of the network",
        "site": dict(METZ if site is None else site),
        "time": dict(TIME),
        "terms": deepcopy(TERMS),
        "no_shows": {"strikes": 3, "within_days": 90, "suspended_days": 30},
        "families": {
            "seats": {**_family("general", True, SEAT_PROFILES), "terms": deepcopy(SEAT_TERMS)},
            "rooms": _family("immovable", True, ROOM_PROFILES),
            "studios": _family("immovable", True, ROOM_PROFILES),
            "machines": _family("general"),
            "services": _family("immovable"),
            "offices": _family("immovable"),
        },
        "rows": _rows(),
        "products": {
            "month_any_seat": {
                "family": "seats",
                "price": "150.00",
                "unit": "month",
                "gives": [{"right": "unlimited", "families": ["seats"], "months": 1}],
            },
            "ten_half_days": _pack("90.00", "half_days"),
            "ten_days": _pack("150.00", "days"),
            "locker": {"family": "services", "price": "10.00", "unit": "month"},
            "print": {"family": "services", "price": "0.10", "unit": "page"},
        },
        "offices": {
            "charges_per_m2": "4.00",
            "stages": [
                {"months": 12, "share": "0.50"},
                {"months": 12, "share": "0.75"},
                {"months": 12, "share": "1.00"},
            ],
        },
    }


def changed(path: str, value: object, content: dict[str, Any] | None = None) -> dict[str, Any]:
    """The charter's content with one value put in at a path, or taken out by None."""
    content = charter_content() if content is None else content
    *parents, last = path.split(".")
    table: Any = content
    for name in parents:
        table = table[int(name)] if isinstance(table, list) else table.setdefault(name, {})
    if value is None:
        del table[last]
    else:
        table[last] = value
    return content


def faults_of(content: dict[str, object]) -> list[str]:
    """The faults for which a card of that content is refused."""
    with pytest.raises(BadRateCard) as refusal:
        rate_card_from(content)
    return list(refusal.value.faults)


def charter_card(site: dict[str, object] | None = None) -> RateCard:
    """The charter's card in force at a site."""
    return rate_card_from(charter_content(site))


def ordinary_week() -> WeekHours:
    """Monday to Friday 8 to 20, Saturday 9 to 18."""
    return week_hours_from({day: ["08:00-20:00"] for day in WEEKDAYS} | {"sat": ["09:00-18:00"]})


def ordinary_calendar(**changes: object) -> SiteCalendar:
    """The default hours in Paris, with what a test changes."""
    return SiteCalendar(**{"zone": PARIS, "week": ordinary_week(), **changes})


def hall_calendar(**changes: object) -> SiteCalendar:
    """The hours of a conference hall: Monday to Saturday to 23."""
    week = week_hours_from({day: ["08:00-23:00"] for day in (*WEEKDAYS, "sat")})
    return ordinary_calendar(week=week, **changes)


def span(day: date, hours: str) -> Span:
    """A stay on one day, written `08:30-12:30` on the clock of Paris; `24:00` is midnight."""
    begins, ends = hours.split("-")
    return Span(
        local_instant(day, time.fromisoformat(begins), PARIS),
        local_instant(day, time.fromisoformat(ends), PARIS),
    )


def room_quote(
    hours: str,
    *,
    day: date = MONDAY,
    profile: Profile = Profile.SMALL_BUSINESS,
    kind: SpaceKind = SpaceKind.MEETING_ROOM,
    capacity: int = 12,
    people: int = 1,
    site: dict[str, object] | None = None,
    calendar: SiteCalendar | None = None,
) -> Quote:
    """The quote of a stay in Paris hours: the 12-person room of Metz unless told."""
    asked = Asked(kind, capacity, span(day, hours), people, frozenset({profile}))
    return quote(charter_card(site), asked, calendar or ordinary_calendar())


def amounts(priced: Quote) -> list[Decimal]:
    """The amounts of the lines, in euros."""
    return [euros(line.amount.minor) for line in priced.lines]


def euros(minor: int) -> Decimal:
    """Cents as euros."""
    return Decimal(minor).scaleb(-2)


def utc(text: str) -> datetime:
    """An instant in UTC, written `2027-03-01 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _rows() -> dict[str, dict[str, object]]:
    return {
        "seat": {
            "family": "seats",
            "kinds": ["seat"],
            "per_person": True,
            "half_day": "9.00",
            "day": "15.00",
        },
        "meeting_6": _room(["meeting_room"], 6, "15.00", "45.00", "75.00", "60.00"),
        "meeting_12": _room(["meeting_room"], 12, "25.00", "80.00", "140.00", "110.00"),
        "video_12": _room(["videoconference"], 12, "30.00", "100.00", "170.00", "130.00"),
        "training_24": _room(["training"], 24, "40.00", "140.00", "240.00", "190.00"),
        "hall_80": {
            "family": "rooms",
            "kinds": ["conference", "demo"],
            "capacity": 80,
            "half_day": "250.00",
            "day": "420.00",
            "evening": "300.00",
        },
        "studio": {
            "family": "studios",
            "kinds": ["studio"],
            "hour": "20.00",
            "half_day": "60.00",
            "day": "100.00",
        },
        "laser": {"family": "machines", "kinds": [], "hour": "20.00"},
    }


def _family(
    place: str, site_coefficient: bool = False, profiles: dict[str, str] | None = None
) -> dict[str, object]:
    return {
        "vat": "standard",
        "place": place,
        "site_coefficient": site_coefficient,
        "profiles": dict(profiles or {}),
    }


def _room(
    kinds: list[str], capacity: int, hour: str, half_day: str, day: str, evening: str
) -> dict[str, object]:
    return {
        "family": "rooms",
        "kinds": kinds,
        "capacity": capacity,
        "hour": hour,
        "half_day": half_day,
        "day": day,
        "evening": evening,
    }


def _pack(price: str, right: str) -> dict[str, object]:
    gift = {"right": right, "amount": 10, "families": ["seats"], "months": 12}
    return {"family": "seats", "price": price, "unit": "pack", "factor": "0.85", "gives": [gift]}
