"""What people type when they ask for a place: a date, from, to, how many; kept as typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, Form, HiddenField, IntegerField, SelectField, TimeField
from wtforms import StringField as TextField
from wtforms.validators import Optional, StopValidation

from app.bookings.booking import TITLE_LENGTH, Guest, Override, Wanted
from app.domain import errors as e
from app.domain.calendars import ONE_DAY
from app.domain.errors import DomainError
from app.domain.intervals import Span
from app.domain.opening_hours import local_instant
from app.people.forms import CheckboxesField, NoLongerThan, plain_text, trimmed
from app.people.tables import EMAIL_LENGTH, NAME_LENGTH
from app.spaces.network import Space
from app.web import place_words
from app.web.choices import SelectChoice
from app.web.sentences import sentence

FOLDS = ("0", "1")
ACCESS = ("accessible", "hearing_loop")  # ticked beside the equipment, but facts of the place
REASON_LENGTH = 500
# Beside which field a refusal is told; any other is told above the form.
FIELD_OF: dict[type[DomainError], str] = {
    e.BeyondHorizon: "date",
    e.BuildingFull: "people",
    e.Closed: "date",
    e.EndBeforeStart: "end",
    e.CompanionMissing: "companion",
    e.NobodyComes: "people",
    e.NoticeTooShort: "date",
    e.OffStep: "start",
    e.OverCapacity: "people",
    e.QuotaExceeded: "date",
    e.ReasonMissing: "override",
    e.ShareExceeded: "date",
    e.SpanInPast: "start",
    e.TooLong: "end",
    e.TooShort: "end",
    e.UnknownSetup: "setup",
    e.UnknownSite: "site",
}


class Typed:
    """Something readable must be typed; says so in words of ours."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at what is empty or cannot be read."""
        if field.data is None or field.process_errors:
            field.errors = []
            field.process_errors = []
            raise StopValidation(str(self.words))


class AddressForm(FlaskForm):
    """What may stand in an address."""

    class Meta:
        csrf = False  # addresses carry no token; every POST is checked by CSRFProtect


class StayForm(AddressForm):
    """When, and for how many; read from an address or from a posted form."""

    date = DateField(_l("Date"), validators=[Typed(_l("Choisissez une date."))])
    start = TimeField(_l("Début"), validators=[Typed(_l("Choisissez l’heure de début."))])
    end = TimeField(_l("Fin"), validators=[Typed(_l("Choisissez l’heure de fin."))])
    people = IntegerField(
        _l("Personnes"), validators=[Typed(_l("Indiquez un nombre de personnes."))]
    )
    start_fold = HiddenField()
    end_fold = HiddenField()
    setup = SelectField(_l("Disposition"), validate_choice=False)
    companion = TextField(
        _l("Adresse de la seconde personne"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(EMAIL_LENGTH), plain_text],
    )
    override = TextField(
        _l("Raison d’une exception aux règles"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(REASON_LENGTH), plain_text],
    )


class NeedsForm(AddressForm):
    """Where, and what a place must be or have; the choices come from the network."""

    site = SelectField(_l("Totem"), validate_choice=False)
    kind = SelectField(_l("Genre de lieu"), validate_choice=False)
    needs = CheckboxesField(_l("Équipement et accès"), validate_choice=False)
    setup = SelectField(_l("Disposition"), validate_choice=False)
    people = IntegerField(
        _l("Personnes"), validators=[Typed(_l("Indiquez un nombre de personnes."))]
    )

    @property
    def equipment(self) -> tuple[str, ...]:
        """The codes of what must be there, in order."""
        return tuple(sorted(set(self.needs.data or ()) - set(ACCESS)))

    @property
    def accessible(self) -> bool:
        """Whether it must be reached by wheelchair."""
        return "accessible" in (self.needs.data or ())

    @property
    def hearing_loop(self) -> bool:
        """Whether it must have a hearing loop."""
        return "hearing_loop" in (self.needs.data or ())


class FindForm(NeedsForm, StayForm):
    """What somebody looks for, and when."""


class HoldForm(StayForm):
    """A place to be kept."""

    space = HiddenField()


class MoveForm(StayForm):
    """Another time, place or number of people for a booking."""

    space = SelectField(_l("Lieu"), validate_choice=False)
    title = TextField(
        _l("Titre"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(TITLE_LENGTH), plain_text],
    )
    version = HiddenField()


