"""Prices in the reader's language: the reason of each line of a quote, profiles and products."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.json_values import JsonObject, JsonValue
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import LineCode, QuoteLine, RightKind, TimeReason
from app.domain.vat_rules import VatCode, VatTreatment
from app.web import formats

_Said = tuple[tuple[str, JsonValue], ...]
_NOT_SAID = frozenset({"starts_at", "ends_at", "row", "right"})
_NO_TAX = VatTreatment(VatCode.OUTSIDE, Decimal(0))
_TIMES = f"×{formats.NBSP}"
_PROFILES = {
    Profile.STUDENT: _l("étudiant"),
    Profile.PROJECT_HOLDER: _l("porteur de projet"),
    Profile.STARTUP_UNDER_1: _l("start-up de moins d’un an"),
    Profile.STARTUP_UNDER_3: _l("start-up de moins de 3 ans"),
    Profile.STARTUP_UNDER_5: _l("start-up de moins de 5 ans"),
    Profile.ASSOCIATION: _l("association"),
    Profile.PARTNER: _l("partenaire conventionné"),
    Profile.RESIDENT: _l("résident du Totem"),
    Profile.INHABITANT: _l("habitant du territoire"),
    Profile.SMALL_BUSINESS: _l("petite entreprise ou indépendant"),
    Profile.LARGE_COMPANY: _l("grand groupe"),
}


def reason(line: QuoteLine) -> str:
    """Say what a line is for: what is sold, then each factor that is not one."""
    said = tuple(fact for fact in line.facts.items() if fact[0] not in _NOT_SAID)
    return _reason(formats.language(), line.code, line.amount.currency, said)


@lru_cache(maxsize=8192)  # a house sells few different lines, many times
def _reason(_language: str, code: LineCode, currency: str, said: _Said) -> str:
    line = QuoteLine(code, Money(0, currency), _NO_TAX, dict(said))
    parts = [_SOLD[code](line), *_factors(line.facts)]
    return ", ".join(part for part in parts if part)


def profile(value: Profile) -> str:
    """Name a tariff profile."""
    return str(_PROFILES[value])


def product(name: str) -> str:
    """Name what is sold by the piece, the month or the pack; its own name if it has no word."""
    known = {
        "month_any_seat": _("mois de coworking, place libre"),
        "month_own_seat": _("mois de coworking, place attitrée"),
        "ten_half_days": _("carnet de 10 demi-journées"),
        "ten_days": _("carnet de 10 journées"),
        "fablab_year": _("adhésion annuelle au FabLab"),
        "locker": _("casier, par mois"),
        "domiciliation": _("domiciliation, par mois"),
        "parking": _("stationnement, par mois"),
        "print": _("page imprimée"),
        "print_colour": _("page imprimée en couleur"),
        "cleaning": _("ménage"),
    }
    return known.get(name, name)


def _factors(facts: JsonObject) -> list[str]:
    """Give the words of every factor that changes the price."""
    return [_site(facts), _profile(facts), _time(facts)]


def _site(facts: JsonObject) -> str:
    factor = _decimal(facts, "site_factor")
    return "" if factor == 1 else _("site %(factor)s", factor=_times(factor))


def _profile(facts: JsonObject) -> str:
    factor = _decimal(facts, "profile_factor")
    if factor == 1:
        return ""
    named = profile(Profile(str(facts["profile"])))
    return _("%(profile)s %(factor)s", profile=named, factor=_times(factor))


def _time(facts: JsonObject) -> str:
    factor = _decimal(facts, "time_factor")
    if factor == 1:
        return ""
    more = f"+{format_percent(factor - 1, locale=formats.language())}"
    return {
        TimeReason.LATE: _("soirée %(more)s", more=more),
        TimeReason.SATURDAY: _("samedi %(more)s", more=more),
        TimeReason.SUNDAY: _("dimanche %(more)s", more=more),
        TimeReason.HOLIDAY: _("jour férié %(more)s", more=more),
        TimeReason.PLAIN: "",
    }[TimeReason(str(facts["time"]))]


def _hour(line: QuoteLine) -> str:
    lasting = formats.duration(timedelta(minutes=_number(line, "minutes")))
    return _each(line, _("%(lasting)s à %(price)s l’heure", lasting=lasting, price=_base(line)))


def _half_day(line: QuoteLine) -> str:
    count = _number(line, "count")
    return _each(
        line,
        ngettext(
            "%(num)s demi-journée à %(price)s",
            "%(num)s demi-journées à %(price)s",
            count,
            price=_base(line),
        ),
    )


def _day(line: QuoteLine) -> str:
    return _each(line, _("journée à %(price)s", price=_base(line)))


def _evening(line: QuoteLine) -> str:
    return _each(line, _("soirée à %(price)s", price=_base(line)))


def _free(line: QuoteLine) -> str:
    return _each(line, _("gratuit"))


def _right(line: QuoteLine) -> str:
    amount = _number(line, "amount")
    return {
        RightKind.HALF_DAYS: ngettext(
            "%(num)s demi-journée de votre carnet", "%(num)s demi-journées de votre carnet", amount
        ),
        RightKind.DAYS: ngettext(
            "%(num)s journée de votre carnet", "%(num)s journées de votre carnet", amount
        ),
        RightKind.MINUTES: _(
            "%(lasting)s de vos heures incluses",
            lasting=formats.duration(timedelta(minutes=amount)),
        ),
        RightKind.MONEY: _(
            "%(amount)s de votre avoir", amount=formats.money(Money(amount, line.amount.currency))
        ),
        RightKind.UNLIMITED: _("compris dans votre abonnement"),
        RightKind.PIECES: _("%(num)s de vos pièces incluses", num=amount),
    }[RightKind(str(line.facts["kind"]))]


def _product(line: QuoteLine) -> str:
    named = product(str(line.facts["product"]))
    told = _each(line, _("%(product)s à %(price)s", product=named, price=_base(line)))
    factor = _decimal(line.facts, "factor")
    told = told if factor == 1 else f"{told} {_times(factor)}"
    part = line.facts.get("part")
    return told if part is None else _("%(sold)s, %(part)s du mois", sold=told, part=part)


def _office_rent(line: QuoteLine) -> str:
    return _(
        "loyer de %(area)s, %(share)s du loyer de référence, %(days)s jours sur %(of)s",
        area=formats.area(_decimal(line.facts, "area_m2")),
        share=format_percent(_decimal(line.facts, "share"), locale=formats.language()),
        days=line.facts["days"],
        of=line.facts["days_of_month"],
    )


def _office_charges(line: QuoteLine) -> str:
    return _(
        "charges de %(area)s, %(days)s jours sur %(of)s",
        area=formats.area(_decimal(line.facts, "area_m2")),
        days=line.facts["days"],
        of=line.facts["days_of_month"],
    )


def _each(line: QuoteLine, sold: str) -> str:
    """Add how many people or machines the price counts for, when it is more than one."""
    quantity = _number(line, "quantity")
    return sold if quantity == 1 else f"{sold} {_TIMES}{quantity}"


def _base(line: QuoteLine) -> str:
    return formats.money(Money(_number(line, "base_minor"), line.amount.currency))


def _times(factor: Decimal) -> str:
    written = format_decimal(factor, format="0.00##", locale=formats.language())
    return f"{_TIMES}{written}"


def _decimal(facts: JsonObject, name: str) -> Decimal:
    return Decimal(str(facts.get(name, "1")))


def _number(line: QuoteLine, name: str) -> int:
    return int(str(line.facts[name]))


_SOLD: dict[LineCode, Callable[[QuoteLine], str]] = {
    LineCode.HOUR: _hour,
    LineCode.HALF_DAY: _half_day,
    LineCode.DAY: _day,
    LineCode.EVENING: _evening,
    LineCode.FREE: _free,
    LineCode.PRODUCT: _product,
    LineCode.RIGHT: _right,
    LineCode.OFFICE_RENT: _office_rent,
    LineCode.OFFICE_CHARGES: _office_charges,
}
