"""What was done to bookings, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.bookings.booking import Booking
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.money import Money
from app.web import formats


def fact_words(booking: Booking, action: str, facts: JsonObject) -> list[str]:
    """Say what a line of the log keeps beside its deed: what was before, what came back, why."""
    said = []
    if action in _CHANGES and (before := _span(facts)) is not None:
        zone = booking.site.zone
        hours = formats.short_stay(before, zone)
        said.append(_("avant : %(hours)s", hours=hours))
    if isinstance(refund := facts.get("refund"), int) and booking.gross.minor:
        said.append(_("rendu : %(amount)s", amount=formats.money(Money(refund))))
    if action == "handed over":
        said.append(_("de %(giver)s à %(taker)s", giver=facts["from"], taker=facts["to"]))
    if action == "offered":
        said.append(_("à %(address)s", address=facts["to"]))
    reasons = (facts.get(name) for name in _REASONS)
    said += [_("motif : %(reason)s", reason=reason) for reason in reasons if reason]
    return said


def _span(facts: JsonObject) -> Span | None:
    start, end = facts.get("starts_at"), facts.get("ends_at")
    if not isinstance(start, str) or not isinstance(end, str):
        return None
    return Span(datetime.fromisoformat(start), datetime.fromisoformat(end))


_CHANGES = frozenset({"moved", "extended", "shortened"})
_REASONS = ("waived", "override", "reason")


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
        "displaced": _("Annulée : le lieu ferme"),
        "requested": _("Demandée"),
        "approved": _("Acceptée"),
        "refused": _("Refusée"),
        "checked in": _("Arrivée notée"),
        "check-in undone": _("Arrivée reprise"),
        "checked out": _("Départ noté"),
        "extended": _("Prolongée"),
        "shortened": _("Raccourcie"),
        "released": _("Place libérée : personne n’est venu"),
        "pardoned": _("Absence effacée"),
        "offered": _("Proposée"),
        "handed over": _("Transmise"),
    }
    return known.get(action, action)
