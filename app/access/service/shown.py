"""A pass that somebody shows us now: whether it is believed, and the booking it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import device_of
from app.access.passes import as_instant
from app.access.queries import live_names_beside, live_names_in
from app.bookings.booking import Booking
from app.bookings.queries import lock_recognised
from app.domain.errors import NotAPass
from app.domain.intervals import Span
from app.spaces.network import Network, Site
from devices.passes.claims import Claims
from devices.passes.proofs import Live, Proof
from devices.passes.reasons import InvalidPass, Reason
from devices.passes.rules import WINDOW
from devices.passes.text import read


@dataclass(frozen=True, slots=True)
class Shown:
    """What a pass says, its booking, locked to be changed, and the kind and code of its name."""

    claims: Claims
    booking: Booking
    kind: str
    code: str


def believed(text: str, keys: IssuerKeys, now: datetime) -> Claims:
    """Give the claims of what was shown; a pass of a phone counts only as drawn by it just now."""
    try:
        shown = read(text.strip(), keys.ring)
    except InvalidPass as error:
        raise NotAPass(error.reason) from error
    if shown.claims.holder is not None and not _is_fresh(shown.proof, now):
        raise NotAPass(Reason.LIVE_NEEDED if shown.proof is None else Reason.STALE_CODE)
    return shown.claims


def site_of(network: Network, claims: Claims) -> Site:
    """Give the site a pass is for; raises ``NotAPass``."""
    site = next((site for site in network.sites if site.pass_code == claims.site), None)
    if site is None:
        raise NotAPass(Reason.OTHER_SITE)
    return site


def recognised(
    session: Session,
    network: Network,
    site: Site,
    claims: Claims,
    *,
    keys: IssuerKeys,
    now: datetime,
) -> Shown:
    """Give the booking whose pass would open a door; raises ``NotAPass``. One statement."""
    hours = Span(as_instant(claims.not_before), as_instant(claims.not_after))
    days = (None, site.calendar.local_date(hours.start))
    names: list[str] = []

    def is_its_booking(row: Row[Any]) -> bool:
        names.extend(
            name
            for name in live_names_in(row)
            for day in days
            if keys.pass_id(row.id, row.pass_version, device_of(day, name)) == claims.pass_id
        )
        return bool(names)

    beside = live_names_beside()
    booking = lock_recognised(session, network, site, hours, is_its_booking, now=now, beside=beside)
    if booking is None:
        raise NotAPass(Reason.REVOKED)
    kind, _, code = names[0].partition(":")
    return Shown(claims, booking, kind.partition(".")[0], code)


def _is_fresh(proof: Proof | None, now: datetime) -> bool:
    """Whether a phone drew its code just now; nobody here asks it a challenge."""
    return isinstance(proof, Live) and abs(now.timestamp() - proof.at) <= WINDOW
