"""What was done to bookings, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


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
