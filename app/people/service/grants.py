"""Roles and tariff profiles: granted with a reason, ended, and never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyGranted, BadValidity, NotAllowed, UnknownGrant
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Actor, Permission, Role, Subject, grant_from, require
from app.domain.profiles import Profile
from app.people.queries import get_account, get_organisation
from app.people.service.managers import keep_one_manager, lock_managers
from app.people.service.sessions import close_sessions
from app.people.tables import ProfileRow, ProofGrantRow, RoleRow


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a profile: a person or an organisation."""

    account_id: AccountId | None = None
    organisation_id: OrganisationId | None = None


def grant_role(
    session: Session,
    actor: Actor | None,
    *,
    account_id: int,
    role: Role,
    site: SiteCode | None,
    reason: str = "",
    now: datetime,
) -> int:
    """Trust somebody with a role; without an actor it is the operator's own command.

    A manager grants at their own site only, and the network's role only the network's managers
    grant, so nobody grants above themselves. The person signs in anew to use it. Raises
    NotAllowed, UnknownRole, UnknownAccount, AlreadyGranted.
    """
    grant = grant_from(role, site)
    if actor is not None:
        require(actor, Permission.ROLES_GRANT, Subject(site=site))
    account = get_account(session, account_id)
    values = {
        "account_id": account.id,
        "role": grant.role,
        "site_code": grant.site,
        "granted_by": actor.account_id if actor else None,
        "granted_at": now,
        "reason": reason,
    }
    try:
        with session.begin_nested():
            made = session.scalar(insert(RoleRow).values(values).returning(RoleRow.id))
    except IntegrityError as error:
        raise AlreadyGranted from error
    close_sessions(session, account.id)
    return made or 0


def revoke_role(session: Session, actor: Actor, role_id: int, *, now: datetime) -> AccountId:
    """End a role and give whose it was; the network keeps at least one manager.

    Raises UnknownGrant, NotAllowed, LastManager.
    """
    lock_managers(session)
    row = session.execute(
        select(RoleRow.account_id, RoleRow.role, RoleRow.site_code).where(RoleRow.id == role_id)
    ).one_or_none()
    if row is None:
        raise UnknownGrant
    site = None if row.site_code is None else SiteCode(row.site_code)
    require(actor, Permission.ROLES_GRANT, Subject(site=site))
    ended = session.scalar(
        update(RoleRow)
        .where(RoleRow.id == role_id, RoleRow.revoked_at.is_(None))
        .values(revoked_at=now, revoked_by=actor.account_id)
        .returning(RoleRow.id)
    )
    if ended is None:
        raise UnknownGrant
    if row.role == Role.NETWORK_MANAGER:
        keep_one_manager(session)
    close_sessions(session, AccountId(row.account_id))
    return AccountId(row.account_id)


def grant_profile(
    session: Session,
    actor: Actor | None,
    *,
    holder: Holder,
    profile: Profile,
    valid_from: date,
    valid_until: date,
    reason: str,
    now: datetime,
) -> int:
    """Accept a proof: from then on it sets the holder's price on those days.

    Nobody judges their own proof. Raises NotAllowed, BadValidity, UnknownAccount,
    UnknownOrganisation.
    """
    _refuse_own(actor, holder)
    if valid_until < valid_from:
        raise BadValidity
    if holder.organisation_id is not None:
        get_organisation(session, holder.organisation_id)
    else:
        get_account(session, holder.account_id or 0)
    made = session.scalar(
        insert(ProfileRow)
        .values(
            account_id=holder.account_id,
            organisation_id=holder.organisation_id,
            profile=profile,
            valid_from=valid_from,
            valid_until=valid_until,
            granted_by=actor.account_id if actor else None,
            granted_at=now,
            reason=reason,
        )
        .returning(ProfileRow.id)
    )
    return made or 0


def end_profile(session: Session, actor: Actor, profile_id: int, *, now: datetime) -> Holder:
    """End a profile before its time and give whose it was; raises UnknownGrant, NotAllowed.

    The stages of a start-up rest on one proof and end together.
    """
    row = session.execute(
        select(ProfileRow.account_id, ProfileRow.organisation_id).where(ProfileRow.id == profile_id)
    ).one_or_none()
    if row is None:
        raise UnknownGrant
    holder = Holder(
        None if row.account_id is None else AccountId(row.account_id),
        None if row.organisation_id is None else OrganisationId(row.organisation_id),
    )
    _refuse_own(actor, holder)
    ended = session.scalars(
        update(ProfileRow)
        .where(
            ProfileRow.id.in_({profile_id, *_of_one_proof(session, profile_id)}),
            ProfileRow.revoked_at.is_(None),
        )
        .values(revoked_at=now, revoked_by=actor.account_id)
        .returning(ProfileRow.id)
    ).all()
    if profile_id not in ended:
        raise UnknownGrant
    return holder


def _of_one_proof(session: Session, profile_id: int) -> Sequence[int]:
    proof = select(ProofGrantRow.request_id).where(ProofGrantRow.profile_id == profile_id)
    return session.scalars(
        select(ProofGrantRow.profile_id).where(ProofGrantRow.request_id.in_(proof))
    ).all()


def _refuse_own(actor: Actor | None, holder: Holder) -> None:
    if actor is None:
        return
    require(actor, Permission.PROFILES_GRANT, Subject())
    if holder.account_id == actor.account_id or holder.organisation_id in actor.organisations:
        raise NotAllowed(Permission.PROFILES_GRANT)
