"""Bookings and prices in the reader's language, ready for pages, mails and the API."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.money import Money
from app.domain.tariffs import Quote
from app.tariffs import words as tariff_words


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a quote with its reason in words."""

    code: str
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as a person reads it."""

    lines: tuple[LineView, ...]
    net: Money
    vat: Money
    gross: Money
    profile: str
    profile_word: str


def quote_view(quote: Quote) -> QuoteView:
    """Put a quote into words: each line with its reason, and the profile that set the price."""
    return QuoteView(
        lines=tuple(
            LineView(line.code.value, line.amount, tariff_words.reason(line))
            for line in quote.lines
        ),
        net=quote.net,
        vat=quote.vat,
        gross=quote.gross,
        profile=quote.profile.value,
        profile_word=tariff_words.profile(quote.profile),
    )


def action_word(action: str) -> str:
    """Name what was done to a booking, for its log."""
    known = {
        "held": _("Lieu gardé"),
        "booked": _("Réservée"),
        "confirmed": _("Confirmée"),
        "dropped": _("Rendue avant confirmation"),
        "moved": _("Déplacée"),
        "renamed": _("Titre changé"),
        "cancelled": _("Annulée"),
        "checked in": _("Arrivée notée"),
        "check-in undone": _("Arrivée reprise"),
        "checked out": _("Départ noté"),
    }
    return known.get(action, action)
