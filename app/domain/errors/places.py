"""Refusals about where: unknown or unbookable places, too many people, a place already taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from app.domain.errors.base import DomainError

if TYPE_CHECKING:
    from app.domain.intervals import Span


@dataclass(eq=False)
class UnknownSite(DomainError):
    """No Totem has this code."""

    code: ClassVar[str] = "unknown-site"
    site: str


@dataclass(eq=False)
class UnknownSpace(DomainError):
    """No place has this code."""

    code: ClassVar[str] = "unknown-space"
    space: str


@dataclass(eq=False)
class UnknownDoor(DomainError):
    """No door has this number or code."""

    code: ClassVar[str] = "unknown-door"
    door: str


@dataclass(eq=False)
class NotBookable(DomainError):
    """The place exists but is not given out by booking."""

    code: ClassVar[str] = "not-bookable"
    space: str


@dataclass(eq=False)
class OverCapacity(DomainError):
    """More people than the place may hold."""

    code: ClassVar[str] = "over-capacity"
    capacity: int
    asked: int


@dataclass(eq=False)
class NobodyComes(DomainError):
    """A stay for fewer than one person."""

    code: ClassVar[str] = "nobody-comes"
    asked: int


@dataclass(eq=False)
class RoomTaken(DomainError):
    """Somebody has the place for some of the stay; tells when, never who."""

    code: ClassVar[str] = "room-taken"
    clashes: tuple["Span", ...]


@dataclass(eq=False)
class UnknownClosure(DomainError):
    """This Totem has no closure of this number."""

    code: ClassVar[str] = "unknown-closure"
    closure: int


@dataclass(eq=False)
class ClosureChanged(DomainError):
    """Other bookings are in the way of a closure than those that were shown."""

    code: ClassVar[str] = "closure-changed"


@dataclass(eq=False)
class BadNetwork(DomainError):
    """The description of the Totems has faults; lists all of them with file and line."""

    code: ClassVar[str] = "bad-network"
    faults: tuple[str, ...]
