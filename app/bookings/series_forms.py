"""What people type when they ask for dates that come again; and by which scope they change them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, IntegerField, SelectField, TextAreaField, TimeField
from wtforms import StringField as TextField
from wtforms.validators import Optional, ValidationError

from app.bookings.booking import TITLE_LENGTH
from app.bookings.forms import AddressForm, StayForm, Typed
from app.bookings.rule_words import weekday
from app.bookings.series import Choice, Deed, Scope, SeriesChange, SeriesWanted
from app.domain.errors import EndBeforeStart
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.opening_hours import MINUTES_A_DAY
from app.domain.recurrence import Recurrence, listed
from app.domain.rrules import CODES, LAST, Frequency, Rule, rule_from
from app.people.forms import CheckboxesField, NoLongerThan, plain_text, trimmed
from app.spaces.network import Site
from app.web.choices import SelectChoice

DO = "do-"
LATEST = date(2099, 12, 31)
WEEKS_SHOWN = timedelta(weeks=8)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4})")


class SeriesForm(StayForm):
    """A stay that comes again: how often, on which days, until when; or a list of dates."""

    space = HiddenField()
    title = TextField(
        _l("Titre"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(TITLE_LENGTH), plain_text],
    )
    repeat = SelectField(
        _l("Répéter"),
        choices=[
            SelectChoice("weekly", _l("par semaine, certains jours")),
            SelectChoice("daily", _l("par jour")),
            SelectChoice("month_day", _l("par mois, à la même date")),
            SelectChoice("month_nth", _l("par mois, le même jour de la semaine")),
            SelectChoice("month_last", _l("par mois, le dernier de ce jour de la semaine")),
            SelectChoice("list", _l("à des dates que je choisis")),
        ],
        validate_choice=False,
    )
    interval = IntegerField(_l("Tous les (1, 2, 3…)"), validators=[Optional()])
    weekdays = CheckboxesField(_l("Jours de la semaine"), validate_choice=False)
    until = DateField(_l("Dernière date"), validators=[Optional()])
    count = IntegerField(_l("Ou nombre de fois"), validators=[Optional()])
    dates = TextAreaField(_l("Autres dates"), validators=[Optional()])

    def __init__(self, formdata: MultiDict[str, str]) -> None:
        super().__init__(formdata=formdata)
        self.weekdays.choices = [SelectChoice(str(day), weekday(day)) for day in range(7)]

    def validate_dates(self, field: TextAreaField) -> None:
        """Refuse what is no list of dates; raises ValidationError."""
        if days_in(field.data or "") is None:
            raise ValidationError(_l("Écrivez une date par ligne, comme 24/12/2026 ou 2026-12-24."))

    def validate_date(self, field: DateField) -> None:
        """Refuse a date out of all sight; raises ValidationError."""
        if field.data is not None and not date(2000, 1, 1) <= field.data <= LATEST:
            raise ValidationError(_l("Choisissez une date plus proche."))


class ScopeForm(AddressForm):
    """Which dates of a series are meant."""

    scope = SelectField(
        _l("Quelles dates ?"),
        choices=[
            SelectChoice(Scope.ALL.value, _l("toutes les dates à venir")),
            SelectChoice(Scope.FOLLOWING.value, _l("une date et toutes les suivantes")),
            SelectChoice(Scope.THIS.value, _l("une seule date")),
        ],
    )
    since = SelectField(_l("À partir de, ou seulement"), validate_choice=False)


class SeriesChangeForm(ScopeForm):
    """Another time, place, number of people or title for dates of a series."""

    space = SelectField(_l("Lieu"), validate_choice=False)
    start = TimeField(_l("Début"), validators=[Typed(_l("Choisissez l’heure de début."))])
    end = TimeField(_l("Fin"), validators=[Typed(_l("Choisissez l’heure de fin."))])
    people = IntegerField(
        _l("Personnes"), validators=[Typed(_l("Indiquez un nombre de personnes."))]
    )
    title = TextField(
        _l("Titre"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(TITLE_LENGTH), plain_text],
    )


class ReleaseForm(AddressForm):
    """From which day to which one's dates are given up."""

    first = DateField(_l("Du"), validators=[Typed(_l("Choisissez une date."))])
    last = DateField(_l("Au"), validators=[Typed(_l("Choisissez une date."))])


