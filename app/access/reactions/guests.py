"""What a guest of a booking is mailed: who expects them, where, when, and the pass that opens."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import notices
from app.access.holder import issuer_keys
from app.access.holders import Guest
from app.access.pass_names import GUEST, named
from app.access.passes import Pass, issue_all
from app.access.queries import find_guest_by_id
from app.bookings.booking import Visit
from app.bookings.queries import find_visits_by_id
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.events import DomainEvent, GuestInvited, MailWanted
from app.spaces.queries import find_network
from app.web import formats


def send_guest_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail a guest their pass; none when they have no address or were taken off the list."""
    if not isinstance(event, GuestInvited):
        return
    guest = find_guest_by_id(session, event.guest_id)
    if guest is None or guest.email is None or guest.revoked_at is not None:
        return
    visits = find_visits_by_id(session, find_network(session), [guest.booking_id], now=now)
    visit = visits.get(guest.booking_id)
    if visit is None or visit.booking.state not in OPENING:
        return
    outbox.put(session, _mail(guest, visit), now=now)


def _mail(guest: Guest, visit: Visit) -> MailWanted:
    booking, keys = visit.booking, issuer_keys()
    passes: list[Pass] = []
    if booking.space.doors:
        passes = issue_all(booking, keys, name=named(GUEST, guest.code))
    with force_locale(guest.locale):
        zone = booking.site.calendar.zone
        text = _(
            "Bonjour %(guest)s,\n\n"
            "%(host)s vous attend :\n\n"
            "%(space)s, %(site)s\n%(address)s\n%(day)s, %(hours)s\n\n"
            "Votre pass est joint et s’affiche ici, sans compte ni mot de passe :\n\n"
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
            link=f"{{base_url}}/guests/{guest.code}/{keys.guest_token(guest.code)}",
        )
        subject = _("%(host)s vous invite : votre pass", host=visit.person.name)
    return MailWanted(
        key=f"guest-{guest.code}-{booking.version}",
        to=guest.email or "",
        subject=subject,
        text=text,
        attachments=notices.pictures(passes),
    )
