"""The words a door answers with, fixed by the published interface."""

from enum import StrEnum
from typing import Final

MUSTER: Final = "muster"
"""The reason of a line of kind `mode`: staff were shown who may be inside."""
STAFF_ONLY: Final = "staff-only"
"""The reason of a refusal to show that list to somebody else."""


class Reason(StrEnum):
    """Why a door stays shut."""

    NOT_A_PASS = "not-a-pass"  # noqa: S105 — a reason, not a password
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_KEY = "unknown-key"
    OTHER_SITE = "other-site"
    OTHER_DOOR = "other-door"
    TOO_EARLY = "too-early"
    ENDED = "ended"
    REVOKED = "revoked"
    LIVE_NEEDED = "live-needed"
    STALE_CODE = "stale-code"
    USED = "used"
    CLOCK = "clock"
    OFFLINE_TOO_LONG = "offline-too-long"
    LOCKED_DOWN = "locked-down"
    UNKNOWN_CARD = "unknown-card"
    JOURNAL_FULL = "journal-full"
    INTERNAL = "internal"


class Opening(StrEnum):
    """By what kind of pass a door opened."""

    STATIC = "static"
    LIVE = "live"
    CHALLENGE = "challenge"
    STAFF = "staff"
    REMOTE = "remote"


class InvalidPass(Exception):
    """The text shown is not a pass that this door can believe; `reason` says why."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
