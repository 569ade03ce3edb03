"""Writing many moved bookings at once, with the date of the series that each is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.service.drafting import kept_columns
from app.bookings.service.journal import price_columns
from app.bookings.tables import BookingRow


def write_many(session: Session, bookings: Sequence[Booking], now: datetime) -> None:
    """Write many changed bookings, their rows locked, in one statement."""
    rows = [_row(each, now) for each in bookings]
    session.connection().execute(_UPDATE, rows)


def _row(booking: Booking, now: datetime) -> dict[str, Any]:
    link, voided = booking.series, booking.voided
    return {
        "of": booking.id,
        "series_id": None if link is None else link.id,
        "original_start": None if link is None else link.original,
        "state": booking.stored_state.value,
        "confirmed_at": booking.confirmed_at,
        "space_id": booking.space.id,
        "site_id": booking.site.id,
        "starts_at": booking.span.start,
        "ends_at": booking.span.end,
        "people": booking.people,
        "title": booking.title,
        "version": booking.version,
        "pass_version": booking.pass_version,
        "kept_minor": booking.kept.minor,
        "voided_from": None if voided is None else voided.start,
        "voided_until": None if voided is None else voided.end,
        "changed_at": now,
        **kept_columns(booking),
        **price_columns(booking),
    }


_WRITTEN = (
    *("series_id", "original_start", "state", "confirmed_at", "space_id", "site_id"),
    *("starts_at", "ends_at", "people", "title", "version", "pass_version", "changed_at"),
    *("voided_from", "voided_until", "buffer_before_minutes", "buffer_after_minutes"),
    *("setup", "companion_id", "guest_name", "guest_email", "quote", "profile"),
    *("net_minor", "vat_minor", "gross_minor", "kept_minor", "card_version"),
)
_UPDATE = (
    update(BookingRow)
    .where(BookingRow.id == bindparam("of"))
    .values({name: bindparam(name) for name in _WRITTEN})
)
