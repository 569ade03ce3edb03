"""The sentences of refusals about series: what is wrong with a rule or its dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import errors as e
from app.domain.errors import DomainError
from app.web import formats

MOST_NAMED = 5


def _bad_rule(error: e.BadRule) -> str:
    return {
        "endless": _("Dites quand cela s’arrête : une dernière date, ou un nombre de fois."),
        "unspeakable": _(
            "Cette règle n’est pas prévue. Choisissez tous les jours, certains jours de la "
            "semaine, ou un jour du mois."
        ),
    }.get(error.reason) or _("Cette règle est illisible. Écrivez une RRULE (RFC 5545).")


def _dates_refused(error: e.DatesRefused) -> str:
    days = ", ".join(formats.day(day) for day in error.dates[:MOST_NAMED])
    return ngettext(
        "Une date ne peut pas être réservée ainsi : %(days)s. Rien n’est encore réservé.",
        "%(num)s dates ne peuvent pas être réservées ainsi : %(days)s. Rien n’est encore réservé.",
        len(error.dates),
        days=days if len(error.dates) <= MOST_NAMED else f"{days}…",
    )


SERIES_SENTENCES: dict[type[DomainError], Callable[[Any], str]] = {
    e.BadRule: _bad_rule,
    e.DatesRefused: _dates_refused,
    e.NoDates: lambda _e: _("Il ne reste aucune date. Gardez-en au moins une."),
    e.TooManyDates: lambda error: ngettext(
        "On réserve au plus %(num)s date à la fois. Choisissez une fin plus proche.",
        "On réserve au plus %(num)s dates à la fois. Choisissez une fin plus proche.",
        error.limit,
    ),
    e.UnknownDate: lambda error: _(
        "Le %(day)s n’est pas une date à venir de cette série.", day=formats.day(error.day)
    ),
    e.UnknownSeries: lambda _e: _("Cette série est inconnue."),
}
