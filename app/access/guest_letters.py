"""The letters of guests, in their language: who expects them, where, when, and their pass."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import force_locale
from flask_babel import gettext as _

from app.access import notices
from app.access.holder import issuer_keys
from app.access.holders import Guest
from app.access.pass_names import GUEST, named
from app.access.passes import Pass, issue_all
from app.bookings import calendars
from app.bookings.booking import Visit
from app.domain.events import MailWanted
from app.web import formats
from app.web.addresses import base_url, mailbox


def invitation(guest: Guest, visit: Visit) -> MailWanted:
    """What a guest is mailed when they are invited, and when their visit has moved."""
    booking, keys = visit.booking, issuer_keys()
    passes: list[Pass] = []
    if booking.space.doors:
        passes = issue_all(booking, keys, name=named(GUEST, guest.code))
    with force_locale(guest.locale):
        zone = booking.site.calendar.zone
        text = _(
            "Bonjour %(guest)s,\n\n"
            "%(host)s vous attend :\n\n"
            "%(space)s, %(site)s\n%(address)s\n%(day)s, %(hours)s\n\n"
            "Votre pass est joint et s’affiche ici, sans compte ni mot de passe :\n\n"
            "%(link)s\n\n"
            "Présentez-le au lecteur de la porte, imprimé ou à l’écran. "
            "S’il ne s’ouvre pas, l’accueil vous ouvre.\n",
            guest=guest.name,
            host=visit.person.name,
            space=booking.space.name.get(formats.language()),
            site=booking.site.name,
            address=booking.site.address,
            day=formats.day(booking.span.start, zone),
            hours=formats.span(booking.span, zone),
            link=_link(guest),
        )
        subject = _("%(host)s vous invite : votre pass", host=visit.person.name)
        entry = _entry(guest, visit, "REQUEST")
    return MailWanted(
        key=f"guest-{guest.code}-{booking.version}",
        to=guest.email or "",
        subject=subject,
        text=text,
        attachments=[entry, *notices.pictures(passes)],
    )


def cancellation(guest: Guest, visit: Visit) -> MailWanted:
    """What a guest is mailed when nobody expects them any more."""
    booking = visit.booking
    with force_locale(guest.locale):
        zone = booking.site.calendar.zone
        subject = _("Annulé : %(host)s ne vous attend plus", host=visit.person.name)
        text = _(
            "Bonjour %(guest)s,\n\n"
            "Ce rendez-vous est annulé : %(space)s, %(site)s, %(day)s, %(hours)s.\n"
            "Votre pass n’ouvre plus.\n",
            guest=guest.name,
            space=booking.space.name.get(formats.language()),
            site=booking.site.name,
            day=formats.day(booking.span.start, zone),
            hours=formats.span(booking.span, zone),
        )
        entry = _entry(guest, visit, "CANCEL")
    return MailWanted(f"guest-{guest.code}-cancelled", guest.email or "", subject, text, [entry])


def _link(guest: Guest) -> str:
    return f"{base_url()}/guests/{guest.code}/{issuer_keys().guest_token(guest.code)}"


def _entry(guest: Guest, visit: Visit, method: str) -> dict[str, str]:
    """Give the attachment that enters the visit into the guest's calendar, or takes it out."""
    person = replace(visit.person, name=guest.name, email=guest.email or "", locale=guest.locale)
    content = calendars.guest_message(
        visit, person, organizer=mailbox(), link=_link(guest), method=method
    )
    return calendars.attachment(content, method)
