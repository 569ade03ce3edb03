"""Public holidays in the reader's language, known by the French name the law's list gives them."""

from __future__ import annotations

from flask_babel import gettext as _


def public_holiday(name: str) -> str | None:
    """Name a public holiday of France or Alsace-Moselle; None for what is no such day."""
    return {
        "Jour de l'an": _("Jour de l’an"),
        "Vendredi saint": _("Vendredi saint"),
        "Lundi de Pâques": _("Lundi de Pâques"),
        "Fête du Travail": _("Fête du Travail"),
        "Fête de la Victoire": _("Fête de la Victoire"),
        "Ascension": _("Ascension"),
        "Lundi de Pentecôte": _("Lundi de Pentecôte"),
        "Fête nationale": _("Fête nationale"),
        "Assomption": _("Assomption"),
        "Toussaint": _("Toussaint"),
        "Armistice": _("Armistice"),
        "Noël": _("Noël"),
        "Saint-Étienne": _("Saint-Étienne"),
    }.get(name)
