"""The sentences of refusals about state aid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.domain import errors as e
from app.domain.errors import DomainError
from app.web import formats

AID_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    e.AidCeilingExceeded: lambda error: _(
        "Ce rabais vaut %(wanted)s d’aide, et il ne reste que %(left)s sous le plafond de "
        "%(ceiling)s sur trois ans. Relevez le loyer ou les paliers.",
        wanted=formats.money(error.wanted),
        left=formats.money(error.left),
        ceiling=formats.money(error.ceiling),
    ),
    e.AidDeclarationMissing: lambda error: _(
        "L’entreprise doit d’abord déclarer les aides de minimis reçues ailleurs, "
        "depuis moins de %(days)s jours.",
        days=error.days,
    ),
    e.BadCompanyLink: lambda _e: _(
        "Ce lien entre entreprises n’est pas possible : il existe déjà, a pris fin, "
        "ou mène à elle-même."
    ),
    e.NoAidRule: lambda error: _(
        "Aucun plafond d’aide n’est connu le %(day)s. Complétez les règles du réseau.",
        day=formats.day(error.day),
    ),
    e.UnknownAid: lambda _e: _("Cette aide est introuvable, ou déjà annulée."),
}
