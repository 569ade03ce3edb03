"""What the staff type to close places: which ones, from when to when, why."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField, TimeField, ValidationError
from wtforms import StringField as TextField
from wtforms.validators import Optional

from app.bookings.forms import AddressForm, Typed
from app.bookings.service import ClosureWanted
from app.domain.errors import EndBeforeStart
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.opening_hours import local_instant
from app.people.forms import CheckboxesField, NoLongerThan, plain_text, trimmed
from app.spaces.closures import WORDS_LENGTH, ClosureReason
from app.spaces.network import Site
from app.spaces.words import closure_reason
from app.web import formats
from app.web.choices import SelectChoice

ALL = "all"
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
LONGEST = timedelta(days=366)


class ClosureForm(AddressForm):
    """Places to be shut."""

    spaces = CheckboxesField(_l("Lieux à fermer"), validate_choice=False)
    first = DateField(_l("Du"), validators=[Typed(_l("Choisissez une date."))])
    start = TimeField(_l("À partir de"), validators=[Typed(_l("Choisissez l’heure de début."))])
    last = DateField(_l("Au"), validators=[Typed(_l("Choisissez une date."))])
    end = TimeField(_l("Jusqu’à"), validators=[Typed(_l("Choisissez l’heure de fin."))])
    reason = SelectField(_l("Raison"))
    words = TextField(
        _l("Un mot aux personnes"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(WORDS_LENGTH), plain_text],
    )

    def validate_spaces(self, field: CheckboxesField) -> None:
        """Want at least one place; raises ValidationError."""
        if not field.data:
            raise ValidationError(_("Choisissez au moins un lieu."))

    def validate_last(self, field: DateField) -> None:
        """Refuse what is out of all sight; raises ValidationError."""
        first = self.first.data
        for day in (first, field.data):
            if day is not None and not FIRST <= day <= LAST:
                raise ValidationError(_("Choisissez une date plus proche."))
        if first is not None and field.data is not None and field.data - first > LONGEST:
            raise ValidationError(_("Une fermeture dure un an au plus."))


def closure_form(site: Site, values: MultiDict[str, str] | None) -> ClosureForm:
    """Give the form with the places of a Totem, as typed; None where nothing is."""
    form = ClosureForm(formdata=values)
    form.spaces.choices = [
        SelectChoice(ALL, _("tout le Totem")),
        *(SelectChoice(each.code, each.name.get(formats.language())) for each in site.spaces),
    ]
    form.reason.choices = [SelectChoice(each.value, closure_reason(each)) for each in ClosureReason]
    return form


def wanted_from(form: ClosureForm, site: Site, now: datetime) -> ClosureWanted:
    """Give the wish of a valid form; raises NonexistentTime, EndBeforeStart.

    Of an hour that the clock shows twice both are meant; what is past is not closed any more.
    """
    ticked = list(form.spaces.data or ())
    start = _instant(form.first, form.start, site, fold=0)
    end = _instant(form.last, form.end, site, fold=1)
    if end <= start:
        raise EndBeforeStart(start, end)
    codes = () if ALL in ticked else tuple(SpaceCode(code) for code in ticked)
    span = Span(max(start, now), end) if now < end else Span(start, end)
    reason = ClosureReason(form.reason.data)
    return ClosureWanted(site.code, codes, span, reason, form.words.data or "")


def _instant(on: DateField, at: TimeField, site: Site, *, fold: int) -> datetime:
    if on.data is None or at.data is None:
        raise ValueError("only a valid form says what is wanted")
    return local_instant(on.data, at.data, site.zone, fold=fold)
