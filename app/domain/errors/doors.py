"""Refusals about door devices: unknown ones, bad enrolments, and journals that do not join up."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class UnknownDevice(DomainError):
    """No approved device has this id."""

    code: ClassVar[str] = "unknown-device"
    device: str


@dataclass(eq=False)
class BadEnrolment(DomainError):
    """An enrolment code is unknown, used or too old."""

    code: ClassVar[str] = "bad-enrolment"


@dataclass(eq=False)
class BadSignature(DomainError):
    """A device's request is not signed by that device, for this request, now."""

    code: ClassVar[str] = "bad-signature"


@dataclass(eq=False)
class JournalBroken(DomainError):
    """A door's journal does not continue what it reported before."""

    code: ClassVar[str] = "journal-broken"
    expected_seq: int


@dataclass(eq=False)
class NotAPass(DomainError):
    """The text scanned at the desk is no valid pass; the reason is one of the doors' own."""

    code: ClassVar[str] = "not-a-pass"
    reason: str
