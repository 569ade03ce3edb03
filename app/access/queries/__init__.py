"""What can be read of doors: devices, what they are told, what they reported, passes."""

from app.access.queries.devices import (
    device_from,
    doors_of_site,
    find_device,
    find_device_row,
    lock_device,
)
from app.access.queries.journal import journal_of_day, openings_of_bookings
from app.access.queries.passes import next_pass_booking
from app.access.queries.snapshots import (
    SiteNews,
    change_mark,
    site_news,
    snapshot_for,
    snapshot_of,
)
from app.access.queries.stays import Stay, pass_ids, stays_of_passes

__all__ = [
    "SiteNews",
    "Stay",
    "change_mark",
    "device_from",
    "doors_of_site",
    "find_device",
    "find_device_row",
    "journal_of_day",
    "lock_device",
    "next_pass_booking",
    "openings_of_bookings",
    "pass_ids",
    "site_news",
    "snapshot_for",
    "snapshot_of",
    "stays_of_passes",
]
