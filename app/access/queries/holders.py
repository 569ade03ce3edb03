"""Phones of a person and guests of bookings, read from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.holders import Guest, Phone
from app.access.tables import BookingGuestRow, HolderDeviceRow
from app.domain.ids import AccountId, BookingId
from app.people.tables import AccountRow
from devices.passes.proofs import holder_key


def lock_holder(session: Session, account_id: AccountId) -> None:
    """Let nobody else change the phones of this person before the end of the transaction."""
    session.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())


def phones_of(session: Session, account_id: AccountId) -> list[Phone]:
    """Give the phones of a person that hold passes, oldest first; one statement."""
    rows = session.scalars(
        select(HolderDeviceRow)
        .where(HolderDeviceRow.account_id == account_id, HolderDeviceRow.revoked_at.is_(None))
        .order_by(HolderDeviceRow.id)
    )
    return [phone_from(row) for row in rows]


def find_phone(session: Session, code: str) -> Phone | None:
    """Give a phone, revoked or not; None when unknown."""
    row = session.scalars(select(HolderDeviceRow).where(HolderDeviceRow.code == code)).one_or_none()
    return None if row is None else phone_from(row)


def find_phone_by_id(session: Session, phone_id: int) -> Phone | None:
    """Give a phone, revoked or not; None when unknown."""
    row = session.get(HolderDeviceRow, phone_id)
    return None if row is None else phone_from(row)


def guests_of(session: Session, ids: Collection[BookingId]) -> dict[BookingId, list[Guest]]:
    """Give who is invited to these bookings, by name; one statement."""
    found: dict[BookingId, list[Guest]] = defaultdict(list)
    if not ids:
        return found
    rows = session.scalars(
        select(BookingGuestRow)
        .where(BookingGuestRow.booking_id.in_(sorted(ids)), BookingGuestRow.revoked_at.is_(None))
        .order_by(BookingGuestRow.name, BookingGuestRow.id)
    )
    for row in rows:
        found[BookingId(row.booking_id)].append(guest_from(row))
    return found


def find_guest(session: Session, code: str) -> Guest | None:
    """Give a guest, removed or not; None when unknown."""
    row = find_guest_row(session, code)
    return None if row is None else guest_from(row)


def find_guest_by_id(session: Session, guest_id: int) -> Guest | None:
    """Give a guest, removed or not; None when unknown."""
    row = session.get(BookingGuestRow, guest_id)
    return None if row is None else guest_from(row)


def find_guest_row(session: Session, code: str) -> BookingGuestRow | None:
    """Give the row of a guest to be changed, or None."""
    return session.scalars(
        select(BookingGuestRow).where(BookingGuestRow.code == code)
    ).one_or_none()


def phone_from(row: HolderDeviceRow) -> Phone:
    """Make a value of a row."""
    return Phone(
        id=row.id,
        code=row.code,
        account_id=AccountId(row.account_id),
        holder=holder_key(row.public_key),
        name=row.name,
        enrolled_at=row.enrolled_at,
        revoked_at=row.revoked_at,
    )


def guest_from(row: BookingGuestRow) -> Guest:
    """Make a value of a row."""
    return Guest(
        id=row.id,
        code=row.code,
        booking_id=BookingId(row.booking_id),
        name=row.name,
        email=row.email,
        locale=row.locale,
        invited_at=row.invited_at,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        revoked_at=row.revoked_at,
    )
