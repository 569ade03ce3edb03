"""Sign-in sessions: opened anew at every sign-in, ended one by one or all at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.domain.errors import UnknownGrant
from app.domain.ids import AccountId
from app.domain.permissions import Actor
from app.people.secret_texts import fingerprint, new_secret
from app.people.tables import SignInSessionRow

AGENT_LENGTH = 200


def open_session(
    session: Session,
    account_id: AccountId,
    *,
    agent: str,
    replaces: str | None = None,
    now: datetime,
) -> str:
    """Sign a browser in under a fresh key; the key it had before, if any, is void."""
    if replaces is not None:
        close_session(session, replaces)
    key = new_secret()
    session.execute(
        insert(SignInSessionRow).values(
            key_hash=fingerprint(key),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            agent=agent.replace("\0", "")[:AGENT_LENGTH],
        )
    )
    return key


def close_session(session: Session, key: str) -> None:
    """Sign one browser out, by its key."""
    session.execute(delete(SignInSessionRow).where(SignInSessionRow.key_hash == fingerprint(key)))


def close_sessions(session: Session, account_id: AccountId) -> None:
    """Sign every browser of an account out."""
    session.execute(delete(SignInSessionRow).where(SignInSessionRow.account_id == account_id))


def end_session(session: Session, actor: Actor, session_id: int) -> None:
    """Sign one of one's own browsers out; raises UnknownGrant for anybody else's."""
    ended = session.scalar(
        delete(SignInSessionRow)
        .where(SignInSessionRow.id == session_id, SignInSessionRow.account_id == actor.account_id)
        .returning(SignInSessionRow.id)
    )
    if ended is None:
        raise UnknownGrant


def note_seen(session: Session, key: str, *, now: datetime) -> None:
    """Remember that a browser was in use, so that it does not count as idle."""
    session.execute(
        update(SignInSessionRow)
        .where(SignInSessionRow.key_hash == fingerprint(key))
        .values(last_seen_at=now)
    )
