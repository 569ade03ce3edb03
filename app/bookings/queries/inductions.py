"""What somebody was shown how to use, and until when that counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings.tables import InductionRow
from app.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Induction:
    """One showing; `revoked_at` when it was taken back."""

    id: int
    account_id: AccountId
    code: str
    granted_at: datetime
    valid_until: date
    revoked_at: datetime | None

    def counts_on(self, day: date) -> bool:
        """Whether its holder may use such a machine on that day."""
        return self.revoked_at is None and day <= self.valid_until


def inductions_of(session: Session, account_id: AccountId) -> list[Induction]:
    """Give what a person was shown, the latest first, what was taken back included."""
    rows = session.scalars(
        select(InductionRow)
        .where(InductionRow.account_id == account_id)
        .order_by(InductionRow.granted_at.desc(), InductionRow.id.desc())
    )
    return [
        Induction(
            row.id,
            AccountId(row.account_id),
            row.code,
            row.granted_at,
            row.valid_until,
            row.revoked_at,
        )
        for row in rows
    ]
