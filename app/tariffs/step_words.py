"""Every step behind a price in the reader's language: rule, proof, hour, rounding, tax, card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, format_percent
from flask_babel import gettext as _

from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.profiles import BASE, ONE, Profile
from app.domain.tariffs import RateCard, Step, StepCode, TimeReason
from app.domain.vat_rules import TAXED, VatCode
from app.tariffs import card_words, words
from app.web import formats

THOUSANDTHS_OF_CENTS = 100_000
_TIMES = f"×{formats.NBSP}"


@dataclass(frozen=True, slots=True)
class Reader:
    """What the facts of a step are read by: the card they come from, and the clock of its site."""

    card: RateCard
    zone: ZoneInfo

    def money(self, minor: object) -> str:
        """Write cents of the card's currency."""
        return formats.money(Money(int(str(minor)), self.card.currency))


def sentences(step: Step, reader: Reader) -> tuple[str, ...]:
    """Say a step in full sentences; a coefficient with its derivation."""
    return tuple(told for told in _SAID[step.code](step, reader) if told)


def mention(code: VatCode) -> str:
    """Give what an invoice states where it charges no tax; nothing for a taxed supply."""
    return {
        VatCode.EXEMPT_LETTING: _("exonération de TVA, article 261 D, 2° du CGI"),
        VatCode.EXEMPT_TRAINING: _("exonération de TVA, article 261, 4, 4° du CGI"),
        VatCode.PUBLIC_BODY: _("activité hors du champ de la TVA, article 256 B du CGI"),
        VatCode.OUTSIDE: _("hors du champ de la TVA"),
        VatCode.REVERSE_CHARGE: _("autoliquidation, article 44 de la directive 2006/112/CE"),
    }.get(code, "")


def _base(step: Step, reader: Reader) -> list[str]:
    facts = step.facts
    if "area_m2" in facts:
        return [_office(step, reader)]
    price = reader.money(facts["base_minor"])
    if "product" in facts:
        unit = card_words.unit(str(facts["unit"]))
        return [_("La grille le vend %(price)s, %(unit)s.", price=price, unit=unit)]
    told = _(
        "Ligne « %(row)s » de la grille : %(price)s %(unit)s (%(hours)s).",
        row=_row(str(facts.get("row", "")), reader.card),
        price=price,
        unit=card_words.unit(str(facts["code"]).replace("-", "_")),
        hours=_hours(step, reader),
    )
    return [told]


def _office(step: Step, reader: Reader) -> str:
    facts = step.facts
    area = formats.area(Decimal(str(facts["area_m2"])))
    if "rent_minor" in facts:
        rent = reader.money(facts["rent_minor"])
        return _(
            "Loyer de référence : %(rent)s par m² et par an, pour %(area)s.", rent=rent, area=area
        )
    charges = reader.money(facts["charges_minor"])
    return _("Charges : %(charges)s par m² et par mois, pour %(area)s.", charges=charges, area=area)


def _row(name: str, card: RateCard) -> str:
    row = card.rows.get(name)
    return name if row is None else card_words.row(row)


def _hours(step: Step, reader: Reader) -> str:
    start, end = (
        datetime.fromisoformat(str(step.facts[name])) for name in ("starts_at", "ends_at")
    )
    return formats.span(Span(start, end), reader.zone)


def _quantity(step: Step, _reader: Reader) -> list[str]:
    return [_("Compté %(quantity)s fois : par personne ou par pièce.", **_plain(step))]


def _pack(step: Step, _reader: Reader) -> list[str]:
    less = _percent(ONE - Decimal(str(step.facts["factor"])))
    return [_("Le carnet coûte %(less)s de moins qu’à l’unité.", less=less)]


def _stage(step: Step, _reader: Reader) -> list[str]:
    return [
        _(
            "Mois %(month)s dans les lieux : %(share)s du loyer de référence.",
            month=step.facts["tenancy_month"],
            share=_percent(Decimal(str(step.facts["share"]))),
        )
    ]


def _site(step: Step, reader: Reader) -> list[str]:
    told = _("Coefficient de ce Totem : %(factor)s.", factor=_times(step))
    return [told, *card_words.derivation(reader.card)]


