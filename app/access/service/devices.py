"""Letting devices in: a one-time code, a fingerprint that two people compare, and taking out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from app.access.devices import CODE_LIFE, MOST_TRIES, Device, EnrolmentCode, Standing
from app.access.queries import device_from, find_device_row
from app.access.tables import DeviceRow, EnrolmentCodeRow
from app.domain.errors import DeviceRevoked, UnknownDevice
from app.domain.permissions import Actor, Permission, Subject, require
from app.people.service.attempts import Limit, note_attempt
from app.spaces.network import Door, Network
from app.spaces.queries import find_network
from app.spaces.service import hear_door
from devices.passes.chain import genesis

# Crockford's letters: none that a tired person reads as another.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_GROUP: Final = 4
_GROUPS: Final = 3
_CODES_KEPT: Final = timedelta(days=1)
FROM_ADDRESS: Final = Limit("enrolment-address", 20, timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Asking:
    """What a device says when it asks in, and from where."""

    code: str
    public_key: bytes
    address: str


def make_code(session: Session, actor: Actor, number: int, *, now: datetime) -> EnrolmentCode:
    """Make the one code that lets a device ask in for a door; older ones of the door die.

    The text is given here and never again. Raises ``UnknownDoor``, ``NotAllowed``.
    """
    door = find_network(session).get_door(number)
    require(actor, Permission.DEVICES_MANAGE, Subject(site=door.site))
    session.execute(
        update(EnrolmentCodeRow)
        .where(EnrolmentCodeRow.door_id == door.id, EnrolmentCodeRow.expires_at > now)
        .values(expires_at=now)
    )
    selector, secret = _fresh_selector(session), _letters(_GROUP * (_GROUPS - 1))
    row = EnrolmentCodeRow(
        selector=selector,
        secret_hash=_hash(secret),
        door_id=door.id,
        created_at=now,
        created_by=actor.account_id,
        expires_at=now + CODE_LIFE,
        failures=0,
    )
    session.add(row)
    session.flush()
    return EnrolmentCode(_grouped(selector + secret), door, row.expires_at)


def enrol(session: Session, asking: Asking, *, now: datetime) -> Device | None:
    """Let a device in as pending when its code is right; None when it is not.

    A wrong code counts against the code it was meant for, so the caller commits either way.
    Raises ``TooManyAttempts``.
    """
    note_attempt(session, [(FROM_ADDRESS, asking.address)], now=now)
    row = _claimed(session, asking.code, now)
    if row is None:
        return None
    network = find_network(session)
    door = _door_by_id(network, row.door_id)
    if door is None:
        return None
    row.used_at = now
    made = _new_row(door, asking.public_key, now)
    session.add(made)
    session.flush()
    return device_from(made, network)


def approve_device(session: Session, actor: Actor, code: str, *, now: datetime) -> Device:
    """Let a device serve its door, in the place of the one that did. Safe to say twice.

    Raises ``UnknownDevice``, ``NotAllowed``, ``DeviceRevoked``.
    """
    row, device = _managed(session, actor, code)
    if device.standing is Standing.REVOKED:
        raise DeviceRevoked
    if device.standing is Standing.PENDING:
        session.execute(
            update(DeviceRow)
            .where(
                DeviceRow.door_id == row.door_id,
                DeviceRow.approved_at.is_not(None),
                DeviceRow.revoked_at.is_(None),
            )
            .values(revoked_at=now, revoked_by=actor.account_id)
        )
        row.approved_at, row.approved_by = now, actor.account_id
        session.flush()
        return replace(device, standing=Standing.APPROVED, approved_at=now)
    return device


def revoke_device(session: Session, actor: Actor, code: str, *, now: datetime) -> Device:
    """Take a device out of service for good; it is heard no more. Safe to say twice.

    Raises ``UnknownDevice``, ``NotAllowed``.
    """
    row, device = _managed(session, actor, code)
    if device.standing is not Standing.REVOKED:
        row.revoked_at, row.revoked_by = now, actor.account_id
        hear_door(session, row.door_id, now=None)
        session.flush()
        return replace(device, standing=Standing.REVOKED, revoked_at=now)
    return device


def forget_codes(session: Session, *, now: datetime) -> None:
    """Delete the codes that have been dead for a day."""
    session.execute(delete(EnrolmentCodeRow).where(EnrolmentCodeRow.expires_at < now - _CODES_KEPT))


def _managed(session: Session, actor: Actor, code: str) -> tuple[DeviceRow, Device]:
    row = find_device_row(session, code)
    device = None if row is None else device_from(row, find_network(session))
    if row is None or device is None:
        raise UnknownDevice(code)
    require(actor, Permission.DEVICES_MANAGE, Subject(site=device.site.code))
    return row, device


def _claimed(session: Session, text: str, now: datetime) -> EnrolmentCodeRow | None:
    """Give the row of a code that is right; of a wrong one count the try."""
    plain = text.upper().translate(_READ_AS)
    selector, secret = plain[:_GROUP], plain[_GROUP:]
    row = session.scalars(
        select(EnrolmentCodeRow)
        .where(
            EnrolmentCodeRow.selector == selector,
            EnrolmentCodeRow.expires_at > now,
            EnrolmentCodeRow.used_at.is_(None),
            EnrolmentCodeRow.failures < MOST_TRIES,
        )
        .with_for_update()
    ).one_or_none()
    if row is None or hmac.compare_digest(row.secret_hash, _hash(secret)):
        return row
    row.failures += 1
    session.flush()
    return None


def _new_row(door: Door, public_key: bytes, now: datetime) -> DeviceRow:
    code = f"{door.code[:50]}-{secrets.token_hex(4)}"
    return DeviceRow(
        code=code,
        door_id=door.id,
        public_key=public_key,
        enrolled_at=now,
        journal_seq=0,
        journal_head=genesis(code).digest,
    )


def _door_by_id(network: Network, door_id: int) -> Door | None:
    doors = (door for site in network.sites for door in site.doors)
    return next((door for door in doors if door.id == door_id), None)


def _fresh_selector(session: Session) -> str:
    while True:
        selector = _letters(_GROUP)
        taken = session.scalar(select(exists().where(EnrolmentCodeRow.selector == selector)))
        if not taken:
            return selector


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _grouped(text: str) -> str:
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
