"""The alarms of doors that wait to be seen."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.alarms import Alarm, AlarmKind
from app.access.tables import AlarmRow
from app.domain.ids import DoorId
from app.spaces.network import Site

MOST_ALARMS = 200


def waiting_alarms(session: Session, sites: Collection[Site]) -> list[Alarm]:
    """Give what nobody has seen yet at these sites, latest first; one statement."""
    doors = {door.id: door for site in sites for door in site.doors}
    rows = session.scalars(
        select(AlarmRow)
        .where(
            AlarmRow.site_id.in_(sorted(site.id for site in sites)),
            AlarmRow.acknowledged_at.is_(None),
        )
        .order_by(AlarmRow.last_at.desc(), AlarmRow.id.desc())
        .limit(MOST_ALARMS)
    )
    return [
        Alarm(
            id=row.id,
            site=door.site,
            door=door,
            kind=AlarmKind(row.kind),
            detail=row.detail,
            raised_at=row.raised_at,
            last_at=row.last_at,
            times=row.times,
        )
        for row in rows
        if (door := doors.get(DoorId(row.door_id))) is not None
    ]
