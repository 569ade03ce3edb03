"""Who is told when a door raises an alarm: the concierges of its site, once, in their language."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import words
from app.access.alarms import Alarm
from app.access.queries import find_waiting_alarm, staff_alarmed
from app.db import outbox
from app.domain.events import DomainEvent, DoorAlarmRaised, MailWanted
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.web import formats


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
            subject, text = _letter(alarm, site)
        mails.append(
            MailWanted(f"door-alarm-{alarm.id}-{watcher.id}", watcher.email, subject, text)
        )
    outbox.put(session, *mails, now=now)


def _letter(alarm: Alarm, site: Site) -> tuple[str, str]:
    facts = {
        "door": alarm.door.name.get(formats.language()),
        "site": site.name,
        "what": str(words.ALARMS[alarm.kind]),
    }
    text = _(
        "Bonjour,\n\n"
        "%(door)s, %(site)s : %(what)s.\n"
        "%(day)s, %(hour)s.\n\n"
        "Allez voir sur place, puis touchez « Vu » ici :\n\n"
        "%(link)s\n\n"
        "Ce message n’est envoyé qu’une fois, même si cela se répète.\n",
        day=formats.day(alarm.raised_at, site.calendar.zone),
        hour=formats.clock(alarm.raised_at, site.calendar.zone),
        link=f"{{base_url}}/doors/{site.code}",
        **facts,
    )
    return _("Alarme : %(door)s, %(what)s", **facts), text
