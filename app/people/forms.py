"""The shape of what people type: trimmed, bounded, and refused with a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.company_numbers import siren_from
from app.domain.errors import WeakPassword
from app.gateways.vies import vat_id_from
from app.people.addresses import normal_email
from app.people.passwords import LONGEST, refuse_weak
from app.people.tables import EMAIL_LENGTH, NAME_LENGTH
from app.web.choices import SelectChoice

REASON_LENGTH = 1000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
UNSEEN = {"Cc", "Cs", "Zl", "Zp", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)


def trimmed(text: str | None) -> str:
    """Take the blanks around a text away; nothing typed is an empty text."""
    return (text or "").strip()


class Needed:
    """Something must be typed, and blanks are nothing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop at an empty field; one that cannot be read has said so already."""
        if field.process_errors:
            raise StopValidation
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(_l("Remplissez ce champ.")))


class NoLongerThan(Length):
    """At most so many characters."""

    def __init__(self, most: int) -> None:
        super().__init__(
            max=most, message=_l("C’est trop long : %(most)s signes au plus.", most=most)
        )


def an_email(_form: Form, field: Field) -> None:
    """Write the address in its one spelling, or refuse it."""
    try:
        field.data = normal_email(field.data or "")
    except ValueError as error:
        raise ValidationError(
            str(_l("Cette adresse n’est pas complète. Exemple : prenom@exemple.fr"))
        ) from error


def a_name(_form: Form, field: Field) -> None:
    """Refuse what is no name: control characters, and links that our mails would carry."""
    refuse_odd_name(field.data or "")


def refuse_odd_name(text: str) -> None:
    """Refuse what is no name; raises ValidationError with the sentence."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in text):
        raise ValidationError(str(_l("Écrivez ce nom sans signes spéciaux.")))
    if _LINK.search(text):
        raise ValidationError(str(_l("Écrivez un nom, sans adresse web.")))


def plain_text(_form: Form, field: Field) -> None:
    """Take out what a database or a page could not show, and what turns writing around."""
    field.data = "".join(
        sign
        for sign in field.data or ""
        if sign in "\n\t"
        or UNSEEN.isdisjoint((unicodedata.category(sign), unicodedata.bidirectional(sign)))
    )


def a_password(_form: Form, field: Field) -> None:
    """Refuse a password that is too short or absurdly long."""
    text = field.data or ""
    if len(text) > LONGEST:
        raise ValidationError(str(_l("C’est trop long : %(most)s signes au plus.", most=LONGEST)))
    try:
        refuse_weak(text)
    except WeakPassword as error:
        raise ValidationError(
            str(
                _l(
                    "Choisissez au moins %(least)s caractères ; une phrase convient.",
                    least=error.minimum,
                )
            )
        ) from error


def a_siren(_form: Form, field: Field) -> None:
    """Check a SIREN, or take it out of a SIRET."""
    if field.data:
        try:
            field.data = siren_from(field.data)
        except ValueError as error:
            raise ValidationError(
                str(_l("Ce numéro SIREN n’existe pas. Vérifiez ses neuf chiffres."))
            ) from error


def a_vat_id(_form: Form, field: Field) -> None:
    """Check a European VAT number."""
    if field.data:
        try:
            field.data = vat_id_from(field.data)
        except ValueError as error:
            raise ValidationError(
                str(_l("Ce numéro de TVA n’existe pas. Exemple : FR83404833048"))
            ) from error


def a_sensible_day(_form: Form, field: Field) -> None:
    """Refuse a day centuries away."""
    if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(str(_l("Cette date est trop lointaine.")))


def email_field() -> EmailField:
    """A field for a mail address."""
    return EmailField(
        _l("Adresse électronique"),
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(EMAIL_LENGTH), an_email],
    )


def name_field(label: str) -> StringField:
    """A field for the name of a person or an organisation."""
    return StringField(
        label, filters=[trimmed], validators=[Needed(), NoLongerThan(NAME_LENGTH), a_name]
    )


