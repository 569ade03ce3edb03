"""Leases in words: titles, states, alarms, deeds, and how each amount of rent was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.indices import Quarter, change_in_percent
from app.domain.lease_states import LeaseState
from app.domain.months import days_in_month
from app.domain.rents import LineKind, RentLine, Stage
from app.domain.titles import Alarm, Title
from app.domain.vat_rules import VatCode
from app.leases.lease import Condition, Lease, LogLine, Revision
from app.web import formats
from app.web.formats import NBSP

TITLES: Final[Mapping[Title, str]] = {
    Title.DEROGATORY: _l("bail dérogatoire (L145-5)"),
    Title.INCUBATOR: _l("convention de pépinière"),
    Title.SERVICES: _l("prestation de services"),
    Title.PRECARIOUS: _l("convention d’occupation précaire"),
    Title.PUBLIC_DOMAIN: _l("occupation du domaine public"),
    Title.RESIDENCY: _l("résidence"),
}
VAT_CODES: Final[Mapping[VatCode, str]] = {
    VatCode.STANDARD: _l("TVA à 20 % (services compris, ou option)"),
    VatCode.EXEMPT_LETTING: _l("exonéré de TVA (bureau nu, sans option)"),
}
CONDITIONS: Final[Mapping[Condition, str]] = {
    Condition.GOOD: _l("bon état"),
    Condition.WORN: _l("usé"),
    Condition.DAMAGED: _l("abîmé"),
    Condition.MISSING: _l("manquant"),
}
STATES: Final[Mapping[LeaseState, tuple[str, str, str]]] = {
    LeaseState.DRAFT: (_l("brouillon"), "quiet", "line"),
    LeaseState.OFFERED: (_l("offert"), "wait", "ring"),
    LeaseState.SIGNED: (_l("signé"), "yes", "half"),
    LeaseState.ENTERED: (_l("en cours"), "yes", "full"),
    LeaseState.ENDED: (_l("terminé"), "quiet", "square"),
    LeaseState.WITHDRAWN: (_l("retiré"), "quiet", "cross"),
}
_DEEDS: Final[Mapping[str, str]] = {
    "drafted": _l("brouillon écrit"),
    "edited": _l("brouillon modifié"),
    "offered": _l("offre envoyée au locataire"),
    "reopened": _l("offre reprise pour correction"),
    "withdrawn": _l("retiré"),
    "signed": _l("signature"),
    "entered": _l("entrée, clés remises"),
    "left": _l("sortie, clés rendues"),
    "deposit": _l("dépôt de garantie rendu"),
    "revised": _l("loyer révisé"),
    "settled": _l("loyer provisoire régularisé"),
}
_ALARMS: Final[Mapping[Alarm, str]] = {
    Alarm.ENDS_IN_6_MONTHS: _l("Prend fin dans moins de six mois"),
    Alarm.ENDS_IN_3_MONTHS: _l("Prend fin dans moins de trois mois"),
    Alarm.ENDS_IN_1_MONTH: _l("Prend fin dans moins d’un mois"),
    Alarm.OVER: _l("Terme passé, le locataire est encore là"),
    Alarm.LEFT_IN_PLACE: _l(
        "Locataire laissé en place depuis plus d’un mois : un bail commercial naît"
    ),
    Alarm.EXCLUSIVE_WITHOUT_SERVICE: _l(
        "Bureau exclusif sans service : risque de requalification en bail"
    ),
}
_TO_DO: Final[Mapping[Alarm, str]] = {
    Alarm.ENDS_IN_6_MONTHS: _l("Parlez de la suite avec le locataire : sortie ou autre titre."),
    Alarm.ENDS_IN_3_MONTHS: _l("Convenez de la sortie et de l’état des lieux."),
    Alarm.ENDS_IN_1_MONTH: _l("Fixez le jour de l’état des lieux de sortie."),
    Alarm.OVER: _l("Faites la sortie, ou signez un autre titre avant un mois."),
    Alarm.LEFT_IN_PLACE: _l("Demandez conseil sans attendre (C. com. L145-5)."),
    Alarm.EXCLUSIVE_WITHOUT_SERVICE: _l("Ajoutez des services recherchés, ou changez de titre."),
}
URGENT = frozenset({Alarm.ENDS_IN_1_MONTH, Alarm.OVER, Alarm.LEFT_IN_PLACE})
_LINES: Final[Mapping[LineKind, str]] = {
    LineKind.RENT: _l("Loyer"),
    LineKind.CHARGES: _l("Charges"),
    LineKind.SERVICES: _l("Services"),
    LineKind.SETTLEMENT: _l("Régularisation"),
    LineKind.INDEMNITY: _l("Indemnité d’occupation, le bail étant fini"),
}


def title(lease: Lease) -> str:
    """Name the title."""
    return str(TITLES[lease.title])


def state(lease: Lease) -> tuple[str, str, str]:
    """Give the state as a word, a tone and a shape."""
    word, tone, shape = STATES[lease.state]
    return str(word), tone, shape


def alarm(value: Alarm) -> str:
    """Say what rings."""
    return str(_ALARMS[value])


def to_do(value: Alarm) -> str:
    """Say what to do about it."""
    return str(_TO_DO[value])


def condition(value: Condition) -> str:
    """Say how a thing was found."""
    return str(CONDITIONS[value])


def deed(line: LogLine) -> str:
    """Say what was done."""
    return str(_DEEDS.get(line.action, line.action))


def line_name(line: RentLine) -> str:
    """Name what an amount is for."""
    return str(_LINES[line.kind])


def quarter(value: Quarter) -> str:
    """Write a quarter: ``T4 2024``, ``Q4 2024``."""
    return _("T%(number)s %(year)s", number=value.number, year=value.year)


def month(first: date) -> str:
    """Write a month: ``juillet 2025``."""
    return format_date(first, "MMMM y", locale=formats.language())


def date_of(day: date) -> str:
    """Write a date without its weekday: ``1er juillet 2025``, as letters do."""
    language = formats.language()
    if language == "fr" and day.day == 1:
        return f"1er{NBSP}{month(day)}"
    return format_date(day, "long", locale="en_GB" if language == "en" else language)


def decimal(value: Decimal) -> str:
    """Write a number as the language writes it."""
    return format_decimal(value, locale=formats.language())


def percent(share: Decimal) -> str:
    """Write a share in per cent: ``75 %``."""
    return f"{decimal(share * 100)}{NBSP}%"


def stages(value: tuple[Stage, ...]) -> str:
    """Write how the rent climbs: ``12 mois à 50 %, puis 12 mois à 75 %…``."""
    said = [
        ngettext(
            "%(num)s mois à %(share)s",
            "%(num)s mois à %(share)s",
            stage.months,
            share=percent(stage.share),
        )
        for stage in value
    ]
    return _(", puis ").join(said)


def change(revision: Revision) -> str:
    """Write by how much the index moved: ``+2,69 %``."""
    if revision.base_value is None or revision.new_value is None:
        return ""
    moved = change_in_percent(revision.base_value, revision.new_value)
    return f"{'+' if moved > 0 else ''}{decimal(moved)}{NBSP}%"


def derivation(line: RentLine) -> str:
    """Say how an amount was made."""
    if line.kind is LineKind.SETTLEMENT:
        return _(
            "différence du %(first)s au %(last)s, l’indice étant paru",
            first=date_of(line.first),
            last=date_of(line.last),
        )
    if line.kind is LineKind.RENT:
        return _rent(line)
    said = _("%(amount)s par mois", amount=formats.money(line.base))
    return said if line.is_whole_month else _days(said, line)


def _rent(line: RentLine) -> str:
    said = _(
        "%(amount)s par an × %(share)s ÷ 12",
        amount=formats.money(line.base),
        share=percent(line.share),
    )
    if not line.is_whole_month:
        said = _days(said, line)
    if line.takes_rest:
        said = _("%(said)s, arrondi de l’année compris", said=said)
    if line.is_provisional:
        said = _("%(said)s, provisoire : l’indice n’est pas paru", said=said)
    return said


def _days(said: str, line: RentLine) -> str:
    return _(
        "%(said)s × %(days)s/%(all)s jours",
        said=said,
        days=line.days,
        all=days_in_month(line.first),
    )
