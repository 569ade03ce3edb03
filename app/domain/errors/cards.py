"""Refusals about versions of cards: unknown, changed meanwhile, closed, or not to be undone."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class UnknownCard(DomainError):
    """No such version was ever published."""

    code: ClassVar[str] = "unknown-card"
    card: str


@dataclass(eq=False)
class UnknownDraft(DomainError):
    """There is no such draft."""

    code: ClassVar[str] = "unknown-draft"
    draft: int


@dataclass(eq=False)
class DraftClosed(DomainError):
    """The draft was published or put aside before."""

    code: ClassVar[str] = "draft-closed"


@dataclass(eq=False)
class DraftChanged(DomainError):
    """Somebody else saved the draft since it was opened."""

    code: ClassVar[str] = "draft-changed"
    author: str


@dataclass(eq=False)
class CardInForce(DomainError):
    """A version that has begun to count, or has a later one upon it, is not taken back."""

    code: ClassVar[str] = "card-in-force"
    effective_on: date


@dataclass(eq=False)
class BadVatRate(DomainError):
    """A rate is not added: its day has begun, or it stands like this already."""

    code: ClassVar[str] = "bad-vat-rate"
    reason: str
