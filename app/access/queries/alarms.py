"""The alarms of doors that wait to be seen, and who is told of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.alarms import Alarm, AlarmKind, Watcher
from app.access.queries.devices import place_of
from app.access.tables import AlarmRow
from app.domain.ids import DoorId, SiteCode
from app.domain.permissions import Role
from app.people.tables import AccountRow, RoleRow
from app.spaces.network import Door, Network, Site

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
        _alarm(row, door) for row in rows if (door := doors.get(DoorId(row.door_id))) is not None
    ]


def find_waiting_alarm(
    session: Session, network: Network, alarm_id: int
) -> tuple[Alarm, Site] | None:
    """Give an alarm that nobody has seen yet, with its site; None for any other."""
    row = session.get(AlarmRow, alarm_id)
    if row is None or row.acknowledged_at is not None:
        return None
    place = place_of(network, row.door_id)
    return None if place is None else (_alarm(row, place[0]), place[1])


def staff_alarmed(session: Session, site: SiteCode) -> list[Watcher]:
    """Give who is told of alarms at a site: its concierges, else its managers, else the network."""
    here = RoleRow.site_code == site
    for whose in (
        and_(RoleRow.role == Role.CONCIERGE.value, here),
        and_(RoleRow.role == Role.MANAGER.value, here),
        RoleRow.role == Role.NETWORK_MANAGER.value,
    ):
        rows = session.execute(
            select(AccountRow.id, AccountRow.email, AccountRow.locale)
            .join(RoleRow, RoleRow.account_id == AccountRow.id)
            .where(whose, RoleRow.revoked_at.is_(None), AccountRow.disabled_at.is_(None))
            .order_by(AccountRow.id)
            .distinct()
        )
        if found := [Watcher(*row) for row in rows]:
            return found
    return []


def _alarm(row: AlarmRow, door: Door) -> Alarm:
    return Alarm(
        id=row.id,
        site=door.site,
        door=door,
        kind=AlarmKind(row.kind),
        detail=row.detail,
        raised_at=row.raised_at,
        last_at=row.last_at,
        times=row.times,
    )
