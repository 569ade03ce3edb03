"""What is known about who occupies a place when: values that queries give and screens show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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


OF_BOOKINGS = frozenset({AllocationKind.HOLD, AllocationKind.BOOKING})


@dataclass(frozen=True, slots=True)
class Taken:
    """One unit occupied for one span, and by whom as far as places know."""

    unit: UnitId
    span: Span
    space: SpaceId
    kind: str
    holder: int
    expires_at: datetime | None = None


def taken_from(rows: Iterable[Sequence[Any]]) -> list[Taken]:
    """Turn rows of the calendar into values: unit, both ends, place, kind, holder, expiry."""
    return [
        Taken(UnitId(row[0]), Span(row[1], row[2]), SpaceId(row[3]), row[4], row[5], row[6])
        for row in rows
    ]


def spans_by_unit(rows: Iterable[Taken]) -> defaultdict[UnitId, list[Span]]:
    """Give when each unit is taken; one that never is does not come."""
    by_unit: defaultdict[UnitId, list[Span]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit].append(row.span)
    return by_unit


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
