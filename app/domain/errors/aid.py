"""Refusals about state aid: too much of it, or not declared."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.errors.base import DomainError
from app.domain.money import Money


@dataclass(eq=False)
class AidCeilingExceeded(DomainError):
    """A rebate is worth more aid than the undertaking may still be given."""

    code: ClassVar[str] = "aid-ceiling-exceeded"
    wanted: Money
    left: Money
    ceiling: Money


@dataclass(eq=False)
class AidDeclarationMissing(DomainError):
    """No declaration of aid received elsewhere is fresh enough."""

    code: ClassVar[str] = "aid-declaration-missing"
    days: int


@dataclass(eq=False)
class NoAidRule(DomainError):
    """No ceiling is known for that day."""

    code: ClassVar[str] = "no-aid-rule"
    day: date


@dataclass(eq=False)
class UnknownAid(DomainError):
    """No entry of the aid ledger has this number, or it was reversed already."""

    code: ClassVar[str] = "unknown-aid"


@dataclass(eq=False)
class BadCompanyLink(DomainError):
    """A company is not linked with itself, nor twice with another."""

    code: ClassVar[str] = "bad-undertaking-link"
