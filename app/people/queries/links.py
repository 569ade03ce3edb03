"""Mailed links that are still good: looked at by pages, never spent by looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import AccountId
from app.people.secret_texts import fingerprint
from app.people.tables import AccountRow, MailTokenRow


class LinkPurpose(StrEnum):
    """What a mailed link is good for."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can be spent, and by whom."""

    account_id: AccountId
    email: str
    name: str


def find_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> Link | None:
    """Give the link of that text while it can be spent, or None."""
    row = session.execute(
        select(AccountRow.id, AccountRow.email, AccountRow.name)
        .join(MailTokenRow, MailTokenRow.account_id == AccountRow.id)
        .where(
            MailTokenRow.token_hash == fingerprint(token),
            MailTokenRow.purpose == purpose,
            MailTokenRow.used_at.is_(None),
            MailTokenRow.expires_at > now,
            AccountRow.disabled_at.is_(None),
        )
    ).one_or_none()
    return Link(AccountId(row.id), row.email, row.name) if row else None
