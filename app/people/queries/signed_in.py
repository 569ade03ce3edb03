"""Who is behind a cookie or a token, with everything they are trusted with: one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor, Grant, Role, Scope
from app.people.secret_texts import fingerprint
from app.people.tables import (
    AccountRow,
    ApiTokenRow,
    OrganisationMemberRow,
    RoleRow,
    SignInSessionRow,
)

ABSOLUTE_LIFE = timedelta(days=30)
# Counted from the last writing request, which the edge notes at most once an hour: no GET writes.
IDLE_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody recognised."""

    actor: Actor
    name: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    account_id: AccountId
    password_hash: str | None
    is_disabled: bool
    locale: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser one is signed in with."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    agent: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnToken:
    """An API token, without its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        """Whether a program may still use it."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def find_by_session(session: Session, key: str, *, now: datetime) -> Known | None:
    """Give the person whose sign-in session has this key, unless it or the account has ended."""
    times = {"opened_after": now - ABSOLUTE_LIFE, "seen_after": now - IDLE_LIFE}
    return _known(session, _BY_SESSION, {"hash": fingerprint(key), **times})


def find_by_token(session: Session, token: str, *, now: datetime) -> Known | None:
    """Give the person whose API token this is, held to its scopes, unless either has ended."""
    return _known(session, _BY_TOKEN, {"hash": fingerprint(token), "now": now})


def actor_of(session: Session, account_id: int) -> Actor | None:
    """Give the actor of an account, for commands and jobs."""
    known = _known(session, _BY_ID, {"account": account_id})
    return known.actor if known else None


def is_alive(now: datetime) -> ColumnElement[bool]:
    """The condition that a sign-in session has neither run out nor lain idle."""
    return and_(
        SignInSessionRow.created_at > now - ABSOLUTE_LIFE,
        SignInSessionRow.last_seen_at > now - IDLE_LIFE,
    )


def find_credentials(session: Session, email: str, *, lock: bool = False) -> Credentials | None:
    """Give what the password of an address is checked against, or None.

    Locked, nobody changes it before the end of the transaction.
    """
    statement = select(
        AccountRow.id, AccountRow.password_hash, AccountRow.disabled_at, AccountRow.locale
    ).where(AccountRow.email == email)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        return None
    return Credentials(
        AccountId(row.id), row.password_hash, row.disabled_at is not None, row.locale
    )


def sessions_of(
    session: Session, account_id: AccountId, *, key: str, now: datetime
) -> list[OwnSession]:
    """Give the living sign-in sessions of an account, the latest first; `key` marks this one."""
    rows = session.execute(
        select(SignInSessionRow)
        .where(SignInSessionRow.account_id == account_id, is_alive(now))
        .order_by(SignInSessionRow.last_seen_at.desc(), SignInSessionRow.id.desc())
    ).scalars()
    this = fingerprint(key)
    return [
        OwnSession(row.id, row.created_at, row.last_seen_at, row.agent, row.key_hash == this)
        for row in rows
    ]


def tokens_of(session: Session, account_id: AccountId) -> list[OwnToken]:
    """Give the API tokens of an account, the latest first."""
    rows = session.execute(
        select(ApiTokenRow)
        .where(ApiTokenRow.account_id == account_id)
        .order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id.desc())
        .limit(200)
    ).scalars()
    return [
        OwnToken(
            row.id,
            row.name,
            tuple(Scope(name) for name in row.scopes.split()),
            row.created_at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    ]


def _trusted_with() -> Select[int, str, str, str, str, str | None, int, str]:
    """An account beside each of its roles and organisations: a handful of rows by indexes."""
    return (
        select(
            AccountRow.id,
            AccountRow.name,
            AccountRow.email,
            AccountRow.locale,
            RoleRow.role,
            RoleRow.site_code,
            OrganisationMemberRow.organisation_id,
            OrganisationMemberRow.role.label("membership"),
        )
        .select_from(AccountRow)
        .outerjoin(RoleRow, and_(RoleRow.account_id == AccountRow.id, RoleRow.revoked_at.is_(None)))
        .outerjoin(OrganisationMemberRow, OrganisationMemberRow.account_id == AccountRow.id)
        .where(AccountRow.disabled_at.is_(None))
    )


def _known(
    session: Session, statement: Select[*tuple[object, ...]], values: dict[str, object]
) -> Known | None:
    rows = session.connection().execute(statement, values).all()
    if not rows:
        return None
    first = rows[0]
    memberships = {
        (OrganisationId(row.organisation_id), row.membership)
        for row in rows
        if row.organisation_id is not None
    }
    scopes = first._mapping.get("scopes")
    actor = Actor(
        account_id=AccountId(first.id),
        grants=frozenset(
            Grant(Role(row.role), None if row.site_code is None else SiteCode(row.site_code))
            for row in rows
            if row.role is not None
        ),
        scopes=None if scopes is None else frozenset(Scope(name) for name in scopes.split()),
        organisations_owned=frozenset(each for each, role in memberships if role == "owner"),
        organisations=frozenset(each for each, _ in memberships),
    )
    return Known(actor, first.name, first.email, first.locale)


# Built once: every request that is not anonymous asks one of them.
_BY_ID = _trusted_with().where(AccountRow.id == bindparam("account"))
_BY_SESSION = (
    _trusted_with()
    .join(SignInSessionRow, SignInSessionRow.account_id == AccountRow.id)
    .where(
        SignInSessionRow.key_hash == bindparam("hash"),
        SignInSessionRow.created_at > bindparam("opened_after"),
        SignInSessionRow.last_seen_at > bindparam("seen_after"),
    )
)
_BY_TOKEN = (
    _trusted_with()
    .add_columns(ApiTokenRow.scopes)
    .join(ApiTokenRow, ApiTokenRow.account_id == AccountRow.id)
    .where(
        ApiTokenRow.token_hash == bindparam("hash"),
        ApiTokenRow.revoked_at.is_(None),
        or_(ApiTokenRow.expires_at.is_(None), ApiTokenRow.expires_at > bindparam("now")),
    )
)
