"""The passes of bookings by name: the person's own, their phones', guests', emergencies'."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Label,
    Row,
    Select,
    String,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access.pass_names import (
    AHEAD,
    CARD,
    EMERGENCY,
    GUEST,
    PHONE,
    STATIC,
    PassNames,
    names_from,
)
from app.access.tables import (
    AccessCardRow,
    BookingGuestRow,
    EmergencyPassRow,
    HolderDeviceRow,
    PassHolderRow,
)
from app.bookings.tables import BookingRow
from app.db.base import Base
from app.domain.ids import AccountId, BookingId

_DAY: Final = timedelta(days=1)
_BETWEEN: Final = ","  # in no code


def names_of(
    session: Session, bookings: ColumnElement[bool], *, opening_after: datetime
) -> dict[BookingId, PassNames]:
    """Give the pass names of the bookings that have more than the plain one; one statement.

    `bookings` is a condition on their rows. Phones revoked so early that they were given no pass
    opening after that instant are left out.
    """
    rows = session.execute(
        union_all(
            _of(BookingGuestRow, GUEST, bookings),
            _of(EmergencyPassRow, EMERGENCY, bookings),
            _of_holders(HolderDeviceRow, PHONE, bookings, opening_after - AHEAD - _DAY),
            _of_holders(AccessCardRow, CARD, bookings, opening_after - AHEAD - _DAY),
            _of_epochs(bookings),
        )
    )
    epochs: dict[BookingId, tuple[int, datetime | None]] = {}
    codes: dict[BookingId, list[tuple[str, str, datetime | None]]] = defaultdict(list)
    for booking_id, kind, code, died_at in rows:
        if kind == STATIC:
            epochs[BookingId(booking_id)] = (int(code), died_at)
        else:
            codes[BookingId(booking_id)].append((kind, code, died_at))
    found: dict[BookingId, PassNames] = {}
    for booking_id in epochs.keys() | codes.keys():
        epoch, given_up_at = epochs.get(booking_id, (0, None))
        found[booking_id] = names_from(epoch, codes.get(booking_id, ()), given_up_at)
    return found


def has_dead_names(since: datetime) -> ColumnElement[bool]:
    """Say, of a booking's row, whether passes of it were given up though it stands."""
    return or_(
        _has(
            BookingGuestRow,
            BookingGuestRow.booking_id == BookingRow.id,
            BookingGuestRow.revoked_at.is_not(None),
        ),
        _has(
            EmergencyPassRow,
            EmergencyPassRow.booking_id == BookingRow.id,
            EmergencyPassRow.revoked_at.is_not(None),
        ),
        _has(
            HolderDeviceRow,
            HolderDeviceRow.account_id == BookingRow.account_id,
            HolderDeviceRow.revoked_at > since - AHEAD - _DAY,
        ),
        _has(PassHolderRow, PassHolderRow.account_id == BookingRow.account_id),
    )


@cache
def live_names_beside() -> tuple[Label[Any], ...]:
    """Build columns for a select of bookings; ``live_names_in`` reads them from its rows."""
    epoch = select(PassHolderRow.epoch).where(PassHolderRow.account_id == BookingRow.account_id)
    codes = [
        select(func.aggregate_strings(row.code, _BETWEEN))
        .where(whose, row.revoked_at.is_(None))
        .correlate(BookingRow)
        .scalar_subquery()
        .label(f"{kind}_codes")
        for row, kind, whose in (
            (BookingGuestRow, GUEST, BookingGuestRow.booking_id == BookingRow.id),
            (EmergencyPassRow, EMERGENCY, EmergencyPassRow.booking_id == BookingRow.id),
            (HolderDeviceRow, PHONE, HolderDeviceRow.account_id == BookingRow.account_id),
        )
    ]
    return epoch.correlate(BookingRow).scalar_subquery().label("pass_epoch"), *codes


def live_names_in(row: Row[Any]) -> tuple[str, ...]:
    """Give the names of the passes that open, of a booking read with ``live_names_beside``."""
    codes = [
        (kind, code, None)
        for kind in (GUEST, EMERGENCY, PHONE)
        for code in (row._mapping[f"{kind}_codes"] or "").split(_BETWEEN)
        if code
    ]
    return names_from(row.pass_epoch or 0, codes).live


def epoch_of(session: Session, account_id: AccountId) -> int:
    """Give how often somebody gave up all their passes; the next ones are named by it."""
    wanted = select(PassHolderRow.epoch).where(PassHolderRow.account_id == account_id)
    return session.execute(wanted).scalar() or 0


def _has(row: type[Base], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say whether there is such a row beside the booking's, also where both are read together."""
    wanted = select(literal(1)).select_from(row).where(*conditions)
    return wanted.correlate(BookingRow).exists()


def _of(
    row: type[BookingGuestRow | EmergencyPassRow], kind: str, bookings: ColumnElement[bool]
) -> Select[int, str, str, datetime | None]:
    return (
        select(BookingRow.id, literal(kind), row.code, row.revoked_at)
        .join(row, row.booking_id == BookingRow.id)
        .where(bookings)
    )


def _of_holders(
    row: type[HolderDeviceRow | AccessCardRow],
    kind: str,
    bookings: ColumnElement[bool],
    since: datetime,
) -> Select[int, str, str, datetime | None]:
    """Select what a person holds for all their bookings: phones and cards."""
    return (
        select(BookingRow.id, literal(kind), row.code, row.revoked_at)
        .join(row, row.account_id == BookingRow.account_id)
        .where(bookings, or_(row.revoked_at.is_(None), row.revoked_at > since))
    )


def _of_epochs(bookings: ColumnElement[bool]) -> Select[int, str, str, datetime | None]:
    return (
        select(
            BookingRow.id,
            literal(STATIC),
            cast(PassHolderRow.epoch, String),
            PassHolderRow.given_up_at,
        )
        .join(PassHolderRow, PassHolderRow.account_id == BookingRow.account_id)
        .where(bookings)
    )
