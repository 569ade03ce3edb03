"""Refusals by the rules of a place: notice, quotas, inductions, set-ups, people, the house."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class NoticeTooShort(DomainError):
    """The place needs to be asked for earlier; says from when on it can be had."""

    code: ClassVar[str] = "notice-too-short"
    notice_minutes: int
    earliest: datetime


@dataclass(eq=False)
class NotForProfile(DomainError):
    """The place is kept for those who proved one of these profiles."""

    code: ClassVar[str] = "not-for-profile"
    profiles: tuple[str, ...]


@dataclass(eq=False)
class QuotaExceeded(DomainError):
    """The owner has had their share of a period; says which, how much is used, when it frees."""

    code: ClassVar[str] = "quota-exceeded"
    period: str
    unit: str
    owner: str
    limit: int
    used: int
    asked: int
    frees_on: date

    @property
    def left(self) -> int:
        """What may still be had in the period."""
        return max(0, self.limit - self.used)


@dataclass(eq=False)
class ShareExceeded(DomainError):
    """The association has had its fair share of the week; more is given shortly before, if free."""

    code: ClassVar[str] = "share-exceeded"
    limit_minutes: int
    used_minutes: int
    asked_minutes: int
    free_from: datetime


@dataclass(eq=False)
class InductionMissing(DomainError):
    """The machine is used by those only who have been shown how; safety, so nobody overrides it."""

    code: ClassVar[str] = "induction-missing"
    induction: str


@dataclass(eq=False)
class CompanionMissing(DomainError):
    """Two must be there, both shown how: the second is not named or may not."""

    code: ClassVar[str] = "companion-missing"
    induction: str
    named: bool


@dataclass(eq=False)
class UnknownSetup(DomainError):
    """The room is not furnished that way."""

    code: ClassVar[str] = "unknown-setup"
    setup: str
    setups: tuple[str, ...]


@dataclass(eq=False)
class BuildingFull(DomainError):
    """With these people the building would hold more than is safe; nobody overrides it."""

    code: ClassVar[str] = "building-full"
    building: str
    capacity: int
    left: int
    asked: int


@dataclass(eq=False)
class ReasonMissing(DomainError):
    """Who steps over a rule, or refuses somebody, says why."""

    code: ClassVar[str] = "reason-missing"


@dataclass(eq=False)
class UnknownInduction(DomainError):
    """Nothing is taught under this name, or the person was never shown it."""

    code: ClassVar[str] = "unknown-induction"
    induction: str
