"""Why a card cannot be published, in sentences: what stands where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from app.domain.json_values import JsonObject, JsonValue
from app.domain.kinds import SpaceKind
from app.spaces.network import Network
from app.spaces.words import space_kind
from app.tariffs import path_words
from app.tariffs.preparing import CardFault, FaultKind
from app.web import formats

_MISSING = re.compile(r"missing; (.*)", re.DOTALL)
_IS_NOT = re.compile(r"'(.*)' is not (.*)", re.DOTALL)
_NO_RATE = re.compile(r"no rate of (\S+) is known on (\S+)")
_NOT_SOLD = re.compile(r"(\S+) is not on the card")
_SAME = re.compile(r"prices the same (\S+) as (\S+)")


def sentence(fault: CardFault, content: Mapping[str, JsonValue], network: Network) -> str:
    """Say one reason against publishing, with its place on the card and its Totem."""
    facts = fault.facts or {}
    told = _told(fault, facts, content, network)
    if fault.site is None or fault.kind in (FaultKind.NO_DAY, FaultKind.NO_DELIBERATION):
        return told
    return _("%(site)s – %(told)s", site=network.get_site(fault.site).name, told=told)


def _told(
    fault: CardFault, facts: JsonObject, content: Mapping[str, JsonValue], network: Network
) -> str:
    if fault.kind is FaultKind.CONTENT:
        place = path_words.path(fault.path.split("."), content)
        return _("%(place)s : %(trouble)s.", place=place, trouble=content_fault(str(facts["text"])))
    if fault.kind is FaultKind.UNPRICED:
        return _unpriced(facts, network)
    if fault.kind is FaultKind.OUTDATED:
        return _(
            "ce projet part de la version %(base)s, la version %(current)s a été publiée depuis. "
            "Comparez, puis confirmez le projet tel qu’il est.",
            **facts,
        )
    return _about_day(fault.kind, facts)


def _about_day(kind: FaultKind, facts: JsonObject) -> str:
    if kind is FaultKind.NO_DAY:
        return _("Choisissez la date d’effet.")
    if kind is FaultKind.NO_DELIBERATION:
        return _("Indiquez la délibération qui autorise ces prix.")
    day = formats.day(date.fromisoformat(str(facts["day"])))
    if kind is FaultKind.PAST:
        return _("la date d’effet est passée. Choisissez le %(day)s au plus tôt.", day=day)
    if kind is FaultKind.GAP:
        until = formats.day(date.fromisoformat(str(facts["until"])))
        return _(
            "ce site n’a aucune grille du %(day)s au %(until)s : faites commencer celle-ci plus "
            "tôt.",
            day=day,
            until=until,
        )
    return _(
        "la version %(version)s commence le %(day)s : choisissez un jour plus tardif, ou "
        "retirez-la d’abord.",
        version=facts["version"],
        day=day,
    )


def _unpriced(facts: JsonObject, network: Network) -> str:
    space = network.find_space(str(facts["space"]))
    name = str(facts["space"]) if space is None else space.name.get(formats.language())
    if facts["row"]:
        return _(
            "« %(name)s » prend la ligne %(row)s, que cette grille n’a pas.",
            name=name,
            row=facts["row"],
        )
    return _(
        "« %(name)s » (%(kind)s, %(people)s personnes) n’a pas de prix : ajoutez une ligne pour "
        "cette sorte de lieu et cette capacité.",
        name=name,
        kind=space_kind(SpaceKind(str(facts["kind"]))),
        people=facts["capacity"],
    )


def content_fault(text: str) -> str:
    """Say what the rules found wrong with a value; what has no sentence is told as it is."""
    if found := _MISSING.fullmatch(text):
        return _("il manque %(wanted)s", wanted=_wanted(found[1]))
    if found := _IS_NOT.fullmatch(text):
        return _("« %(value)s » n’est pas %(wanted)s", value=found[1], wanted=_wanted(found[2]))
    if found := _SAME.fullmatch(text):
        return _("la ligne %(other)s vaut déjà pour ces lieux", other=found[2])
    if found := _NOT_SOLD.fullmatch(text):
        return _("le produit %(product)s n’est pas dans la grille", product=found[1])
    if found := _NO_RATE.fullmatch(text):
        return _("aucun taux de TVA n’est inscrit pour ce code à cette date")
    return _plain_fault(text)


def _plain_fault(text: str) -> str:
    return {
        "a reason belongs to a coefficient set by hand": _(
            "un motif ne va qu’avec un coefficient fixé à la main"
        ),
        "needed, or a coefficient set by hand": _("il en faut un, ou un coefficient à la main"),
        "the base counts 1": _("le profil de base compte toujours 1"),
        "the evening begins where the day ends": _("la soirée commence où finit la journée"),
        "late hours begin between the end of the day and of the evening": _(
            "les heures tardives commencent entre la fin de la journée et celle de la soirée"
        ),
        "a time costs no less than the plain one": _("une majoration ne baisse pas le prix"),
        "a row sells hours, half-days, days or evenings": _("il faut au moins un prix"),
        "a card sells at least one kind of place": _("il faut au moins une ligne de prix"),
        "above zero, or everything would be free": _("un coefficient nul rendrait tout gratuit"),
        "above zero": _("le loyer de référence ne peut être nul"),
        "a step of zero rounds nothing": _("le pas de l’arrondi ne peut être nul"),
        "more than the whole cost": _("le loyer ne dépasse pas le coût entier"),
        "nothing is sold before the end of the day": _("il faut un prix en journée"),
        "more than can be written down": _("ce prix est démesuré"),
        "more than can be written down for a day": _("ce prix est démesuré"),
        "beyond all measure": _("cette valeur est démesurée"),
        "leases, rights and aid are counted in EUR": _("tous les prix sont en euros"),
        "more than the whole rent": _("un palier ne dépasse pas le loyer entier"),
        "not between 2014 and 2100": _("cette année est hors de propos"),
        "unknown key": _("cette clé est inconnue"),
        "not a tariff profile": _("ce profil n’existe pas"),
        "the customer makes it a reverse charge, not the card": _(
            "l’autoliquidation vient du client, jamais de la grille"
        ),
    }.get(text, text)


def _wanted(text: str) -> str:
    return {
        'a price in euros such as "15.00", not negative': _("un prix en euros, comme 15,00"),
        'a number such as "0.85", in quotes, not negative': _("un nombre positif, comme 0,85"),
        "a whole number above zero": _("un nombre entier, 1 ou plus"),
        '"1.00" where it changes nothing': _("un coefficient, 1,00 s’il ne change rien"),
        "a text": _("un texte"),
        "a date such as 2026-01-01": _("une date, comme 2026-01-01"),
        'a time of day such as "18:00"': _("une heure, comme 18:00"),
        'two times such as ["18:00", "23:00"]': _("deux heures qui se suivent"),
        "true or false": _("oui ou non"),
        "a table": _("une table"),
        "a list of tables": _("une liste de tables"),
    }.get(text, text)
