"""Refusals about waiting in line: nothing to wait for, too often, or unknown."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class NothingToWaitFor(DomainError):
    """No place has what is asked for, free or not."""

    code: ClassVar[str] = "nothing-to-wait-for"


@dataclass(eq=False)
class TooManyWaits(DomainError):
    """One person waits in more lines than is fair to the others."""

    code: ClassVar[str] = "too-many-waits"
    limit: int


@dataclass(eq=False)
class UnknownWait(DomainError):
    """Nobody waits under this reference, or somebody else does."""

    code: ClassVar[str] = "unknown-wait"
    wait: str
