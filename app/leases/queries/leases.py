"""Reads and locks of leases, always with their revisions: a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownLease
from app.domain.lease_states import BINDING, STANDING
from app.domain.titles import Tenure, Title
from app.leases.lease import Lease, LogLine
from app.leases.queries.rows import lease_from
from app.leases.tables import LeaseInventoryRow, LeaseLogRow, LeaseRevisionRow, LeaseRow
from app.people.tables import AccountRow, OrganisationRow
from app.spaces.network import Network

_STANDING = [state.value for state in STANDING]
_BINDING = [state.value for state in BINDING]


def get_lease(session: Session, network: Network, ref: str, *, lock: bool = False) -> Lease:
    """Give the lease of that reference, locked for a writer if asked; raises UnknownLease."""
    wanted = select(LeaseRow).where(LeaseRow.ref == ref).execution_options(populate_existing=True)
    row = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise UnknownLease(ref)
    return _with_parts(session, network, [row])[0]


def leases_of_sites(
    session: Session, network: Network, site_ids: Collection[int], *, ended: bool = False
) -> list[Lease]:
    """Give the leases of sites that are not over, or those that are, by office and first day."""
    over = LeaseRow.state.in_(["ended", "withdrawn"])
    return _find(
        session,
        network,
        LeaseRow.site_id.in_(site_ids),
        over if ended else ~over,
    )


def leases_of_organisations(
    session: Session, network: Network, organisation_ids: Collection[int]
) -> list[Lease]:
    """Give the leases that were offered to organisations or bind them, by office and first day."""
    seen = ["offered", *_BINDING]
    return _find(
        session,
        network,
        LeaseRow.organisation_id.in_(organisation_ids),
        LeaseRow.state.in_(seen),
    )


def standing_leases(
    session: Session, network: Network, *, begun_by: date, after_id: int = 0, most: int = 100
) -> list[Lease]:
    """Give a batch of leases whose tenant has the office, begun by a day, by id."""
    rows = session.scalars(
        select(LeaseRow)
        .where(
            LeaseRow.state.in_(_STANDING), LeaseRow.first_day <= begun_by, LeaseRow.id > after_id
        )
        .order_by(LeaseRow.id)
        .limit(most)
        .with_for_update()
    ).all()
    return _with_parts(session, network, rows, inventories=False)


def count_standing(session: Session, *, begun_by: date) -> int:
    """Count the leases that `standing_leases` gives."""
    counted = select(func.count()).select_from(LeaseRow)
    counted = counted.where(LeaseRow.state.in_(_STANDING), LeaseRow.first_day <= begun_by)
    return session.scalar(counted) or 0


def tenures_before(
    session: Session, *, organisation_id: int, space_id: int, but: int
) -> list[Tenure]:
    """Give what a tenant has or had by signed titles in an office, but for one lease."""
    rows = session.scalars(
        select(LeaseRow)
        .where(
            LeaseRow.organisation_id == organisation_id,
            LeaseRow.space_id == space_id,
            LeaseRow.state.in_(_BINDING),
            LeaseRow.id != but,
        )
        .order_by(LeaseRow.first_day, LeaseRow.id)
    )
    return [
        Tenure(Title(row.title), row.first_day, min(row.left_on or row.last_day, row.last_day))
        for row in rows
    ]


def log_of(session: Session, lease_id: int) -> list[LogLine]:
    """Give what was done to a lease, latest first."""
    rows = session.execute(
        select(LeaseLogRow, AccountRow.name)
        .outerjoin(AccountRow, AccountRow.id == LeaseLogRow.actor_id)
        .where(LeaseLogRow.lease_id == lease_id)
        .order_by(LeaseLogRow.id.desc())
    )
    return [LogLine(row.at, name, row.action, row.facts) for row, name in rows]


def _find(session: Session, network: Network, *conditions: ColumnElement[bool]) -> list[Lease]:
    rows = session.scalars(
        select(LeaseRow)
        .where(*conditions)
        .order_by(LeaseRow.site_id, LeaseRow.space_id, LeaseRow.first_day, LeaseRow.id)
    ).all()
    return _with_parts(session, network, rows)


def _with_parts(
    session: Session, network: Network, rows: Sequence[LeaseRow], *, inventories: bool = True
) -> list[Lease]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    tenants = {
        row.id: row
        for row in session.scalars(
            select(OrganisationRow).where(
                OrganisationRow.id.in_({row.organisation_id for row in rows})
            )
        )
    }
    revisions: dict[int, list[LeaseRevisionRow]] = defaultdict(list)
    for revision in session.scalars(
        select(LeaseRevisionRow)
        .where(LeaseRevisionRow.lease_id.in_(ids))
        .order_by(LeaseRevisionRow.effective_on, LeaseRevisionRow.id)
        .execution_options(populate_existing=True)
    ):
        revisions[revision.lease_id].append(revision)
    recorded: dict[int, list[LeaseInventoryRow]] = defaultdict(list)
    if inventories:
        for inventory in session.scalars(
            select(LeaseInventoryRow)
            .where(LeaseInventoryRow.lease_id.in_(ids))
            .order_by(LeaseInventoryRow.id)
        ):
            recorded[inventory.lease_id].append(inventory)
    return [
        lease_from(network, row, tenants[row.organisation_id], revisions[row.id], recorded[row.id])
        for row in rows
    ]
