"""The desk's scan: a pass shown at the desk checks its booking in, as a door would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import GUEST, device_of
from app.access.queries import live_names_beside, live_names_in
from app.access.service.guests import note_arrival
from app.bookings.booking import Booking
from app.bookings.queries import lock_recognised
from app.bookings.service import check_in_locked
from app.domain.errors import NotAPass
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.queries import kept_network
from devices.passes.claims import Claims
from devices.passes.proofs import Live, Proof
from devices.passes.reasons import InvalidPass, Reason
from devices.passes.rules import WINDOW
from devices.passes.text import read


def check_in_by_pass(
    session: Session, actor: Actor, text: str, *, keys: IssuerKeys, now: datetime
) -> Booking:
    """Check in the booking whose pass this is; saying it twice changes nothing.

    Raises ``NotAPass`` with a door's reason (`revoked` for a pass whose booking has changed),
    ``NotAllowed`` for a pass of a site that is not the actor's, ``WrongState``.
    """
    claims = believed(text, keys, now)
    network = kept_network(session)
    site = next((site for site in network.sites if site.pass_code == claims.site), None)
    if site is None:
        raise NotAPass(Reason.OTHER_SITE)
    require(actor, Permission.CHECK_IN, Subject(site=site.code))
    hours = Span(_instant(claims.not_before), _instant(claims.not_after))
    days = (None, site.calendar.local_date(hours.start))
    matched: list[str] = []

    def recognises(row: Row[Any]) -> bool:
        matched.extend(
            name
            for name in live_names_in(row)
            for day in days
            if keys.pass_id(row.id, row.pass_version, device_of(day, name)) == claims.pass_id
        )
        return bool(matched)

    beside = live_names_beside()
    booking = lock_recognised(session, network, site, hours, recognises, now=now, beside=beside)
    if booking is None:
        raise NotAPass(Reason.REVOKED)
    kind, _, code = matched[0].partition(":")
    if kind == GUEST:
        note_arrival(session, code, now=now)
    return check_in_locked(session, actor, booking, now=now)


def believed(text: str, keys: IssuerKeys, now: datetime) -> Claims:
    """Give the claims of what was shown; a pass of a phone counts only as drawn by it just now."""
    try:
        shown = read(text.strip(), keys.ring)
    except InvalidPass as error:
        raise NotAPass(error.reason) from error
    if shown.claims.holder is not None and not _is_fresh(shown.proof, now):
        raise NotAPass(Reason.LIVE_NEEDED if shown.proof is None else Reason.STALE_CODE)
    return shown.claims


def _is_fresh(proof: Proof | None, now: datetime) -> bool:
    """Whether a phone drew its code just now; nobody at the desk asks it a challenge."""
    return isinstance(proof, Live) and abs(now.timestamp() - proof.at) <= WINDOW


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
