"""Rights in the reader's language: their names, what is left of them, and each movement."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.entitlements import EntryKind, Source
from app.domain.money import Money
from app.domain.tariffs import RightKind
from app.entitlements.entitlement import Entitlement, Entry
from app.tariffs import words as tariff_words
from app.web import formats


def name(right: Entitlement) -> str:
    """Name a right: what was bought, what came with it, or what the house gave."""
    if right.parent_id is None and right.product is not None:
        return tariff_words.product(right.product)
    if right.kind is RightKind.PIECES:
        return _(
            "%(product)s, comprises", product=tariff_words.product(right.honours.product or "")
        )
    if right.parent_id is not None:
        return _("heures de salle comprises")
    return {
        RightKind.HALF_DAYS: _("demi-journées offertes"),
        RightKind.DAYS: _("journées offertes"),
        RightKind.MINUTES: _("heures offertes"),
        RightKind.MONEY: _("avoir"),
    }.get(right.kind, _("droit offert"))


def kind(value: RightKind) -> str:
    """Name what a right is counted in."""
    return {
        RightKind.HALF_DAYS: _("demi-journées de coworking"),
        RightKind.DAYS: _("journées de coworking"),
        RightKind.MINUTES: _("minutes de salle"),
        RightKind.MONEY: _("centimes d’avoir, hors taxes"),
        RightKind.UNLIMITED: _("mois"),
        RightKind.PIECES: _("pages"),
    }[value]


def amount(value: RightKind, units: int) -> str:
    """Write a number of units of a right."""
    if value is RightKind.HALF_DAYS:
        return ngettext("%(num)s demi-journée", "%(num)s demi-journées", units)
    if value is RightKind.DAYS:
        return ngettext("%(num)s journée", "%(num)s journées", units)
    if value is RightKind.MINUTES:
        return formats.duration(timedelta(minutes=units))
    if value is RightKind.MONEY:
        return _("%(amount)s HT", amount=formats.money(Money(units)))
    if value is RightKind.PIECES:
        return ngettext("%(num)s page", "%(num)s pages", units)
    return _("sans compter")


def left(right: Entitlement, units: int | None) -> str:
    """Say what is left of a right."""
    if units is None:
        return _("sans compter")
    if not units:
        return _("épuisé")
    return _("il reste %(units)s", units=amount(right.kind, units))


def where(right: Entitlement) -> str:
    """Say where a right is honoured."""
    if right.honours.roaming is not None:
        return _("dans tous les Totems du réseau")
    if right.kind is RightKind.PIECES:
        return _("à l’accueil de %(site)s", site=right.site.name)
    return _("dans les lieux de %(town)s", town=right.site.town)


def source(value: Source) -> str:
    """Say how somebody came to a right."""
    return {
        Source.SOLD: _("acheté à l’accueil"),
        Source.ORDERED: _("commandé en ligne"),
        Source.CREDITED: _("offert par la maison"),
    }[value]


def movement(right: Entitlement, entry: Entry) -> str:
    """Tell a movement of a right in a sentence."""
    units = amount(right.kind, abs(entry.amount))
    said = {
        EntryKind.GRANTED: _("Reçu : %(units)s.", units=units),
        EntryKind.CREDITED: _("Offert : %(units)s.", units=units),
        EntryKind.SPENT: _("Utilisé : %(units)s.", units=units),
        EntryKind.USED: _("Noté à l’accueil : %(units)s.", units=units),
        EntryKind.GIVEN_BACK: _("Rendu : %(units)s.", units=units),
        EntryKind.REVERSED: _("Repris : %(units)s.", units=units),
    }[entry.kind]
    parts = [said, _stay(entry), entry.reason]
    return " ".join(part for part in parts if part)


def _stay(entry: Entry) -> str:
    if entry.span is None or entry.site is None:
        return ""
    return _(
        "Le %(day)s, %(hours)s, %(site)s.",
        day=formats.day(entry.span.start, entry.site.zone),
        hours=formats.span(entry.span, entry.site.zone),
        site=entry.site.name,
    )
