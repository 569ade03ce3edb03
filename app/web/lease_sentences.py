"""The sentences of refusals about leases and rent indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.domain import errors as e
from app.domain.errors import DomainError
from app.web import formats


def _wrong_state(error: e.WrongLeaseState) -> str:
    return {
        "offered": _("Seul un brouillon devient une offre. Rechargez la page."),
        "draft": _("Seule une offre qui n’est pas signée redevient un brouillon."),
        "signed": _("On signe une offre. Faites d’abord l’offre, puis la signature."),
        "entered": _("L’entrée vient après la signature, une seule fois."),
        "ended": _("Ce bail n’est pas en cours : il n’y a pas de sortie à noter."),
        "withdrawn": _("Un bail signé ne se retire plus ; il prend fin par la sortie."),
    }.get(error.wanted, _("Ce bail n’est plus dans un état qui le permet. Rechargez la page."))


def _bad_terms(error: e.BadLeaseTerms) -> str:
    return {
        "stages": _("Les paliers du loyer vont de 0 à 100 %, chacun sur un mois ou plus."),
        "rent": _("Le loyer annuel au m² n’est pas vraisemblable. Corrigez-le."),
        "charges": _("Les charges par m² ne sont pas vraisemblables. Corrigez-les."),
        "services": _("Le prix des services n’est pas vraisemblable. Corrigez-le."),
        "deposit": _("Le dépôt de garantie va jusqu’à deux mois de loyer au plus."),
        "days": _("Le dernier jour doit venir après le premier."),
        "space": _("Ce lieu n’est pas un bureau qui se loue."),
        "entry": _("Cette date est hors du bail."),
    }.get(error.term, _("Une condition du bail ne va pas. Corrigez-la."))


def _needed_words(error: e.MissingTitleWords) -> str:
    if error.needed == "motive":
        return _(
            "Une convention précaire a besoin d’un motif : l’événement, indépendant de la volonté "
            "des parties, qui la rend précaire (C. com. L145-5-1)."
        )
    return _(
        "Une occupation du domaine public a besoin de la référence de l’appel à candidatures, "
        "ou de la raison d’en être dispensé (CG3P L2122-1-1)."
    )


def _too_long(error: e.LeaseTooLong) -> str:
    if error.latest_day is None:
        return _(
            "Ce locataire a déjà eu ici %(months)s mois au même titre : aucun autre n’est permis. "
            "Choisissez un autre titre.",
            months=error.months,
        )
    return _(
        "Avec ce qu’il a déjà eu ici, ce locataire dépasserait %(months)s mois au même titre. "
        "Le dernier jour possible est le %(day)s.",
        months=error.months,
        day=formats.day(error.latest_day),
    )


def _no_inventory(error: e.InventoryMissing) -> str:
    if error.way == "out":
        return _("Faites d’abord l’état des lieux de sortie : ce titre l’exige.")
    return _("Faites d’abord l’état des lieux d’entrée : ce titre l’exige.")


LEASE_SENTENCES: Mapping[type[DomainError], Callable[[Any], str]] = {
    e.AbsurdArea: lambda error: _(
        "Aucun bureau n’a %(area)s. Indiquez une surface jusqu’à %(most)s m².",
        area=formats.area(error.area_m2),
        most=error.most,
    ),
    e.BadLeaseTerms: _bad_terms,
    e.IndexAlreadyKnown: lambda error: _(
        "L’indice %(series)s du trimestre %(quarter)s a déjà cette valeur.",
        series=error.series,
        quarter=error.quarter,
    ),
    e.IndexUnknown: lambda error: _(
        "L’indice %(series)s du trimestre %(quarter)s n’est pas encore publié, "
        "ou pas encore saisi.",
        series=error.series,
        quarter=error.quarter,
    ),
    e.InventoryMissing: _no_inventory,
    e.LeaseTooLong: _too_long,
    e.LettersUnavailable: lambda _e: _(
        "Ce serveur ne peut pas encore faire de lettres : il lui manque la bibliothèque Pango. "
        "Prévenez l’exploitant."
    ),
    e.MissingTitleWords: _needed_words,
    e.UnknownLease: lambda _e: _("Ce bail est introuvable."),
    e.WrongLeaseState: _wrong_state,
}
