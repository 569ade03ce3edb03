"""The letters of people, in the language of the reader: calm, short, with one thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.people.queries.organisations import Invitation


@dataclass(frozen=True, slots=True)
class Written:
    """A letter ready to go; `{base_url}` in it is replaced when it is sent."""

    subject: str
    text: str


def sign_in(token: str) -> Written:
    """A link to sign in without a password."""
    return Written(
        _("Votre lien de connexion"),
        _(
            "Bonjour,\n\n"
            "Voici votre lien pour vous connecter à Totem. Il sert une fois, "
            "dans les 15 minutes :\n\n"
            "%(link)s\n\n"
            "Si vous n’avez rien demandé, laissez ce message : "
            "personne ne peut entrer sans lui.\n\n"
            "L’équipe des Totems\n",
            link=_link("/sign-in/link/", token),
        ),
    )


def reset(token: str) -> Written:
    """A link to choose another password."""
    return Written(
        _("Choisir un nouveau mot de passe"),
        _(
            "Bonjour,\n\n"
            "Voici le lien pour choisir un nouveau mot de passe. Il sert une fois, "
            "dans l’heure :\n\n"
            "%(link)s\n\n"
            "Tous vos autres appareils seront déconnectés. Si vous n’avez rien demandé, "
            "laissez ce message : votre mot de passe ne change pas.\n\n"
            "L’équipe des Totems\n",
            link=_link("/password/reset/", token),
        ),
    )


def confirm(token: str) -> Written:
    """A link that proves the address of a new account."""
    return Written(
        _("Confirmez votre adresse"),
        _(
            "Bonjour,\n\n"
            "Un compte Totem a été demandé avec cette adresse. Pour le terminer, "
            "ouvrez ce lien dans les 24 heures :\n\n"
            "%(link)s\n\n"
            "Si ce n’était pas vous, laissez ce message : sans confirmation, "
            "ce compte ne servira jamais.\n\n"
            "L’équipe des Totems\n",
            link=_link("/sign-up/confirm/", token),
        ),
    )


def known(token: str) -> Written:
    """What somebody reads who signs up with an address that has an account."""
    return Written(
        _("Vous avez déjà un compte"),
        _(
            "Bonjour,\n\n"
            "Un compte vient d’être demandé avec cette adresse, mais vous en avez déjà un. "
            "Pour vous y connecter sans mot de passe, ouvrez ce lien dans les 15 minutes :\n\n"
            "%(link)s\n\n"
            "Mot de passe oublié ? Choisissez-en un autre ici :\n\n"
            "%(forgot)s\n\n"
            "Si ce n’était pas vous, laissez ce message : rien n’a changé.\n\n"
            "L’équipe des Totems\n",
            link=_link("/sign-in/link/", token),
            forgot="{base_url}/password/forgot",
        ),
    )


def invitation(invited: Invitation, token: str) -> Written:
    """An invitation into an organisation."""
    return Written(
        _("%(organisation)s vous invite à rejoindre Totem", organisation=invited.organisation),
        _(
            "Bonjour,\n\n"
            "%(name)s vous invite à rejoindre %(organisation)s sur Totem, pour réserver des "
            "bureaux et des salles à Metz, Nancy, Épinal et Thionville. "
            "Ce lien est valable sept jours :\n\n"
            "%(link)s\n\n"
            "Si vous ne connaissez pas cette personne, laissez ce message.\n\n"
            "L’équipe des Totems\n",
            name=invited.invited_by,
            organisation=invited.organisation,
            link=_link("/organisations/invitations/", token),
        ),
    )


def password_changed() -> Written:
    """What somebody reads after their password changed."""
    return Written(
        _("Votre mot de passe a changé"),
        _(
            "Bonjour,\n\n"
            "Le mot de passe de votre compte Totem vient de changer, "
            "et vos autres appareils ont été déconnectés.\n\n"
            "Si ce n’était pas vous, choisissez-en un nouveau tout de suite, "
            "puis vérifiez vos jetons d’accès :\n\n"
            "%(forgot)s\n\n"
            "L’équipe des Totems\n",
            forgot="{base_url}/password/forgot",
        ),
    )


def _link(path: str, token: str) -> str:
    return f"{{base_url}}{path}{token}"
