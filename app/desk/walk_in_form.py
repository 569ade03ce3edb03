"""What the desk types for somebody who walks in: what they want, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Optional
from wtforms.widgets import SearchInput

from app.bookings.forms import AddressForm
from app.domain.errors import EndBeforeStart
from app.domain.ids import AccountId
from app.domain.intervals import Span
from app.people.forms import NoLongerThan, a_name, an_email, trimmed
from app.people.tables import EMAIL_LENGTH, NAME_LENGTH

LONGEST_ASK = 200
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """A place and its hours, as a button of the page carries them."""

    space: str
    span: Span

    def __str__(self) -> str:
        start, end = self.span.start, self.span.end
        return f"{self.space} {start:%Y-%m-%dT%H:%M}Z {end:%Y-%m-%dT%H:%M}Z"


class WalkInForm(AddressForm):
    """One form for everything; what is typed stays whatever happens."""

    q = StringField(
        _l("Ce qu’il faut"),
        filters=[trimmed],
        validators=[NoLongerThan(LONGEST_ASK)],
        widget=SearchInput(),
    )
    who = StringField(
        _l("Qui ? Trois lettres du nom ou de l’adresse"),
        filters=[trimmed],
        validators=[NoLongerThan(NAME_LENGTH)],
        widget=SearchInput(),
    )
    person = HiddenField()
    stay = HiddenField()
    name = StringField(
        _l("Nom"), filters=[trimmed], validators=[Optional(), NoLongerThan(NAME_LENGTH), a_name]
    )
    email = StringField(
        _l("Adresse électronique"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(EMAIL_LENGTH), an_email],
    )

    @property
    def person_id(self) -> AccountId | None:
        """The account that was chosen, if any."""
        said = self.person.data or ""
        readable = said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS
        return AccountId(int(said)) if readable else None

    @property
    def choice(self) -> Choice | None:
        """The place and hours that were chosen, or None when they cannot be read."""
        space, _, hours = (self.stay.data or "").partition(" ")
        try:
            start, end = (
                datetime.strptime(each, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
                for each in hours.split(" ")
            )
            return Choice(space, Span(start, end))
        except (ValueError, EndBeforeStart):
            return None
