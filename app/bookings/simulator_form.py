"""What people type into the simulator: an address that can be shared says the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from babel import Locale
from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, RadioField, SelectField
from wtforms import StringField as TextField
from wtforms.validators import Optional, StopValidation

from app.bookings.forms import FOLDS, StayForm
from app.bookings.simulating import MOST_DAYS, Wish, days_between
from app.domain.kinds import SpaceKind
from app.domain.profiles import BASE, Profile
from app.domain.vat_rules import OTHER_MEMBER_STATES, PRIVATE_PERSON, Customer, CustomerKind
from app.people.forms import CheckboxesField, NoLongerThan, a_vat_id, trimmed
from app.spaces import words as space_words
from app.spaces.network import Network
from app.spaces.place_views import short_name
from app.tariffs import words
from app.web import formats
from app.web.choices import SelectChoice

FRANCE = "FR"
WEEK = tuple(str(day) for day in range(7))


class Listed:
    """What is chosen must stand in the list; an address may say anything."""

    def __call__(self, _form: Form, field: SelectField) -> None:
        """Refuse what nobody offered."""
        offered = {value for value, *_rest in field.iter_choices()}
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if not offered.issuperset(chosen):
            raise StopValidation(_("Choisissez dans la liste."))


class ReadableOrEmpty:
    """A date may be left out, but not be unreadable."""

    field_flags: ClassVar[dict[str, bool]] = {"optional": True}

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at what cannot be read, in words of ours."""
        field.errors = []
        field.process_errors = []
        if any(field.raw_data or ()) and field.data is None:
            raise StopValidation(_("Choisissez une date."))


class SimulatorForm(StayForm):
    """Where, what, when, for whom; read from an address."""

    site = SelectField(_l("Totem"), validators=[Listed()], validate_choice=False)
    kind = SelectField(_l("Genre de lieu"), validators=[Listed()], validate_choice=False)
    until = DateField(_l("Jusqu’au"), validators=[ReadableOrEmpty()])
    weekdays = CheckboxesField(
        _l("Ces jours de la semaine"), validators=[Listed()], validate_choice=False
    )
    profile = SelectField(_l("Profil"), validators=[Listed()], validate_choice=False)
    payer = RadioField(_l("Qui paie"), validators=[Listed()], validate_choice=False)
    country = SelectField(_l("Pays de l’entreprise"), validators=[Listed()], validate_choice=False)
    vat_id = TextField(
        _l("Numéro de TVA"), filters=[trimmed], validators=[Optional(), NoLongerThan(30), a_vat_id]
    )

    @property
    def is_long(self) -> bool:
        """Whether more than one day is asked for."""
        return any(self.until.raw_data or ())

    @property
    def is_company(self) -> bool:
        """Whether a company pays."""
        return bool(self.payer.data == CustomerKind.BUSINESS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then those that go together."""
        if not super().validate(extra_validators):
            return False
        return self._days_fit() and self._country_fits()

    def wish(self) -> Wish:
        """Give what a valid form asks for."""
        fold = self.start_fold.data
        return Wish(
            kind=SpaceKind(self.kind.data),
            people=self.people.data or 0,
            days=self._days(),
            start=self["start"].data,
            end=self["end"].data,
            profile=Profile(self.profile.data),
            customer=self._customer(),
            fold=int(fold) if fold in FOLDS else None,
        )

    def _days(self) -> tuple[date, ...]:
        first: date = self["date"].data
        if self.until.data is None:
            return (first,)
        return days_between(first, self.until.data, frozenset(map(int, self.weekdays.data or ())))

    def _days_fit(self) -> bool:
        first, last = self["date"].data, self.until.data
        if last is None:
            return True
        if last < first:
            return _refuse(self.until, _("Le dernier jour est avant le premier."))
        if last - first >= timedelta(days=MOST_DAYS):
            return _refuse(
                self.until, _("Simulez %(most)s jours au plus à la fois.", most=MOST_DAYS)
            )
        if not self._days():
            return _refuse(self.weekdays, _("Aucun de ces jours n’est dans la période."))
        return True

    def _country_fits(self) -> bool:
        number = self.vat_id.data
        if not self.is_company or not number or number[:2] == self.country.data:
            return True
        return _refuse(
            self.vat_id,
            _("Ce numéro n’est pas du pays choisi : il commence par %(start)s.", start=number[:2]),
        )

    def _customer(self) -> Customer:
        if not self.is_company:
            return PRIVATE_PERSON
        return Customer(CustomerKind.BUSINESS, self.country.data, self.vat_id.data or None)


def offer_choices(form: SimulatorForm, network: Network) -> None:
    """Give the form its choices, in the reader's language."""
    kinds = {space.kind for space in network.spaces if space.bookable}
    form.site.choices = [
        SelectChoice("", _("tous les Totems, côte à côte")),
        *(SelectChoice(site.code, short_name(site)) for site in network.sites),
    ]
    form.kind.choices = [
        SelectChoice(kind.value, space_words.space_kind(kind))
        for kind in SpaceKind
        if kind in kinds
    ]
    form.profile.choices = [SelectChoice(each.value, words.profile(each)) for each in _profiles()]
    form.payer.choices = [
        SelectChoice(CustomerKind.PERSON.value, _("un particulier (prix TTC)")),
        SelectChoice(CustomerKind.BUSINESS.value, _("une entreprise ou un organisme (prix HT)")),
    ]
    names = get_day_names("abbreviated", context="stand-alone", locale=formats.language())
    form.weekdays.choices = [SelectChoice(day, names[int(day)]) for day in WEEK]
    form.country.choices = [SelectChoice(code, name) for name, code in _countries()]


def _profiles() -> list[Profile]:
    return [BASE, *(each for each in Profile if each is not BASE)]


def _countries() -> list[tuple[str, str]]:
    territories = Locale.parse(formats.language()).territories
    named = [(str(territories[_territory(code)]), code) for code in OTHER_MEMBER_STATES]
    return [(str(territories[FRANCE]), FRANCE), *sorted(named)]


def _territory(code: str) -> str:
    return "GR" if code == "EL" else code


def _refuse(field: Any, told: str) -> bool:
    field.errors = [*field.errors, told]
    return False
