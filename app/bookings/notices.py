"""The words of mails about bookings, and their calendar attachments, in their person's language.

Call them inside ``flask_babel.force_locale(visit.person.locale)``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bookings import calendars
from app.bookings.arrival_links import arrival_link
from app.bookings.booking import Booking, Visit
from app.bookings.term_words import terms_of
from app.domain.events import MailWanted
from app.web import formats, place_words
from app.web.addresses import base_url, mailbox


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words: its subject and its paragraphs, to which others may add theirs."""

    subject: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n\n".join(self.paragraphs) + "\n"

    def mail(self, key: str, to: str, *attachments: dict[str, str]) -> MailWanted:
        """Give it as a mail to an address; ``key`` names it for ever."""
        return MailWanted(key, to, self.subject, self.text, list(attachments))

    def followed_by(self, *more: str) -> Letter:
        """The same letter with paragraphs before its last one, the greeting of the house."""
        return Letter(self.subject, (*self.paragraphs[:-1], *more, self.paragraphs[-1]))


def confirmation_text(visit: Visit) -> Letter:
    """Write that a booking stands."""
    return letter(
        visit,
        _("Réservation confirmée : %(place)s, %(day)s", **headline(visit)),
        _("Votre réservation est confirmée."),
        *particulars(visit),
    )


def moved_text(visit: Visit) -> Letter:
    """Write that a booking has changed, and that older passes are void."""
    return letter(
        visit,
        _("Réservation modifiée : %(place)s, %(day)s", **headline(visit)),
        _("Votre réservation a changé. Votre ancien pass n’ouvre plus : prenez le nouveau."),
        *particulars(visit),
    )


def cancelled_text(visit: Visit) -> Letter:
    """Write that a booking is given up."""
    return letter(
        visit,
        _("Réservation annulée : %(place)s, %(day)s", **headline(visit)),
        _("Votre réservation est annulée, son pass n’ouvre plus."),
        *_given_back(visit.booking),
        place_and_time(visit),
    )


def invitation(visit: Visit) -> dict[str, str]:
    """Give the attachment that enters the booking into a calendar, or changes it there."""
    content = calendars.invitation(visit, organizer=mailbox(), base=base_url())
    return calendars.attachment(content, "REQUEST")


def cancellation(visit: Visit) -> dict[str, str]:
    """Give the attachment that takes the booking out of a calendar."""
    content = calendars.cancellation(visit, organizer=mailbox(), base=base_url())
    return calendars.attachment(content, "CANCEL")


def letter(visit: Visit, subject: str, *paragraphs: str) -> Letter:
    """Write to the person of a booking, between a greeting and the name of the house."""
    hello = _("Bonjour %(name)s,", name=visit.person.name)
    goodbye = _("L’équipe de %(site)s", site=visit.booking.site.name)
    return Letter(subject, (hello, *paragraphs, goodbye))


def headline(visit: Visit) -> dict[str, str]:
    """Give the place and the day as a subject names them."""
    booking = visit.booking
    zone = booking.site.calendar.zone
    return {
        "place": booking.space.name.get(visit.person.locale),
        "day": formats.short_day(booking.span.start, zone),
    }


def particulars(visit: Visit) -> tuple[str, ...]:
    """Write what a booking is, costs and gives back, how to come, and where to say so."""
    booking = visit.booking
    way = booking.space.way.get(visit.person.locale)
    coming = (_("Comment venir : %(way)s", way=way),) if way else ()
    link = _(
        "Votre réservation et votre pass : %(url)s", url=f"{base_url()}/bookings/{booking.ref}"
    )
    arrival = _("Sur place, dites que vous êtes là : %(url)s", url=arrival_link(booking))
    terms = "\n".join(terms_of(booking))
    said = (terms,) if terms else ()
    return (place_and_time(visit), _amount(booking), *said, *coming, link, arrival)


def place_and_time(visit: Visit) -> str:
    """Write what, where and when, a line each."""
    booking = visit.booking
    zone = booking.site.calendar.zone
    lines = [
        booking.space.name.get(visit.person.locale),
        f"{booking.site.name}, {booking.site.address}",
        formats.day(booking.span.start, zone),
        formats.span(booking.span, zone),
        ngettext("%(num)s personne", "%(num)s personnes", booking.people),
        *_arrangements(booking),
        _("Référence : %(ref)s", ref=booking.ref),
    ]
    return "\n".join([booking.title, *lines] if booking.title else lines)


def _arrangements(booking: Booking) -> list[str]:
    """Say how the room is furnished and for which guest it is booked, where that was asked."""
    lines = []
    if booking.setup is not None:
        lines.append(_("Disposition : %(setup)s", setup=place_words.setup(booking.setup)))
    if booking.guest is not None:
        lines.append(_("Pour : %(guest)s", guest=booking.guest.name))
    return lines


def _given_back(booking: Booking) -> tuple[str, ...]:
    """Say what comes back and what is still due; nothing of what cost nothing."""
    if booking.refund is None or not booking.gross.minor:
        return ()
    if not booking.due.minor:
        return (_("Rien n’est à régler."),)
    return (
        _(
            "Selon les conditions de la réservation, %(back)s vous sont rendus ;"
            " restent à régler %(due)s TTC.",
            back=formats.money(booking.refund),
            due=formats.money(booking.due),
        ),
    )


def _amount(booking: Booking) -> str:
    if not booking.due.minor:
        return _("Rien à régler.")
    if booking.kept.minor:
        return _("À régler : %(gross)s TTC.", gross=formats.money(booking.due))
    return _(
        "À régler : %(gross)s TTC (%(net)s HT).",
        gross=formats.money(booking.gross),
        net=formats.money(booking.net),
    )
