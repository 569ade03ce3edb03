"""What a person, the desk or a device can do at doors: one function each."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.service.alarms import acknowledge, raise_silences
from app.access.service.at_doors import AtDoor, book_at_door, check_in_at_door, end_at_door
from app.access.service.cards import give_card, take_card_back
from app.access.service.check_ins import check_in_by_pass
from app.access.service.devices import (
    Asking,
    approve_device,
    enrol,
    forget_codes,
    make_code,
    revoke_device,
)
from app.access.service.emergencies import give_emergency_pass
from app.access.service.guests import (
    check_in_guest,
    check_out_guest,
    guest_passes,
    invite_guests,
    remove_guest,
)
from app.access.service.heartbeats import Heartbeat, note_heartbeat
from app.access.service.journal import forget_old_lines, take_lines
from app.access.service.lookups import forget_old_lookups, look_up_passages
from app.access.service.orders import ModeWish, lift_order, open_remotely, order_mode
from app.access.service.passes import own_passes, pass_for, passes_for
from app.access.service.phones import (
    enrol_phone,
    give_up_passes,
    office_passes_of_phone,
    passes_of_phone,
    revoke_phone,
)

__all__ = [
    "Asking",
    "AtDoor",
    "Heartbeat",
    "ModeWish",
    "acknowledge",
    "approve_device",
    "book_at_door",
    "check_in_at_door",
    "check_in_by_pass",
    "check_in_guest",
    "check_out_guest",
    "end_at_door",
    "enrol",
    "enrol_phone",
    "give_card",
    "give_emergency_pass",
    "give_up_passes",
    "guest_passes",
    "invite_guests",
    "lift_order",
    "look_up_passages",
    "make_code",
    "note_heartbeat",
    "office_passes_of_phone",
    "open_remotely",
    "order_mode",
    "own_passes",
    "pass_for",
    "passes_for",
    "passes_of_phone",
    "remove_guest",
    "revoke_device",
    "revoke_phone",
    "take_card_back",
    "take_lines",
    "tidy",
]


def tidy(session: Session, *, now: datetime) -> None:
    """Delete journal lines older than three months and dead codes; tell of doors gone silent."""
    forget_old_lines(session, now=now)
    forget_old_lookups(session, now=now)
    raise_silences(session, now=now)
    forget_codes(session, now=now)
