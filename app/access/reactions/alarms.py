"""Who is told when a door raises an alarm: the concierges of its site, once, in their language."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access.alarm_letters import letter
from app.access.queries import find_waiting_alarm, staff_alarmed
from app.db import outbox
from app.domain.events import DomainEvent, DoorAlarmRaised, MailWanted
from app.spaces.queries import find_network


def tell_staff_of_alarm(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail the staff of a site an alarm of its doors; none when somebody has seen it meanwhile."""
    if not isinstance(event, DoorAlarmRaised):
        return
    found = find_waiting_alarm(session, find_network(session), event.alarm_id)
    if found is None:
        return
    alarm, site = found
    mails = []
    for watcher in staff_alarmed(session, site.code):
        with force_locale(watcher.locale):
            subject, text = letter(alarm, site)
        mails.append(
            MailWanted(f"door-alarm-{alarm.id}-{watcher.id}", watcher.email, subject, text)
        )
    outbox.put(session, *mails, now=now)
