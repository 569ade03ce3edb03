"""Rights at the moments that move them: spent when confirmed, given back when given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries.rights import requoted, still_covered, use_of
from app.domain.booking_states import BookingState
from app.domain.cancellation import WHOLE
from app.domain.errors import PriceChanged
from app.domain.permissions import Actor
from app.domain.tariffs import Right
from app.entitlements import service
from app.entitlements.queries import UsableRights, Use, lock_rights, usable_rights
from app.entitlements.service import Stay
from app.spaces.network import Network


def draw(
    session: Session, network: Network, use: Use, *, spend: bool, also: Sequence[int] = ()
) -> UsableRights:
    """Give the rights that a stay may use up; to spend them, nobody else spends them before us."""
    if spend:
        lock_rights(session, use, also)
    return usable_rights(session, network, use)


def redraw(
    session: Session, network: Network, booking: Booking, use: Use, *, by: Actor, now: datetime
) -> UsableRights:
    """Give back what a booking to be moved has spent, and give what its new stay may use up."""
    if booking.stored_state is BookingState.HELD:
        return usable_rights(session, network, use)
    lock_rights(session, use, [each.right_id for each in booking.quote.spent])
    give_back(session, booking, by=by, now=now)
    return usable_rights(session, network, use)


def spend(
    session: Session, booking: Booking, usable: Sequence[Right], *, by: Actor, now: datetime
) -> None:
    """Enter what a confirmed booking uses up; nothing for a hold, and no statement for nothing."""
    if booking.quote.spent and booking.stored_state is not BookingState.HELD:
        stay = Stay(booking.id, booking.site.id, booking.span)
        service.spend(session, booking.quote.spent, usable, stay, by=by.account_id, now=now)


def give_back(
    session: Session, booking: Booking, *, by: Actor, now: datetime, percent: int = WHOLE
) -> None:
    """Give back so many per cent of what a booking given up has spent, whole units of it."""
    if booking.quote.spent and booking.stored_state is not BookingState.HELD:
        share = Fraction(percent, WHOLE)
        service.give_back(session, booking.id, share, by=by.account_id, now=now)


def settled(
    session: Session, network: Network, booking: Booking, *, shown: int | None, now: datetime
) -> tuple[Booking, tuple[Right, ...]]:
    """Give a hold at the price of its confirmation, and the rights to be spent, locked.

    A right that is gone meanwhile makes a new price; raises PriceChanged when that is higher than
    the one shown (in cents with VAT; by default the one frozen on the hold).
    """
    if not booking.quote.spent:
        return booking, ()
    also = [each.right_id for each in booking.quote.spent]
    usable = draw(session, network, use_of(booking), spend=True, also=also)
    if still_covered(booking, usable.rights):
        return booking, usable.rights
    anew = requoted(session, network, booking, usable)
    known = booking.gross.minor if shown is None else shown
    if anew.gross.minor > known:
        raise PriceChanged(known, anew.gross.minor, anew.gross.currency)
    return anew, usable.rights
