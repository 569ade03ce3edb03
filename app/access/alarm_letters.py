"""The letter about an alarm of a door: which door, what, when, and where to say that one saw it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.access import words
from app.access.alarms import Alarm
from app.spaces.network import Site
from app.web import formats


def letter(alarm: Alarm, site: Site) -> tuple[str, str]:
    """Write subject and text of an alarm; call it inside ``force_locale``."""
    facts = {
        "door": alarm.door.name.get(formats.language()),
        "site": site.name,
        "what": str(words.ALARMS[alarm.kind]),
    }
    text = _(
        "Bonjour,\n\n"
        "%(door)s, %(site)s : %(what)s.\n"
        "%(day)s, %(hour)s.\n\n"
        "Allez voir sur place, puis touchez « Vu » ici :\n\n"
        "%(link)s\n\n"
        "Ce message n’est envoyé qu’une fois, même si cela se répète.\n",
        day=formats.day(alarm.raised_at, site.calendar.zone),
        hour=formats.clock(alarm.raised_at, site.calendar.zone),
        link=f"{{base_url}}/doors/{site.code}",
        **facts,
    )
    return _("Alarme : %(door)s, %(what)s", **facts), text
