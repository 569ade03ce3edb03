"""Who pays, and which proven profiles set their price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownAccount
from app.domain.ids import OrganisationId
from app.domain.profiles import ProvenProfile, profile_from
from app.people.tables import AccountRow, ProfileRow

_Columns = tuple[str, str, str, int | None, str, date, date]


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays for somebody's bookings: they themselves, or the organisation they chose."""

    organisation_id: OrganisationId | None
    name: str
    email: str
    locale: str
    profiles: tuple[ProvenProfile, ...]


def payer(session: Session, account_id: int, *, on: date) -> Payer:
    """Give the payer of an account with the profiles proven for that day; one statement.

    Raises UnknownAccount.
    """
    rows = session.connection().execute(_PAYING, {"account": account_id, "on": on}).all()
    if not rows:
        raise UnknownAccount(str(account_id))
    first = rows[0]
    proven = tuple(
        ProvenProfile(profile_from(row.profile), row.valid_from, row.valid_until)
        for row in rows
        if row.profile is not None
    )
    organisation = first.payer_organisation_id
    return Payer(
        None if organisation is None else OrganisationId(organisation),
        first.name,
        first.email,
        first.locale,
        proven,
    )


def _paying() -> Select[*_Columns]:
    """Built once: an API booking asks it every time."""
    paying = AccountRow.payer_organisation_id
    holder = or_(
        and_(paying.is_(None), ProfileRow.account_id == AccountRow.id),
        ProfileRow.organisation_id == paying,
    )
    return (
        select(
            AccountRow.name,
            AccountRow.email,
            AccountRow.locale,
            paying,
            ProfileRow.profile,
            ProfileRow.valid_from,
            ProfileRow.valid_until,
        )
        .select_from(AccountRow)
        .outerjoin(ProfileRow, and_(holder, *_counts(bindparam("on", type_=Date))))
        .where(AccountRow.id == bindparam("account"))
        .order_by(ProfileRow.id)
    )


def _counts(on: date | BindParameter[date]) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a profile counts on a day."""
    return (
        ProfileRow.revoked_at.is_(None),
        ProfileRow.valid_from <= on,
        ProfileRow.valid_until >= on,
    )


def proven_profiles(
    session: Session, *, account_id: int, organisation_id: int | None = None, on: date
) -> list[ProvenProfile]:
    """Give the profiles proven for that day: the organisation's when it pays, else the person's."""
    holder = (
        ProfileRow.account_id == account_id
        if organisation_id is None
        else ProfileRow.organisation_id == organisation_id
    )
    rows = session.execute(
        select(ProfileRow.profile, ProfileRow.valid_from, ProfileRow.valid_until)
        .where(holder, *_counts(on))
        .order_by(ProfileRow.id)
    )
    return [
        ProvenProfile(profile_from(row.profile), row.valid_from, row.valid_until) for row in rows
    ]


_PAYING = _paying()
