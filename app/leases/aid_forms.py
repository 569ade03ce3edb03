"""The shape of what is typed about state aid: declarations, links, reversals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    FieldList,
    Form,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from app.domain.money import Money
from app.leases.aid import Declaration, Declared
from app.leases.aid_tables import NAME_LENGTH
from app.people.forms import (
    Needed,
    NoLongerThan,
    a_name,
    a_sensible_day,
    plain_text,
    reason_field,
    trimmed,
)

MOST_AIDS = 6
LARGEST_AID = Decimal(10_000_000)


class DeclaredForm(Form):
    """One aid from elsewhere; a line left empty is none."""

    received_on = DateField(_l("Reçue le"), validators=[Optional(), a_sensible_day])
    granter = StringField(
        _l("Organisme"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(NAME_LENGTH), plain_text],
    )
    amount = DecimalField(
        _l("Montant (€)"),
        places=2,
        validators=[Optional(), NumberRange(min=Decimal("0.01"), max=LARGEST_AID)],
    )

    @property
    def is_torn(self) -> bool:
        """Whether a line is neither whole nor empty."""
        filled = {
            bool(self.received_on.data),
            bool(self.granter.data),
            self.amount.data is not None or bool(self.amount.raw_data and self.amount.raw_data[0]),
        }
        return len(filled) > 1


class DeclarationForm(FlaskForm):
    """What an undertaking declares, whole."""

    declared_on = DateField(_l("Signée le"), validators=[Needed(), a_sensible_day])
    signatory = StringField(
        _l("Par"), filters=[trimmed], validators=[Needed(), NoLongerThan(NAME_LENGTH), a_name]
    )
    is_economic = BooleanField(_l("Exerce une activité économique"), default=True)
    legal_form = StringField(
        _l("Forme juridique"),
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(NAME_LENGTH), plain_text],
    )
    nace = StringField(
        _l("Code NACE (APE)"),
        filters=[trimmed],
        validators=[
            Needed(),
            Regexp(r"\d{2}\.?\d{0,2}[A-Z]?\Z", message=_l("Exemple : 62.01Z")),
        ],
    )
    companies = TextAreaField(
        _l("Entreprises liées, hors de ce réseau"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(1000), plain_text],
    )
    aids = FieldList(
        FormField(DeclaredForm),
        _l("Aides reçues ailleurs"),
        min_entries=MOST_AIDS,
        max_entries=MOST_AIDS,
    )

    def validate_aids(self, field: Field) -> None:
        """Each line is whole or empty; what is wrong within one is said once for all."""
        if field.errors or any(line.form.is_torn for line in self.aids):
            field.errors = []
            raise ValidationError(
                str(_l("Remplissez la date, l’organisme et le montant de chaque aide."))
            )

    def declaration(self, organisation_id: int, regulation: str, today: date) -> Declaration:
        """Give the declaration of a form that was found in order."""
        return Declaration(
            organisation_id,
            self.declared_on.data or today,
            bool(self.is_economic.data),
            self.legal_form.data or "",
            self.nace.data or "",
            self.companies.data or "",
            self.signatory.data or "",
            tuple(self._aids(regulation)),
        )

    def _aids(self, regulation: str) -> Iterator[Declared]:
        for line in self.aids:
            form = line.form
            if form.received_on.data and form.amount.data is not None:
                cents = int((form.amount.data * 100).to_integral_value())
                yield Declared(
                    form.received_on.data, form.granter.data or "", regulation, Money(cents)
                )


class LinkForm(FlaskForm):
    """Which organisation belongs to the same undertaking, and why."""

    other = SelectField(_l("Même entreprise unique que"))
    reason = reason_field(_l("Lien (majorité des voix, contrôle…)"))


class MonthForm(FlaskForm):
    """A month that is over, whose reduced rates are to be valued."""

    month = StringField(
        _l("Mois"),
        filters=[trimmed],
        validators=[
            Needed(),
            Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", message=_l("Exemple : 2026-11")),
        ],
    )

    def first_day(self) -> date:
        """Give the first day of the month of a form that was found in order."""
        return date.fromisoformat(f"{self.month.data}-01")


class ReverseForm(FlaskForm):
    """Why an aid is taken back."""

    reason = reason_field(_l("Motif de l’annulation"))
