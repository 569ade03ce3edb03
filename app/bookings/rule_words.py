"""The rule of a series as one says it: « un jeudi sur deux, jusqu’au 17 décembre 2026 inclus »."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.recurrence import Recurrence
from app.domain.rrules import LAST, Frequency, Rule
from app.web import formats

MONDAY = date(2026, 11, 23)
WORKING_WEEK = (0, 1, 2, 3, 4)


def rule_words(recurrence: Recurrence) -> str:
    """Say when the dates come again and when that ends."""
    rule = recurrence.rule
    if rule is None:
        return ngettext("%(num)s date au choix", "%(num)s dates au choix", len(recurrence.days))
    said = _how_often(rule)
    if rule.until is not None:
        return _("%(rule)s, jusqu’au %(day)s inclus", rule=said, day=_last(rule.until))
    times = ngettext("%(num)s fois", "%(num)s fois", rule.count or 0)
    return _("%(rule)s, %(times)s", rule=said, times=times)


def weekday(number: int) -> str:
    """Name a weekday, counted from Monday, 0."""
    return format_date(MONDAY + timedelta(days=number), "EEEE", locale=formats.language())


def nth_word(nth: int) -> str:
    """Say which one of the month: the first to the fifth, or the last."""
    return {
        1: _("premier"),
        2: _("deuxième"),
        3: _("troisième"),
        4: _("quatrième"),
        5: _("cinquième"),
        LAST: _("dernier"),
    }[nth]


def _how_often(rule: Rule) -> str:
    if rule.frequency is Frequency.DAILY:
        return _daily(rule.interval)
    if rule.frequency is Frequency.WEEKLY:
        return _weekly(rule)
    said = _monthly(rule)
    if rule.interval == 1:
        return said
    return _("%(rule)s, tous les %(num)s mois", rule=said, num=rule.interval)


def _daily(interval: int) -> str:
    if interval == 1:
        return _("tous les jours")
    if interval == 2:
        return _("un jour sur deux")
    return _("tous les %(num)s jours", num=interval)


def _weekly(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK and rule.interval == 1:
        return _("du lundi au vendredi")
    names = format_list([weekday(day) for day in rule.weekdays], locale=formats.language())
    if len(rule.weekdays) == 1 and rule.interval < 3:
        if rule.interval == 1:
            return _("chaque %(weekday)s", weekday=names)
        return _("un %(weekday)s sur deux", weekday=names)
    if rule.interval == 1:
        return _("chaque semaine, %(weekdays)s", weekdays=names)
    if rule.interval == 2:
        return _("une semaine sur deux, %(weekdays)s", weekdays=names)
    return _("toutes les %(num)s semaines, %(weekdays)s", num=rule.interval, weekdays=names)


def _monthly(rule: Rule) -> str:
    if rule.month_day is not None:
        return _day_of_month(rule.month_day)
    if rule.nth == 5:
        return _(
            "le cinquième %(weekday)s des mois qui en ont cinq", weekday=weekday(rule.weekdays[0])
        )
    return _(
        "le %(nth)s %(weekday)s de chaque mois",
        nth=nth_word(rule.nth or 1),
        weekday=weekday(rule.weekdays[0]),
    )


def _day_of_month(number: int) -> str:
    if number == LAST:
        return _("le dernier jour de chaque mois")
    if number == 1:
        return _("le 1er de chaque mois")
    if number > 28:
        return _("le %(num)s des mois qui en ont un", num=number)
    return _("le %(num)s de chaque mois", num=number)


def _last(day: date) -> str:
    """Write a day without its weekday, as in « 17 décembre 2026 »."""
    if formats.language() == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        return f"{number}{formats.NBSP}{format_date(day, 'MMMM y', locale='fr')}"
    pattern = {"de": f"d.{formats.NBSP}MMMM y"}.get(formats.language(), f"d{formats.NBSP}MMMM y")
    return format_date(day, pattern, locale=formats.language())
