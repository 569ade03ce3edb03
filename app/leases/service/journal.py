"""What every deed leaves behind: changed columns and a line in the log of the lease."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.domain.json_values import JsonObject
from app.domain.lease_states import LeaseState, require_lease_move
from app.domain.permissions import Actor
from app.leases.lease import Lease
from app.leases.tables import LeaseLogRow, LeaseRow


def note(
    session: Session,
    lease_id: int,
    action: str,
    *,
    by: Actor | None,
    now: datetime,
    facts: JsonObject | None = None,
) -> None:
    """Add a line to the log of a lease; ``by`` is None for commands and jobs."""
    session.execute(
        insert(LeaseLogRow).values(
            lease_id=lease_id,
            at=now,
            actor_id=None if by is None else by.account_id,
            action=action,
            facts=facts or {},
        )
    )


def write(
    session: Session, lease: Lease, *, state: LeaseState | None = None, **values: Any
) -> None:
    """Change columns of a locked lease; raises WrongLeaseState for an unlawful move."""
    if state is not None:
        require_lease_move(lease.state, state)
        values["state"] = state.value
    session.execute(update(LeaseRow).where(LeaseRow.id == lease.id).values(**values))
