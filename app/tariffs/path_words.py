"""The lines of a card by their path, in the reader's language: what a line is, what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _

from app.domain.json_values import JsonValue
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import Family, Row
from app.domain.vat_rules import PlaceRule, VatCode
from app.spaces.words import space_kind
from app.tariffs import card_words, words
from app.web import formats

_Code = TypeVar("_Code", bound=StrEnum)
PRICES = frozenset({"hour", "half_day", "day", "evening", "price", "charges_per_m2"})
RENTS = frozenset({"reference_rent"})
FACTORS = frozenset(
    {"factor", "share", "late", "saturday", "sunday", "coefficient", "rent_share", "step"}
)


def path(steps: Sequence[str], content: Mapping[str, JsonValue]) -> str:
    """Name a line of a card: « salle de réunion, jusqu’à 6 personnes : heure »."""
    head, rest = steps[0], tuple(steps[1:])
    say = _HEADS.get(head)
    if say is None or not rest:
        return _heads(head)
    return say(rest, content)


def value(steps: Sequence[str], text: str | None) -> str:
    """Write what a line says; a line that is not there is a dash."""
    if text is None:
        return "–"
    last = steps[-1]
    if last in PRICES | RENTS:
        return _price(text)
    if last in FACTORS or steps[-2:-1] == ("profiles",):
        return _factor(text)
    if last in _NAMED:
        return _NAMED[last](text)
    known = {"true": _("oui"), "false": _("non")}
    return known.get(text, text)


def row(name: str, content: Mapping[str, JsonValue]) -> str:
    """Name a line of prices by what the card says of it, even while that is faulty."""
    rows = content.get("rows")
    table = rows.get(name) if isinstance(rows, dict) else None
    if not isinstance(table, dict):
        return card_words.named_row(name)
    listed, capacity = table.get("kinds"), table.get("capacity")
    kinds = listed if isinstance(listed, list) else []
    return card_words.row(
        Row(
            name=name,
            family=Family.ROOMS,
            kinds=frozenset(SpaceKind(str(kind)) for kind in kinds if str(kind) in set(SpaceKind)),
            capacity=capacity if isinstance(capacity, int) else None,
        )
    )


def _row_path(rest: tuple[str, ...], content: Mapping[str, JsonValue]) -> str:
    named = row(rest[0], content)
    return named if len(rest) == 1 else _line(named, key(rest[-1]))


def _product_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    named = words.product(rest[0])
    return named if len(rest) == 1 else _line(named, key(rest[-1]))


def _family_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    named = card_words.family(Family(rest[0])) if rest[0] in set(Family) else rest[0]
    if len(rest) == 3 and rest[2] in set(Profile):
        return _line(named, words.profile(Profile(rest[2])))
    return named if len(rest) == 1 else _line(named, key(rest[-1]))


def _time_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    return _line(_("horaires"), key("evening_ends" if rest == ("evening", "1") else rest[0]))


def _site_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    return key(rest[0])


def _coefficient_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    return _line(_("coefficient des sites"), key(rest[-1]))


def _terms_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    if len(rest) == 3 and rest[1].isdigit():
        return _line(_("annulation, palier %(number)s", number=int(rest[1]) + 1), key(rest[2]))
    return _line(_("conditions d’annulation"), key(rest[-1]))


def _absences_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    return _line(_("absences"), key(rest[-1]))


def _office_path(rest: tuple[str, ...], _content: Mapping[str, JsonValue]) -> str:
    if len(rest) == 3 and rest[1].isdigit():
        return _line(_("bureaux, palier %(number)s", number=int(rest[1]) + 1), key(rest[2]))
    return _line(_("bureaux"), key(rest[-1]))


def _line(thing: str, what: str) -> str:
    return _("%(thing)s : %(key)s", thing=thing, key=what)


def key(name: str) -> str:
    """Name a key of a card."""
    return {
        "hour": _("heure"),
        "half_day": _("demi-journée"),
        "day": _("journée"),
        "evening": _("soirée"),
        "capacity": _("capacité"),
        "kinds": _("sortes de lieux"),
        "family": _("famille"),
        "per_person": _("prix par personne"),
        "price": _("prix"),
        "factor": _("remise"),
        "unit": _("unité"),
        "gives": _("droits donnés"),
        "vat": _("TVA"),
        "place": _("règle de lieu de la TVA"),
        "site_coefficient": _("coefficient du site"),
        "half_day_minutes": _("minutes d’une demi-journée"),
        "day_ends": _("fin de la journée"),
        "evening_ends": _("fin de la soirée"),
        "late_from": _("début des heures tardives"),
        "late": _("heures tardives"),
        "saturday": _("samedi"),
        "sunday": _("dimanche et jours fériés"),
        "months": _("mois"),
        "share": _("part du loyer"),
        "charges_per_m2": _("charges par m² et par mois"),
        "reference_rent": _("loyer de référence"),
        "rent_source": _("source du loyer"),
        "rent_share": _("part du loyer dans le coût"),
        "step": _("pas de l’arrondi"),
        "rent_dated": _("date du loyer"),
        "coefficient": _("coefficient fixé à la main"),
        "reason": _("motif du coefficient"),
        "free": _("gratuit ici"),
    }.get(name) or _term_key(name)


def _term_key(name: str) -> str:
    """Name a key of the terms of cancelling and of absences."""
    return {
        "tiers": _("paliers d’annulation"),
        "free_minutes": _("minutes d’annulation libre après la réservation"),
        "hours": _("heures avant le début"),
        "percent": _("part rendue, en pour cent"),
        "strikes": _("absences avant suspension"),
        "within_days": _("jours pendant lesquels elles comptent"),
        "suspended_days": _("jours sans réserver d’avance"),
    }.get(name, name)


def _heads(head: str) -> str:
    return {
        "effective_on": _("date d’effet"),
        "deliberation": _("délibération"),
        "base_version": _("version de départ"),
        "rows": _("prix des lieux"),
        "products": _("produits"),
        "families": _("familles"),
        "currency": _("monnaie"),
        "offices": _("bureaux"),
        "time": _("horaires"),
        "coefficient": _("coefficient des sites"),
        "terms": _("conditions d’annulation"),
        "no_shows": _("absences"),
        "": _("le fichier"),
    }.get(head, head)


_HEADS: dict[str, Callable[[tuple[str, ...], Mapping[str, JsonValue]], str]] = {
    "rows": _row_path,
    "products": _product_path,
    "families": _family_path,
    "time": _time_path,
    "site": _site_path,
    "coefficient": _coefficient_path,
    "offices": _office_path,
    "terms": _terms_path,
    "no_shows": _absences_path,
}


def _price(text: str) -> str:
    try:
        return formats.money(Money(int(Decimal(text) * 100)))
    except ArithmeticError:
        return text


def _factor(text: str) -> str:
    try:
        return f"×\u00a0{card_words.number(Decimal(text))}"
    except ArithmeticError:
        return text


def _named(kind: type[_Code], say: Callable[[_Code], str]) -> Callable[[str], str]:
    """Name the codes of a line, one or several; what is no code of that kind stays as it is."""
    known = {each.value: each for each in kind}

    def words_of(text: str) -> str:
        codes = text.split(", ")
        return ", ".join(say(known[code]) if code in known else code for code in codes)

    return words_of


_NAMED: Mapping[str, Callable[[str], str]] = {
    "vat": _named(VatCode, card_words.vat_code),
    "place": _named(PlaceRule, card_words.place_rule),
    "family": _named(Family, card_words.family),
    "families": _named(Family, card_words.family),
    "kinds": _named(SpaceKind, space_kind),
}
