"""Unsafe API calls told twice count once: the first answer is kept for 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, BigId, UtcDateTime
from app.domain.errors import KeyReused

KEPT = timedelta(hours=24)


class IdempotencyKeyRow(Base):
    """One key of one account, the request it came with and the answer it got."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer given to the first call with this key."""

    status: int
    body: str


def find_answer(
    session: Session, *, owner: str, key: str, request_hash: str, now: datetime
) -> KeptAnswer | None:
    """Claim a key, or give the answer it got; raises ``KeyReused`` for another request.

    The claim is a row of the caller's own transaction: of two calls at once the second waits for
    the first (unique index) and then finds its answer.
    """
    session.execute(
        delete(IdempotencyKeyRow).where(
            IdempotencyKeyRow.owner == owner,
            IdempotencyKeyRow.key == key,
            IdempotencyKeyRow.created_at < now - KEPT,
        )
    )
    try:
        with session.begin_nested():
            session.execute(
                insert(IdempotencyKeyRow).values(
                    owner=owner, key=key, request_hash=request_hash, created_at=now
                )
            )
    except IntegrityError:
        return _answer_given(session, owner=owner, key=key, request_hash=request_hash)
    return None


def _answer_given(session: Session, *, owner: str, key: str, request_hash: str) -> KeptAnswer:
    row = session.execute(
        select(
            IdempotencyKeyRow.request_hash, IdempotencyKeyRow.status, IdempotencyKeyRow.body
        ).where(IdempotencyKeyRow.owner == owner, IdempotencyKeyRow.key == key)
    ).one_or_none()
    if row is None or row.request_hash != request_hash or row.status is None:
        raise KeyReused
    return KeptAnswer(row.status, row.body or "")


def keep_answer(session: Session, *, owner: str, key: str, status: int, body: str) -> None:
    """Keep the answer of a claimed key, in the transaction of the change itself."""
    session.execute(
        update(IdempotencyKeyRow)
        .where(IdempotencyKeyRow.owner == owner, IdempotencyKeyRow.key == key)
        .values(status=status, body=body)
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete the keys that are kept no longer."""
    session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.created_at < now - KEPT))
