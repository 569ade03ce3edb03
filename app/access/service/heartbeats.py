"""A door's sign of life: where its journal stands, what it knows, what its clock says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access.devices import Device, Fault
from app.access.queries import lock_device
from app.access.tables import DeviceRow
from devices.passes.chain import Head

_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a device says of itself."""

    head: Head
    snapshot: int
    clock: datetime


def note_heartbeat(
    session: Session, device: Device, heartbeat: Heartbeat, *, now: datetime
) -> Head:
    """Remember a sign of life and give where its journal stands here.

    A journal that ends before what we hold was cut off: that is kept as a fault until a heartbeat
    goes on where we stand. The signature may be replayed within its minute, and does no harm: the
    next heartbeat sets it right.
    """
    row = lock_device(session, device.id)
    row.heard_at = now
    row.clock_error_ms = (heartbeat.clock - now) // _MILLISECOND
    row.reported_seq = heartbeat.head.seq
    row.reported_snapshot = heartbeat.snapshot
    _note_cut(row, heartbeat.head, now)
    session.flush()
    return Head(row.journal_seq, row.journal_head)


def _note_cut(row: DeviceRow, head: Head, now: datetime) -> None:
    if row.fault not in (None, Fault.CUT.value):
        return  # a fork or a broken chain stays until the device is replaced
    same_place = head.seq == row.journal_seq
    if head.seq < row.journal_seq or (same_place and head.digest != row.journal_head):
        if row.fault is None:
            row.fault, row.fault_at = Fault.CUT.value, now
    else:
        row.fault, row.fault_at = None, None
