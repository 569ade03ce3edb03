"""Inductions: staff note that somebody was shown how to use a machine, or take that back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.tables import InductionRow
from app.domain.errors import BadValidity, UnknownAccount, UnknownInduction
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, Subject, require
from app.people.tables import AccountRow
from app.spaces.plan import INDUCTIONS


def grant_induction(
    session: Session,
    actor: Actor,
    account_id: AccountId,
    code: str,
    *,
    valid_until: date,
    now: datetime,
) -> int:
    """Note that a person may use such machines until that day, included; gives its number.

    Raises ``UnknownInduction``, ``UnknownAccount``, and ``BadValidity`` for a day gone by.
    """
    require(actor, Permission.INDUCTION_GRANT, Subject(owner_id=account_id))
    if code not in INDUCTIONS:
        raise UnknownInduction(code)
    if valid_until < now.date():
        raise BadValidity
    if session.get(AccountRow, account_id) is None:
        raise UnknownAccount(str(account_id))
    row = InductionRow(
        account_id=account_id,
        code=code,
        granted_by=actor.account_id,
        granted_at=now,
        valid_until=valid_until,
    )
    session.add(row)
    session.flush()
    return row.id


def revoke_induction(
    session: Session, actor: Actor, account_id: AccountId, number: int, *, now: datetime
) -> None:
    """Take an induction back; twice is once. Raises ``UnknownInduction``.

    Stays that are booked already stand; the desk calls whom it concerns.
    """
    require(actor, Permission.INDUCTION_GRANT, Subject(owner_id=account_id))
    row = session.scalars(
        select(InductionRow)
        .where(InductionRow.id == number, InductionRow.account_id == account_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise UnknownInduction(str(number))
    if row.revoked_at is None:
        row.revoked_at = now
        row.revoked_by = actor.account_id
        session.flush()
