"""The words of the mail that offers a place to who is next in line."""

from __future__ import annotations

from flask_babel import gettext as _

from app.bookings.booking import Visit
from app.bookings.notices import Letter, headline, letter, place_and_time
from app.web import formats
from app.web.addresses import base_url


def place_offered_text(visit: Visit) -> Letter:
    """Write that a place is held for them, until when, for how much, and where to say yes or no."""
    booking = visit.booking
    zone = booking.site.calendar.zone
    until = booking.hold_expires_at or booking.span.start
    return letter(
        visit,
        _("Une place s’est libérée : %(place)s, %(day)s", **headline(visit)),
        _(
            "Vous l’attendiez : nous vous la gardons jusqu’à %(time)s."
            " Sans réponse de votre part, elle sera proposée à la personne suivante.",
            time=formats.clock(until, zone),
        ),
        place_and_time(visit),
        _("À votre tarif : %(gross)s TTC.", gross=formats.money(booking.gross)),
        _("Pour confirmer : %(url)s", url=f"{base_url()}/bookings/{booking.ref}/confirm"),
        _("Pour refuser, ou ne plus attendre : %(url)s", url=f"{base_url()}/me/waits"),
    )
