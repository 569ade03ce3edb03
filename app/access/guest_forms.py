"""What hosts and the desk type about passes: a list of guests, and why a pass is given on paper."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, TextAreaField
from wtforms.validators import ValidationError

from app.access.holders import MOST_GUESTS, Invitee
from app.people.addresses import normal_email
from app.people.forms import Needed, NoLongerThan, plain_text, refuse_odd_name, trimmed

LONGEST_LIST = 40_000
LONGEST_NAME = 120
LONGEST_REASON = 200
_APART = re.compile(r"[,;\t<]")


def read_line(line: str) -> tuple[str, str | None]:
    """Read « Prénom Nom, adresse »; the address may be left out. Raises ValueError."""
    *names, last = [part.strip(" >") for part in _APART.split(line)]
    if not names or "@" not in last:
        return line.strip(" ,;\t"), None
    return " ".join(name for name in names if name), normal_email(last)


def a_guest_list(_form: Form, field: Field) -> None:
    """Read a name, and perhaps an address, from each line, or say which line is wrong."""
    lines = [line for line in (field.data or "").splitlines() if line.strip()]
    if len(lines) > MOST_GUESTS:
        raise ValidationError(str(_l("La liste est trop longue.")))
    for number, line in enumerate(lines, start=1):
        try:
            name, _email = read_line(line)
        except ValueError as error:
            raise ValidationError(
                str(_l("Ligne %(number)s : cette adresse n’est pas complète.", number=number))
            ) from error
        if not 0 < len(name) <= LONGEST_NAME:
            raise ValidationError(str(_l("Ligne %(number)s : écrivez un nom.", number=number)))
        refuse_odd_name(name)


class GuestsForm(FlaskForm):
    """One guest a line."""

    people = TextAreaField(
        _l("Invités, un par ligne"),
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(LONGEST_LIST), plain_text, a_guest_list],
    )

    def invitees(self, locale: str) -> list[Invitee]:
        """Give who was listed, once each, to be written to in that language."""
        lines = [line for line in (self.people.data or "").splitlines() if line.strip()]
        return [Invitee(*read, locale) for read in dict.fromkeys(map(read_line, lines))]


class PaperPassForm(FlaskForm):
    """Why somebody is given a pass on paper."""

    reason = TextAreaField(
        _l("Pourquoi un pass papier ?"),
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(LONGEST_REASON), plain_text],
    )
