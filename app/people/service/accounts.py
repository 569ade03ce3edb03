"""Accounts: made, renamed, given a password, closed and opened again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.errors import EmailTaken, UnknownAccount
from app.domain.events import PasswordChanged
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.plain_text import folded
from app.people.service.managers import keep_one_manager, lock_managers
from app.people.service.sessions import close_sessions
from app.people.tables import AccountRow, MailTokenRow


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    locale: str = "fr",
    password_hash: str | None = None,
    confirmed: bool = True,
    now: datetime,
) -> AccountId:
    """Make an account; raises EmailTaken, also when two are made at once."""
    values = {
        "email": email.lower(),
        "name": name,
        "locale": locale,
        "password_hash": password_hash,
        "created_at": now,
        "confirmed_at": now if confirmed else None,
    }
    try:
        with session.begin_nested():
            made = session.scalar(insert(AccountRow).values(values).returning(AccountRow.id))
    except IntegrityError as error:
        raise EmailTaken from error
    return AccountId(made or 0)


def edit_account(session: Session, actor: Actor, *, name: str, locale: str) -> None:
    """Change one's own name and language."""
    require(actor, Permission.ACCOUNT_EDIT, Subject(owner_id=actor.account_id))
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == actor.account_id)
        .values(name=name, folded_name=folded(name), locale=locale)
    )


def change_language(session: Session, actor: Actor, locale: str) -> None:
    """Remember in which language somebody reads."""
    session.execute(
        update(AccountRow).where(AccountRow.id == actor.account_id).values(locale=locale)
    )


def set_password(
    session: Session, account_id: AccountId, password_hash: str, *, now: datetime
) -> None:
    """Set a password: every sign-in session ends, every mailed link dies, the owner is told."""
    session.execute(
        update(AccountRow).where(AccountRow.id == account_id).values(password_hash=password_hash)
    )
    session.execute(
        update(MailTokenRow)
        .where(MailTokenRow.account_id == account_id, MailTokenRow.used_at.is_(None))
        .values(used_at=now)
    )
    close_sessions(session, account_id)
    outbox.put(session, PasswordChanged(account_id, now.isoformat()), now=now)


def rehash_password(session: Session, account_id: AccountId, *, old: str, new: str) -> None:
    """Keep the same password by today's parameters, unless it was changed meanwhile."""
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id, AccountRow.password_hash == old)
        .values(password_hash=new)
    )


def disable_account(session: Session, actor: Actor, account_id: int, *, now: datetime) -> None:
    """Close an account: its sessions end and its tokens stop; raises LastManager."""
    require(actor, Permission.ACCOUNT_DISABLE, Subject())
    lock_managers(session)
    _set_disabled(session, account_id, now)
    keep_one_manager(session)
    close_sessions(session, AccountId(account_id))


def enable_account(session: Session, actor: Actor, account_id: int) -> None:
    """Open a closed account again."""
    require(actor, Permission.ACCOUNT_DISABLE, Subject())
    _set_disabled(session, account_id, None)


def _set_disabled(session: Session, account_id: int, at: datetime | None) -> None:
    changed = session.scalar(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(disabled_at=at)
        .returning(AccountRow.id)
    )
    if changed is None:
        raise UnknownAccount(str(account_id))
