"""A card in the reader's language: families, rows, units, times, taxes, proofs, derivations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _

from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.proofs import KIND_OF
from app.domain.tariffs import CoefficientFormula, Family, RateCard, Row, site_coefficient
from app.domain.vat_rules import PlaceRule, VatCode
from app.people.words import papers
from app.spaces.words import space_kind
from app.web import formats


def family(value: Family) -> str:
    """Name what is sold, as far as coefficients and tax go."""
    return {
        Family.SEATS: _("places de coworking"),
        Family.ROOMS: _("salles"),
        Family.STUDIOS: _("studios"),
        Family.MACHINES: _("machines du FabLab"),
        Family.SERVICES: _("services"),
        Family.OFFICES: _("bureaux"),
    }[value]


def row(value: Row) -> str:
    """Name a line of the card: the kind of place and how many people it takes."""
    if not value.kinds:
        return named_row(value.name)
    kind = ", ".join(space_kind(each) for each in sorted(value.kinds))
    if value.capacity is None:
        return kind
    return _("%(kind)s, jusqu’à %(people)s personnes", kind=kind, people=value.capacity)


def named_row(name: str) -> str:
    """Name a line that places take by its name; its own name if it has no word."""
    known = {"laser": _("découpeuse laser"), "printer_3d": _("imprimante 3D")}
    return known.get(name, name)


def unit(value: str) -> str:
    """Say what a price is for."""
    return {
        "hour": _("l’heure"),
        "half_day": _("la demi-journée"),
        "day": _("la journée"),
        "evening": _("la soirée"),
        "month": _("par mois"),
        "year": _("par an"),
        "pack": _("le carnet"),
        "page": _("la page"),
        "time": _("la prestation"),
    }.get(value, value)


def column(value: str) -> str:
    """Name a column of prices."""
    return {
        "hour": _("heure"),
        "half_day": _("demi-journée"),
        "day": _("journée"),
        "evening": _("soirée"),
    }[value]


def vat_code(value: VatCode) -> str:
    """Name a code of VAT."""
    return {
        VatCode.STANDARD: _("taux normal"),
        VatCode.INTERMEDIATE: _("taux intermédiaire"),
        VatCode.REDUCED: _("taux réduit"),
        VatCode.SUPER_REDUCED: _("taux particulier"),
        VatCode.EXEMPT_LETTING: _("location nue exonérée"),
        VatCode.EXEMPT_TRAINING: _("formation exonérée"),
        VatCode.PUBLIC_BODY: _("activité publique non assujettie"),
        VatCode.OUTSIDE: _("hors du champ de la TVA"),
        VatCode.REVERSE_CHARGE: _("autoliquidation"),
    }[value]


def place_rule(value: PlaceRule) -> str:
    """Say whose tax a supply bears."""
    return {
        PlaceRule.IMMOVABLE: _("locaux : toujours la TVA française"),
        PlaceRule.GENERAL: _("service : la TVA du pays de l’entreprise cliente"),
        PlaceRule.EVENT: _("entrée à un événement : TVA française"),
        PlaceRule.CAFE: _("consommé sur place : TVA française"),
        PlaceRule.OUTSIDE: _("hors champ"),
    }[value]


def number(value: Decimal, least: int = 2) -> str:
    """Write a factor as the language writes it: ``0,75``."""
    pattern = "0." + "0" * least + "#" * (6 - least)
    return format_decimal(value, format=pattern, locale=formats.language())


def proof(value: Profile) -> str:
    """Say what proves a profile; nothing for the base, which needs none."""
    if value in KIND_OF:
        return papers(KIND_OF[value])
    return {
        Profile.RESIDENT: _(
            "Rien à fournir : un bureau, un poste ou un abonnement en cours suffit."
        ),
        Profile.LARGE_COMPANY: _("Déterminé par la taille du groupe."),
    }.get(value, "")


def derivation(card: RateCard) -> list[str]:
    """Say where the site's coefficient comes from, step by step, in words and figures."""
    told = []
    if card.reference_rent is not None:
        told.append(_rent(card, card.reference_rent))
        told.append(_formula(Decimal(card.reference_rent) / 100, card.formula))
    if card.reason is not None:
        told.append(
            _(
                "Le coefficient est fixé à la main à %(factor)s : %(reason)s.",
                factor=number(card.coefficient),
                reason=card.reason[:1].lower() + card.reason[1:].rstrip("."),
            )
        )
    return told


