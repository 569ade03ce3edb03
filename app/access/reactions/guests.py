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
from app.access.queries import find_guest_by_id, guests_of
from app.bookings.booking import Visit
from app.bookings.queries import find_visits_by_id
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.events import (
    BookingCancelled,
    BookingMoved,
    DomainEvent,
    GuestInvited,
    MailWanted,
)
from app.domain.ids import BookingId
from app.spaces.queries import find_network
from app.web import formats


def send_guest_pass(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail a guest their pass; none when they have no address or were taken off the list."""
    if not isinstance(event, GuestInvited):
        return
    guest = find_guest_by_id(session, event.guest_id)
    if guest is None or guest.email is None or guest.revoked_at is not None:
        return
    visit = _visit(session, guest.booking_id, now)
    if visit is not None and visit.booking.state in OPENING:
        outbox.put(session, _mail(guest, visit), now=now)


def send_moved_guest_passes(session: Session, event: DomainEvent, now: datetime) -> None:
    """Mail every guest of a moved booking the new hours and the pass that opens then."""
    if not isinstance(event, BookingMoved):
        return
    visit = _visit(session, event.booking_id, now)
    if visit is None or visit.booking.version != event.version:
        return
    if visit.booking.state in OPENING:
        for guest in _written_to(session, visit):
            outbox.put(session, _mail(guest, visit), now=now)


def tell_guests_cancelled(session: Session, event: DomainEvent, now: datetime) -> None:
    """Tell every guest of a cancelled booking that nobody expects them."""
    if not isinstance(event, BookingCancelled):
        return
    visit = _visit(session, event.booking_id, now)
    if visit is not None:
        for guest in _written_to(session, visit):
            outbox.put(session, _cancelled(guest, visit), now=now)


def _visit(session: Session, booking_id: int, now: datetime) -> Visit | None:
    wanted = BookingId(booking_id)
    return find_visits_by_id(session, find_network(session), [wanted], now=now).get(wanted)


def _written_to(session: Session, visit: Visit) -> list[Guest]:
    listed = guests_of(session, {visit.booking.id})[visit.booking.id]
    return [guest for guest in listed if guest.email is not None]


def _cancelled(guest: Guest, visit: Visit) -> MailWanted:
    booking = visit.booking
    with force_locale(guest.locale):
        zone = booking.site.calendar.zone
        subject = _("Annulé : %(host)s ne vous attend plus", host=visit.person.name)
        text = _(
            "Bonjour %(guest)s,\n\n"
            "Ce rendez-vous est annulé : %(space)s, %(site)s, %(day)s, %(hours)s.\n"
            "Votre pass n’ouvre plus.\n",
            guest=guest.name,
            space=booking.space.name.get(formats.language()),
            site=booking.site.name,
            day=formats.day(booking.span.start, zone),
            hours=formats.span(booking.span, zone),
        )
    return MailWanted(f"guest-{guest.code}-cancelled", guest.email or "", subject, text)


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
