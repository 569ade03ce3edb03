"""Refusals about rights: unknown, not sold, used already, or gone before the stay was confirmed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class UnknownRight(DomainError):
    """No right has this number, or the asker may not know of it."""

    code: ClassVar[str] = "unknown-right"


@dataclass(eq=False)
class GivesNoRight(DomainError):
    """What is sold under this name gives nothing to be used later."""

    code: ClassVar[str] = "gives-no-right"
    product: str


@dataclass(eq=False)
class BadBeginning(DomainError):
    """A right begins neither in the past nor more than a year ahead."""

    code: ClassVar[str] = "bad-beginning"
    first: date
    last: date


@dataclass(eq=False)
class RightUsed(DomainError):
    """A right is taken back whole: of this one, so much is used already."""

    code: ClassVar[str] = "right-used"
    used: int


@dataclass(eq=False)
class AlreadyReversed(DomainError):
    """This movement of the ledger was taken back before."""

    code: ClassVar[str] = "already-reversed"


@dataclass(eq=False)
class RightTooSmall(DomainError):
    """Less is left of the right than was to be used."""

    code: ClassVar[str] = "right-too-small"
    left: int
    wanted: int


@dataclass(eq=False)
class PriceChanged(DomainError):
    """A right that was counted on is gone: the stay costs more than was shown, in cents with VAT.

    Nothing is booked or spent; the new price is shown first.
    """

    code: ClassVar[str] = "price-changed"
    shown_minor: int
    now_minor: int
    currency: str
