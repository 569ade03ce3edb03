"""The terms of giving a booking up, in words and with the hours they mean for this booking."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.bookings.booking import Booking
from app.domain.cancellation import WHOLE, Terms
from app.web import formats

NOTHING_BACK = 0


def terms_words(terms: Terms, starts_at: datetime, zone: ZoneInfo) -> list[str]:
    """Say what comes back until when, the best first; what has run out is said too."""
    if terms.at_most == NOTHING_BACK:
        return [_("Rien n’est rendu en cas d’annulation : la réservation a été déplacée tard.")]
    said = []
    for tier in terms.tiers:
        until = starts_at - timedelta(hours=tier.hours_before)
        said.append(_tier(min(tier.percent, terms.at_most), until, starts_at, zone))
    if terms.tiers and terms.tiers[-1].hours_before:
        said.append(_("Ensuite, rien n’est rendu."))
    if terms.free_minutes:
        said.append(
            _(
                "Tout est rendu pendant les %(minutes)s minutes qui suivent la réservation.",
                minutes=terms.free_minutes,
            )
        )
    return said


def terms_of(booking: Booking) -> list[str]:
    """Say the terms frozen on a booking; of one that costs nothing there is nothing to say."""
    if not booking.gross.minor and not booking.quote.spent:
        return []
    return terms_words(booking.quote.terms, booking.span.start, booking.site.zone)


def _tier(percent: int, until: datetime, starts_at: datetime, zone: ZoneInfo) -> str:
    if until == starts_at:
        if percent == WHOLE:
            return _("Annulation gratuite jusqu’au début.")
        return _("%(percent)s %% rendus jusqu’au début.", percent=percent)
    facts = {"day": formats.short_day(until, zone), "hour": formats.clock(until, zone)}
    if percent == WHOLE:
        return _("Annulation gratuite jusqu’au %(day)s à %(hour)s.", **facts)
    return _("%(percent)s %% rendus jusqu’au %(day)s à %(hour)s.", percent=percent, **facts)