class ConfirmForm(FlaskForm):
    """What is still open while a place is held."""

    title = TextField(
        _l("Titre"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(TITLE_LENGTH), plain_text],
    )
    people = IntegerField(
        _l("Personnes"), validators=[Typed(_l("Indiquez un nombre de personnes."))]
    )
    price = HiddenField()  # in cents with VAT, as it was shown
    guest_name = TextField(
        _l("Nom de l’invité"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(NAME_LENGTH), plain_text],
    )
    guest_email = TextField(
        _l("Adresse de l’invité"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(EMAIL_LENGTH), plain_text],
    )

    @property
    def guest(self) -> Guest | None:
        """The guest the place is for, or None when it is for the person."""
        name = self.guest_name.data or ""
        return Guest(name, self.guest_email.data or "") if name else None

    @property
    def shown(self) -> int | None:
        """The price that the person has read, or None when it is unreadable."""
        return cents_in(self.price.data or "")


def wanted_of(form: StayForm, space: Space, span: Span) -> Wanted:
    """Give the wish that a valid form says."""
    companion, reason = form.companion.data or "", form.override.data or ""
    return Wanted(
        space.code,
        span,
        form.people.data or 0,
        setup=form.setup.data or None,
        companion=companion or None,
        override=Override(reason) if reason else None,
    )


def arrangement_values(form: StayForm) -> dict[str, str]:
    """Give what a form says beside the stay itself, as another form carries it along."""
    given = {name: form[name].data or "" for name in ("setup", "companion", "override")}
    return {name: value for name, value in given.items() if value}


def offer_setups(form: StayForm, space: Space) -> None:
    """Let somebody choose how the room is furnished, as far as it can be."""
    asis = SelectChoice("", _l("comme elle est"))
    form.setup.choices = [
        asis,
        *(
            SelectChoice(
                each.code,
                _l(
                    "%(setup)s, %(people)s personnes au plus",
                    setup=place_words.setup(each.code),
                    people=each.capacity,
                ),
            )
            for each in space.rules.setups
        ),
    ]


def typed(values: Mapping[str, str] | MultiDict[str, str]) -> MultiDict[str, str]:
    """Take what an address says; a pressed timeline joins date and time in one word."""
    kept: MultiDict[str, str] = MultiDict(values)
    for name in ("start", "end"):
        day, joined, at = kept.get(name, "").partition("T")
        if joined:
            kept[name] = at
            kept.setdefault("date", day)
    return kept


def span_of(form: StayForm, zone: ZoneInfo) -> Span:
    """Give the stay of a valid form; raises NonexistentTime, DoubledTime, EndBeforeStart."""
    start = _instant(form, "start", zone)
    end = _instant(form, "end", zone)
    if end <= start:
        raise e.EndBeforeStart(start, end)
    return Span(start, end)


def stay_values(span: Span, people: int, zone: ZoneInfo) -> dict[str, str]:
    """Give the stay as a form or an address says it; a doubled hour with which of both."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    values = {
        "date": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "people": str(people),
    }
    return values | {
        f"{name}_fold": str(at.fold)
        for name, at in (("start", start), ("end", end))
        if _is_doubled(at, zone)
    }


def cents_in(text: str) -> int | None:
    """Read a price as a page carried it along; None when it is unreadable."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def values_of(form: FlaskForm) -> dict[str, list[str]]:
    """Give a form as an address says it, as typed."""
    return {
        name: [str(value) for value in field.raw_data]
        for name, field in form._fields.items()
        if field.raw_data and any(field.raw_data)
    }


def refuse(form: FlaskForm, error: DomainError) -> None:
    """Tell a refusal beside the field it is about."""
    name = FIELD_OF.get(type(error), "")
    if isinstance(error, e.NonexistentTime | e.DoubledTime):
        name = field_of_time(form, error.time)
    field = form._fields.get(name)
    if field is None:
        form.form_errors.append(sentence(error))
    else:
        field.errors = [*field.errors, sentence(error)]


def field_of_time(form: Any, at: time) -> str:
    """Say which of both hours a refused local time is."""
    return "start" if form.start.data == at else "end"


def _instant(form: StayForm, name: str, zone: ZoneInfo) -> datetime:
    fold = form[f"{name}_fold"].data
    which = int(fold) if fold in FOLDS else None
    day: date = form["date"].data
    if name == "end" and form[name].data == time.min and day < date.max:
        day += ONE_DAY  # a stay that ends at 0 h ends with its day
    return local_instant(day, form[name].data, zone, fold=which)


def _is_doubled(at: datetime, zone: ZoneInfo) -> bool:
    naive = at.replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset()
