"""Alarms of doors: raised by what doors report or leave unsaid, ended by a person who saw them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from app.access.alarms import SILENT_FOR, AlarmKind, Raised
from app.access.tables import AlarmRow, DeviceRow
from app.db import outbox
from app.domain.errors import UnknownAlarm
from app.domain.events import DoorAlarmRaised
from app.domain.ids import SiteCode
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.queries import find_network
from app.spaces.tables import DoorRow

_LONGEST_DETAIL = 80


def raise_alarms(
    session: Session, *, site_id: int, door_id: int, raised: Iterable[Raised], now: datetime
) -> None:
    """Raise alarms of a door whose device is locked; what waits already is counted, not doubled.

    Somebody is told of a new one only: what happens again is the same alarm until it was seen.
    """
    for each in raised:
        seen = session.execute(
            update(AlarmRow)
            .where(
                AlarmRow.door_id == door_id,
                AlarmRow.kind == each.kind.value,
                AlarmRow.acknowledged_at.is_(None),
            )
            .values(last_at=each.at, times=AlarmRow.times + 1, detail=each.detail[:_LONGEST_DETAIL])
        )
        if not seen.rowcount:  # type: ignore[attr-defined]  # of a cursor, which an update gives
            first = insert(AlarmRow).values(_first(site_id, door_id, each)).returning(AlarmRow.id)
            outbox.put(session, DoorAlarmRaised(session.execute(first).scalar_one()), now=now)


def acknowledge(session: Session, actor: Actor, alarm_id: int, *, now: datetime) -> SiteCode:
    """Note that somebody has seen an alarm, and give its site. Safe to say twice.

    Raises ``UnknownAlarm``, ``NotAllowed``.
    """
    row = session.get(AlarmRow, alarm_id, with_for_update=True)
    site = next((s for s in find_network(session).sites if row and s.id == row.site_id), None)
    if row is None or site is None:
        raise UnknownAlarm(alarm_id)
    require(actor, Permission.ALARM_ACKNOWLEDGE, Subject(site=site.code))
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = now, actor.account_id
        session.flush()
    return site.code


def raise_silences(session: Session, *, now: datetime) -> None:
    """Raise an alarm for each door that has not been heard for five minutes, once a silence."""
    told = exists().where(
        AlarmRow.door_id == DeviceRow.door_id,
        AlarmRow.kind == AlarmKind.OFFLINE.value,
        AlarmRow.raised_at > DeviceRow.heard_at,
    )
    silent = session.execute(
        select(DeviceRow.door_id, DoorRow.site_id, DeviceRow.heard_at)
        .join(DoorRow, DoorRow.id == DeviceRow.door_id)
        .where(
            DeviceRow.approved_at.is_not(None),
            DeviceRow.revoked_at.is_(None),
            DeviceRow.heard_at < now - SILENT_FOR,
            ~told,
        )
        .order_by(DeviceRow.id)
        .with_for_update(of=DeviceRow)
    ).all()
    for door_id, site_id, _heard_at in silent:
        raised = [Raised(AlarmKind.OFFLINE, now)]
        raise_alarms(session, site_id=site_id, door_id=door_id, raised=raised, now=now)


def _first(site_id: int, door_id: int, raised: Raised) -> dict[str, object]:
    return {
        "site_id": site_id,
        "door_id": door_id,
        "kind": raised.kind.value,
        "detail": raised.detail[:_LONGEST_DETAIL],
        "raised_at": raised.at,
        "last_at": raised.at,
        "times": 1,
    }