def _profile(step: Step, _reader: Reader) -> list[str]:
    facts = step.facts
    profile = Profile(str(facts["profile"]))
    if profile is BASE:
        return [
            _(
                "Profil : %(profile)s, le tarif de base, sans justificatif.",
                profile=words.profile(BASE),
            )
        ]
    named = _(
        "Profil : %(profile)s, %(factor)s.", profile=words.profile(profile), factor=_times(step)
    )
    return [named, _proof(step)]


def _proof(step: Step) -> str:
    if "valid_until" not in step.facts:
        return ""
    return _(
        "Justificatif accepté, valable du %(first)s au %(last)s.",
        first=_day(step.facts["valid_from"]),
        last=_day(step.facts["valid_until"]),
    )


def _time(step: Step, _reader: Reader) -> list[str]:
    more = card_words.more(Decimal(str(step.facts["factor"])))
    return [
        {
            TimeReason.LATE: _("Heures du soir : %(more)s, une seule fois.", more=more),
            TimeReason.SATURDAY: _("Samedi : %(more)s, une seule fois.", more=more),
            TimeReason.SUNDAY: _("Dimanche : %(more)s, une seule fois.", more=more),
            TimeReason.HOLIDAY: _("Jour férié : %(more)s, une seule fois.", more=more),
            TimeReason.PLAIN: "",
        }[TimeReason(str(step.facts["time"]))]
    ]


def _rounding(step: Step, reader: Reader) -> list[str]:
    exact = Decimal(int(str(step.facts["exact_thousandths"]))) / THOUSANDTHS_OF_CENTS
    return [
        _(
            "%(exact)s, arrondis une fois à %(rounded)s.",
            exact=_exactly(exact, reader.card.currency, formats.language()),
            rounded=reader.money(step.facts["minor"]),
        )
    ]


def _credit(step: Step, reader: Reader) -> list[str]:
    return [_("Votre avoir en paie %(credit)s.", credit=reader.money(step.facts["credit_minor"]))]


def _right(_step: Step, _reader: Reader) -> list[str]:
    return [_("Déjà payé : rien à régler pour cette part.")]


def _free(_step: Step, _reader: Reader) -> list[str]:
    return [_("Ce Totem n’en demande rien.")]


def _vat(step: Step, reader: Reader) -> list[str]:
    facts = step.facts
    code, net = VatCode(str(facts["code"])), reader.money(facts["net_minor"])
    if code not in TAXED:
        return [_("Pas de TVA sur %(net)s : %(mention)s.", net=net, mention=mention(code))]
    return [
        _(
            "TVA au %(name)s, %(rate)s de %(net)s : %(tax)s.",
            name=card_words.vat_code(code),
            rate=_percent(Decimal(str(facts["rate"])) / 100),
            net=net,
            tax=reader.money(facts["tax_minor"]),
        )
    ]


def _card(step: Step, _reader: Reader) -> list[str]:
    return [
        _(
            "Grille nᵒ %(version)s, en vigueur depuis le %(day)s : %(act)s.",
            version=step.facts["version"],
            day=_day(step.facts["effective_on"]),
            act=str(step.facts["deliberation"]).rstrip("."),
        )
    ]


def _plain(step: Step) -> dict[str, str]:
    return {name: str(value) for name, value in step.facts.items()}


def _day(written: object) -> str:
    return formats.day(date.fromisoformat(str(written)))


def _times(step: Step) -> str:
    return f"{_TIMES}{card_words.number(Decimal(str(step.facts['factor'])))}"


def _percent(share: Decimal) -> str:
    return format_percent(share, format="0.##\u00a0%", locale=formats.language())


@lru_cache(maxsize=1024)
def _exactly(amount: Decimal, currency: str, language: str) -> str:
    pattern = {"en": "¤0.00###"}.get(language, "0.00###\u00a0¤")
    return format_currency(amount, currency, format=pattern, locale=language, currency_digits=False)


_SAID: dict[StepCode, Callable[[Step, Reader], list[str]]] = {
    StepCode.BASE: _base,
    StepCode.QUANTITY: _quantity,
    StepCode.PACK: _pack,
    StepCode.STAGE: _stage,
    StepCode.SITE: _site,
    StepCode.PROFILE: _profile,
    StepCode.TIME: _time,
    StepCode.ROUNDING: _rounding,
    StepCode.CREDIT: _credit,
    StepCode.RIGHT: _right,
    StepCode.FREE: _free,
    StepCode.VAT: _vat,
    StepCode.CARD: _card,
}
