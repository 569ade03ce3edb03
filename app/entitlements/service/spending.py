"""Rights spent by bookings when they are confirmed, and given back when they are given up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.domain.entitlements import EntryKind, cost_of_use, given_back
from app.domain.ids import AccountId, BookingId, SiteId
from app.domain.intervals import Span
from app.domain.tariffs import Right, Spent
from app.entitlements.service.ledger import Movement, move_rights
from app.entitlements.tables import EntitlementEntryRow


@dataclass(frozen=True, slots=True)
class Stay:
    """The booking that spends, where and when it is."""

    booking_id: BookingId
    site_id: SiteId
    span: Span


@dataclass(frozen=True, slots=True)
class Spending:
    """What a booking uses up, of which rights as they were read."""

    spent: tuple[Spent, ...]
    rights: tuple[Right, ...]
    stay: Stay


def spend(
    session: Session,
    spent: Iterable[Spent],
    rights: Iterable[Right],
    stay: Stay,
    *,
    by: AccountId | None,
    now: datetime,
) -> None:
    """Enter what a confirmed booking uses up of rights locked before; the database has a last look.

    Its check refuses, with IntegrityError, any entry that would take more than is left.
    """
    spend_many(session, [Spending(tuple(spent), tuple(rights), stay)], by=by, now=now)


def spend_many(
    session: Session, spendings: Iterable[Spending], *, by: AccountId | None, now: datetime
) -> None:
    """Enter what several bookings use up, in one statement; none where nothing is."""
    movements = [move for spending in spendings for move in _movements(spending)]
    move_rights(session, movements, by=by, now=now)


def _movements(spending: Spending) -> list[Movement]:
    kinds = {right.id: right.kind for right in spending.rights}
    stay = spending.stay
    return [
        Movement(
            each.right_id,
            EntryKind.SPENT,
            -cost_of_use(kinds[each.right_id], each.amount),
            booking_id=stay.booking_id,
            site_id=stay.site_id,
            span=stay.span,
        )
        for each in spending.spent
    ]


def give_back(
    session: Session, booking_id: int, share: Fraction, *, by: AccountId | None, now: datetime
) -> None:
    """Give back that share of what a booking has spent, once for each use; of nothing, nothing.

    What is given back to a right that has ended meanwhile ends with it.
    """
    give_back_many(session, {BookingId(booking_id): share}, by=by, now=now)


def give_back_many(
    session: Session, shares: Mapping[BookingId, Fraction], *, by: AccountId | None, now: datetime
) -> None:
    """Give back those shares of what bookings have spent; two statements, none for nothing."""
    wanted = {number: share for number, share in shares.items() if share}
    if not wanted:
        return
    movements = [
        Movement(
            row.entitlement_id,
            EntryKind.GIVEN_BACK,
            given_back(-row.amount, wanted[BookingId(row.booking_id)]),
            undoes_id=row.id,
            booking_id=row.booking_id,
        )
        for row in standing_uses(session, *wanted)
        if row.booking_id is not None
    ]
    move_rights(session, movements, by=by, now=now)


def standing_uses(session: Session, *booking_ids: int) -> list[EntitlementEntryRow]:
    """Give the uses of bookings that were not given back, in the order of their rights."""
    undoing = aliased(EntitlementEntryRow)
    return list(
        session.scalars(
            select(EntitlementEntryRow)
            .where(
                EntitlementEntryRow.booking_id.in_(booking_ids),
                EntitlementEntryRow.kind == EntryKind.SPENT,
                ~exists()
                .where(undoing.undoes_id == EntitlementEntryRow.id)
                .correlate(EntitlementEntryRow),
            )
            .order_by(EntitlementEntryRow.entitlement_id, EntitlementEntryRow.id)
        )
    )
