"""Telling holders, once, that a pack is nearly used up or that a right is about to end."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.db import outbox
from app.domain.entitlements import (
    LOW,
    SHORT_TOLD_AHEAD,
    TOLD_AHEAD,
    Source,
    is_low,
    tell_ending_from,
)
from app.domain.events import RightRunsOut
from app.domain.tariffs import RightKind
from app.entitlements.tables import EntitlementRow

MOST = 500


def tell(session: Session, *, now: datetime) -> int:
    """Put a word into the outbox for each right that runs out; gives how many.

    What is noted on the right with it makes that once for ever, whoever runs the timers.
    """
    today = now.date()
    low = [row.id for row in _low(session, today) if is_low(RightKind(row.kind), row.balance)]
    ending = [
        row.id
        for row in _ending(session, today)
        if today >= tell_ending_from(row.valid_from, row.valid_until)
    ]
    _note(session, low, "told_low_at", now)
    _note(session, ending, "told_ending_at", now)
    events = [RightRunsOut(number, "low") for number in low]
    events += [RightRunsOut(number, "ending") for number in ending]
    outbox.put(session, *events, now=now)
    return len(events)


def _low(session: Session, today: date) -> list[EntitlementRow]:
    row = EntitlementRow
    return list(
        session.scalars(
            select(row)
            .where(
                row.balance > 0,
                row.balance <= max(LOW.values()),
                row.valid_until >= today,
                row.kind.in_(sorted(LOW)),
                row.source != Source.CREDITED,
                row.told_low_at.is_(None),
            )
            .order_by(row.id)
            .limit(MOST)
        )
    )


def _ending(session: Session, today: date) -> list[EntitlementRow]:
    row = EntitlementRow
    soon = or_(
        and_(row.kind != RightKind.UNLIMITED, row.valid_until <= today + TOLD_AHEAD),
        row.valid_until <= today + SHORT_TOLD_AHEAD,
    )
    return list(
        session.scalars(
            select(row)
            .where(
                row.balance > 0,
                row.valid_from <= today,
                row.valid_until >= today,
                soon,
                row.parent_id.is_(None),
                row.told_ending_at.is_(None),
                ~_followed(),
            )
            .order_by(row.id)
            .limit(MOST)
        )
    )


def _followed() -> ColumnElement[bool]:
    """The condition that the holder has bought the same again for later."""
    row, later = EntitlementRow, aliased(EntitlementRow)
    return (
        exists()
        .where(
            later.product == row.product,
            func.coalesce(later.account_id, 0) == func.coalesce(row.account_id, 0),
            func.coalesce(later.organisation_id, 0) == func.coalesce(row.organisation_id, 0),
            later.valid_until > row.valid_until,
            later.balance > 0,
        )
        .correlate(row)
    )


def _note(session: Session, rights: list[int], column: str, now: datetime) -> None:
    if rights:
        session.execute(
            update(EntitlementRow).where(EntitlementRow.id.in_(rights)).values({column: now})
        )
