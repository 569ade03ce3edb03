"""Mailed links: asked for without telling who has an account, spent once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.errors import BadLink, EmailTaken
from app.domain.events import MailLinkAsked
from app.domain.ids import AccountId
from app.domain.plain_text import folded
from app.people.queries import find_account_by_email
from app.people.queries.links import LinkPurpose
from app.people.secret_texts import fingerprint, new_secret
from app.people.service.accounts import create_account
from app.people.tables import AccountRow, MailTokenRow

LIVES: dict[LinkPurpose, timedelta] = {
    LinkPurpose.SIGN_IN: timedelta(minutes=15),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.CONFIRM: timedelta(hours=24),
}


class Letter(StrEnum):
    """Which letter carries a link; an address that signs up twice gets a letter of its own."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    CONFIRM = "confirm"
    KNOWN = "known"


def ask_sign_up(session: Session, *, email: str, name: str, locale: str, now: datetime) -> None:
    """Send a link that confirms the address; whoever asks learns nothing about it.

    Somebody with an account gets a letter that says so, with a link to sign in. No password is
    asked before the address is proven, so nobody can prepare an account for somebody else.
    """
    account = find_account_by_email(session, email)
    if account is None:
        try:
            made = create_account(
                session, email=email, name=name, locale=locale, confirmed=False, now=now
            )
        except EmailTaken:  # the same form was sent twice at once: the other one's letter is out
            return
        _send(session, made, LinkPurpose.CONFIRM, Letter.CONFIRM, now)
    elif account.disabled_at is not None:
        return
    elif account.confirmed_at is None:
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == account.id)
            .values(name=name, folded_name=folded(name), locale=locale)
        )
        _send(session, account.id, LinkPurpose.CONFIRM, Letter.CONFIRM, now)
    else:
        _send(session, account.id, LinkPurpose.SIGN_IN, Letter.KNOWN, now)


def ask_link(session: Session, *, email: str, purpose: LinkPurpose, now: datetime) -> None:
    """Send a link to sign in or to reset a password, if the address has an account."""
    account = find_account_by_email(session, email)
    if account is not None and account.disabled_at is None:
        _send(session, account.id, purpose, Letter(purpose.value), now)


def spend_link(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> AccountId:
    """Use a link up and give whose it is; its mailbox is proven by it. Raises BadLink.

    One statement marks it used, so of two who come at once only one passes.
    """
    account_id = session.scalar(
        update(MailTokenRow)
        .where(
            MailTokenRow.token_hash == fingerprint(token),
            MailTokenRow.purpose == purpose,
            MailTokenRow.used_at.is_(None),
            MailTokenRow.expires_at > now,
            MailTokenRow.account_id.in_(
                select(AccountRow.id).where(AccountRow.disabled_at.is_(None))
            ),
        )
        .values(used_at=now)
        .returning(MailTokenRow.account_id)
    )
    if account_id is None:
        raise BadLink
    session.execute(
        update(MailTokenRow)
        .where(
            MailTokenRow.account_id == account_id,
            MailTokenRow.purpose == purpose,
            MailTokenRow.used_at.is_(None),
        )
        .values(used_at=now)
    )
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(confirmed_at=func.coalesce(AccountRow.confirmed_at, now))
    )
    return AccountId(account_id)


def confirm_account(
    session: Session, token: str, *, password_hash: str | None, now: datetime
) -> AccountId:
    """Spend the link of a sign-up and set the password chosen with it, if any; raises BadLink."""
    account_id = spend_link(session, token, LinkPurpose.CONFIRM, now=now)
    if password_hash is not None:
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == account_id)
            .values(password_hash=password_hash)
        )
    return account_id


def _send(
    session: Session,
    account_id: AccountId,
    purpose: LinkPurpose,
    letter: Letter,
    now: datetime,
) -> None:
    token = new_secret()
    session.execute(
        insert(MailTokenRow).values(
            account_id=account_id,
            purpose=purpose,
            token_hash=fingerprint(token),
            created_at=now,
            expires_at=now + LIVES[purpose],
        )
    )
    outbox.put(session, MailLinkAsked(account_id, letter, token), now=now)