def reason_field(label: str) -> TextAreaField:
    """A field for why something is granted; the log keeps it."""
    return TextAreaField(
        label,
        filters=[trimmed],
        validators=[Needed(), NoLongerThan(REASON_LENGTH), plain_text],
    )


def offer(field: SelectField, choices: Iterable[tuple[str, str]]) -> None:
    """Let somebody choose among these values by their words."""
    field.choices = [SelectChoice(value, label) for value, label in choices]


class CheckboxesField(SelectMultipleField):
    """Several choices, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SignInForm(FlaskForm):
    """Address and password."""

    email = email_field()
    password = PasswordField(_l("Mot de passe"), validators=[Needed()])
    next = HiddenField()


class LinkForm(FlaskForm):
    """Where to send a link."""

    email = email_field()


class SignUpForm(FlaskForm):
    """Who wants an account."""

    name = name_field(_l("Votre nom"))
    email = email_field()


class NewPasswordForm(FlaskForm):
    """A password for an account that is being proven by mail."""

    password = PasswordField(_l("Nouveau mot de passe"), validators=[Needed(), a_password])


class ConfirmForm(FlaskForm):
    """The end of a sign-up: a password, or none for those who prefer mailed links."""

    password = PasswordField(
        _l("Mot de passe"), validators=[Optional(strip_whitespace=False), a_password]
    )


class JoinForm(ConfirmForm):
    """The end of an invitation for somebody new."""

    name = name_field(_l("Votre nom"))


class ChangePasswordForm(NewPasswordForm):
    """Another password, by somebody who knows the present one."""

    current = PasswordField(_l("Mot de passe actuel"), validators=[Needed()])


class AccountForm(FlaskForm):
    """Name and language."""

    name = name_field(_l("Votre nom"))
    locale = SelectField(_l("Langue"))


class PayerForm(FlaskForm):
    """Who pays."""

    payer = SelectField(_l("Mes réservations sont payées par"))


class TokenForm(FlaskForm):
    """A token for a program."""

    name = name_field(_l("À quoi servira ce jeton ?"))
    scopes = CheckboxesField(_l("Ce qu’il permet"), validators=[Needed()])
    days = SelectField(
        _l("Durée"),
        choices=[
            SelectChoice("30", _l("30 jours")),
            SelectChoice("90", _l("90 jours")),
            SelectChoice("365", _l("un an")),
        ],
    )


class OrganisationForm(FlaskForm):
    """What an organisation is called, and its numbers for invoices."""

    name = name_field(_l("Nom de l’organisation"))
    siren = StringField(
        _l("SIREN"), filters=[trimmed], validators=[Optional(), NoLongerThan(30), a_siren]
    )
    vat_id = StringField(
        _l("Numéro de TVA"), filters=[trimmed], validators=[Optional(), NoLongerThan(30), a_vat_id]
    )


class InviteForm(FlaskForm):
    """Whom to invite, and as what."""

    email = email_field()
    role = SelectField(
        _l("En tant que"),
        choices=[SelectChoice("member", _l("membre")), SelectChoice("owner", _l("responsable"))],
    )


class RoleForm(FlaskForm):
    """A role for somebody; the choices are what the granter may grant."""

    role = SelectField(_l("Rôle"))
    site = SelectField(_l("Où"))
    reason = reason_field(_l("Motif"))


class ProfileForm(FlaskForm):
    """A tariff profile for somebody, for days both included."""

    profile = SelectField(_l("Profil tarifaire"))
    valid_from = DateField(_l("Valable du"), validators=[Needed(), a_sensible_day])
    valid_until = DateField(_l("au (inclus)"), validators=[Needed(), a_sensible_day])
    proof = reason_field(_l("Preuve vue"))

    def validity(self) -> tuple[date, date]:
        """Give the first and the last day of a form that was found in order."""
        return self.valid_from.data or FIRST_DAY, self.valid_until.data or FIRST_DAY

    def validate_valid_until(self, field: Field) -> None:
        """The end does not come before the beginning."""
        if self.valid_from.data and field.data and field.data < self.valid_from.data:
            raise ValidationError(str(_l("La fin de validité doit venir après le début.")))
