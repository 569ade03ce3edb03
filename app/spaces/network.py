"""The network as values: what every process keeps of the Totems between two loads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.booking_rules import BookingRules
from app.domain.buffers import Buffers
from app.domain.calendars import SiteCalendar
from app.domain.errors import UnknownDoor, UnknownSite, UnknownSpace
from app.domain.ids import (
    BuildingId,
    DoorId,
    OperatorCode,
    SiteCode,
    SiteId,
    SpaceCode,
    SpaceId,
    UnitCode,
    UnitId,
)
from app.domain.kinds import Sharing, SpaceKind
from app.domain.stays import StayLimits


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in the three languages of the house."""

    fr: str
    de: str
    en: str

    def get(self, language: str) -> str:
        """Give the text in that language, in French for any other."""
        return {"de": self.de, "en": self.en}.get(language[:2], self.fr)


@dataclass(frozen=True, slots=True)
class Operator:
    """The legal entity that runs a Totem and sells its places."""

    code: OperatorCode
    name: str
    legal_form: str
    address: str


@dataclass(frozen=True, slots=True)
class Door:
    """A door with a reader; passes know it by its number."""

    id: DoorId
    number: int
    code: str
    site: SiteCode
    name: Words
    policy: str
    max_stale_minutes: int
    is_muster: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that can be occupied."""

    id: UnitId
    code: UnitCode
    label: str


@dataclass(frozen=True, slots=True)
class Building:
    """A building, with the number of people it may safely hold."""

    id: BuildingId
    code: str
    site: SiteCode
    name: Words
    safe_capacity: int


@dataclass(frozen=True, slots=True)
class Space:
    """What a person books or finds, with the units it takes and the doors that lead there."""

    id: SpaceId
    code: SpaceCode
    site: SiteCode
    site_id: SiteId
    building: str
    kind: SpaceKind
    name: Words
    description: Words
    way: Words
    capacity: int
    safe_capacity: int
    area_m2: Decimal | None
    floor: int
    equipment: tuple[str, ...]
    accessible: bool
    hearing_loop: bool
    bookable: bool
    closed_reason: str | None
    sharing: Sharing
    rate: str | None
    calendar: SiteCalendar
    rules: BookingRules
    units: tuple[Unit, ...]
    doors: tuple[Door, ...]

    @property
    def limits(self) -> StayLimits:
        """How short, how long and on which grid it is given out."""
        return self.rules.limits

    @property
    def buffers(self) -> Buffers:
        """How long it is kept before and after a stay."""
        return self.rules.buffers

    @property
    def unit_ids(self) -> tuple[UnitId, ...]:
        """The ids of its units, in the order in which they are taken."""
        return tuple(unit.id for unit in self.units)

    @property
    def is_pooled(self) -> bool:
        """Whether people take single units of it, as seats of a floor."""
        return self.sharing is Sharing.POOLED


@dataclass(frozen=True, slots=True)
class Site:
    """A place with its own hours, capacity and doors; its spaces in the order of display."""

    id: SiteId
    code: SiteCode
    operator: OperatorCode
    name: str
    pass_code: str
    town: str
    address: str
    description: Words
    arrival: Words
    safe_capacity: int
    calendar: SiteCalendar
    notes: Mapping[date, Words]
    buildings: tuple[Building, ...]
    spaces: tuple[Space, ...]
    doors: tuple[Door, ...]
    former_spaces: tuple[Space, ...] = ()  # retired: found by id only, for what was booked there

    @property
    def zone(self) -> ZoneInfo:
        """The clock on its wall."""
        return self.calendar.zone


@dataclass(frozen=True, slots=True)
class Network:
    """All that is open today, as of one revision."""

    revision: int
    operators: tuple[Operator, ...]
    sites: tuple[Site, ...]
    former_sites: tuple[Site, ...] = ()
    _sites: Mapping[str, Site] = field(init=False, repr=False, compare=False)
    _sites_by_id: Mapping[int, Site] = field(init=False, repr=False, compare=False)
    _spaces: Mapping[str, Space] = field(init=False, repr=False, compare=False)
    _spaces_by_id: Mapping[int, Space] = field(init=False, repr=False, compare=False)
    _doors: Mapping[int, Door] = field(init=False, repr=False, compare=False)
    _crowded: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spaces = [space for site in self.sites for space in site.spaces]
        doors = [door for site in self.sites for door in site.doors]
        ever = (*self.sites, *self.former_sites)
        spaces_ever = [space for site in ever for space in (*site.spaces, *site.former_spaces)]
        object.__setattr__(self, "_sites", {site.code: site for site in self.sites})
        object.__setattr__(self, "_sites_by_id", {site.id: site for site in ever})
        object.__setattr__(self, "_spaces", {space.code: space for space in spaces})
        object.__setattr__(self, "_spaces_by_id", {space.id: space for space in spaces_ever})
        object.__setattr__(self, "_doors", {door.number: door for door in doors})
        object.__setattr__(self, "_crowded", frozenset(_crowded(self.sites)))

    @property
    def spaces(self) -> tuple[Space, ...]:
        """Every space of every site, in the order of display."""
        return tuple(self._spaces.values())

    def find_site(self, code: str) -> Site | None:
        """Give the site of that code, or None."""
        return self._sites.get(code)

    def get_site(self, code: str) -> Site:
        """Give the site of that code; raises UnknownSite."""
        if (site := self._sites.get(code)) is None:
            raise UnknownSite(code)
        return site

    def find_space(self, code: str) -> Space | None:
        """Give the space of that code, or None."""
        return self._spaces.get(code)

    def get_space(self, code: str) -> Space:
        """Give the space of that code; raises UnknownSpace."""
        if (space := self._spaces.get(code)) is None:
            raise UnknownSpace(code)
        return space

    def space_by_id(self, space_id: int) -> Space:
        """Give the space of that id, retired or not; raises UnknownSpace."""
        if (space := self._spaces_by_id.get(space_id)) is None:
            raise UnknownSpace(str(space_id))
        return space

    def site_by_id(self, site_id: int) -> Site:
        """Give the site of that id, retired or not; raises UnknownSite."""
        if (site := self._sites_by_id.get(site_id)) is None:
            raise UnknownSite(str(site_id))
        return site

    def is_crowded(self, space: Space) -> bool:
        """Whether its building can hold fewer people than its places together."""
        return space.building in self._crowded

    def building_of(self, space: Space) -> Building:
        """Give the building a space lies in."""
        site = self.site_by_id(space.site_id)
        return next(each for each in site.buildings if each.code == space.building)

    def spaces_of_building(self, space: Space) -> list[SpaceId]:
        """Give the ids of all that lies in the building of a space, what was retired included."""
        site = self.site_by_id(space.site_id)
        ever = (*site.spaces, *site.former_spaces)
        return sorted(each.id for each in ever if each.building == space.building)

    def get_door(self, number: int) -> Door:
        """Give the door of that number; raises UnknownDoor."""
        if (door := self._doors.get(number)) is None:
            raise UnknownDoor(str(number))
        return door


def _crowded(sites: Iterable[Site]) -> Iterator[str]:
    for site in sites:
        for building in site.buildings:
            places = [space for space in site.spaces if space.building == building.code]
            people = sum(space.capacity for space in places if space.bookable)
            if people > building.safe_capacity:
                yield building.code
