"""Bookings read to be changed, their rows locked; the statements are built once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries.rows import known_ref, visit_from, visits
from app.bookings.tables import BookingRow
from app.domain.errors import UnknownBooking
from app.domain.ids import AccountId
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, allowed
from app.domain.stays import LONGEST_STAY
from app.people.tables import AccountRow
from app.spaces.network import Network, Site


def lock_person(session: Session, account_id: AccountId) -> None:
    """Make other wishes of a person wait until this transaction ends: what is counted, counts."""
    session.execute(
        select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True)
    )


def lock_booking(
    session: Session,
    network: Network,
    actor: Actor,
    ref: str,
    *,
    wish: Permission,
    now: datetime,
) -> Booking:
    """Give a booking to be changed, its row locked; raises ``UnknownBooking`` if hidden.

    Hidden is what the actor may neither see nor do ``wish`` to.
    """
    row = session.connection().execute(_LOCK_BY_REF, {"ref": known_ref(ref)}).one_or_none()
    booking = None if row is None else visit_from(session, row, network, now).booking
    if booking is None or not (
        allowed(actor, Permission.BOOKING_VIEW, booking.subject)
        or allowed(actor, wish, booking.subject)
    ):
        raise UnknownBooking(ref)
    return booking


def lock_booking_by_id(
    session: Session, network: Network, booking_id: int, *, now: datetime
) -> Booking | None:
    """Give a booking to be changed by a door or a job, its row locked."""
    row = session.connection().execute(_LOCK_BY_ID, {"id": booking_id}).one_or_none()
    return None if row is None else visit_from(session, row, network, now).booking


def lock_recognised(
    session: Session,
    network: Network,
    site: Site,
    hours: Span,
    recognises: Callable[[Row[Any]], bool],
    *,
    now: datetime,
    beside: tuple[ColumnElement[Any], ...] = (),
) -> Booking | None:
    """Give the booking at a site, all through these hours, whose row is recognised.

    A pass names its booking in no other way; its row is locked to be changed. A higher feature may
    read more `beside` it. One statement.
    """
    during = {
        "site": site.id,
        "start": hours.start,
        "after": hours.start - LONGEST_STAY,
        "end": hours.end,
    }
    rows = session.connection().execute(_lock_during(beside), during)
    row = next((row for row in rows if recognises(row)), None)
    return None if row is None else visit_from(session, row, network, now).booking


@cache
def _lock_during(beside: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """Lock the bookings of a site all through some hours; gives what is read beside them too."""
    return (
        visits()
        .add_columns(*beside)
        .where(
            BookingRow.site_id == bindparam("site"),
            BookingRow.starts_at <= bindparam("start"),
            BookingRow.starts_at > bindparam("after"),
            BookingRow.ends_at >= bindparam("end"),
        )
        .order_by(BookingRow.starts_at, BookingRow.id)
        .with_for_update(of=BookingRow)
    )


_LOCK = visits().with_for_update(of=BookingRow)
_LOCK_BY_REF = _LOCK.where(BookingRow.ref == bindparam("ref"))
_LOCK_BY_ID = _LOCK.where(BookingRow.id == bindparam("id"))
