"""The desk's scan: a pass shown at the desk checks its booking in, as a door would."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.passes import device_of
from app.bookings.booking import Booking
from app.bookings.queries import lock_recognised
from app.bookings.service import check_in_locked
from app.domain.errors import NotAPass
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.network import Site
from app.spaces.queries import kept_network
from devices.passes.reasons import InvalidPass, Reason
from devices.passes.text import read


def check_in_by_pass(
    session: Session, actor: Actor, text: str, *, keys: IssuerKeys, now: datetime
) -> Booking:
    """Check in the booking whose pass this is; saying it twice changes nothing.

    Raises ``NotAPass`` with a door's reason (`revoked` for a pass whose booking has changed),
    ``NotAllowed`` for a pass of a site that is not the actor's, ``WrongState``.
    """
    try:
        claims = read(text.strip(), keys.ring).claims
    except InvalidPass as error:
        raise NotAPass(error.reason) from error
    network = kept_network(session)
    site = next((site for site in network.sites if site.pass_code == claims.site), None)
    if site is None:
        raise NotAPass(Reason.OTHER_SITE)
    require(actor, Permission.CHECK_IN, Subject(site=site.code))
    hours = Span(_instant(claims.not_before), _instant(claims.not_after))
    devices = _devices(site, hours)

    def recognises(booking_id: int, version: int) -> bool:
        return any(
            keys.pass_id(booking_id, version, device) == claims.pass_id for device in devices
        )

    booking = lock_recognised(session, network, site, hours, recognises, now=now)
    if booking is None:
        raise NotAPass(Reason.REVOKED)
    return check_in_locked(session, actor, booking, now=now)


def _devices(site: Site, hours: Span) -> list[str]:
    """Name what a static pass of these hours can be made for: a whole stay, or that one day."""
    return [device_of(None), device_of(site.calendar.local_date(hours.start))]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
