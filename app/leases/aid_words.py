"""Words of state aid in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from app.domain.json_values import JsonObject
from app.leases.aid import AidEntry, AidSource
from app.leases.words import decimal, month
from app.web import formats


def source(entry: AidEntry) -> str:
    """Say what the aid came with."""
    return {
        AidSource.LEASE: _("Loyer adapté, bail %(ref)s", ref=entry.reference),
        AidSource.REBATES: _("Tarifs réduits, %(month)s", month=month(entry.granted_on)),
    }[entry.source]


def standing(entry: AidEntry) -> tuple[str, str, str]:
    """Say whether an entry counts: its word, tone and shape."""
    if entry.reverses_id is not None:
        return _("annulation"), "quiet", "cross"
    if entry.reversed_by is not None:
        return _("annulée"), "quiet", "line"
    return _("compte"), "yes", "check"


def reason(entry: AidEntry) -> str:
    """Say why an entry was made: what somebody typed, or that the tenant left early."""
    left_on = entry.basis.get("left_on")
    if not isinstance(left_on, str):
        return entry.reason
    return _(
        "Bail rendu le %(day)s, avant son terme : ce qui n’a pas été reçu ne compte plus.",
        day=formats.day(date.fromisoformat(left_on)),
    )


def discount(basis: JsonObject) -> str:
    """Write the rate an aid was discounted at, without its sign; a dash where there was none."""
    return decimal(Decimal(str(basis["percent"]))) if "percent" in basis else "–"
