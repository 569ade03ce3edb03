"""Public holidays of a site: the law's list, and the dates on which the site does otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import cast

import holidays

from app.domain.calendars import DayException
from app.domain.opening_hours import hours_from
from app.spaces.network import Words

# Far enough for any booking and any look back; the law may change, and the site file may then
# say otherwise, date by date.
YEARS = range(2020, 2046)


def holidays_of(content: Mapping[str, object]) -> Mapping[date, str]:
    """Give the public holidays of a site by date, by their French names."""
    return _by_law(cast("str | None", content.get("subdivision")))


def exceptions_from(content: Mapping[str, object]) -> dict[date, DayException]:
    """Give the dates on which the site closes or opens unlike an ordinary week."""
    found = {}
    for entry in _entries(content, "closed"):
        found[_day(entry)] = DayException(hours=(), reason=str(entry["fr"]))
    for entry in _entries(content, "open"):
        ranges = cast("list[object]", entry["hours"])
        found[_day(entry)] = DayException(hours=hours_from(ranges), reason=str(entry["fr"]))
    return found


def notes_from(content: Mapping[str, object]) -> dict[date, Words]:
    """Give what the site says about each of those dates."""
    return {
        _day(entry): Words(str(entry["fr"]), str(entry["de"]), str(entry["en"]))
        for key in ("closed", "open")
        for entry in _entries(content, key)
    }


@lru_cache(maxsize=8)
def _by_law(subdivision: str | None) -> Mapping[date, str]:
    """Alsace-Moselle (57) has Good Friday and 26 December beside the eleven of all France.

    The language is named, because the library would else follow the machine's.
    """
    named = holidays.country_holidays("FR", subdiv=subdivision, years=YEARS, language="fr")
    return {day: str(named[day]) for day in sorted(named)}


def _entries(content: Mapping[str, object], key: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", content.get(key, []))


def _day(entry: Mapping[str, object]) -> date:
    return date.fromisoformat(str(entry["on"]))
