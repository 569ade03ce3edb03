"""The network is never left without somebody who can let others in."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import LastManager
from app.domain.permissions import Role
from app.people.tables import AccountRow, RoleRow


def lock_managers(session: Session) -> None:
    """Let only one transaction at a time take managers away; ask before changing anything."""
    session.execute(
        select(RoleRow.id)
        .where(RoleRow.role == Role.NETWORK_MANAGER, RoleRow.revoked_at.is_(None))
        .order_by(RoleRow.id)
        .with_for_update()
    ).all()


def keep_one_manager(session: Session) -> None:
    """Pass when a network manager is left after a change under the lock; raises LastManager."""
    left = session.scalar(
        select(func.count())
        .select_from(RoleRow)
        .join(AccountRow, AccountRow.id == RoleRow.account_id)
        .where(
            RoleRow.role == Role.NETWORK_MANAGER,
            RoleRow.revoked_at.is_(None),
            AccountRow.disabled_at.is_(None),
        )
    )
    if not left:
        raise LastManager
