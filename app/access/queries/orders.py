"""The orders that doors follow now, read with who gave them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.orders import Order, OrderKind
from app.access.tables import DoorOrderRow
from app.domain.ids import DoorId
from app.people.tables import AccountRow
from app.spaces.network import Network, Site


def running_orders(session: Session, site: Site, *, now: datetime) -> list[Order]:
    """Give the orders that run at a site, oldest first; one statement."""
    rows = session.execute(
        select(DoorOrderRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == DoorOrderRow.ordered_by)
        .where(
            DoorOrderRow.site_id == site.id,
            DoorOrderRow.ends_at > now,
            DoorOrderRow.lifted_at.is_(None),
        )
        .order_by(DoorOrderRow.id)
    )
    return [_order(row, name, site) for row, name in rows]


def find_order(
    session: Session, network: Network, order_id: int
) -> tuple[DoorOrderRow, Order] | None:
    """Give an order to be lifted, its row locked; None when there is none."""
    row = session.get(DoorOrderRow, order_id, with_for_update=True)
    if row is None:
        return None
    site = next(each for each in network.sites if each.id == row.site_id)
    return row, _order(row, "", site)


def _order(row: DoorOrderRow, name: str, site: Site) -> Order:
    doors = {door.id: door for door in site.doors}
    return Order(
        id=row.id,
        site=site,
        door=None if row.door_id is None else doors.get(DoorId(row.door_id)),
        kind=OrderKind(row.kind),
        reason=row.reason,
        ordered_at=row.ordered_at,
        ordered_by=name,
        ends_at=row.ends_at,
    )
