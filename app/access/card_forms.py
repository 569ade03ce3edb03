"""What the desk types when it gives somebody a card."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.people.forms import Needed, NoLongerThan, plain_text, trimmed
from devices.passes.cards import LONGEST_NUMBER, PREFIX, NotACard, number_of

TYPED: Final = "typed"
LONGEST_LABEL: Final = 60


def a_number_where_needed(form: Form, field: Field) -> None:
    """Want a number in hex when no card that was shown is meant."""
    if form["shown"].data != TYPED:
        return
    try:
        number_of(PREFIX + (field.data or ""))
    except NotACard as error:
        raise ValidationError(
            str(_l("Tapez le numéro en hexadécimal (0 à 9, A à F), ou montrez la carte."))
        ) from error


class CardForm(FlaskForm):
    """Whose card, which one, and what it is called."""

    email = EmailField(
        _l("Adresse électronique de la personne"), validators=[DataRequired(), Length(max=254)]
    )
    shown = SelectField(_l("Carte montrée à une porte depuis une heure"))
    number = StringField(
        _l("Ou son numéro"),
        filters=[trimmed],
        validators=[NoLongerThan(2 * LONGEST_NUMBER), a_number_where_needed],
    )
    label = StringField(
        _l("Nom de la carte"),
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(LONGEST_LABEL), plain_text],
    )

    def number_typed(self) -> bytes | None:
        """Give the number that was typed; None when a card that was shown is meant."""
        if self.shown.data != TYPED:
            return None
        return number_of(PREFIX + (self.number.data or ""))
