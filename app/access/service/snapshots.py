"""What a door is told gets a number that never falls, whichever process tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.devices import Device
from app.access.keys import IssuerKeys
from app.access.passes import seconds
from app.access.queries import lock_device, snapshot_for
from devices.passes.snapshot import Snapshot, etag


def current_snapshot(
    session: Session, device: Device, keys: IssuerKeys, *, now: datetime
) -> Snapshot | None:
    """Give what the device was told last if it still holds; None when there is news. Only reads."""
    snapshot = snapshot_for(session, device, keys, version=device.snapshot_version, now=now)
    return snapshot if etag(snapshot) == device.snapshot_digest else None


def next_snapshot(session: Session, device: Device, keys: IssuerKeys, *, now: datetime) -> Snapshot:
    """Give what the device is to be told, numbered anew if it differs from what it was told.

    The row is locked first, so that two processes number one after the other. A number is at least
    the time in seconds: a database brought back from a copy does not fall behind its doors.
    """
    row = lock_device(session, device.id)
    told = replace(
        device, snapshot_version=row.snapshot_version, snapshot_digest=row.snapshot_digest
    )
    current = current_snapshot(session, told, keys, now=now)
    if current is not None:
        return current
    version = max(row.snapshot_version + 1, seconds(now))
    fresh = snapshot_for(session, told, keys, version=version, now=now)
    row.snapshot_version, row.snapshot_digest = version, etag(fresh)
    session.flush()
    return fresh
