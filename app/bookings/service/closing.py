"""Closing places: who would lose a booking, and then giving all of them their money back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Visit
from app.bookings.queries.displaced import visits_in_the_way
from app.bookings.service.releasing import cancel_many
from app.db import outbox
from app.domain.booking_states import CANCELLABLE, BookingState
from app.domain.cancellation import WHOLE
from app.domain.errors import ClosureChanged, SpanInPast, UnknownSpace
from app.domain.events import BookingsDisplaced, LineMoved
from app.domain.ids import SiteCode, SpaceCode
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces import service as spaces
from app.spaces.closures import Closure, ClosureReason
from app.spaces.network import Network, Site, Space
from app.spaces.queries import find_network


@dataclass(frozen=True, slots=True)
class ClosureWanted:
    """Which places of a Totem are to be shut, no code for all of them, and why."""

    site: SiteCode
    spaces: tuple[SpaceCode, ...]
    span: Span
    reason: ClosureReason
    words: str = ""


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The bookings that a closure meets: those it displaces, and those that run on."""

    displaced: tuple[Visit, ...]
    staying: tuple[Visit, ...]

    @property
    def mark(self) -> str:
        """Name exactly these displaced bookings, so that nobody loses one unseen."""
        seen = ",".join(f"{each.booking.ref}/{each.booking.version}" for each in self.displaced)
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


def preview_closure(
    session: Session, actor: Actor, wanted: ClosureWanted, *, now: datetime
) -> InTheWay:
    """Give the bookings in the way of a closure; writes nothing.

    Raises NotAllowed, UnknownSite, UnknownSpace, SpanInPast.
    """
    network, _site, meant = _meant(session, actor, wanted, now)
    return _in_the_way(session, network, meant, wanted.span, now, lock=False)


def close_places(
    session: Session, actor: Actor, wanted: ClosureWanted, *, seen: str, now: datetime
) -> Closure:
    """Shut the places: the bookings ``seen`` are given up, paid back whole, and told.

    Raises ClosureChanged when other bookings are in the way than those that were seen, beside
    what ``preview_closure`` raises. The number of statements does not grow with the bookings.
    """
    network, site, meant = _meant(session, actor, wanted, now)
    found = _in_the_way(session, network, meant, wanted.span, now, lock=True)
    if found.mark != seen:
        raise ClosureChanged
    displaced = [visit.booking for visit in found.displaced]
    why: JsonObject = {"closure": wanted.reason.value, "reason": wanted.words}
    if displaced:
        cancel_many(session, displaced, by=actor, now=now, percent=WHOLE, why=why)
    closure = spaces.shut(
        session,
        site,
        meant,
        wanted.span,
        reason=wanted.reason,
        words=wanted.words,
        staying=[visit.booking.id for visit in found.staying],
        by=actor.account_id,
        now=now,
    )
    # Whoever only held a place has not booked it: their page says that it is gone.
    told = [int(each.id) for each in displaced if each.stored_state is not BookingState.HELD]
    if told:
        outbox.put(session, BookingsDisplaced(closure.id, told), now=now)
    return closure


def reopen(
    session: Session, actor: Actor, code: SiteCode, number: int, *, now: datetime
) -> Closure:
    """End a closure early; what is left of its time is free. Raises NotAllowed, UnknownClosure."""
    site = find_network(session).get_site(code)
    require(actor, Permission.PLACE_CLOSE, Subject(site=site.code))
    outbox.put(session, LineMoved("reopened"), now=now)
    return spaces.reopen(session, site, number, by=actor.account_id, now=now)


def _meant(
    session: Session, actor: Actor, wanted: ClosureWanted, now: datetime
) -> tuple[Network, Site, list[Space]]:
    network = find_network(session)
    site = network.get_site(wanted.site)
    require(actor, Permission.PLACE_CLOSE, Subject(site=site.code))
    if wanted.span.end <= now:
        raise SpanInPast(wanted.span.end, now)
    known = {space.code: space for space in site.spaces}
    for code in wanted.spaces:
        if code not in known:
            raise UnknownSpace(code)
    chosen = [space for space in site.spaces if not wanted.spaces or space.code in wanted.spaces]
    return network, site, chosen


def _in_the_way(
    session: Session,
    network: Network,
    meant: Sequence[Space],
    span: Span,
    now: datetime,
    *,
    lock: bool,
) -> InTheWay:
    found = visits_in_the_way(session, network, meant, span, now=now, lock=lock)
    displaced = tuple(each for each in found if _is_displaced(each.booking, span, now))
    return InTheWay(displaced, tuple(each for each in found if each not in displaced))


def _is_displaced(booking: Booking, span: Span, now: datetime) -> bool:
    """Whether a booking must go: the staff see to who is there already, and to mere buffers."""
    to_come = booking.state in CANCELLABLE and now < booking.span.start
    return to_come and booking.span.overlaps(span)
