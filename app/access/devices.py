"""A door device as a value: which door, which key, where it stands with us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import DeviceId
from app.spaces.network import Door, Site
from devices.passes.keys import fingerprint

# Devices call every 30 s; three calls missed, and we say that we do not know.
SILENT_AFTER: Final = timedelta(seconds=90)
CLOCK_TOLERANCE: Final = timedelta(seconds=30)
TOLD_EVERY: Final = timedelta(minutes=15)
CODE_LIFE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 3


class Standing(StrEnum):
    """Whether a device may speak for its door."""

    PENDING = "pending"
    APPROVED = "approved"
    REVOKED = "revoked"


class Fault(StrEnum):
    """What is wrong with the journal of a device: it was cut, changed, or not linked."""

    CUT = "cut"
    FORK = "fork"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Device:
    """One reader; `journal_head` is where its journal stands here, `told_at` when we spoke last."""

    id: DeviceId
    code: str
    door: Door
    site: Site
    public_key: bytes
    standing: Standing
    enrolled_at: datetime
    approved_at: datetime | None
    revoked_at: datetime | None
    journal_seq: int
    journal_head: bytes
    fault: Fault | None
    fault_at: datetime | None
    heard_at: datetime | None
    clock_error: timedelta | None
    reported_seq: int | None
    told_at: datetime | None
    software: str
    states: frozenset[str]
    battery: int | None
    certificate_until: datetime | None

    @property
    def queue(self) -> int:
        """How many lines of its journal it has not handed in, as it said itself."""
        return max(0, (self.reported_seq or 0) - self.journal_seq)

    @property
    def fingerprint(self) -> str:
        """The digits that two people compare before this device is approved."""
        return fingerprint(self.public_key)

    def is_heard(self, now: datetime) -> bool:
        """Whether its state is confirmed: it spoke to us a moment ago."""
        return self.heard_at is not None and now - self.heard_at <= SILENT_AFTER

    @property
    def has_wrong_clock(self) -> bool:
        """Whether its clock is off by more than a person would forgive."""
        return self.clock_error is not None and abs(self.clock_error) > CLOCK_TOLERANCE

    def is_behind(self, now: datetime) -> bool:
        """Whether it works by what we said long ago; even without news it asks every 10 minutes."""
        return self.told_at is None or now - self.told_at > TOLD_EVERY


@dataclass(frozen=True, slots=True)
class DoorState:
    """A door of a site with the device that serves it, and those that wait for approval."""

    door: Door
    device: Device | None
    pending: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code as it is shown once: it lets one device ask in for one door."""

    text: str
    door: Door
    expires_at: datetime
