"""Organisations, their members and the invitations that are still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownOrganisation
from app.domain.ids import AccountId, OrganisationId
from app.gateways.vies import VatIdVerdict
from app.people.queries.accounts import LARGEST_ID, LIKE_SIGNS
from app.people.secret_texts import fingerprint
from app.people.tables import AccountRow, InvitationRow, OrganisationMemberRow, OrganisationRow


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, association or laboratory."""

    id: OrganisationId
    name: str
    siren: str | None
    vat_id: str | None
    created_on: date | None = None
    vat_verdict: VatIdVerdict | None = None
    vat_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation somebody belongs to, and as what."""

    organisation_id: OrganisationId
    name: str
    role: str
    created_on: date | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who belongs to an organisation."""

    account_id: AccountId
    name: str
    email: str
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation into an organisation."""

    id: int
    organisation_id: OrganisationId
    organisation: str
    email: str
    role: str
    expires_at: datetime
    invited_by: str


def find_organisation(session: Session, organisation_id: int) -> Organisation | None:
    """Give the organisation of that id, or None."""
    if not 0 < organisation_id <= LARGEST_ID:
        return None
    row = session.get(OrganisationRow, organisation_id)
    return _organisation(row) if row else None


def get_organisation(session: Session, organisation_id: int) -> Organisation:
    """Give the organisation of that id; raises UnknownOrganisation."""
    found = find_organisation(session, organisation_id)
    if found is None:
        raise UnknownOrganisation(str(organisation_id))
    return found


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(
        OrganisationId(row.id),
        row.name,
        row.siren,
        row.vat_id,
        row.created_on,
        None if row.vat_verdict is None else VatIdVerdict(row.vat_verdict),
        row.vat_asked_at,
    )


def search_organisations(session: Session, text: str, *, most: int = 50) -> list[Organisation]:
    """Give the organisations whose name or SIREN contains the text, by name."""
    typed = f"%{text.strip()[:60].translate(LIKE_SIGNS)}%"
    rows = session.scalars(
        select(OrganisationRow)
        .where(
            func.lower(OrganisationRow.name).like(typed.lower(), escape="\\")
            | OrganisationRow.name.like(typed, escape="\\")  # SQLite lowers ASCII only
            | OrganisationRow.siren.like(typed, escape="\\")
        )
        .order_by(OrganisationRow.name, OrganisationRow.id)
        .limit(most)
    )
    return [_organisation(row) for row in rows]


def organisations_of(session: Session, account_id: int) -> list[Membership]:
    """Give the organisations of an account, by name."""
    rows = session.execute(
        select(
            OrganisationRow.id,
            OrganisationRow.name,
            OrganisationMemberRow.role,
            OrganisationRow.created_on,
        )
        .join(OrganisationMemberRow, OrganisationMemberRow.organisation_id == OrganisationRow.id)
        .where(OrganisationMemberRow.account_id == account_id)
        .order_by(OrganisationRow.name, OrganisationRow.id)
    )
    return [Membership(OrganisationId(row.id), row.name, row.role, row.created_on) for row in rows]


def colleagues(session: Session, organisation_id: int) -> list[Colleague]:
    """Give the members of an organisation, owners first, then by name."""
    rows = session.execute(
        select(
            AccountRow.id,
            AccountRow.name,
            AccountRow.email,
            OrganisationMemberRow.role,
            OrganisationMemberRow.joined_at,
        )
        .join(OrganisationMemberRow, OrganisationMemberRow.account_id == AccountRow.id)
        .where(OrganisationMemberRow.organisation_id == organisation_id)
        .order_by(OrganisationMemberRow.role.desc(), AccountRow.name, AccountRow.id)
    )
    return [
        Colleague(AccountId(row.id), row.name, row.email, row.role, row.joined_at) for row in rows
    ]


def open_invitations(session: Session, organisation_id: int, *, now: datetime) -> list[Invitation]:
    """Give the invitations of an organisation that can still be accepted, oldest first."""
    return _invitations(session, now, InvitationRow.organisation_id == organisation_id)


def find_invitation(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """Give the open invitation of a mailed link, or None."""
    found = _invitations(session, now, InvitationRow.token_hash == fingerprint(token))
    return found[0] if found else None


def find_invitation_by_id(
    session: Session, invitation_id: int, *, now: datetime
) -> Invitation | None:
    """Give an invitation by its number while it is open, or None."""
    found = _invitations(session, now, InvitationRow.id == invitation_id)
    return found[0] if found else None


def _invitations(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> list[Invitation]:
    conditions = (
        *wanted,
        InvitationRow.accepted_at.is_(None),
        InvitationRow.withdrawn_at.is_(None),
        InvitationRow.expires_at > now,
    )
    rows = session.execute(
        select(
            InvitationRow.id,
            InvitationRow.organisation_id,
            OrganisationRow.name.label("organisation"),
            InvitationRow.email,
            InvitationRow.role,
            InvitationRow.expires_at,
            AccountRow.name.label("invited_by"),
        )
        .join(OrganisationRow, OrganisationRow.id == InvitationRow.organisation_id)
        .join(AccountRow, AccountRow.id == InvitationRow.invited_by)
        .where(*conditions)
        .order_by(InvitationRow.created_at, InvitationRow.id)
    )
    return [
        Invitation(
            row.id,
            OrganisationId(row.organisation_id),
            row.organisation,
            row.email,
            row.role,
            row.expires_at,
            row.invited_by,
        )
        for row in rows
    ]
