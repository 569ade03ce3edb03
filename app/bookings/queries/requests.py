"""Requests that wait for the staff: which, who may answer, and what is needed to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from app.bookings.booking import Visit
from app.bookings.queries.rows import state_at, visits, visits_from
from app.bookings.tables import BookingRequestRow, BookingRow
from app.domain.booking_states import BookingState
from app.domain.ids import AccountId, SiteCode
from app.domain.permissions import Role
from app.people.tables import AccountRow, RoleRow
from app.spaces.network import Network, Site


@dataclass(frozen=True, slots=True)
class Request:
    """A stay that waits for an answer."""

    visit: Visit
    asked_at: datetime
    remind_at: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether it has waited longer than its place promises."""
        return now >= self.remind_at


@dataclass(frozen=True, slots=True)
class History:
    """What became of a person's stays so far."""

    kept: int
    missed: int
    cancelled: int
    refused: int


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may answer, as a mail needs them."""

    account_id: AccountId
    email: str
    locale: str


def open_requests(
    session: Session, network: Network, site: Site, *, now: datetime
) -> list[Request]:
    """Give what waits for an answer at a site, the soonest stay first, in one statement."""
    rows = session.execute(
        _asked()
        .where(
            BookingRequestRow.site_id == site.id,
            BookingRequestRow.decided_at.is_(None),
            state_at(now) == BookingState.REQUESTED.value,
        )
        .order_by(BookingRow.starts_at, BookingRow.id)
    ).all()
    return [
        Request(visit, row.asked_at, row.remind_at)
        for row, visit in zip(rows, visits_from(session, rows, network, now), strict=True)
    ]


def history_of(session: Session, account_id: AccountId, *, now: datetime) -> History:
    """Count what became of a person's stays so far, in one statement."""
    state = state_at(now)
    counted: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(state, func.count())
            .where(BookingRow.account_id == account_id)
            .group_by(state)
            .order_by(state)
        )
    }
    return History(
        kept=counted.get(BookingState.COMPLETED, 0) + counted.get(BookingState.CHECKED_IN, 0),
        missed=counted.get(BookingState.NO_SHOW, 0),
        cancelled=counted.get(BookingState.CANCELLED, 0),
        refused=counted.get(BookingState.REFUSED, 0),
    )


def approvers_of(session: Session, site: SiteCode) -> list[Approver]:
    """Give who is asked at a site: its concierges and managers, else the network."""
    here = and_(RoleRow.site_code == site, RoleRow.role != Role.NETWORK_MANAGER.value)
    for whose in (here, RoleRow.role == Role.NETWORK_MANAGER.value):
        if found := _holders(session, whose):
            return found
    return []


def _holders(session: Session, whose: ColumnElement[bool]) -> list[Approver]:
    rows = session.execute(
        select(AccountRow.id, AccountRow.email, AccountRow.locale)
        .join(RoleRow, RoleRow.account_id == AccountRow.id)
        .where(whose, RoleRow.revoked_at.is_(None), AccountRow.disabled_at.is_(None))
        .order_by(AccountRow.id)
        .distinct()
    )
    return [Approver(AccountId(row.id), row.email, row.locale) for row in rows]


def _asked() -> Select[Any]:
    return (
        visits()
        .add_columns(BookingRequestRow.asked_at, BookingRequestRow.remind_at)
        .join(BookingRequestRow, BookingRequestRow.booking_id == BookingRow.id)
    )
