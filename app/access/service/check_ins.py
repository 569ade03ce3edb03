"""The desk's scan: a pass shown at the desk checks its booking in, as a door would."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import GUEST
from app.access.service.guests import note_arrival
from app.access.service.shown import believed, recognised, site_of
from app.bookings.booking import Booking
from app.bookings.service import check_in_locked
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.queries import kept_network


def check_in_by_pass(
    session: Session, actor: Actor, text: str, *, keys: IssuerKeys, now: datetime
) -> Booking:
    """Check in the booking whose pass this is; saying it twice changes nothing.

    Raises ``NotAPass`` with a door's reason (`revoked` for a pass whose booking has changed),
    ``NotAllowed`` for a pass of a site that is not the actor's, ``WrongState``.
    """
    claims = believed(text, keys, now)
    network = kept_network(session)
    site = site_of(network, claims)
    require(actor, Permission.CHECK_IN, Subject(site=site.code))
    shown = recognised(session, network, site, claims, keys=keys, now=now)
    if shown.kind == GUEST:
        note_arrival(session, shown.code, now=now)
    return check_in_locked(session, actor, shown.booking, now=now)
