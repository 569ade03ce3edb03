"""What a change costs by the terms frozen on a booking, and agreeing to a higher price."""

from __future__ import annotations

from dataclasses import replace

from app.bookings.booking import Booking
from app.domain.booking_states import BookingState
from app.domain.cancellation import kept_of_change
from app.domain.errors import PriceChanged


def by_terms(booking: Booking, changed: Booking, percent: int) -> Booking:
    """Give a changed booking with what stays due of its old price, by so many per cent back.

    Its terms give back no more than those of the old one would have given at that instant, so
    that moving far away before cancelling is no way around them.
    """
    if booking.stored_state is BookingState.HELD:
        return changed
    terms = changed.quote.terms.capped(percent)
    kept = kept_of_change(booking.gross + booking.kept, changed.gross, percent)
    return replace(changed, quote=replace(changed.quote, terms=terms), kept=kept)


def refuse_dearer(booking: Booking, shown: int | None) -> None:
    """Let a new price pass that is no higher than the one agreed to; raises ``PriceChanged``."""
    due = booking.gross + booking.kept
    if shown is not None and due.minor > shown:
        raise PriceChanged(shown, due.minor, due.currency)
