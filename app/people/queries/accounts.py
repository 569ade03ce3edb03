"""Accounts as values: one by id or address, many by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownAccount
from app.domain.ids import AccountId, OrganisationId
from app.domain.plain_text import folded
from app.people.tables import AccountRow

_Columns = tuple[int, str, str, str, int | None, datetime, datetime | None, datetime | None, bool]
LARGEST_ID = 2**63 - 1  # beyond it a driver would raise instead of finding nothing
LIKE_SIGNS = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_", "\0": ""})


@dataclass(frozen=True, slots=True)
class Person:
    """An account, without anything secret."""

    id: AccountId
    email: str
    name: str
    locale: str
    payer_organisation_id: OrganisationId | None
    created_at: datetime
    confirmed_at: datetime | None
    disabled_at: datetime | None
    has_password: bool


def _people() -> Select[*_Columns]:
    return select(
        AccountRow.id,
        AccountRow.email,
        AccountRow.name,
        AccountRow.locale,
        AccountRow.payer_organisation_id,
        AccountRow.created_at,
        AccountRow.confirmed_at,
        AccountRow.disabled_at,
        AccountRow.password_hash.is_not(None).label("has_password"),
    )


def _person(row: Row[*_Columns]) -> Person:
    payer = row.payer_organisation_id
    return Person(
        id=AccountId(row.id),
        email=row.email,
        name=row.name,
        locale=row.locale,
        payer_organisation_id=None if payer is None else OrganisationId(payer),
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        disabled_at=row.disabled_at,
        has_password=bool(row.has_password),
    )


def find_account(session: Session, account_id: int) -> Person | None:
    """Give the account of that id, or None."""
    if not 0 < account_id <= LARGEST_ID:
        return None
    row = session.execute(_people().where(AccountRow.id == account_id)).one_or_none()
    return _person(row) if row else None


def get_account(session: Session, account_id: int) -> Person:
    """Give the account of that id; raises UnknownAccount."""
    found = find_account(session, account_id)
    if found is None:
        raise UnknownAccount(str(account_id))
    return found


def find_account_by_email(session: Session, email: str) -> Person | None:
    """Give the account of that address in any case, or None."""
    row = session.execute(_people().where(AccountRow.email == email.lower())).one_or_none()
    return _person(row) if row else None


def names(session: Session, ids: Iterable[int]) -> dict[AccountId, str]:
    """Give the names of many accounts in one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = session.execute(select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(wanted)))
    return {AccountId(row.id): row.name for row in rows}


def search_people(session: Session, text: str, *, most: int = 50) -> list[Person]:
    """Give the people whose name or address contains every word, by name; accents do not count."""
    people = _people()
    for word in text.split()[:8]:
        typed = f"%{word[:60].translate(LIKE_SIGNS)}%"
        people = people.where(
            or_(
                AccountRow.folded_name.like(folded(typed), escape="\\"),
                AccountRow.email.like(typed.lower(), escape="\\"),
            )
        )
    rows = session.execute(people.order_by(AccountRow.folded_name, AccountRow.id).limit(most))
    return [_person(row) for row in rows]
