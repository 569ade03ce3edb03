"""Who may enter which office: tenancies of a person, and the phones of all tenants of a site."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Subquery, null, or_, select, union_all
from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.offices import LIFE, Tenancy, office_id, turns_open_in
from app.access.tables import HolderDeviceRow
from app.domain.calendars import local_day
from app.domain.intervals import Span
from app.domain.lease_states import LeaseState
from app.domain.permissions import Actor
from app.leases.tables import LeaseRow
from app.people.tables import OrganisationLeaverRow, OrganisationMemberRow
from app.spaces.network import Network, Site

_MARGIN: Final = timedelta(hours=1)
_ENTERED: Final = LeaseState.ENTERED.value


def tenancies_of(
    session: Session, network: Network, actor: Actor, *, now: datetime
) -> list[Tenancy]:
    """Give the offices that the actor's organisations hold today; one statement."""
    organisations = actor.organisations | actor.organisations_owned
    if not organisations:
        return []
    rows = session.execute(
        select(LeaseRow.id, LeaseRow.space_id, LeaseRow.first_day, LeaseRow.last_day)
        .where(LeaseRow.organisation_id.in_(sorted(organisations)), LeaseRow.state == _ENTERED)
        .order_by(LeaseRow.first_day, LeaseRow.id)
    )
    places = {space.id: (space, site) for site in network.sites for space in site.spaces}
    found = [
        Tenancy(row.id, *places[row.space_id], row.first_day, row.last_day)
        for row in rows
        if row.space_id in places
    ]
    return [each for each in found if each.span.start <= now < each.span.end]


def given_up_office_ids(
    session: Session, site: Site, keys: IssuerKeys, span: Span
) -> frozenset[bytes]:
    """Name the office passes of a site that were given up, though they would open in the span."""
    names = office_names(session, site, keys, span)
    return frozenset(name for name, ended_at in names.items() if ended_at is not None)


def office_names(
    session: Session, site: Site, keys: IssuerKeys, span: Span
) -> dict[bytes, datetime | None]:
    """Name the office passes of a site that would open in the span, with when they were given up.

    One statement. Given up are those of revoked phones, of people who left the tenant, and of
    leases that have ended, which is told by the day.
    """
    since = span.start - LIFE - _MARGIN
    members = _members(since)
    rows = session.execute(
        select(
            LeaseRow.id,
            HolderDeviceRow.code,
            HolderDeviceRow.revoked_at,
            members.c.left_at,
            LeaseRow.left_on,
        )
        .join(members, members.c.organisation_id == LeaseRow.organisation_id)
        .join(HolderDeviceRow, HolderDeviceRow.account_id == members.c.account_id)
        .where(
            LeaseRow.site_id == site.id,
            or_(LeaseRow.state == _ENTERED, LeaseRow.left_on >= since.date()),
            or_(HolderDeviceRow.revoked_at.is_(None), HolderDeviceRow.revoked_at > since),
        )
        .order_by(LeaseRow.id, HolderDeviceRow.id, members.c.left_at)
    )
    turns, found = turns_open_in(span), dict[bytes, datetime | None]()
    for lease_id, code, revoked_at, left_at, left_on in rows:
        exit_at = None if left_on is None else local_day(site.calendar, left_on).end
        ends = (each for each in (revoked_at, left_at, exit_at) if each is not None)
        ended_at = min(ends, default=None)
        for turn in turns:
            name = office_id(keys, lease_id, code, turn)
            if name not in found or found[name] is not None:
                found[name] = ended_at
    return found


def _members(since: datetime) -> Subquery:
    """Select who belongs to which organisation, and who has left one since then."""
    here, gone = OrganisationMemberRow, OrganisationLeaverRow
    return union_all(
        select(gone.organisation_id, gone.account_id, gone.left_at).where(gone.left_at > since),
        select(here.organisation_id, here.account_id, null().label("left_at")),
    ).subquery("members")
