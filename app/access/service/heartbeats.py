"""A door's sign of life: where its journal stands, what it knows, what its clock says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access.alarms import AlarmKind, Raised
from app.access.devices import CLOCK_TOLERANCE, Device, Fault
from app.access.queries import lock_device
from app.access.service.alarms import raise_alarms
from app.access.tables import DeviceRow
from app.spaces.service import hear_door
from devices.passes.chain import Head

_MILLISECOND: Final = timedelta(milliseconds=1)
_TOLERATED: Final = CLOCK_TOLERANCE // _MILLISECOND
REPORTED: Final = (
    AlarmKind.DISK_LOW,
    AlarmKind.JOURNAL_FULL,
    AlarmKind.READER_LOST,
    AlarmKind.LOCK_LOST,
    AlarmKind.FIRE,
    AlarmKind.TAMPER,
)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a device says of itself."""

    head: Head
    snapshot: int
    clock: datetime
    software: str = ""
    states: frozenset[str] = frozenset()
    battery: int | None = None
    certificate_until: datetime | None = None


def note_heartbeat(
    session: Session, device: Device, heartbeat: Heartbeat, *, now: datetime
) -> Head:
    """Remember a sign of life and give where its journal stands here.

    A journal that ends before what we hold was cut off: that is kept as a fault until a heartbeat
    goes on where we stand. The signature may be replayed within its minute, and does no harm: the
    next heartbeat sets it right.
    """
    row = lock_device(session, device.id)
    raised = [Raised(kind, now) for kind in _new_troubles(row, heartbeat, now)]
    row.software, row.states = heartbeat.software or None, " ".join(sorted(heartbeat.states))
    if heartbeat.head.seq <= row.journal_seq and _is_new_minute(row.heard_at, now):
        hear_door(session, device.door.id, now=now)
    row.battery, row.certificate_until = heartbeat.battery, heartbeat.certificate_until
    row.heard_at = now
    row.clock_error_ms = (heartbeat.clock - now) // _MILLISECOND
    row.reported_seq = heartbeat.head.seq
    row.reported_snapshot = heartbeat.snapshot
    if _note_cut(row, heartbeat.head, now):
        raised.append(Raised(AlarmKind.JOURNAL, now, Fault.CUT.value))
    raise_alarms(session, site_id=device.site.id, door_id=device.door.id, raised=raised, now=now)
    session.flush()
    return Head(row.journal_seq, row.journal_head)


def _new_troubles(row: DeviceRow, heartbeat: Heartbeat, now: datetime) -> Iterator[AlarmKind]:
    """Give the troubles this sign of life tells of that the one before did not."""
    before = set((row.states or "").split())
    yield from (kind for kind in REPORTED if kind in heartbeat.states - before)
    was_wrong = row.clock_error_ms is not None and abs(row.clock_error_ms) > _TOLERATED
    if not was_wrong and abs((heartbeat.clock - now) // _MILLISECOND) > _TOLERATED:
        yield AlarmKind.CLOCK


def _is_new_minute(heard_at: datetime | None, now: datetime) -> bool:
    """Whether places were told in this minute already that their door has told all it knows."""
    return heard_at is None or heard_at.timestamp() // 60 < now.timestamp() // 60


def _note_cut(row: DeviceRow, head: Head, now: datetime) -> bool:
    """Keep that a journal was cut off, or goes on again; gives whether that is new."""
    if row.fault not in (None, Fault.CUT.value):
        return False  # a fork or a broken chain stays until the device is replaced
    same_place = head.seq == row.journal_seq
    if head.seq < row.journal_seq or (same_place and head.digest != row.journal_head):
        is_new = row.fault is None
        if is_new:
            row.fault, row.fault_at = Fault.CUT.value, now
        return is_new
    row.fault, row.fault_at = None, None
    return False
