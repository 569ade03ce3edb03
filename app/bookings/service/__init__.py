"""What a person, the desk or a door can do to bookings: one function each."""

from app.bookings.service.absences import pardon
from app.bookings.service.approving import approve, refuse_request, remind_approvers
from app.bookings.service.asking import book, book_for, confirm, drop_hold, hold_room
from app.bookings.service.attending import (
    arrive,
    check_in,
    check_in_locked,
    check_out,
    come,
    undo_check_in,
)
from app.bookings.service.basket import confirm_basket
from app.bookings.service.changing import cancel, move
from app.bookings.service.closing import (
    ClosureWanted,
    InTheWay,
    close_places,
    preview_closure,
    reopen,
)
from app.bookings.service.ending import leave
from app.bookings.service.feeds import (
    close_feed,
    close_space_feed,
    open_feed,
    open_space_feed,
    renew_feed,
    renew_space_feed,
)
from app.bookings.service.handing_over import hand_over, take_over
from app.bookings.service.inductions import grant_induction, revoke_induction
from app.bookings.service.releasing import cancel_series, release_between
from app.bookings.service.series import book_series, preview
from app.bookings.service.series_changing import change_series, preview_change
from app.bookings.service.tidying import tidy

__all__ = [
    "ClosureWanted",
    "InTheWay",
    "approve",
    "arrive",
    "book",
    "book_for",
    "book_series",
    "cancel",
    "cancel_series",
    "change_series",
    "check_in",
    "check_in_locked",
    "check_out",
    "close_feed",
    "close_places",
    "close_space_feed",
    "come",
    "confirm",
    "confirm_basket",
    "drop_hold",
    "grant_induction",
    "hand_over",
    "hold_room",
    "leave",
    "move",
    "open_feed",
    "open_space_feed",
    "pardon",
    "preview",
    "preview_change",
    "preview_closure",
    "refuse_request",
    "release_between",
    "remind_approvers",
    "renew_feed",
    "renew_space_feed",
    "reopen",
    "revoke_induction",
    "take_over",
    "tidy",
    "undo_check_in",
]
