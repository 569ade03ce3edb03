"""Residence: leases say from when until when somebody resides, and prices follow."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.entitlements.entitlement import Holder
from app.entitlements.tables import ResidenceRow


def set_residence(
    session: Session,
    *,
    holder: Holder,
    source: str,
    valid_from: date,
    valid_until: date,
    now: datetime,
) -> None:
    """Say that somebody resides on these days by virtue of `source`; said again, it is replaced.

    The holder is a person or an organisation, not both.
    """
    values = {
        "account_id": holder.account_id,
        "organisation_id": holder.organisation_id,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "changed_at": now,
    }
    changed = session.connection().execute(
        update(ResidenceRow).where(ResidenceRow.source == source).values(values)
    )
    if not changed.rowcount:
        session.connection().execute(insert(ResidenceRow).values(source=source, **values))


def end_residence(session: Session, source: str) -> None:
    """Forget a residence that never was, as when a lease is withdrawn before it began."""
    session.connection().execute(delete(ResidenceRow).where(ResidenceRow.source == source))
