"""Cards that staff give to people and take back; doors hear of both at once."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.holders import Card
from app.access.queries.cards import card_from
from app.access.tables import AccessCardRow
from app.db import outbox
from app.domain.errors import CardHeld, UnknownAccessCard, UnknownAccount
from app.domain.events import CardGiven, DoorsTold
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, Subject, require
from app.people.queries import find_account_by_email


def give_card(
    session: Session, actor: Actor, email: str, fingerprint: bytes, label: str, *, now: datetime
) -> Card:
    """Let a card open whatever its holder has booked. Safe to say twice.

    Raises ``NotAllowed``, ``UnknownAccount``, ``CardHeld`` when it is somebody else's.
    """
    require(actor, Permission.CARDS_GIVE, Subject())
    person = find_account_by_email(session, email)
    if person is None:
        raise UnknownAccount(email)
    known = session.scalars(
        select(AccessCardRow)
        .where(AccessCardRow.fingerprint == fingerprint, AccessCardRow.revoked_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if known is not None:
        if known.account_id != person.id:
            raise CardHeld
        return card_from(known)
    row = AccessCardRow(
        code=secrets.token_hex(8),
        account_id=person.id,
        fingerprint=fingerprint,
        label=label,
        given_at=now,
        given_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    outbox.put(session, CardGiven(row.id), now=now)
    return card_from(row)


def take_card_back(session: Session, actor: Actor, code: str, *, now: datetime) -> Card:
    """Let a card open nothing any more: its holder may say so, or staff. Safe to say twice.

    Raises ``UnknownAccessCard``, ``NotAllowed``.
    """
    row = session.scalars(
        select(AccessCardRow).where(AccessCardRow.code == code).with_for_update()
    ).one_or_none()
    if row is None:
        raise UnknownAccessCard(code)
    require(actor, Permission.CARDS_TAKE_BACK, Subject(owner_id=AccountId(row.account_id)))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, actor.account_id
        session.flush()
        outbox.put(session, DoorsTold("card-taken-back"), now=now)
    return card_from(row)
