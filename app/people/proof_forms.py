"""The shape of a request for a profile, and of the answer of staff."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    DateField,
    Field,
    SelectField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from app.people.forms import (
    FIRST_DAY,
    Needed,
    NoLongerThan,
    a_sensible_day,
    plain_text,
    reason_field,
    trimmed,
)

LONGEST_MESSAGE = 1000
COMPANIES_FROM = date(1800, 1, 1)


class ProofForm(FlaskForm):
    """Which profile, for whom, where, and the documents."""

    kind = SelectField(_l("Profil demandé"))
    holder = SelectField(_l("Pour"))
    site = SelectField(_l("Totem qui vérifiera"))
    documents = MultipleFileField(_l("Justificatifs"))
    message = TextAreaField(
        _l("Un mot pour l’accueil"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(LONGEST_MESSAGE), plain_text],
    )


class AcceptForm(FlaskForm):
    """The days a proof counts, and what was read on it."""

    valid_from = DateField(_l("Valable du"), validators=[Needed(), a_sensible_day])
    valid_until = DateField(_l("au (inclus)"), validators=[Needed(), a_sensible_day])
    created_on = DateField(_l("Entreprise créée le"), validators=[Optional()])
    seen = reason_field(_l("Preuve vue"))

    def validate_valid_until(self, field: Field) -> None:
        """The end does not come before the beginning."""
        if self.valid_from.data and field.data and field.data < self.valid_from.data:
            raise ValidationError(str(_l("La fin de validité doit venir après le début.")))

    def validate_created_on(self, field: Field) -> None:
        """A company was created, and not in the future of its proof."""
        if field.data and not COMPANIES_FROM <= field.data <= (self.valid_until.data or FIRST_DAY):
            raise ValidationError(str(_l("Cette date de création n’est pas possible.")))


class RefuseForm(FlaskForm):
    """Why a proof is not accepted; the person reads it."""

    reason = reason_field(_l("Motif, tel que la personne le lira"))
