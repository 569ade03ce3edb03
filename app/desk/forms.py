"""What the desk types: one field that takes a name, a reference or a scanned pass."""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length
from wtforms.widgets import SearchInput

LONGEST_SCAN = 600  # characters; no pass is longer


class DeskForm(FlaskForm):
    """The field that is always focused."""

    text = StringField(
        _l("Nom, réservation ou pass scanné"),
        validators=[Length(max=LONGEST_SCAN)],
        widget=SearchInput(),
    )
    # A second Enter on a name that found one coming visit notes its arrival.
    found = HiddenField()
    only = HiddenField()


def wanted_day(default: date) -> date:
    """Read ``?date=``; anything that is no date of this century means the default."""
    try:
        day = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return default
    return day if 2000 <= day.year < 2100 else default
