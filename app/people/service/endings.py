"""What time does to proofs: holders are told a month before, documents are deleted when due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.events import ProfileEnding
from app.gateways.documents import DocumentStore
from app.people.tables import ProfileRow, ProofDocumentRow

NOTICE = timedelta(days=30)
STRAY = timedelta(hours=1)  # longer than any upload that is still being written
MOST_AT_ONCE = 200


def warn_of_endings(session: Session, *, now: datetime) -> None:
    """Have the holders of profiles that end within thirty days told, once each.

    Whether the same profile goes on is asked when the letter is written.
    """
    today = now.date()
    due = session.execute(
        select(ProfileRow.id)
        .where(
            ProfileRow.warned_at.is_(None),
            ProfileRow.revoked_at.is_(None),
            ProfileRow.valid_from <= today,
            ProfileRow.valid_until >= today,
            ProfileRow.valid_until <= today + NOTICE,
        )
        .order_by(ProfileRow.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    numbers = [row.id for row in due]
    if not numbers:
        return
    session.execute(update(ProfileRow).where(ProfileRow.id.in_(numbers)).values(warned_at=now))
    outbox.put(session, *(ProfileEnding(number) for number in numbers), now=now)


def delete_documents(session: Session, store: DocumentStore, *, now: datetime) -> None:
    """Delete the documents that are due, and files that no request knows.

    The file goes first: should the transaction fail, the next round finds it gone and goes on.
    """
    due = session.execute(
        select(ProofDocumentRow.id, ProofDocumentRow.key)
        .where(ProofDocumentRow.delete_at <= now)
        .order_by(ProofDocumentRow.delete_at, ProofDocumentRow.id)
        .limit(MOST_AT_ONCE)
    ).all()
    for row in due:
        store.remove(row.key)
    if due:
        numbers = [row.id for row in due]
        session.execute(delete(ProofDocumentRow).where(ProofDocumentRow.id.in_(numbers)))
    _delete_strays(session, store, now)


def _delete_strays(session: Session, store: DocumentStore, now: datetime) -> None:
    old = list(store.older_than(now - STRAY))
    if not old:
        return
    known = set(
        session.scalars(
            select(ProofDocumentRow.key).where(ProofDocumentRow.key.in_(old))
            if len(old) < MOST_AT_ONCE
            else select(ProofDocumentRow.key)
        )
    )
    for key in old:
        if key not in known:
            store.remove(key)
