"""The states of a booking, the lawful moves between them, and what the clock makes of them."""

from datetime import datetime
from enum import StrEnum

from app.domain.errors import HoldExpired, WrongState
from app.domain.intervals import Span


class BookingState(StrEnum):
    """Where a booking stands, under the names that clients rely on."""

    HELD = "held"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXPIRED = "expired"


# A no-show may still come: late while the place is free, or by the journal of an offline door hours
# later. A check-in may be taken back: it was a slip of the hand at the desk. What stands is asked
# for anew when it is moved to where the staff must agree.
MOVES: dict[BookingState, frozenset[BookingState]] = {
    BookingState.HELD: frozenset(
        {
            BookingState.REQUESTED,
            BookingState.CONFIRMED,
            BookingState.CANCELLED,
            BookingState.EXPIRED,
        }
    ),
    BookingState.REQUESTED: frozenset(
        {
            BookingState.CONFIRMED,
            BookingState.REFUSED,
            BookingState.CANCELLED,
            BookingState.EXPIRED,
        }
    ),
    BookingState.CONFIRMED: frozenset(
        {
            BookingState.REQUESTED,
            BookingState.CHECKED_IN,
            BookingState.COMPLETED,
            BookingState.NO_SHOW,
            BookingState.CANCELLED,
        }
    ),
    BookingState.CHECKED_IN: frozenset({BookingState.COMPLETED, BookingState.CONFIRMED}),
    BookingState.NO_SHOW: frozenset({BookingState.COMPLETED, BookingState.CHECKED_IN}),
    BookingState.COMPLETED: frozenset(),
    BookingState.CANCELLED: frozenset(),
    BookingState.REFUSED: frozenset(),
    BookingState.EXPIRED: frozenset(),
}

# While in one of these a booking keeps its place from others.
OCCUPYING = frozenset(
    {
        BookingState.HELD,
        BookingState.REQUESTED,
        BookingState.CONFIRMED,
        BookingState.CHECKED_IN,
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
    }
)
# Given up, refused, or never come about.
GONE = frozenset(BookingState) - OCCUPYING
# Only in these does a pass open a door.
OPENING = frozenset({BookingState.CONFIRMED, BookingState.CHECKED_IN})
# Its time, place and people may still be changed.
MOVABLE = frozenset({BookingState.HELD, BookingState.REQUESTED, BookingState.CONFIRMED})
CANCELLABLE = MOVABLE
# Its end may still be put earlier or later, also while people are there.
RESIZABLE = frozenset({BookingState.CONFIRMED, BookingState.CHECKED_IN})


def can_become(state: BookingState, wanted: BookingState) -> bool:
    """Whether the move is lawful."""
    return wanted in MOVES[state]


def require_move(state: BookingState, wanted: BookingState) -> None:
    """Let a lawful move pass; raises WrongState for any other."""
    if wanted not in MOVES[state]:
        raise WrongState(state, wanted)


def effective_state(
    stored: BookingState,
    *,
    hold_expires_at: datetime | None,
    span: Span,
    now: datetime,
    is_released: bool = False,
) -> BookingState:
    """Give the state the clock makes of the stored one, whether or not a job has tidied up.

    A hold past its limit, or a request not answered by its start, is expired. After its end a
    stay with check-in is completed and one without is a no-show (until a late journal tells
    otherwise), as is one that is released because nobody came; the house charges nothing for a
    no-show by this word alone.
    """
    if stored is BookingState.HELD and hold_expires_at is not None and now >= hold_expires_at:
        return BookingState.EXPIRED
    if stored in (BookingState.HELD, BookingState.REQUESTED) and now >= span.end:
        return BookingState.EXPIRED
    if stored is BookingState.REQUESTED and now >= span.start:
        return BookingState.EXPIRED
    if stored is BookingState.CONFIRMED and (is_released or now >= span.end):
        return BookingState.NO_SHOW
    if stored is BookingState.CHECKED_IN and now >= span.end:
        return BookingState.COMPLETED
    return stored


def require_running_hold(
    stored: BookingState, *, hold_expires_at: datetime | None, now: datetime
) -> None:
    """Let a hold that still runs pass; raises WrongState, or HoldExpired when its time is over."""
    if stored is not BookingState.HELD:
        raise WrongState(stored, BookingState.CONFIRMED)
    if hold_expires_at is not None and now >= hold_expires_at:
        raise HoldExpired(hold_expires_at)
