"""What people type when any moment suits: how long, within which days, at which part of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from app.bookings.find_choices import offer_choices
from app.bookings.first_wish import PEOPLE
from app.bookings.forms import NeedsForm
from app.bookings.simulator_form import Listed
from app.domain.calendars import ONE_DAY, local_day
from app.domain.day_parts import DayPart
from app.domain.intervals import Span
from app.spaces.network import Network
from app.web import formats
from app.web.choices import SelectChoice

LENGTHS = (30, 60, 90, 120, 180, 240, 480)  # minutes
USUAL_LENGTH = "120"
USUAL_WITHIN = "week"
A_WEEK = timedelta(days=7)


class StretchForm(NeedsForm):
    """So long, within some days, at a part of them; the choices come from the network."""

    minutes = SelectField(_l("Durée"), validators=[Listed()], validate_choice=False)
    within = SelectField(_l("Quand"), validators=[Listed()], validate_choice=False)
    part = SelectField(_l("Moment du jour"), validators=[Listed()], validate_choice=False)

    @property
    def length(self) -> int:
        """How many minutes, in a valid form."""
        return int(self.minutes.data)

    @property
    def day_part(self) -> DayPart | None:
        """Which part of the days, or None for all of them."""
        return DayPart(self.part.data) if self.part.data else None

    def window(self, network: Network, now: datetime) -> Span:
        """Give from when to when, on the clock of the Totem asked for; not before now."""
        site = network.find_site(self.site.data or "") or network.sites[0]
        first, last = _days(self.within.data, site.calendar.local_date(now))
        end = local_day(site.calendar, last).end
        return Span(max(now, local_day(site.calendar, first).start), end)


def read_stretch_form(network: Network, now: datetime) -> StretchForm:
    """Read the address, with what nobody typed filled in sensibly."""
    values: MultiDict[str, str] = MultiDict(request.args)
    usual = {"people": str(PEOPLE), "minutes": USUAL_LENGTH, "within": USUAL_WITHIN}
    for name, value in (usual | {"site": network.sites[0].code, "part": ""}).items():
        values.setdefault(name, value)
    form = StretchForm(formdata=values)
    offer_choices(form, network)
    form.minutes.choices = [
        SelectChoice(str(each), formats.duration(timedelta(minutes=each))) for each in LENGTHS
    ]
    form.within.choices = [
        SelectChoice("today", _("aujourd’hui")),
        SelectChoice("tomorrow", _("demain")),
        SelectChoice("week", _("cette semaine")),
        SelectChoice("next_week", _("la semaine prochaine")),
        SelectChoice("fortnight", _("ces deux semaines")),
    ]
    form.part.choices = [
        SelectChoice("", _("à toute heure")),
        SelectChoice(DayPart.MORNING.value, _("le matin")),
        SelectChoice(DayPart.AFTERNOON.value, _("l’après-midi")),
        SelectChoice(DayPart.EVENING.value, _("le soir")),
    ]
    return form


def _days(within: str, today: date) -> tuple[date, date]:
    """Give the first and the last date of « cette semaine » and the like."""
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "today": (today, today),
        "tomorrow": (today + ONE_DAY, today + ONE_DAY),
        "week": (today, sunday),
        "next_week": (sunday + ONE_DAY, sunday + A_WEEK),
        "fortnight": (today, sunday + A_WEEK),
    }[within]
