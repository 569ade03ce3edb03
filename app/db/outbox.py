"""What others must hear, written with the change and delivered after the commit.

``put`` adds an event to the transaction that caused it; a worker takes what is due (``take_due``),
runs the reactions, and marks the row. Delivery is at least once: a reaction may safely run twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.events import Event

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
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


def put(session: Session, *events: Event, now: datetime) -> None:
    """Add events to the transaction, in one statement; workers tell them after the commit."""
    if not events:
        return
    session.execute(
        insert(OutboxRow),
        [
            {
                "kind": type(event).__name__,
                "payload": json.dumps(asdict(event), ensure_ascii=False),
                "created_at": now,
                "available_at": now,
                "attempts": 0,
            }
            for event in events
        ],
    )


def take_due(session: Session, *, now: datetime, most: int = 20) -> list[OutboxRow]:
    """Give the undelivered events that are due, oldest first, locked against other workers."""
    due = (
        select(OutboxRow)
        .where(OutboxRow.delivered_at.is_(None), OutboxRow.available_at <= now)
        .order_by(OutboxRow.available_at, OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(due))


def mark_delivered(row: OutboxRow, *, now: datetime) -> None:
    """Remember that every reaction to this event has run."""
    row.delivered_at = now
    row.attempts += 1
    row.last_error = None


def put_off(row: OutboxRow, error: str, *, now: datetime) -> None:
    """Remember why delivery failed and when to try again: 5 s, doubling, at most an hour."""
    row.attempts += 1
    row.last_error = error[:LONGEST_ERROR]
    row.available_at = now + min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 20), LONGEST_PAUSE)
