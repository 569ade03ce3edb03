"""What others must hear, written with the change and delivered after the commit.

``put`` adds an event to the transaction that caused it; a worker leases what is due, runs the
reactions, and marks the row. Delivery is at least once: a reaction may safely run twice.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.events import DomainEvent

LEASE = timedelta(minutes=2)
STUCK = timedelta(minutes=10)
KEPT = timedelta(days=7)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 80  # nearly three days; what cannot be told by then waits for a person
LONGEST_ERROR = 2000


class OutboxRow(Base):
    """One event on its way to those who must hear of it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "delivered_at", "available_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


_PUT = insert(OutboxRow).inline()  # nobody needs the new ids


def put(session: Session, *events: DomainEvent, now: datetime) -> None:
    """Add events to the transaction, in one statement; workers tell them after the commit."""
    rows = [
        {
            "kind": event.kind,
            "payload": json.dumps(event.payload(), ensure_ascii=False),
            "created_at": now,
            "available_at": now,
            "attempts": 0,
        }
        for event in events
    ]
    if rows:  # one row by itself: a list of one would open a pipeline of the driver
        session.connection().execute(_PUT, rows if len(rows) > 1 else rows[0])


def lease_due(session: Session, *, now: datetime, most: int = 20) -> list[OutboxRow]:
    """Take the undelivered events that are due, oldest first, for two minutes.

    The lease is committed before anything is told, so that two workers never tell one event
    side by side; a worker that dies leaves its rows to the others when the lease ends.
    """
    due = (
        select(OutboxRow)
        .where(
            OutboxRow.delivered_at.is_(None),
            OutboxRow.available_at <= now,
            OutboxRow.attempts < MOST_ATTEMPTS,
        )
        .order_by(OutboxRow.available_at, OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(due))
    for row in rows:
        row.available_at = now + LEASE
    return rows


def withdraw(session: Session, event: DomainEvent) -> None:
    """Take an event back that this very transaction put, before anybody hears of it."""
    session.execute(
        delete(OutboxRow).where(
            OutboxRow.delivered_at.is_(None),
            OutboxRow.kind == event.kind,
            OutboxRow.payload == json.dumps(event.payload(), ensure_ascii=False),
        )
    )


def mark_delivered(session: Session, row_id: int, *, now: datetime) -> None:
    """Remember that an event was told; what it held (a mailed link, say) is not kept."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id)
        .values(delivered_at=now, attempts=OutboxRow.attempts + 1, last_error=None, payload="{}")
    )


def put_off(session: Session, row_id: int, error: str, *, now: datetime) -> None:
    """Remember why telling failed and when to try again: 5 s, doubling, at most an hour.

    After 80 attempts it is left alone, and counted as stuck until a person sees to it.
    """
    row = session.get(OutboxRow, row_id)
    if row is None:
        return
    row.attempts += 1
    row.last_error = error[:LONGEST_ERROR]
    row.available_at = now + min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 20), LONGEST_PAUSE)


def count_stuck(session: Session, *, now: datetime) -> int:
    """Count the events that nobody could tell for more than ten minutes."""
    stuck = (
        select(func.count())
        .select_from(OutboxRow)
        .where(OutboxRow.delivered_at.is_(None), OutboxRow.created_at < now - STUCK)
    )
    return session.execute(stuck).scalar_one()


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete what was told more than a week ago."""
    session.execute(delete(OutboxRow).where(OutboxRow.delivered_at < now - KEPT))
