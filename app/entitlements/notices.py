"""The words of mails about rights, in their holder's language.

Call them inside ``flask_babel.force_locale``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.entitlements import words
from app.entitlements.entitlement import Entitlement
from app.web import formats
from app.web.addresses import base_url


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words."""

    subject: str
    text: str


def low(right: Entitlement, name: str) -> Letter:
    """Write that a pack is nearly used up."""
    return _letter(
        right,
        name,
        _("Votre carnet s’achève : %(left)s", left=words.left(right, right.left)),
        _(
            "De votre %(right)s, %(left)s. Il vaut jusqu’au %(day)s.",
            right=words.name(right),
            left=words.left(right, right.left),
            day=formats.day(right.valid_until),
        ),
    )


def ending(right: Entitlement, name: str) -> Letter:
    """Write that a right is about to end, and what would be lost with it."""
    day = formats.day(right.valid_until)
    if right.left is None:
        told = _("Votre %(right)s prend fin le %(day)s.", right=words.name(right), day=day)
    else:
        told = _(
            "Votre %(right)s vaut jusqu’au %(day)s, et %(left)s. Réservez d’ici là : "
            "ce qui reste ce jour-là est perdu.",
            right=words.name(right),
            day=day,
            left=words.left(right, right.left),
        )
    return _letter(
        right, name, _("Jusqu’au %(day)s : %(right)s", day=day, right=words.name(right)), told
    )


def _letter(right: Entitlement, name: str, subject: str, told: str) -> Letter:
    link = _("Vos droits, et de quoi en prendre d’autres : %(url)s", url=f"{base_url()}/me/rights")
    hello = _("Bonjour %(name)s,", name=name)
    goodbye = _("L’équipe de %(site)s", site=right.site.name)
    return Letter(subject, "\n\n".join((hello, told, link, goodbye)) + "\n")
