"""Who is written to about a lease: owners of the tenant, managers of the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.permissions import Role
from app.people.tables import AccountRow, OrganisationMemberRow, RoleRow


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets a mail."""

    id: int
    email: str
    locale: str


def owners_of(session: Session, organisation_id: int) -> list[Reader]:
    """Give the owners of an organisation, by id."""
    return _readers(
        session,
        select(AccountRow)
        .join(OrganisationMemberRow, OrganisationMemberRow.account_id == AccountRow.id)
        .where(
            OrganisationMemberRow.organisation_id == organisation_id,
            OrganisationMemberRow.role == "owner",
        ),
    )


def managers_of(session: Session, site: str) -> list[Reader]:
    """Give the managers of a site; those of the network where it has none of its own."""
    standing = select(AccountRow).join(RoleRow, RoleRow.account_id == AccountRow.id)
    standing = standing.where(RoleRow.revoked_at.is_(None))
    own = standing.where(RoleRow.role == Role.MANAGER.value, RoleRow.site_code == site)
    network = standing.where(RoleRow.role == Role.NETWORK_MANAGER.value)
    return _readers(session, own) or _readers(session, network)


def _readers(session: Session, wanted: Select[Any]) -> list[Reader]:
    rows = session.scalars(wanted.where(AccountRow.disabled_at.is_(None)).order_by(AccountRow.id))
    return [Reader(row.id, row.email, row.locale) for row in rows.unique()]
