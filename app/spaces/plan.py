"""The network as its files describe it, before anything is compared with what was loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from app.domain.json_values import JsonObject
from app.spaces.toml_tables import At, Table

Words: TypeAlias = dict[str, str]
Week: TypeAlias = dict[str, list[str]]

POLICIES = ("any",)
SETUPS = ("theatre", "classroom", "u", "boardroom", "islands", "standing")
INDUCTIONS = ("laser", "printer_3d", "sound", "video")
CLOSED_REASONS = ("leased", "common", "by_agreement", "works")
EQUIPMENT = frozenset(
    {
        "adjustable_desk",
        "coffee",
        "computers",
        "flipchart",
        "fume_extraction",
        "green_screen",
        "kitchen",
        "laser_cutter",
        "lighting",
        "lockers",
        "microphone",
        "mixing_desk",
        "phone_booth",
        "printer",
        "printer_3d",
        "projector",
        "recording",
        "screen",
        "sockets",
        "sound_system",
        "stage",
        "videoconference",
        "whiteboard",
        "wifi",
    }
)


@dataclass(frozen=True, slots=True)
class OperatorPlan:
    """An operator as written."""

    at: At
    code: str
    name: str
    legal_form: str
    address: str


@dataclass(frozen=True, slots=True)
class OddDay:
    """A date on which a site closes, or opens at hours of its own."""

    on: date
    hours: tuple[str, ...]
    reason: Words


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site as written; `card` is left as it is for the reader of rate cards."""

    at: At
    code: str
    operator: str
    position: int
    name: str
    pass_code: str
    zone: str
    town: str
    address: str
    safe_capacity: int
    description: Words
    arrival: Words
    hours: Week
    subdivision: str | None
    closed: tuple[OddDay, ...]
    opened: tuple[OddDay, ...]
    card: Table = field(compare=False)

    def holidays(self) -> dict[str, object]:
        """Give the holidays in the shape that is kept."""
        return {
            "subdivision": self.subdivision,
            "closed": [{"on": day.on.isoformat(), **day.reason} for day in self.closed],
            "open": [
                {"on": day.on.isoformat(), "hours": list(day.hours), **day.reason}
                for day in self.opened
            ],
        }


@dataclass(frozen=True, slots=True)
class BuildingPlan:
    """A building as written."""

    at: At
    code: str
    site: str
    name: Words
    safe_capacity: int


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """A door as written."""

    at: At
    code: str
    site: str
    number: int
    name: Words
    policy: str
    max_stale_minutes: int
    is_muster: bool


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit as it follows from its space."""

    code: str
    site: str
    label: str


@dataclass(frozen=True, slots=True)
class SpacePlan:
    """A space as written; either it has units of its own, or parts whose units it takes."""

    at: At
    code: str
    site: str
    building: str
    kind: str
    rate: str | None
    name: Words
    description: Words
    way: Words
    count: int | None
    parts: tuple[str, ...]
    capacity: int
    safe_capacity: int
    area_m2: Decimal | None
    floor: int
    equipment: tuple[str, ...]
    accessible: bool
    hearing_loop: bool
    bookable: bool
    closed_reason: str | None
    hours: Week | None
    doors: tuple[str, ...]
    rules: JsonObject  # its own over those of its kind, as app.domain.rules_reading reads them
    position: int

    @property
    def linked(self) -> tuple[str, ...]:
        """The places whose units it takes beside its own."""
        linked = self.rules.get("linked")
        return tuple(str(code) for code in linked) if isinstance(linked, list) else ()

    @property
    def sharing(self) -> str:
        """Whether it is taken whole or unit by unit."""
        return "whole" if self.count is None else "pooled"

    @property
    def own_units(self) -> tuple[UnitPlan, ...]:
        """The units that only it brings: numbered ones of a pool, itself, or none of its own."""
        if self.parts:
            return ()
        if self.count is None:
            return (UnitPlan(self.code, self.site, ""),)
        return tuple(
            UnitPlan(f"{self.code}-{number:02d}", self.site, str(number))
            for number in range(1, self.count + 1)
        )


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """Everything the files say about places."""

    operators: tuple[OperatorPlan, ...]
    sites: tuple[SitePlan, ...]
    buildings: tuple[BuildingPlan, ...]
    doors: tuple[DoorPlan, ...]
    spaces: tuple[SpacePlan, ...]
    digest: str

    def units_of(self, space: SpacePlan) -> tuple[UnitPlan, ...]:
        """Give the units a space takes, those of its parts and of what is linked to it included."""
        others = (*space.parts, *space.linked)
        if not others:
            return space.own_units
        return space.own_units + tuple(
            unit for other in self.spaces if other.code in others for unit in other.own_units
        )
