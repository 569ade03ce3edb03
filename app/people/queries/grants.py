"""What was granted to whom, by whom and why: the standing grants and the log of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.permissions import Role
from app.domain.profiles import Profile, profile_from
from app.people.tables import AccountRow, OrganisationRow, ProfileRow, RoleRow

_Giver = aliased(AccountRow, name="giver")
_Taker = aliased(AccountRow, name="taker")
_Holder = aliased(AccountRow, name="holder")


@dataclass(frozen=True, slots=True)
class Granted:
    """What every grant tells: who gave it when and why, and who ended it when."""

    id: int
    holder: str
    account_id: AccountId | None
    granted_by: str | None
    granted_at: datetime
    reason: str
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantedRole(Granted):
    """A role somebody has or had."""

    role: Role
    site: SiteCode | None


@dataclass(frozen=True, slots=True)
class GrantedProfile(Granted):
    """A tariff profile somebody proved or had proven."""

    organisation_id: OrganisationId | None
    profile: Profile
    valid_from: date
    valid_until: date

    def is_valid(self, on: date) -> bool:
        """Whether it counts on that day."""
        return self.revoked_at is None and self.valid_from <= on <= self.valid_until


def roles_of(session: Session, account_id: int) -> list[GrantedRole]:
    """Give the roles of an account, ended ones too, the latest first."""
    return _roles(session, RoleRow.account_id == account_id)


def profiles_of(
    session: Session, *, account_id: int | None = None, organisation_id: int | None = None
) -> list[GrantedProfile]:
    """Give the profiles of a person or an organisation, ended ones too, the latest first."""
    if organisation_id is not None:
        return _profiles(session, ProfileRow.organisation_id == organisation_id)
    return _profiles(session, ProfileRow.account_id == account_id)


def find_profile(session: Session, profile_id: int) -> GrantedProfile | None:
    """Give a profile by its number, or None."""
    found = _profiles(session, ProfileRow.id == profile_id)
    return found[0] if found else None


def grants_log(session: Session, *, most: int = 100) -> list[GrantedRole | GrantedProfile]:
    """Give the latest grants of the network, roles and profiles together, the latest first."""
    grants: list[GrantedRole | GrantedProfile] = [
        *_roles(session, most=most),
        *_profiles(session, most=most),
    ]
    grants.sort(key=lambda each: (each.granted_at, type(each).__name__, each.id), reverse=True)
    return grants[:most]


def _with_names(
    table: type[RoleRow] | type[ProfileRow],
) -> Select[*tuple[object, ...]]:
    return (
        select(
            table.__table__,
            _Holder.name.label("holder"),
            _Giver.name.label("giver"),
            _Taker.name.label("taker"),
        )
        .select_from(table)
        .outerjoin(_Holder, _Holder.id == table.account_id)
        .outerjoin(_Giver, _Giver.id == table.granted_by)
        .outerjoin(_Taker, _Taker.id == table.revoked_by)
        .order_by(table.granted_at.desc(), table.id.desc())
    )


def _roles(session: Session, *wanted: ColumnElement[bool], most: int = 500) -> list[GrantedRole]:
    rows = session.execute(_with_names(RoleRow).where(*wanted).limit(most))
    return [
        GrantedRole(
            id=row.id,
            holder=row.holder,
            account_id=AccountId(row.account_id),
            granted_by=row.giver,
            granted_at=row.granted_at,
            reason=row.reason,
            revoked_by=row.taker,
            revoked_at=row.revoked_at,
            role=Role(row.role),
            site=None if row.site_code is None else SiteCode(row.site_code),
        )
        for row in rows
    ]


def _profiles(
    session: Session, *wanted: ColumnElement[bool], most: int = 500
) -> list[GrantedProfile]:
    statement = (
        _with_names(ProfileRow)
        .add_columns(OrganisationRow.name.label("organisation"))
        .outerjoin(OrganisationRow, OrganisationRow.id == ProfileRow.organisation_id)
    )
    rows = session.execute(statement.where(*wanted).limit(most))
    return [
        GrantedProfile(
            id=row.id,
            holder=row.holder or row.organisation,
            account_id=None if row.account_id is None else AccountId(row.account_id),
            granted_by=row.giver,
            granted_at=row.granted_at,
            reason=row.reason,
            revoked_by=row.taker,
            revoked_at=row.revoked_at,
            organisation_id=(
                None if row.organisation_id is None else OrganisationId(row.organisation_id)
            ),
            profile=profile_from(row.profile),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    ]
