"""What operators owe one another for members received: month by month, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.ids import OperatorCode
from app.domain.money import Money
from app.domain.months import add_months
from app.entitlements.tables import RoamingDebtRow
from app.spaces.network import Network, Site

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed for one visit: by the operator that sold the right to the one that honoured it.

    No person is named: a booking's number is enough to settle.
    """

    id: int
    debtor: OperatorCode
    creditor: OperatorCode
    site: Site
    product: str | None
    used_on: date
    amount: Money
    booking_id: int


@dataclass(frozen=True, slots=True)
class Owed:
    """The sum of a month between two operators."""

    debtor: OperatorCode
    creditor: OperatorCode
    visits: int
    amount: Money


def owed_in(session: Session, month: date) -> list[Owed]:
    """Give the sums of a month, by who owes and to whom; one statement."""
    row = RoamingDebtRow
    rows = session.execute(
        select(row.debtor, row.creditor, func.count(), func.sum(row.amount_minor))
        .where(*_in(month))
        .group_by(row.debtor, row.creditor)
        .order_by(row.debtor, row.creditor)
    )
    return [
        Owed(OperatorCode(debtor), OperatorCode(creditor), visits, Money(int(amount)))
        for debtor, creditor, visits, amount in rows
    ]


def debts_in(session: Session, network: Network, month: date, *, most: int = MOST) -> list[Debt]:
    """Give each visit of a month for which something is owed, in the order of days."""
    rows = session.scalars(
        select(RoamingDebtRow)
        .where(*_in(month))
        .order_by(RoamingDebtRow.used_on, RoamingDebtRow.id)
        .limit(most)
    )
    return [
        Debt(
            id=row.id,
            debtor=OperatorCode(row.debtor),
            creditor=OperatorCode(row.creditor),
            site=network.site_by_id(row.site_id),
            product=row.product,
            used_on=row.used_on,
            amount=Money(row.amount_minor),
            booking_id=row.booking_id,
        )
        for row in rows
    ]


def _in(month: date) -> tuple[ColumnElement[bool], ...]:
    first = month.replace(day=1)
    return (
        RoamingDebtRow.used_on >= first,
        RoamingDebtRow.used_on < add_months(first, 1),
        RoamingDebtRow.withdrawn_at.is_(None),
    )
