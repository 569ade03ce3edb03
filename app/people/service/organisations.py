"""Organisations: founded, described, joined, left, and chosen as the payer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import outbox
from app.domain.errors import AlreadyMember, LastOwner, UnknownAccount, UnknownOrganisation
from app.domain.events import DoorsTold
from app.domain.ids import OrganisationId
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.gateways.vies import VatIdVerdict
from app.people.tables import (
    AccountRow,
    OrganisationLeaverRow,
    OrganisationMemberRow,
    OrganisationRow,
)

LEAVERS_KEPT = timedelta(days=92)


class MemberRole(StrEnum):
    """What somebody is in an organisation: owners invite, remove and describe."""

    OWNER = "owner"
    MEMBER = "member"


def create_organisation(
    session: Session,
    actor: Actor,
    *,
    name: str,
    siren: str | None = None,
    vat_id: str | None = None,
    vat_verdict: VatIdVerdict | None = None,
    now: datetime,
) -> OrganisationId:
    """Found an organisation; who founds it owns it. The verdict on its VAT number is kept."""
    require(actor, Permission.ORGANISATION_CREATE, Subject())
    made = session.scalar(
        insert(OrganisationRow)
        .values(name=name, siren=siren, **_vat_columns(vat_id, vat_verdict, now), created_at=now)
        .returning(OrganisationRow.id)
    )
    organisation_id = OrganisationId(made or 0)
    add_member(
        session,
        organisation_id=organisation_id,
        account_id=actor.account_id,
        role=MemberRole.OWNER,
        now=now,
    )
    return organisation_id


def edit_organisation(
    session: Session,
    actor: Actor,
    organisation_id: OrganisationId,
    *,
    name: str,
    siren: str | None,
    vat_id: str | None,
    vat_verdict: VatIdVerdict | None = None,
    now: datetime,
) -> None:
    """Describe an organisation anew; raises UnknownOrganisation, NotAllowed."""
    require_manage(actor, organisation_id)
    session.execute(
        update(OrganisationRow)
        .where(OrganisationRow.id == organisation_id)
        .values(name=name, siren=siren, **_vat_columns(vat_id, vat_verdict, now))
    )


def _vat_columns(
    vat_id: str | None, verdict: VatIdVerdict | None, now: datetime
) -> dict[str, str | datetime | None]:
    return {
        "vat_id": vat_id,
        "vat_verdict": None if verdict is None else verdict.value,
        "vat_asked_at": None if verdict is None else now,
    }


def add_member(
    session: Session,
    *,
    organisation_id: int,
    account_id: int,
    role: MemberRole = MemberRole.MEMBER,
    now: datetime,
) -> None:
    """Let somebody belong to an organisation; raises AlreadyMember."""
    try:
        with session.begin_nested():
            session.execute(
                insert(OrganisationMemberRow).values(
                    organisation_id=organisation_id,
                    account_id=account_id,
                    role=role,
                    joined_at=now,
                )
            )
    except IntegrityError as error:
        raise AlreadyMember from error


def change_member(
    session: Session,
    actor: Actor,
    organisation_id: OrganisationId,
    account_id: int,
    role: MemberRole,
) -> None:
    """Make a member an owner or the other way round; an owner is always left.

    Raises UnknownOrganisation, NotAllowed, UnknownAccount, LastOwner.
    """
    require_manage(actor, organisation_id)
    lock_organisation(session, organisation_id)
    changed = session.scalar(
        update(OrganisationMemberRow)
        .where(*_is_member(organisation_id, account_id))
        .values(role=role)
        .returning(OrganisationMemberRow.account_id)
    )
    if changed is None:
        raise UnknownAccount(str(account_id))
    _keep_one_owner(session, organisation_id)


def remove_member(
    session: Session,
    actor: Actor,
    organisation_id: OrganisationId,
    account_id: int,
    *,
    now: datetime,
) -> None:
    """Let somebody leave, or send them away; an owner is always left.

    What they book from then on they pay themselves, and the organisation's doors are told. Raises
    as `change_member`.
    """
    if account_id != actor.account_id:
        require_manage(actor, organisation_id)
    lock_organisation(session, organisation_id)
    removed = session.scalar(
        delete(OrganisationMemberRow)
        .where(*_is_member(organisation_id, account_id))
        .returning(OrganisationMemberRow.account_id)
    )
    if removed is None:
        raise UnknownOrganisation(str(organisation_id))
    _keep_one_owner(session, organisation_id)
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id, AccountRow.payer_organisation_id == organisation_id)
        .values(payer_organisation_id=None)
    )
    session.merge(
        OrganisationLeaverRow(organisation_id=organisation_id, account_id=account_id, left_at=now)
    )
    outbox.put(session, DoorsTold("member-left"), now=now)


def forget_old_leavers(session: Session, *, now: datetime) -> None:
    """Delete who left so long ago that no pass of theirs can open, and no door's line is kept."""
    session.execute(
        delete(OrganisationLeaverRow).where(OrganisationLeaverRow.left_at < now - LEAVERS_KEPT)
    )


def choose_payer(session: Session, actor: Actor, organisation_id: int | None) -> None:
    """Choose who pays for one's bookings: an organisation one belongs to, or oneself (None).

    Raises UnknownOrganisation.
    """
    require(actor, Permission.ACCOUNT_EDIT, Subject(owner_id=actor.account_id))
    if organisation_id is not None:
        # Locked, so that leaving at the same moment cannot leave a payer one no longer belongs to.
        lock_organisation(session, organisation_id)
        member = session.scalar(
            select(OrganisationMemberRow.account_id).where(
                *_is_member(organisation_id, actor.account_id)
            )
        )
        if member is None:
            raise UnknownOrganisation(str(organisation_id))
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == actor.account_id)
        .values(payer_organisation_id=organisation_id)
    )


def require_manage(actor: Actor, organisation_id: OrganisationId) -> None:
    """Pass for those who may manage it; raises UnknownOrganisation for strangers, NotAllowed."""
    require_view(actor, organisation_id)
    require(actor, Permission.ORGANISATION_MANAGE, Subject(organisation_id=organisation_id))


def require_view(actor: Actor, organisation_id: OrganisationId) -> None:
    """Pass for those who may see it; raises UnknownOrganisation, as if it were not there."""
    subject = Subject(organisation_id=organisation_id)
    if not allowed(actor, Permission.ORGANISATION_VIEW, subject):
        raise UnknownOrganisation(str(organisation_id))


def lock_organisation(session: Session, organisation_id: int) -> None:
    """Let only one transaction at a time change who belongs; raises UnknownOrganisation."""
    found = session.scalar(
        select(OrganisationRow.id).where(OrganisationRow.id == organisation_id).with_for_update()
    )
    if found is None:
        raise UnknownOrganisation(str(organisation_id))


def _is_member(organisation_id: int, account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        OrganisationMemberRow.organisation_id == organisation_id,
        OrganisationMemberRow.account_id == account_id,
    )


def _keep_one_owner(session: Session, organisation_id: int) -> None:
    owners = session.scalar(
        select(func.count())
        .select_from(OrganisationMemberRow)
        .where(
            OrganisationMemberRow.organisation_id == organisation_id,
            OrganisationMemberRow.role == MemberRole.OWNER,
        )
    )
    if not owners:
        raise LastOwner
