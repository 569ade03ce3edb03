"""What is known about who occupies a place when: values that queries give and screens show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.ids import SpaceId, UnitId
from app.domain.intervals import Span
from app.spaces.network import Site, Space


class AllocationKind(StrEnum):
    """Why a unit is occupied; the holder is a row of the feature that the kind belongs to."""

    HOLD = "hold"
    BOOKING = "booking"
    CLOSURE = "closure"
    WORKS = "works"
    EVENT = "event"
    LEASE = "lease"


@dataclass(frozen=True, slots=True)
class Taken:
    """One unit occupied for one span, and by whom as far as places know."""

    unit: UnitId
    span: Span
    space: SpaceId
    kind: str
    holder: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SpaceDay:
    """One space on one local date: its hours, what is taken, when it can take one person more."""

    space: Space
    opening: tuple[Span, ...]
    taken: tuple[Taken, ...]
    free: tuple[Span, ...]

    @property
    def is_open(self) -> bool:
        """Whether it opens at all that day."""
        return bool(self.opening)

    def busy_units(self, instant: datetime) -> int:
        """How many of its units are taken at that instant."""
        return len({taken.unit for taken in self.taken if taken.span.holds(instant)})


@dataclass(frozen=True, slots=True)
class SiteDay:
    """All spaces of a site on one local date."""

    site: Site
    day: date
    span: Span
    spaces: tuple[SpaceDay, ...]


@dataclass(frozen=True, slots=True)
class Free:
    """A space that can take the people asked for, with how many of its units are free then."""

    space: Space
    span: Span
    free_units: int
