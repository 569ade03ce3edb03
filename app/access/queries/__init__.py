"""What can be read of doors: devices, what they are told, what they reported, passes."""

from app.access.queries.alarms import find_waiting_alarm, staff_alarmed, waiting_alarms
from app.access.queries.cards import cards_given, cards_of, cards_shown, find_card_by_id
from app.access.queries.devices import (
    device_from,
    doors_of_site,
    find_device,
    find_device_row,
    lock_device,
)
from app.access.queries.figures import entries_of_weeks
from app.access.queries.holders import (
    find_guest,
    find_guest_by_id,
    find_guest_row,
    find_phone,
    find_phone_by_id,
    guest_from,
    guests_of,
    lock_holder,
    phone_from,
    phones_of,
)
from app.access.queries.inside import closes_at, people_inside
from app.access.queries.journal import journal_of_day, openings_of_bookings
from app.access.queries.offices import given_up_office_ids, office_names, tenancies_of
from app.access.queries.orders import running_orders
from app.access.queries.pass_names import epoch_of, live_names_beside, live_names_in
from app.access.queries.passages import passages_of
from app.access.queries.passes import next_pass_booking
from app.access.queries.snapshots import (
    SiteNews,
    change_mark,
    site_news,
    snapshot_for,
    snapshot_of,
)
from app.access.queries.stays import Stay, named_ids, pass_ids, stays_of_passes

__all__ = [
    "SiteNews",
    "Stay",
    "cards_given",
    "cards_of",
    "cards_shown",
    "change_mark",
    "closes_at",
    "device_from",
    "doors_of_site",
    "entries_of_weeks",
    "epoch_of",
    "find_card_by_id",
    "find_device",
    "find_device_row",
    "find_guest",
    "find_guest_by_id",
    "find_guest_row",
    "find_phone",
    "find_phone_by_id",
    "find_waiting_alarm",
    "given_up_office_ids",
    "guest_from",
    "guests_of",
    "journal_of_day",
    "live_names_beside",
    "live_names_in",
    "lock_device",
    "lock_holder",
    "named_ids",
    "next_pass_booking",
    "office_names",
    "openings_of_bookings",
    "pass_ids",
    "passages_of",
    "people_inside",
    "phone_from",
    "phones_of",
    "running_orders",
    "site_news",
    "snapshot_for",
    "snapshot_of",
    "staff_alarmed",
    "stays_of_passes",
    "tenancies_of",
    "waiting_alarms",
]
