"""Alarms of doors as values: what somebody must look at, and how often it happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import SiteCode
from app.spaces.network import Door

SILENT_FOR: Final = timedelta(minutes=5)  # then a door's silence is an alarm


class AlarmKind(StrEnum):
    """What happened; words of the house, told in `app.access.words`."""

    FORCED = "forced"
    HELD = "held"
    TAMPER = "tamper"
    FIRE = "fire"
    OFFLINE = "offline"
    CLOCK = "clock"
    JOURNAL = "journal"
    DISK_LOW = "disk-low"
    JOURNAL_FULL = "journal-full"
    READER_LOST = "reader-lost"
    LOCK_LOST = "lock-lost"
    OPENED_ALTHOUGH_CANCELLED = "opened-although-cancelled"
    OPENED_ALTHOUGH_MOVED = "opened-although-moved"
    OPENED_ALTHOUGH_GIVEN_UP = "opened-although-given-up"
    STAFF_PASS = "staff-pass"  # noqa: S105 - a kind of alarm, no password


@dataclass(frozen=True, slots=True)
class Raised:
    """Something that happened at an instant; `detail` is short and names nobody."""

    kind: AlarmKind
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that waits to be seen."""

    id: int
    site: SiteCode
    door: Door
    kind: AlarmKind
    detail: str
    raised_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who is told of alarms by mail."""

    id: int
    email: str
    locale: str
