"""Devices read from their rows: one by the id it signs with, or all those of a site by door."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.devices import Device, DoorState, Fault, Standing
from app.access.tables import DeviceRow
from app.domain.ids import DeviceId
from app.spaces.network import Door, Network, Site
from app.spaces.queries import STAMP, find_network, stamp_in

_LAST_SECOND: Final = 253_402_300_799  # of the year 9999


def find_device(session: Session, code: str) -> Device | None:
    """Give the device that signs with this id, in whatever standing; None when unknown.

    One statement, the stamp of the network beside it.
    """
    wanted = select(DeviceRow, *STAMP).where(DeviceRow.code == code)
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    return device_from(found[0], find_network(session, stamp_in(found)))


def lock_device(session: Session, device_id: DeviceId) -> DeviceRow:
    """Give the row of a device to be changed; others that want it wait."""
    return session.scalars(
        select(DeviceRow)
        .where(DeviceRow.id == device_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_device_row(session: Session, code: str) -> DeviceRow | None:
    """Give the row of the device with this id to be changed, or None."""
    return session.scalars(
        select(DeviceRow).where(DeviceRow.code == code).with_for_update()
    ).one_or_none()


def doors_of_site(session: Session, site: Site) -> list[DoorState]:
    """Give every door of a site with its device and those that wait, in one statement."""
    rows = session.scalars(
        select(DeviceRow)
        .where(
            DeviceRow.door_id.in_([door.id for door in site.doors]),
            DeviceRow.revoked_at.is_(None),
        )
        .order_by(DeviceRow.door_id, DeviceRow.id)
    )
    by_door: dict[int, list[Device]] = defaultdict(list)
    doors: dict[int, Door] = {door.id: door for door in site.doors}
    for row in rows:
        by_door[row.door_id].append(_device(row, doors[row.door_id], site))
    return [_state(door, by_door[door.id]) for door in site.doors]


def device_from(row: DeviceRow, network: Network) -> Device | None:
    """Make a value of a row; None when its door was taken out of the network."""
    place = place_of(network, row.door_id)
    return None if place is None else _device(row, *place)


def place_of(network: Network, door_id: int) -> tuple[Door, Site] | None:
    """Give a door by its id, with its site; None when it was taken out of the network."""
    for site in network.sites:
        for door in site.doors:
            if door.id == door_id:
                return door, site
    return None


def _state(door: Door, devices: list[Device]) -> DoorState:
    serving = [device for device in devices if device.standing is Standing.APPROVED]
    pending = tuple(device for device in devices if device.standing is Standing.PENDING)
    return DoorState(door, serving[0] if serving else None, pending)


def _device(row: DeviceRow, door: Door, site: Site) -> Device:
    error = row.clock_error_ms
    return Device(
        id=DeviceId(row.id),
        code=row.code,
        door=door,
        site=site,
        public_key=row.public_key,
        standing=_standing(row),
        enrolled_at=row.enrolled_at,
        approved_at=row.approved_at,
        revoked_at=row.revoked_at,
        journal_seq=row.journal_seq,
        journal_head=row.journal_head,
        fault=None if row.fault is None else Fault(row.fault),
        fault_at=row.fault_at,
        heard_at=row.heard_at,
        clock_error=None if error is None else timedelta(milliseconds=error),
        reported_seq=row.reported_seq,
        told_at=_told_at(row.reported_snapshot),
        software=row.software or "",
        states=frozenset((row.states or "").split()),
        battery=row.battery,
        certificate_until=row.certificate_until,
    )


def _told_at(snapshot: int | None) -> datetime | None:
    """Read when a snapshot was made out of its number; a reader may report nonsense."""
    if not snapshot or snapshot > _LAST_SECOND:
        return None
    return datetime.fromtimestamp(snapshot, UTC)


def _standing(row: DeviceRow) -> Standing:
    if row.revoked_at is not None:
        return Standing.REVOKED
    return Standing.PENDING if row.approved_at is None else Standing.APPROVED
