"""The sentences of refusals about packs, memberships and credits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import errors as e
from app.domain.errors import DomainError
from app.domain.money import Money
from app.web import formats

RIGHTS_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    e.AlreadyReversed: lambda _e: _("Ce mouvement a déjà été repris. Rechargez la page."),
    e.BadBeginning: lambda error: _(
        "Choisissez un premier jour entre le %(first)s et le %(last)s.",
        first=formats.day(error.first),
        last=formats.day(error.last),
    ),
    e.GivesNoRight: lambda _e: _("Ce produit ne se vend pas ici : il ne donne droit à rien."),
    e.PriceChanged: lambda error: _(
        "Le prix a changé : il est maintenant de %(now)s TTC au lieu de %(shown)s."
        " Relisez-le, puis confirmez.",
        now=formats.money(Money(error.now_minor, error.currency)),
        shown=formats.money(Money(error.shown_minor, error.currency)),
    ),
    e.RightTooSmall: lambda error: ngettext(
        "Il n’en reste qu’%(num)s.", "Il n’en reste que %(num)s.", error.left
    ),
    e.RightUsed: lambda error: ngettext(
        "Ce droit a déjà servi (%(num)s unité utilisée) : il ne peut plus être repris en entier.",
        "Ce droit a déjà servi (%(num)s unités utilisées) : il ne peut plus être repris en entier.",
        error.used,
    ),
    e.UnknownRight: lambda _e: _("Ce droit est introuvable."),
}
