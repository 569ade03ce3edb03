"""Refusals about prices: nothing on the card fits, or the card itself is faulty."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class NoPrice(DomainError):
    """The card sells no such stay: no row for the place, or minutes that nothing covers."""

    code: ClassVar[str] = "no-price"
    kind: str
    capacity: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(eq=False)
class NoRateCard(DomainError):
    """The site has no card in force on that day."""

    code: ClassVar[str] = "no-rate-card"
    site: str


@dataclass(eq=False)
class NoVatRate(DomainError):
    """The series of tax rates knows no rate of that kind for that day."""

    code: ClassVar[str] = "no-vat-rate"
    rate: str
    on: date


@dataclass(eq=False)
class UnknownProduct(DomainError):
    """The card has no product of this name."""

    code: ClassVar[str] = "unknown-product"
    product: str


@dataclass(eq=False)
class UnknownProfile(DomainError):
    """No tariff profile has this name."""

    code: ClassVar[str] = "unknown-profile"
    profile: str


@dataclass(eq=False)
class BadRateCard(DomainError):
    """The card cannot be used; lists every fault with its key path."""

    code: ClassVar[str] = "bad-rate-card"
    faults: tuple[str, ...]