def _rent(card: RateCard, cents: int) -> str:
    rent = formats.money(Money(cents, card.currency))
    if card.rent_source is None or card.rent_dated is None:
        return _("Loyer de référence des bureaux : %(rent)s par m² et par an.", rent=rent)
    return _(
        "Loyer de référence des bureaux : %(rent)s par m² et par an (%(source)s ; arrêté le "
        "%(day)s).",
        rent=rent,
        source=card.rent_source.rstrip("."),
        day=formats.day(card.rent_dated),
    )


def _formula(rent: Decimal, formula: CoefficientFormula) -> str:
    return _(
        "Le loyer fait %(share)s du coût d’une place : 1 + %(part)s × (%(rent)s ÷ "
        "%(charter)s − 1) = %(raw)s, soit %(factor)s au %(step)s le plus proche.",
        share=format_percent(formula.rent_share, format="0.##\u00a0%", locale=formats.language()),
        part=number(formula.rent_share, 1),
        rent=number(rent, 0),
        charter=number(formula.reference_rent, 0),
        raw=number(formula.exact(rent)),
        factor=number(site_coefficient(rent, formula)),
        step=number(formula.step),
    )


def stage(first: int, last: int, share: Decimal) -> str:
    """Name a stage of an office's tenancy, with the share of the rent it pays."""
    return _(
        "mois %(first)s à %(last)s : %(share)s du loyer de référence",
        first=first,
        last=last,
        share=format_percent(share, locale=formats.language()),
    )


def charges() -> str:
    """Name the charges of an office."""
    return _("charges, en plus : énergie, fibre, ménage, accueil")


def time_rules(card: RateCard) -> list[str]:
    """Say when days and evenings begin and end, and what late hours, Saturdays and Sundays cost."""
    rules = card.time
    return [
        _(
            "Une demi-journée dure %(hours)s au plus ; une journée va de l’ouverture à %(end)s.",
            hours=formats.duration(timedelta(minutes=rules.half_day_minutes)),
            end=formats.wall_minutes(rules.day_ends),
        ),
        _(
            "La soirée va de %(start)s à %(end)s ; son prix ne change pas avec l’heure.",
            start=formats.wall_minutes(rules.day_ends),
            end=formats.wall_minutes(rules.evening_ends),
        ),
        _(
            "À l’heure, %(more)s après %(late)s en semaine.",
            more=more(rules.late),
            late=formats.wall_minutes(rules.late_from),
        ),
        _("Le samedi : %(more)s.", more=more(rules.saturday)),
        _(
            "Le dimanche et les jours fériés, quand le Totem ouvre : %(more)s.",
            more=more(rules.sunday),
        ),
        _("Vous payez toujours la combinaison la moins chère de ces prix, sans rien demander."),
    ]


def more(factor: Decimal) -> str:
    """Write a factor as what it adds: ``+25 %``."""
    return format_percent(factor - 1, format="+0.#\u00a0%;−0.#\u00a0%", locale=formats.language())


def profiles_title() -> str:
    """Head the table of profiles."""
    return _("coefficients par profil (vide : 1)")


def taxes_title() -> str:
    """Head the table of taxes."""
    return _("TVA par famille")


def main_titles() -> list[str]:
    """Head the four prices of places that are asked for most."""
    return [
        _("coworking, la demi-journée"),
        _("coworking, la journée"),
        _("salle de 6 personnes, l’heure"),
        _("salle de 12 personnes, l’heure"),
    ]
