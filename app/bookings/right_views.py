"""What a booking uses up of rights, and what is or will be left of each, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.domain.booking_states import BookingState
from app.domain.entitlements import cost_of_use
from app.entitlements import words
from app.entitlements.queries import rights_by_id
from app.spaces.network import Network


@dataclass(frozen=True, slots=True)
class SpentView:
    """A right that a booking uses up."""

    name: str
    left: str


def spent_view(session: Session, network: Network, booking: Booking) -> tuple[SpentView, ...]:
    """Put the rights of a booking into words; no statement when it uses none."""
    rights = rights_by_id(session, network, (each.right_id for each in booking.quote.spent))
    held = booking.stored_state is BookingState.HELD
    views = []
    for each in booking.quote.spent:
        right = rights[each.right_id]
        if right.left is None:
            views.append(SpentView(words.name(right), words.left(right, None)))
            continue
        left = right.left - (cost_of_use(right.kind, each.amount) if held else 0)
        said = words.left(right, left)
        if held and left > 0:
            said = _("il restera %(units)s", units=words.amount(right.kind, left))
        views.append(SpentView(words.name(right), said))
    return tuple(views)
