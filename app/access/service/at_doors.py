"""What somebody may do at a door with their pass: take its room from now, arrive, end their stay.

Nobody types a password there, so the pass itself must do: signed by us, fresh when a phone drew it,
of a booking that stands, and the own pass of who booked. What is booked is paid by that person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access.devices import Device
from app.access.keys import IssuerKeys
from app.access.pass_names import GUEST, PHONE, STATIC, static_name
from app.access.passes import Pass, as_instant, issue
from app.access.queries import epoch_of
from app.access.queries.snapshots import EARLY, LATE
from app.access.rooms import room_behind, spaces_behind, stay_from_now
from app.access.service.guests import note_arrival
from app.access.service.shown import Shown, believed, recognised, site_of
from app.bookings import service as bookings
from app.bookings.booking import Booking, Wanted
from app.domain.booking_states import OPENING, BookingState
from app.domain.errors import NotAPass, NotBookable, WrongState
from app.domain.permissions import Actor
from app.people.queries import actor_of
from app.spaces.network import Network
from app.spaces.queries import find_network
from devices.passes.reasons import Reason
from devices.passes.rules import Policy

NOT_THE_HOLDER: Final = "not-the-holder"
_OWN: Final = frozenset({STATIC, PHONE})


@dataclass(frozen=True, slots=True)
class AtDoor:
    """A pass shown at a door just now, and the device that tells of it."""

    device: Device
    text: str
    keys: IssuerKeys
    now: datetime


def book_at_door(session: Session, at: AtDoor, minutes: int) -> Pass:
    """Book the room behind the door from now, for who shows a pass of theirs; gives the new pass.

    Raises ``NotAPass`` with a door's reason, ``NotBookable``, and the rule that forbids it.
    """
    network = find_network(session)
    shown = _recognised(session, network, at)
    device, now = at.device, at.now
    if shown.kind not in _OWN:
        raise NotAPass(NOT_THE_HOLDER)
    if not _lasts(shown, now):
        raise NotAPass(Reason.ENDED)
    if shown.claims.holder is None and device.door.policy != Policy.ANY:
        raise NotAPass(Reason.LIVE_NEEDED)
    room = room_behind(device.door, device.site)
    if room is None:
        raise NotBookable(device.door.code)
    actor = _actor(session, shown.booking)
    wanted = Wanted(room.code, stay_from_now(room.limits, minutes, now), people=1)
    booking = bookings.book(session, actor, wanted, now=now)
    name = static_name(epoch_of(session, actor.account_id))
    return issue(booking, at.keys, name=name)


def check_in_at_door(session: Session, at: AtDoor) -> Booking:
    """Note that the people of the stay behind this door have come; saying it twice is once.

    Raises ``NotAPass``, ``WrongState`` for a pass of another room or hour.
    """
    shown = _of_this_room(session, find_network(session), at)
    if shown.kind == GUEST:
        note_arrival(session, shown.code, now=at.now)
    return bookings.arrive(session, shown.booking.id, at=at.now, now=at.now) or shown.booking


def end_at_door(session: Session, at: AtDoor) -> Booking:
    """End the stay behind this door, for who booked it; the rest of its time is free again.

    Raises ``NotAPass``, ``WrongState``.
    """
    shown = _of_this_room(session, find_network(session), at)
    if shown.kind not in _OWN:
        raise NotAPass(NOT_THE_HOLDER)
    bookings.arrive(session, shown.booking.id, at=at.now, now=at.now)
    actor = _actor(session, shown.booking)
    return bookings.leave(session, actor, shown.booking.ref, now=at.now)


def _of_this_room(session: Session, network: Network, at: AtDoor) -> Shown:
    """Give what was shown when it is of a stay that runs behind this very door."""
    shown = _recognised(session, network, at)
    rooms = {space.id for space in spaces_behind(at.device.door, at.device.site)}
    booking = shown.booking
    runs = booking.span.start - EARLY <= at.now < booking.span.end
    if booking.space.id not in rooms or not runs:
        raise WrongState(booking.state, BookingState.CHECKED_IN)
    return shown


def _recognised(session: Session, network: Network, at: AtDoor) -> Shown:
    """Give the booking, which stands, of a pass that would open a door; raises ``NotAPass``."""
    claims = believed(at.text, at.keys, at.now)
    site = site_of(network, claims)
    shown = recognised(session, network, site, claims, keys=at.keys, now=at.now)
    if shown.booking.stored_state not in OPENING:
        raise NotAPass(Reason.REVOKED)
    return shown


def _lasts(shown: Shown, now: datetime) -> bool:
    """Whether a pass is not over; on paper, also whether it is for today."""
    claims, calendar = shown.claims, shown.booking.site.calendar
    if now >= as_instant(claims.not_after) + LATE:
        return False
    begins_on = calendar.local_date(as_instant(claims.not_before))
    return claims.holder is not None or begins_on <= calendar.local_date(now)


def _actor(session: Session, booking: Booking) -> Actor:
    actor = actor_of(session, booking.account_id)
    if actor is None:
        raise NotAPass(Reason.REVOKED)
    return actor
