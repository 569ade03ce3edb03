"""Who may enter which office: tenancies of a person, and the phones of all tenants of a site."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.offices import LIFE, Tenancy, office_id, turns_open_in
from app.access.tables import HolderDeviceRow
from app.domain.intervals import Span
from app.domain.lease_states import LeaseState
from app.domain.permissions import Actor
from app.leases.tables import LeaseRow
from app.people.tables import OrganisationMemberRow
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


def office_ids(
    session: Session, site: Site, keys: IssuerKeys, span: Span, *, given_up: bool
) -> frozenset[bytes]:
    """Name the office passes of a site that would open in the span: all, or those given up.

    One statement. Given up are those of revoked phones, and of leases that have ended.
    """
    since = span.start - LIFE - _MARGIN
    is_revoked = HolderDeviceRow.revoked_at > since
    has_ended = LeaseRow.left_on >= since.date()
    stands = and_(LeaseRow.state == _ENTERED, HolderDeviceRow.revoked_at.is_(None))
    has_office = or_(LeaseRow.state == _ENTERED, has_ended)
    wanted = or_(is_revoked, has_ended) if given_up else or_(stands, is_revoked, has_ended)
    rows = session.execute(
        select(LeaseRow.id, HolderDeviceRow.code)
        .join(
            OrganisationMemberRow,
            OrganisationMemberRow.organisation_id == LeaseRow.organisation_id,
        )
        .join(HolderDeviceRow, HolderDeviceRow.account_id == OrganisationMemberRow.account_id)
        .where(LeaseRow.site_id == site.id, has_office, wanted)
    )
    turns = turns_open_in(span)
    return frozenset(
        office_id(keys, lease_id, code, turn) for lease_id, code in rows for turn in turns
    )
