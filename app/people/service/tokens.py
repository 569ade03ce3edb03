"""API tokens: issued once in clear, kept as a hash, revoked for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.domain.errors import UnknownGrant
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Scope
from app.people.secret_texts import TOKEN_PREFIX, fingerprint, new_secret
from app.people.tables import ApiTokenRow


def issue_token(
    session: Session,
    *,
    account_id: AccountId,
    name: str,
    scopes: frozenset[Scope],
    expires_at: datetime | None = None,
    now: datetime,
) -> str:
    """Issue a token and give its text, which is never to be seen again."""
    token = new_secret(TOKEN_PREFIX)
    session.execute(
        insert(ApiTokenRow).values(
            account_id=account_id,
            name=name,
            token_hash=fingerprint(token),
            scopes=" ".join(scope for scope in Scope if scope in scopes),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def revoke_token(session: Session, actor: Actor, token_id: int, *, now: datetime) -> None:
    """Revoke one of one's own tokens; raises UnknownGrant for anybody else's."""
    revoked = session.scalar(
        update(ApiTokenRow)
        .where(
            ApiTokenRow.id == token_id,
            ApiTokenRow.account_id == actor.account_id,
            ApiTokenRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(ApiTokenRow.id)
    )
    if revoked is None:
        raise UnknownGrant
