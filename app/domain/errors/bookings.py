"""Refusals about bookings: unknown, in another state, changed meanwhile, or a hold run out."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.errors.base import DomainError
from app.domain.json_values import JsonObject


@dataclass(eq=False)
class UnknownBooking(DomainError):
    """No booking has this reference, or the asker may not know of it."""

    code: ClassVar[str] = "unknown-booking"
    booking: str


@dataclass(eq=False)
class HoldExpired(DomainError):
    """The place was kept for a while only, and that while is over."""

    code: ClassVar[str] = "hold-expired"
    expired_at: datetime


@dataclass(eq=False)
class WrongState(DomainError):
    """A booking in this state cannot become what was wanted."""

    code: ClassVar[str] = "wrong-state"
    state: str
    wanted: str


@dataclass(eq=False)
class NotYet(DomainError):
    """The people of a booking are checked in on its day, not before."""

    code: ClassVar[str] = "not-yet"
    starts_at: datetime


@dataclass(eq=False)
class StaleVersion(DomainError):
    """Somebody changed the booking since it was read."""

    code: ClassVar[str] = "stale-version"
    seen: int
    current: int


@dataclass(eq=False)
class KeyReused(DomainError):
    """An idempotency key came back with another request."""

    code: ClassVar[str] = "key-reused"


@dataclass(eq=False)
class UnknownFeed(DomainError):
    """No calendar feed answers to this address, or it was revoked."""

    code: ClassVar[str] = "unknown-feed"


@dataclass(eq=False)
class TooManyHolds(DomainError):
    """One person keeps more places unconfirmed than is fair to the others."""

    code: ClassVar[str] = "too-many-holds"
    limit: int


@dataclass(eq=False)
class BasketRefused(DomainError):
    """Some of the places that are to be confirmed together cannot be had; none is booked."""

    code: ClassVar[str] = "basket-refused"
    refused: tuple[tuple[str, DomainError], ...]

    def facts(self) -> JsonObject:
        """Give each refused booking with the code and the facts of its reason."""
        return {
            "refused": [
                {"booking": ref, "code": cause.code, "facts": cause.facts()}
                for ref, cause in self.refused
            ]
        }


@dataclass(eq=False)
class AdvanceSuspended(DomainError):
    """Too many absences: until then, places that others wait for are booked for today only."""

    code: ClassVar[str] = "advance-suspended"
    until: datetime


@dataclass(eq=False)
class NotAnAbsence(DomainError):
    """There is nothing to pardon: the people came, or nobody was waited for."""

    code: ClassVar[str] = "not-an-absence"


@dataclass(eq=False)
class UnknownOffer(DomainError):
    """No offer of a booking answers to this link, or it is closed."""

    code: ClassVar[str] = "unknown-offer"


@dataclass(eq=False)
class NotForOutsiders(DomainError):
    """What an organisation pays is handed over to its own people only."""

    code: ClassVar[str] = "not-for-outsiders"


@dataclass(eq=False)
class BadCursor(DomainError):
    """The cursor of a list was not given by us."""

    code: ClassVar[str] = "bad-cursor"
