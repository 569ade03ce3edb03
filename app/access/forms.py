"""What staff type about doors: a reason, always; and for an emergency which doors and how long."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.access.orders import LONGEST_REASON
from app.web.choices import SelectChoice

EVERY_DOOR = "all"
_REASON = [DataRequired(_l("Dites pourquoi : c’est noté.")), Length(min=3, max=LONGEST_REASON)]


class ReasonForm(FlaskForm):
    """Why somebody does it."""

    reason = StringField(_l("Pourquoi"), validators=_REASON)


class LookupForm(FlaskForm):
    """Whose passages, and why."""

    email = EmailField(
        _l("Adresse électronique de la personne"), validators=[DataRequired(), Length(max=254)]
    )
    reason = StringField(_l("Pourquoi"), validators=_REASON)


class EmergencyForm(FlaskForm):
    """Which doors, what they shall do, for how long, and why."""

    kind = SelectField(
        _l("Consigne"),
        choices=[
            SelectChoice(
                "locked-down", _l("Fermer : plus personne n’entre, sauf pass du personnel")
            ),
            SelectChoice("unlocked", _l("Ouvrir : on entre sans pass")),
        ],
    )
    door = SelectField(_l("Portes"))
    minutes = SelectField(
        _l("Pendant"),
        choices=[
            SelectChoice("15", _l("15 minutes")),
            SelectChoice("60", _l("1 heure")),
            SelectChoice("240", _l("4 heures")),
        ],
        default="60",
    )
    reason = StringField(_l("Pourquoi"), validators=_REASON)
