"""Phones that hold passes: three a person, the newest wins; and giving everything up at once."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.holders import MOST_PHONES, Phone, PhoneAsking
from app.access.keys import IssuerKeys
from app.access.offices import OfficePass, issue_office_pass
from app.access.pass_names import AHEAD, PHONE, named
from app.access.passes import Pass, issue, pass_days
from app.access.queries import lock_holder, phone_from, phones_of, tenancies_of
from app.access.tables import EmergencyPassRow, HolderDeviceRow, PassHolderRow
from app.bookings.booking import Booking
from app.bookings.queries import upcoming
from app.bookings.tables import BookingRow
from app.db import outbox
from app.domain.booking_states import OPENING
from app.domain.errors import PhoneRefused, UnknownPhone
from app.domain.events import PassesGivenUp, PhoneEnrolled, PhoneRevoked
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.queries import kept_network
from devices.passes.cose import WrongSignature
from devices.passes.proofs import holder_key, verify_signature

_LOOKED_AT: Final = 100


def enrol_phone(
    session: Session, actor: Actor, asking: PhoneAsking, *, keys: IssuerKeys, now: datetime
) -> Phone:
    """Let a phone hold the actor's passes; the oldest of more than three holds none any more.

    Safe to say twice. Raises ``PhoneRefused``: not its key, an old nonce, or a key given up.
    """
    require(actor, Permission.PHONES_OWN, Subject(owner_id=actor.account_id))
    _check(asking, actor, keys, now)
    lock_holder(session, actor.account_id)
    known = session.scalars(
        select(HolderDeviceRow).where(HolderDeviceRow.public_key == asking.public_key)
    ).one_or_none()
    if known is not None:
        if known.account_id != actor.account_id or known.revoked_at is not None:
            raise PhoneRefused
        return phone_from(known)
    standing = phones_of(session, actor.account_id)
    replaced = standing[: max(0, len(standing) + 1 - MOST_PHONES)]
    _revoke(session, [phone.id for phone in replaced], actor, now)
    row = HolderDeviceRow(
        code=secrets.token_hex(8),
        account_id=actor.account_id,
        public_key=asking.public_key,
        name=asking.name,
        enrolled_at=now,
    )
    session.add(row)
    session.flush()
    outbox.put(session, PhoneEnrolled(row.id, [phone.id for phone in replaced]), now=now)
    return phone_from(row)


def revoke_phone(session: Session, actor: Actor, code: str, *, now: datetime) -> None:
    """Let a phone of the actor's hold no passes any more. Raises ``UnknownPhone``."""
    mine = [phone.id for phone in phones_of(session, actor.account_id) if phone.code == code]
    if not mine:
        raise UnknownPhone(code)
    require(actor, Permission.PHONES_OWN, Subject(owner_id=actor.account_id))
    _revoke(session, mine, actor, now)
    outbox.put(session, PhoneRevoked(mine[0]), now=now)


def give_up_passes(session: Session, actor: Actor, account_id: AccountId, *, now: datetime) -> None:
    """Give up every phone and every pass of a person at once, as when a phone is lost.

    The next passes are new; doors hear of it at once. Raises ``NotAllowed``.
    """
    require(actor, Permission.PASSES_GIVE_UP, Subject(owner_id=account_id))
    lock_holder(session, account_id)
    _revoke(session, [phone.id for phone in phones_of(session, account_id)], actor, now)
    mine = select(BookingRow.id).where(BookingRow.account_id == account_id)
    session.execute(
        update(EmergencyPassRow)
        .where(EmergencyPassRow.booking_id.in_(mine), EmergencyPassRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    holder = session.get(PassHolderRow, account_id)
    if holder is None:
        session.add(
            PassHolderRow(
                account_id=account_id, epoch=1, given_up_at=now, given_up_by=actor.account_id
            )
        )
    else:
        holder.epoch += 1
        holder.given_up_at, holder.given_up_by = now, actor.account_id
    session.flush()
    outbox.put(session, PassesGivenUp(account_id, now.isoformat()), now=now)


def passes_of_phone(
    session: Session, actor: Actor, phone: Phone, *, keys: IssuerKeys, now: datetime
) -> list[Pass]:
    """Give the passes that this phone of the actor's may show in the week ahead, by start."""
    require(actor, Permission.PASS_VIEW, Subject(owner_id=phone.account_id))
    found: list[Pass] = []
    for booking in upcoming(session, kept_network(session), actor, now=now, limit=_LOOKED_AT):
        if booking.account_id == phone.account_id and booking.state in OPENING:
            found.extend(_passes(booking, phone, keys, now))
    return sorted(found, key=lambda each: (each.valid_from, each.booking.ref))


def office_passes_of_phone(
    session: Session, actor: Actor, phone: Phone, *, keys: IssuerKeys, now: datetime
) -> list[OfficePass]:
    """Give the passes of the offices that the actor's organisations hold, for the day ahead."""
    require(actor, Permission.PASS_VIEW, Subject(owner_id=phone.account_id))
    tenancies = tenancies_of(session, kept_network(session), actor, now=now)
    given = [issue_office_pass(each, phone, keys, now=now) for each in tenancies]
    return [each for each in given if each is not None]


def _passes(booking: Booking, phone: Phone, keys: IssuerKeys, now: datetime) -> list[Pass]:
    if not booking.space.doors:
        return []
    name = named(PHONE, phone.code)
    days: tuple[date | None, ...] = pass_days(booking.span, booking.site.calendar) or (None,)
    given = [issue(booking, keys, day, name=name, holder=phone.holder) for day in days]
    return [each for each in given if each.valid_until > now and each.valid_from <= now + AHEAD]


def _check(asking: PhoneAsking, actor: Actor, keys: IssuerKeys, now: datetime) -> None:
    if asking.nonce not in keys.enrolment_nonces(actor.account_id, now):
        raise PhoneRefused
    try:
        holder = holder_key(asking.public_key)
        verify_signature(holder, asking.signed_message, asking.signature)
    except (ValueError, WrongSignature) as error:
        raise PhoneRefused from error


def _revoke(session: Session, ids: list[int], actor: Actor, now: datetime) -> None:
    if ids:
        session.execute(
            update(HolderDeviceRow)
            .where(HolderDeviceRow.id.in_(ids))
            .values(revoked_at=now, revoked_by=actor.account_id)
        )
