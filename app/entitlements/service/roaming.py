"""Visits of members of other operators: what is owed for each is noted when it takes place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.entitlements.queries import rights_by_id
from app.entitlements.service.spending import standing_uses
from app.entitlements.tables import RoamingDebtRow
from app.spaces.network import Network


def note_visit(session: Session, network: Network, booking_id: int, *, now: datetime) -> int:
    """Note what is owed for a booking whose people have come; gives how many debts that makes.

    Said twice it is noted once; a right used at home owes nothing.
    """
    uses = [use for use in standing_uses(session, booking_id) if use.site_id is not None]
    rights = rights_by_id(session, network, (use.entitlement_id for use in uses))
    known = {
        row.entitlement_id: row.id
        for row in session.execute(
            select(RoamingDebtRow.entitlement_id, RoamingDebtRow.id).where(
                RoamingDebtRow.booking_id == booking_id
            )
        )
    }
    noted = 0
    for use in uses:
        right, host = rights[use.entitlement_id], network.site_by_id(use.site_id or 0)
        owed = right.honours.roaming
        if owed is None or host.operator == right.site.operator or use.starts_at is None:
            continue
        noted += 1
        if right.id in known:
            _stand(session, known[right.id])
            continue
        session.connection().execute(
            insert(RoamingDebtRow).values(
                booking_id=booking_id,
                entitlement_id=right.id,
                debtor=right.site.operator,
                creditor=host.operator,
                site_id=host.id,
                product=right.product,
                used_on=host.calendar.local_date(use.starts_at),
                amount_minor=owed,
                recorded_at=now,
            )
        )
    return noted


def withdraw_visit(session: Session, booking_id: int, *, now: datetime) -> None:
    """Withdraw what was noted for a booking whose check-in was a slip of the hand."""
    session.connection().execute(
        update(RoamingDebtRow)
        .where(RoamingDebtRow.booking_id == booking_id, RoamingDebtRow.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _stand(session: Session, debt_id: int) -> None:
    session.connection().execute(
        update(RoamingDebtRow).where(RoamingDebtRow.id == debt_id).values(withdrawn_at=None)
    )