def wanted_of(form: SeriesForm, site: Site) -> SeriesWanted:
    """Give the wish of a valid form; raises BadRule, EndBeforeStart, NoDates, TooManyDates."""
    first: date = form["date"].data
    minute, minutes = hours_of(form["start"].data, form["end"].data, first)
    beside = frozenset(days_in(form.dates.data or "") or ())
    recurrence = (
        listed(beside | {first}, minute=minute, minutes=minutes)
        if form.repeat.data == "list"
        else Recurrence(first, minute, minutes, _rule(form, first, site), rdates=beside).anchored()
    )
    space = SpaceCode(form.space.data or "")
    return SeriesWanted(space, recurrence, form.people.data or 0, form.title.data or "")


def change_of(form: SeriesChangeForm, day: date) -> SeriesChange:
    """Give the change of a valid form; raises EndBeforeStart."""
    minute, minutes = hours_of(form["start"].data, form["end"].data, day)
    return SeriesChange(
        space=SpaceCode(form.space.data or ""),
        minute=minute,
        minutes=minutes,
        people=form.people.data,
        title=form.title.data or "",
    )


def hours_of(start: time, end: time, day: date) -> tuple[int, int]:
    """Give the minute of the day and the length; an end at 0 h is the end of the day."""
    begins, ends = start.hour * 60 + start.minute, end.hour * 60 + end.minute or MINUTES_A_DAY
    if ends <= begins:
        at = datetime.combine(day, start, UTC)
        raise EndBeforeStart(at, datetime.combine(day, end, UTC))
    return begins, ends - begins


def choices_of(values: MultiDict[str, str]) -> list[Choice]:
    """Read what was chosen for each date; what cannot be read is kept as the rule has it."""
    chosen = []
    for name, value in values.items():
        if name.startswith(DO) and (day := _day(name.removeprefix(DO))):
            chosen.append(_choice(day, value))
    return chosen


def days_in(text: str) -> list[date] | None:
    """Read dates with blanks, commas or lines between them; None when one is unreadable."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    days = [_day(word) for word in words]
    found = [day for day in days if day is not None]
    return found if len(found) == len(words) <= 1000 else None


def _rule(form: SeriesForm, first: date, site: Site) -> Rule:
    """Put what was ticked into a rule, read as any other; raises BadRule."""
    parts = {
        "FREQ": {"daily": Frequency.DAILY, "weekly": Frequency.WEEKLY}.get(
            form.repeat.data, Frequency.MONTHLY
        ),
        "INTERVAL": form.interval.data if form.interval.data is not None else 1,
    }
    if form.repeat.data == "weekly" and form.weekdays.data:
        parts["BYDAY"] = ",".join(
            CODES[int(day)] for day in form.weekdays.data if day in set("0123456")
        )
    nth = {"month_nth": (first.day - 1) // 7 + 1, "month_last": LAST}.get(form.repeat.data)
    if nth is not None:
        parts["BYDAY"] = f"{nth}{CODES[first.weekday()]}"
    if form.count.data:
        parts["COUNT"] = form.count.data
    elif form.until.data:
        parts["UNTIL"] = form.until.data.isoformat().replace("-", "")
    text = ";".join(f"{name}={value}" for name, value in parts.items() if value != "")
    return rule_from(text, first=first, zone=site.zone)


def _choice(day: date, value: str) -> Choice:
    if value == Deed.DROP.value:
        return Choice(day, Deed.DROP)
    space, _, rest = value.partition(" ")
    start, _, end = rest.partition(" ")
    try:
        span = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except (ValueError, EndBeforeStart):
        return Choice(day, Deed.KEEP)
    return Choice(day, Deed.CHANGE, SpaceCode(space), span)


def _day(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= LATEST else None
