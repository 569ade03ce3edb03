"""Bookings read by who may have no account yet, or no right of their own: by link or by offer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Visit
from app.bookings.life_tables import HandOverRow
from app.bookings.queries.rows import known_ref, visit_from, visits
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.domain.errors import UnknownOffer
from app.spaces.network import Network


def find_by_ref(session: Session, network: Network, ref: str, *, now: datetime) -> Booking | None:
    """Give a booking whose link was signed by us, asking nobody's permission."""
    row = session.execute(visits().where(BookingRow.ref == known_ref(ref))).one_or_none()
    return None if row is None else visit_from(session, row, network, now).booking


def get_offered(session: Session, network: Network, code: str, *, now: datetime) -> Visit:
    """Give the booking that an open offer is about, and who offers it; raises ``UnknownOffer``."""
    offered = (
        select(HandOverRow.booking_id)
        .where(HandOverRow.code == code, HandOverRow.closed_at.is_(None))
        .scalar_subquery()
    )
    row = session.execute(visits().where(BookingRow.id == offered)).one_or_none()
    visit = None if row is None else visit_from(session, row, network, now)
    if visit is None or visit.booking.state is not BookingState.CONFIRMED:
        raise UnknownOffer
    return visit
