"""The sentences of refusals by the rules of a place: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import errors as e
from app.domain.errors import DomainError
from app.web import formats, place_words


def _length(minutes: int) -> str:
    return formats.duration(timedelta(minutes=minutes))


def _notice(error: e.NoticeTooShort) -> str:
    return _(
        "Ce lieu se demande %(notice)s à l’avance : choisissez un début à partir du %(day)s, "
        "%(hour)s, ou adressez-vous à l’accueil.",
        notice=_length(error.notice_minutes),
        day=formats.day(error.earliest),
        hour=formats.clock(error.earliest),
    )


def _quota(error: e.QuotaExceeded) -> str:
    whose = {
        ("person", "day"): _("Vous avez un quota par jour pour ces lieux."),
        ("person", "week"): _("Vous avez un quota par semaine pour ces lieux."),
        ("person", "month"): _("Vous avez un quota par mois pour ces lieux."),
        ("organisation", "day"): _("Votre organisation a un quota par jour pour ces lieux."),
        ("organisation", "week"): _("Votre organisation a un quota par semaine pour ces lieux."),
        ("organisation", "month"): _("Votre organisation a un quota par mois pour ces lieux."),
    }[error.owner, error.period]
    if error.unit == "minutes":
        used = _(
            "Utilisé : %(used)s sur %(limit)s, il reste %(left)s.",
            used=_length(error.used),
            limit=_length(error.limit),
            left=_length(error.left),
        )
    else:
        used = ngettext(
            "Utilisé : %(used)s réservation sur %(num)s.",
            "Utilisé : %(used)s réservations sur %(num)s.",
            error.limit,
            used=error.used,
        )
    until = _(
        "Choisissez une date à partir du %(day)s, annulez une réservation, ou demandez une "
        "exception à l’accueil.",
        day=formats.day(error.frees_on),
    )
    return f"{whose} {used} {until}"


def _share(error: e.ShareExceeded) -> str:
    return _(
        "Chaque association a %(limit)s par semaine dans ce lieu ; la vôtre en a déjà %(used)s. "
        "Si le lieu est encore libre, vous pourrez le prendre à partir du %(day)s, %(hour)s.",
        limit=_length(error.limit_minutes),
        used=_length(error.used_minutes),
        day=formats.day(error.free_from),
        hour=formats.clock(error.free_from),
    )


def _induction(error: e.InductionMissing) -> str:
    return _(
        "Il faut une habilitation « %(induction)s » valable ce jour-là. Prenez rendez-vous avec "
        "l’accueil pour la formation.",
        induction=place_words.induction(error.induction),
    )


def _companion(error: e.CompanionMissing) -> str:
    if error.named:
        return _(
            "La seconde personne n’a pas d’habilitation « %(induction)s » valable ce jour-là, ou "
            "n’a pas de compte. Nommez quelqu’un d’autre.",
            induction=place_words.induction(error.induction),
        )
    return _(
        "Cette machine s’utilise à deux. Indiquez l’adresse d’une seconde personne habilitée "
        "« %(induction)s ».",
        induction=place_words.induction(error.induction),
    )


def _setup(error: e.UnknownSetup) -> str:
    names = ", ".join(place_words.setup(each) for each in error.setups)
    if not names:
        return _("Ce lieu ne se dispose pas autrement. Laissez la disposition vide.")
    return _("Ce lieu se dispose ainsi : %(setups)s. Choisissez-en une.", setups=names)


def _building(error: e.BuildingFull) -> str:
    return ngettext(
        "Pour la sécurité, le bâtiment ne peut plus recevoir que %(num)s personne à ce moment-là. "
        "Choisissez un autre moment ou annoncez moins de monde.",
        "Pour la sécurité, le bâtiment ne peut plus recevoir que %(num)s personnes à ce "
        "moment-là. Choisissez un autre moment ou annoncez moins de monde.",
        error.left,
    )


RULES_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    e.BuildingFull: _building,
    e.CompanionMissing: _companion,
    e.InductionMissing: _induction,
    e.NotForProfile: lambda error: _(
        "Ce lieu est réservé à : %(who)s. Faites reconnaître votre profil, ou choisissez un "
        "autre lieu.",
        who=place_words.holders(error.profiles),
    ),
    e.NoticeTooShort: _notice,
    e.QuotaExceeded: _quota,
    e.ReasonMissing: lambda _e: _("Écrivez une raison : elle est gardée avec la réservation."),
    e.ShareExceeded: _share,
    e.UnknownInduction: lambda _e: _("Cette habilitation est inconnue ou a déjà été retirée."),
    e.UnknownSetup: _setup,
}
