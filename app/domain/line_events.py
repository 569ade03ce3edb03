"""What the line of those who wait for a place tells."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.event import DomainEvent


@dataclass(frozen=True, slots=True)
class LineMoved(DomainEvent):
    """Who waits for a place may have a turn by what is no booking: one joined, a place reopened."""

    kind: ClassVar[str] = "line-moved"
    why: str


@dataclass(frozen=True, slots=True)
class WaitOffered(DomainEvent):
    """A place is held for who is next in line; they are told, once."""

    kind: ClassVar[str] = "wait-offered"
    offer_id: int
