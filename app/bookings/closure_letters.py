"""The letter to who loses a booking because its place closes: why, what comes back, what else.

Call it inside ``flask_babel.force_locale(visit.person.locale)``.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask_babel import gettext as _

from app.bookings.booking import Visit
from app.bookings.forms import stay_values
from app.bookings.notices import Letter, headline, letter, place_and_time
from app.spaces.closures import Closure
from app.spaces.words import closure_reason
from app.web import formats
from app.web.addresses import base_url


def displaced_text(visit: Visit, closure: Closure) -> Letter:
    """Write that the place closes, that all is paid back, and where else there is room."""
    booking = visit.booking
    said = (_("L’accueil vous dit : %(words)s", words=closure.words),) if closure.words else ()
    back = (
        (_("Tout vous est rendu : %(amount)s.", amount=formats.money(booking.refund)),)
        if booking.refund is not None and booking.refund.minor
        else ()
    )
    return letter(
        visit,
        _("Lieu fermé : %(place)s, %(day)s", **headline(visit)),
        _(
            "Nous devons annuler votre réservation, car ce lieu ferme : %(reason)s."
            " Nous vous prions de nous en excuser.",
            reason=closure_reason(closure.reason),
        ),
        *said,
        place_and_time(visit),
        *back,
        _("D’autres lieux libres à la même heure : %(url)s", url=_same_hours(visit)),
    )


def _same_hours(visit: Visit) -> str:
    """Give the address of a search for the same hours at the same Totem."""
    booking = visit.booking
    values = stay_values(booking.span, booking.people, booking.site.zone)
    return f"{base_url()}/?{urlencode({'site': booking.site.code, **values})}"
