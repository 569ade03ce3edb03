"""The words of mails about the later life of a booking: released, handed over, its end moved."""

from __future__ import annotations

from flask_babel import gettext as _

from app.bookings.booking import Visit
from app.bookings.notices import Letter, headline, letter, particulars, place_and_time
from app.web.addresses import base_url


def ended_text(visit: Visit) -> Letter:
    """Write that a stay ends at another hour, and that its pass goes on."""
    return letter(
        visit,
        _("Nouvelle heure de fin : %(place)s, %(day)s", **headline(visit)),
        _("L’heure de fin de votre réservation a changé. Votre pass reste le même."),
        *particulars(visit),
    )


def released_text(visit: Visit) -> Letter:
    """Write that nobody came and the place was given back."""
    return letter(
        visit,
        _("Place libérée : %(place)s, %(day)s", **headline(visit)),
        _(
            "Personne n’est venu à l’heure prévue : la place est rendue aux autres."
            " Si vous arrivez et qu’elle est encore libre, l’accueil vous la redonne."
        ),
        place_and_time(visit),
        _(
            "Vos absences, et comment en faire effacer une : %(url)s",
            url=f"{base_url()}/me/absences",
        ),
    )


def given_text(visit: Visit, giver: str) -> Letter:
    """Write to who had a booking that somebody else has it now."""
    return Letter(
        _("Réservation transmise : %(place)s, %(day)s", **headline(visit)),
        (
            _("Bonjour %(name)s,", name=giver),
            _(
                "%(name)s a pris votre réservation. Votre pass ne l’ouvre plus.",
                name=visit.person.name,
            ),
            place_and_time(visit),
            _("L’équipe de %(site)s", site=visit.booking.site.name),
        ),
    )


def received_text(visit: Visit) -> Letter:
    """Write to who takes a booking over what it is."""
    return letter(
        visit,
        _("Réservation reçue : %(place)s, %(day)s", **headline(visit)),
        _("Cette réservation est maintenant la vôtre."),
        *particulars(visit),
    )


def offered_text(visit: Visit, code: str) -> Letter:
    """Write to somebody that a booking is offered to them."""
    return Letter(
        _("Une réservation pour vous : %(place)s, %(day)s", **headline(visit)),
        (
            _("Bonjour,"),
            _("%(name)s vous propose sa réservation.", name=visit.person.name),
            place_and_time(visit),
            _(
                "Pour voir ce qu’elle coûte et la prendre : %(url)s",
                url=f"{base_url()}/hand-overs/{code}",
            ),
            _("L’équipe de %(site)s", site=visit.booking.site.name),
        ),
    )
