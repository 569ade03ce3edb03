"""Refusals about leases: terms that cannot be, titles that the law bounds, deeds out of turn."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class WrongLeaseState(DomainError):
    """The lease is not where it would have to be for this."""

    code: ClassVar[str] = "wrong-lease-state"
    state: str
    wanted: str


@dataclass(eq=False)
class UnknownLease(DomainError):
    """No lease has this reference, or none that one may see."""

    code: ClassVar[str] = "unknown-lease"
    ref: str


@dataclass(eq=False)
class AbsurdArea(DomainError):
    """No office has this area."""

    code: ClassVar[str] = "absurd-area"
    area_m2: Decimal
    most: int


@dataclass(eq=False)
class BadLeaseTerms(DomainError):
    """Terms that cannot be: names the one that is wrong (stages, rent, charges, deposit, days)."""

    code: ClassVar[str] = "bad-lease-terms"
    term: str


@dataclass(eq=False)
class MissingTitleWords(DomainError):
    """The title needs words of its own: a motive, or the reference of a call."""

    code: ClassVar[str] = "missing-title-words"
    needed: str


@dataclass(eq=False)
class LeaseTooLong(DomainError):
    """With what the tenant had there before, the title would last longer than the law allows."""

    code: ClassVar[str] = "lease-too-long"
    months: int
    latest_day: date | None


@dataclass(eq=False)
class InventoryMissing(DomainError):
    """The state of the office must be recorded first."""

    code: ClassVar[str] = "inventory-missing"
    way: str


@dataclass(eq=False)
class IndexUnknown(DomainError):
    """The value of an index for a quarter is not known."""

    code: ClassVar[str] = "index-unknown"
    series: str
    quarter: str


@dataclass(eq=False)
class IndexAlreadyKnown(DomainError):
    """The quarter has this very value already; only another one is a correction."""

    code: ClassVar[str] = "index-already-known"
    series: str
    quarter: str


@dataclass(eq=False)
class LettersUnavailable(DomainError):
    """PDF letters cannot be made here: a library of the system is missing."""

    code: ClassVar[str] = "letters-unavailable"
