"""Warnings to the managers of a site: told once each, by a timer that may be late."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import LeaseAlarm
from app.domain.titles import Alarm
from app.leases.lease import Lease
from app.leases.queries import leases_of_sites
from app.leases.tables import LeaseWarningRow
from app.spaces.queries import find_network

# Shown in the list only: nothing happens on a day.
_QUIET = frozenset({Alarm.EXCLUSIVE_WITHOUT_SERVICE})


def tidy(session: Session, *, now: datetime) -> int:
    """Tell the managers what has begun to ring since the last time; gives how many warnings."""
    network = find_network(session)
    leases = leases_of_sites(session, network, [site.id for site in network.sites])
    rows = session.execute(
        select(LeaseWarningRow.lease_id, LeaseWarningRow.kind, LeaseWarningRow.due_on)
    )
    told = {(row.lease_id, row.kind, row.due_on) for row in rows}
    ringing = [
        (lease, alarm, since)
        for lease in leases
        for alarm, since in _ringing(lease, now)
        if (lease.id, alarm.value, since) not in told
    ]
    if ringing:
        warned = [
            {"lease_id": lease.id, "kind": alarm.value, "due_on": since, "told_at": now}
            for lease, alarm, since in ringing
        ]
        session.execute(insert(LeaseWarningRow), warned)
        events = [LeaseAlarm(lease.ref, alarm.value) for lease, alarm, _ in ringing]
        outbox.put(session, *events, now=now)
    return len(ringing)


def _ringing(lease: Lease, now: datetime) -> list[tuple[Alarm, date]]:
    today = lease.site.calendar.local_date(now)
    return [(due.alarm, due.since) for due in lease.alarms(today) if due.alarm not in _QUIET]
