"""Refusals about door devices: unknown ones, bad enrolments, and journals that do not join up."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors.base import DomainError


@dataclass(eq=False)
class UnknownDevice(DomainError):
    """No device has this id."""

    code: ClassVar[str] = "unknown-device"
    device: str


@dataclass(eq=False)
class UnknownSigner(DomainError):
    """A request names a device that nobody enrolled here."""

    code: ClassVar[str] = "device-unknown"


@dataclass(eq=False)
class DevicePending(DomainError):
    """A device waits for a person to compare its fingerprint and approve it."""

    code: ClassVar[str] = "device-pending"


@dataclass(eq=False)
class DeviceRevoked(DomainError):
    """A device was taken out of service."""

    code: ClassVar[str] = "device-revoked"


@dataclass(eq=False)
class BadEnrolment(DomainError):
    """An enrolment code is unknown, used, tried too often or too old."""

    code: ClassVar[str] = "enrolment-refused"


@dataclass(eq=False)
class BadSignature(DomainError):
    """A device's request is not signed by that device, for this request, now."""

    code: ClassVar[str] = "bad-signature"


@dataclass(eq=False)
class JournalGap(DomainError):
    """Lines of a door's journal are missing: `seq` is the one to go on with."""

    code: ClassVar[str] = "journal-gap"
    seq: int


@dataclass(eq=False)
class JournalFork(DomainError):
    """A door's journal has another line where one was reported before."""

    code: ClassVar[str] = "journal-fork"
    seq: int


@dataclass(eq=False)
class JournalUnlinked(DomainError):
    """A line of a door's journal does not carry the hash that its place demands."""

    code: ClassVar[str] = "journal-chain"
    seq: int


@dataclass(eq=False)
class PhoneRefused(DomainError):
    """A phone could not prove its key, took too long, or its key was given up before."""

    code: ClassVar[str] = "phone-refused"


@dataclass(eq=False)
class UnknownPhone(DomainError):
    """No phone of this person has this code."""

    code: ClassVar[str] = "unknown-phone"
    phone: str


@dataclass(eq=False)
class UnknownGuest(DomainError):
    """Nobody on the list of this booking is meant, or they were taken off it."""

    code: ClassVar[str] = "unknown-guest"
    guest: str


@dataclass(eq=False)
class TooManyGuests(DomainError):
    """A booking's list has no room for so many more; `most` is how many it may hold."""

    code: ClassVar[str] = "too-many-guests"
    most: int


@dataclass(eq=False)
class UnknownAlarm(DomainError):
    """No alarm of this number waits for somebody to see it."""

    code: ClassVar[str] = "unknown-alarm"
    alarm: int


@dataclass(eq=False)
class UnknownOrder(DomainError):
    """No order of this number runs."""

    code: ClassVar[str] = "unknown-order"
    order: int


@dataclass(eq=False)
class NotAPass(DomainError):
    """The text scanned at the desk is no valid pass; the reason is one of the doors' own."""

    code: ClassVar[str] = "not-a-pass"
    reason: str


@dataclass(eq=False)
class NoPass(DomainError):
    """A booking in this state opens no door, or not on that day."""

    code: ClassVar[str] = "no-pass"
    state: str


@dataclass(eq=False)
class CardHeld(DomainError):
    """A card is somebody else's already; it must be taken back first."""

    code: ClassVar[str] = "card-held"


@dataclass(eq=False)
class UnknownAccessCard(DomainError):
    """No card of this code was given to anybody."""

    code: ClassVar[str] = "unknown-access-card"
    card: str
