"""What a person, the desk or a device can do at doors: one function each."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.service.check_ins import check_in_by_pass
from app.access.service.devices import (
    Asking,
    approve_device,
    enrol,
    forget_codes,
    make_code,
    revoke_device,
)
from app.access.service.heartbeats import Heartbeat, note_heartbeat
from app.access.service.journal import forget_old_lines, take_lines
from app.access.service.passes import pass_for, passes_for

__all__ = [
    "Asking",
    "Heartbeat",
    "approve_device",
    "check_in_by_pass",
    "enrol",
    "make_code",
    "note_heartbeat",
    "pass_for",
    "passes_for",
    "revoke_device",
    "take_lines",
    "tidy",
]


def tidy(session: Session, *, now: datetime) -> None:
    """Delete journal lines older than three months and codes that are dead."""
    forget_old_lines(session, now=now)
    forget_codes(session, now=now)
