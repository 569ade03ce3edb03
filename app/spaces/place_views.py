"""Places as pages show them: every word already in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.calendars import SiteCalendar
from app.domain.kinds import SpaceKind
from app.spaces import words
from app.spaces.network import Site, Space
from app.web import formats
from app.web.holidays import public_holiday

ICONS = {
    SpaceKind.SEAT: "person",
    SpaceKind.MEETING_ROOM: "people",
    SpaceKind.OFFICE: "key",
    SpaceKind.CONFERENCE: "people",
    SpaceKind.DEMO: "sun",
    SpaceKind.TRAINING: "people",
    SpaceKind.VIDEOCONFERENCE: "screen",
    SpaceKind.STUDIO: "screen",
    SpaceKind.FABLAB: "tool",
    SpaceKind.MACHINE: "tool",
    SpaceKind.ASSOCIATION_OFFICE: "building",
    SpaceKind.CAFE: "cup",
}


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place as its card and its page say it."""

    code: str
    name: str
    description: str
    way: str
    kind_label: str
    site_code: str
    site_name: str
    building_name: str
    capacity: int
    equipment: tuple[str, ...]
    accessible: bool
    hearing_loop: bool
    floor_label: str
    area: str
    icon: str
    bookable: bool
    closed_reason: str


@dataclass(frozen=True, slots=True)
class DayHours:
    """When a place is open on one date, and why if the date is unlike its week."""

    day: date
    hours: tuple[str, ...]
    reason: str


def place_view(space: Space, site: Site) -> PlaceView:
    """Put a space into words."""
    language = formats.language()
    buildings = {each.code: each.name.get(language) for each in site.buildings}
    several = len(site.buildings) > 1
    return PlaceView(
        code=space.code,
        name=space.name.get(language),
        description=space.description.get(language),
        way=space.way.get(language),
        kind_label=words.space_kind(space.kind),
        site_code=site.code,
        site_name=site.name,
        building_name=buildings.get(space.building, "") if several else "",
        capacity=space.capacity,
        equipment=tuple(words.equipment(code) for code in space.equipment),
        accessible=space.accessible,
        hearing_loop=space.hearing_loop,
        floor_label=words.floor(space.floor),
        area="" if space.area_m2 is None else formats.area(space.area_m2),
        icon=ICONS[space.kind],
        bookable=space.bookable,
        closed_reason="" if space.bookable else words.closed_reason(space.closed_reason or ""),
    )


def short_name(site: Site) -> str:
    """Name a Totem within a sentence, after « à »: ``Metz – TCRM-Blida``."""
    _before, town, after = site.name.partition(site.town)
    return f"{town}{after}" if town else site.name


def day_hours(site: Site, calendar: SiteCalendar, day: date) -> DayHours:
    """Say when a place of the site is open on that date."""
    hours = tuple(formats.opening_hours(*each) for each in calendar.hours_on(day))
    return DayHours(day, hours, reason_of(site, calendar, day))


def reason_of(site: Site, calendar: SiteCalendar, day: date) -> str:
    """Say why the date is unlike its week, or nothing."""
    if (note := site.notes.get(day)) is not None:
        return note.get(formats.language())
    reason = calendar.reason_on(day) or ""
    return public_holiday(reason) or reason
