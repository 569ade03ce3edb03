"""Inviting colleagues: a mailed link for one address, good for seven days and one person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.errors import AlreadyMember, BadLink, NotForYou, UnknownGrant
from app.domain.events import ColleagueInvited
from app.domain.ids import AccountId, OrganisationId
from app.domain.permissions import Actor
from app.people.queries import find_account_by_email, find_invitation, get_account
from app.people.queries.organisations import Invitation
from app.people.secret_texts import fingerprint, new_secret
from app.people.service.accounts import create_account
from app.people.service.attempts import INVITATION_FROM, note_attempt
from app.people.service.organisations import (
    MemberRole,
    add_member,
    lock_organisation,
    require_manage,
)
from app.people.tables import AccountRow, InvitationRow, OrganisationMemberRow

INVITATION_LIFE = timedelta(days=7)


def invite_colleague(
    session: Session,
    actor: Actor,
    organisation_id: OrganisationId,
    *,
    email: str,
    role: MemberRole,
    now: datetime,
) -> None:
    """Invite an address; an earlier invitation of it is void.

    Raises UnknownOrganisation, NotAllowed, AlreadyMember, TooManyAttempts.
    """
    require_manage(actor, organisation_id)
    lock_organisation(session, organisation_id)
    _refuse_member(session, organisation_id, email)
    note_attempt(session, [(INVITATION_FROM, str(actor.account_id))], now=now)
    _withdraw_earlier(session, organisation_id, email, now)
    token = new_secret()
    made = session.scalar(
        insert(InvitationRow)
        .values(
            organisation_id=organisation_id,
            email=email,
            role=role,
            token_hash=fingerprint(token),
            invited_by=actor.account_id,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        .returning(InvitationRow.id)
    )
    outbox.put(session, ColleagueInvited(made or 0, token), now=now)


def _withdraw_earlier(
    session: Session, organisation_id: OrganisationId, email: str, now: datetime
) -> None:
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.organisation_id == organisation_id,
            InvitationRow.email == email,
            InvitationRow.accepted_at.is_(None),
            InvitationRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def withdraw_invitation(
    session: Session,
    actor: Actor,
    organisation_id: OrganisationId,
    invitation_id: int,
    *,
    now: datetime,
) -> None:
    """Take an open invitation back; raises UnknownOrganisation, NotAllowed, UnknownGrant."""
    require_manage(actor, organisation_id)
    withdrawn = session.scalar(
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            InvitationRow.organisation_id == organisation_id,
            InvitationRow.accepted_at.is_(None),
            InvitationRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .returning(InvitationRow.id)
    )
    if withdrawn is None:
        raise UnknownGrant


def accept_invitation(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> OrganisationId:
    """Join as the person one was invited as; raises BadLink, NotForYou, AlreadyMember."""
    invitation = _spend(session, token, now)
    if get_account(session, actor.account_id).email != invitation.email:
        raise NotForYou
    _join(session, invitation, actor.account_id, now)
    return invitation.organisation_id


def accept_as_new(
    session: Session,
    token: str,
    *,
    name: str,
    locale: str,
    password_hash: str | None,
    now: datetime,
) -> tuple[AccountId, OrganisationId]:
    """Make an account of the invited address and join; the letter has proven the mailbox.

    Raises BadLink, and EmailTaken for somebody who has an account and signs in instead.
    """
    invitation = _spend(session, token, now)
    known = find_account_by_email(session, invitation.email)
    if known is not None and known.confirmed_at is None and known.disabled_at is None:
        account_id = known.id
        session.execute(
            update(AccountRow)
            .where(AccountRow.id == account_id)
            .values(name=name, locale=locale, password_hash=password_hash, confirmed_at=now)
        )
    else:
        account_id = create_account(
            session,
            email=invitation.email,
            name=name,
            locale=locale,
            password_hash=password_hash,
            now=now,
        )
    _join(session, invitation, account_id, now)
    return account_id, invitation.organisation_id


def _spend(session: Session, token: str, now: datetime) -> Invitation:
    """Use an invitation up; of two who come at once only one passes."""
    invitation = find_invitation(session, token, now=now)
    spent = session.scalar(
        update(InvitationRow)
        .where(
            InvitationRow.token_hash == fingerprint(token),
            InvitationRow.accepted_at.is_(None),
            InvitationRow.withdrawn_at.is_(None),
            InvitationRow.expires_at > now,
        )
        .values(accepted_at=now)
        .returning(InvitationRow.id)
    )
    if invitation is None or spent is None:
        raise BadLink
    return invitation


def _join(session: Session, invitation: Invitation, account_id: AccountId, now: datetime) -> None:
    add_member(
        session,
        organisation_id=invitation.organisation_id,
        account_id=account_id,
        role=MemberRole(invitation.role),
        now=now,
    )


def _refuse_member(session: Session, organisation_id: OrganisationId, email: str) -> None:
    member = session.scalar(
        select(AccountRow.id)
        .join(OrganisationMemberRow, OrganisationMemberRow.account_id == AccountRow.id)
        .where(OrganisationMemberRow.organisation_id == organisation_id, AccountRow.email == email)
    )
    if member is not None:
        raise AlreadyMember
