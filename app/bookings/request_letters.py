"""The letters about requests: asked, reminded, refused; yes is said by the usual confirmation.

Call them inside ``flask_babel.force_locale`` of their reader.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app.bookings.booking import Visit
from app.bookings.notices import Letter, headline, letter, place_and_time
from app.web.addresses import base_url


def received_text(visit: Visit) -> Letter:
    """Write to the person that their request was received, and what comes next."""
    return letter(
        visit,
        _("Demande reçue : %(place)s, %(day)s", **headline(visit)),
        _(
            "Votre demande est bien arrivée. Le lieu vous est gardé pendant que l’accueil la lit ; "
            "vous recevrez sa réponse par courriel."
        ),
        place_and_time(visit),
        _("Votre demande : %(url)s", url=_address(visit)),
    )


def refused_text(visit: Visit, reason: str) -> Letter:
    """Write to the person that the staff said no, and why."""
    return letter(
        visit,
        _("Demande refusée : %(place)s, %(day)s", **headline(visit)),
        _("L’accueil ne peut pas accepter votre demande."),
        _("Sa raison : %(reason)s", reason=reason),
        place_and_time(visit),
        _("Vous pouvez choisir un autre lieu ou un autre moment : %(url)s", url=f"{base_url()}/"),
    )


def asked_text(visit: Visit, *, again: bool) -> tuple[str, str]:
    """Write to an approver that somebody waits for an answer, for the first time or again."""
    facts = headline(visit)
    subject = (
        _("Toujours sans réponse : %(place)s, %(day)s", **facts)
        if again
        else _("À décider : %(place)s, %(day)s", **facts)
    )
    text = _(
        "Bonjour,\n\n"
        "%(name)s demande %(place)s.\n\n"
        "%(stay)s\n\n"
        "Tout ce qu’il faut pour décider, et les deux boutons :\n\n"
        "%(url)s\n\n"
        "Sans réponse avant le début, la demande expire et le lieu redevient libre.\n",
        name=visit.person.name,
        place=facts["place"],
        stay=place_and_time(visit),
        url=f"{_address(visit)}/request",
    )
    return subject, text


def _address(visit: Visit) -> str:
    return f"{base_url()}/bookings/{visit.booking.ref}"
