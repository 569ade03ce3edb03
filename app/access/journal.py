"""A line of a door's journal as a value, and the words for what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import BookingId
from app.spaces.network import Door

KEPT: Final = timedelta(days=92)  # three months, then the lines are deleted


class Status(StrEnum):
    """What a line means to the concierge; the server notes it and never judges again."""

    NOTHING = ""
    OPENED = "opened"
    OPENED_ALTHOUGH_CANCELLED = "opened-although-cancelled"
    OPENED_ALTHOUGH_MOVED = "opened-although-moved"
    OPENED_ALTHOUGH_GIVEN_UP = "opened-although-given-up"
    UNKNOWN_PASS = "unknown-pass"  # noqa: S105 - a status, not a password
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One thing that happened at a door, at the door's own time."""

    device: str
    seq: int
    at: datetime
    received_at: datetime
    door_number: int
    door: Door | None
    kind: str
    reason: str
    status: Status
    booking_id: BookingId | None
    online: bool
    clock_trusted: bool

    @property
    def is_late(self) -> bool:
        """Whether we heard of it long after, because the door had no link."""
        return self.received_at - self.at > timedelta(minutes=2)
