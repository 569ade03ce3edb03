"""What doors do when something happened: they mail passes, and tell of phones and alarms."""

from app.access.reactions.alarms import tell_staff_of_alarm
from app.access.reactions.bookings import send_handed_pass, send_moved_pass, send_pass
from app.access.reactions.guests import (
    send_guest_pass,
    send_guest_passes_of_series,
    send_moved_guest_passes,
    tell_guests_cancelled,
    tell_guests_displaced,
    tell_guests_of_series,
)
from app.access.reactions.holders import tell_card_given, tell_passes_given_up, tell_phone_enrolled

__all__ = [
    "send_guest_pass",
    "send_guest_passes_of_series",
    "send_handed_pass",
    "send_moved_guest_passes",
    "send_moved_pass",
    "send_pass",
    "tell_card_given",
    "tell_guests_cancelled",
    "tell_guests_displaced",
    "tell_guests_of_series",
    "tell_passes_given_up",
    "tell_phone_enrolled",
    "tell_staff_of_alarm",
]
