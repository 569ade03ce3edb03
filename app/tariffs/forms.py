"""The shape of a dated rate of VAT as it is typed."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.tariffs.card_form import CardField, FieldKind, parsed

LONGEST_SOURCE = 300


def a_percent(_form: Form, field: Field) -> None:
    """Read a per cent such as 5,5; from nothing to a hundred."""
    try:
        text = parsed(CardField(("percent",), FieldKind.FACTOR, optional=False), field.data or "")
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if Decimal(str(text)) > 100:
        raise ValidationError(str(_l("Un taux va de 0 à 100 %.")))
    field.data = str(text)


class VatRateForm(FlaskForm):
    """A rate from a day on, with the text that sets it."""

    code = SelectField(_l("Code"))
    valid_from = DateField(
        _l("À partir du"), validators=[InputRequired(_l("Choisissez une date, demain ou après."))]
    )
    percent = StringField(
        _l("Taux, en pour cent"), validators=[InputRequired(_l("Indiquez le taux.")), a_percent]
    )
    source = StringField(
        _l("Texte qui le fixe"),
        validators=[InputRequired(_l("Indiquez la loi ou l’article.")), Length(max=LONGEST_SOURCE)],
    )
