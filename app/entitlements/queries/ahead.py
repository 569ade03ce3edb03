"""Rights over many days: what stays that follow each other may use up, one after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.intervals import Span
from app.domain.profiles import ProvenProfile
from app.domain.tariffs import Right, RightKind, Spent
from app.entitlements.queries.usable import PIECES, held, resident, standing_use, usable_right
from app.entitlements.tables import EntitlementEntryRow, EntitlementRow, ResidenceRow
from app.spaces.network import Network


@dataclass(frozen=True, slots=True)
class Ahead:
    """Whose rights, and over which days; what is given back first counts as left."""

    account_id: int
    organisation_id: int | None
    first: date
    last: date
    returned: Mapping[int, int]
    ignoring: frozenset[int]  # bookings whose use of a membership is given back


class RightsAhead:
    """Rights that stays use up in their order; what one has taken the next finds gone."""

    def __init__(
        self,
        rights: Iterable[Right],
        residence: tuple[ProvenProfile, ...],
        busy: Mapping[int, list[Span]],
    ) -> None:
        self.rights = tuple(rights)
        self.residence = residence
        self._busy = defaultdict(list, busy)
        self._spent: Counter[int] = Counter()

    def usable(self, on: date, span: Span) -> tuple[Right, ...]:
        """Give the rights that a stay of that day may use up, those that end first in front."""
        return tuple(
            replace(right, left=self._left(right))
            for right in self.rights
            if right.valid_from <= on <= right.valid_until and not self._is_busy(right, span)
        )

    def spend(self, spent: Iterable[Spent], span: Span) -> None:
        """Take what a stay uses up, so that no other stay counts on it."""
        for each in spent:
            self._spent[each.right_id] += each.amount
            self._busy[each.right_id].append(span)

    def _left(self, right: Right) -> int | None:
        return None if right.left is None else right.left - self._spent[right.id]

    def _is_busy(self, right: Right, span: Span) -> bool:
        """Whether a membership is honoured for another stay then; what is counted never is."""
        if right.kind is not RightKind.UNLIMITED:
            return False
        return any(each.overlaps(span) for each in self._busy[right.id])


def rights_ahead(session: Session, network: Network, ahead: Ahead) -> RightsAhead:
    """Give the rights and the residence of somebody over many days, in three statements at most."""
    rows = session.execute(_RIGHTS, _values(ahead)).all()
    rights = [usable_right(row, network, ahead.returned.get(row.id, 0)) for row in rows]
    memberships = [right.id for right in rights if right.kind is RightKind.UNLIMITED]
    residence = [resident(row.valid_from, row.valid_until) for row in rows if row.resident]
    residence += [
        resident(row.valid_from, row.valid_until)
        for row in session.execute(_RESIDENCES, _values(ahead))
    ]
    busy = _busy(session, memberships, ahead) if memberships else {}
    return RightsAhead(rights, tuple(residence), busy)


def lock_rights_ahead(session: Session, ahead: Ahead) -> None:
    """Let nobody else spend the rights of those days before we are done, in order of number."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCK, _values(ahead))


def _values(ahead: Ahead) -> dict[str, object]:
    return {
        "account": ahead.account_id,
        "organisation": ahead.organisation_id,
        "first": ahead.first,
        "last": ahead.last,
        "returned": sorted(ahead.returned),
    }


def _busy(session: Session, rights: Collection[int], ahead: Ahead) -> dict[int, list[Span]]:
    """Give when memberships are honoured for stays that stand, from the first day on."""
    use = EntitlementEntryRow
    since = datetime.combine(ahead.first - timedelta(days=1), time.min, UTC)
    wanted = (
        select(use.entitlement_id, use.starts_at, use.ends_at, use.booking_id)
        .join(EntitlementRow, EntitlementRow.id == use.entitlement_id)
        .where(EntitlementRow.id.in_(rights), *standing_use(), use.ends_at > since)
        .order_by(use.entitlement_id, use.id)
    )
    busy: dict[int, list[Span]] = defaultdict(list)
    for right_id, start, end, booking_id in session.execute(wanted):
        if start is not None and end is not None and booking_id not in ahead.ignoring:
            busy[right_id].append(Span(start, end))
    return busy


_ACCOUNT = bindparam("account", type_=EntitlementRow.id.type)
_ORGANISATION = bindparam("organisation", type_=EntitlementRow.id.type)
_FIRST = bindparam("first", type_=EntitlementRow.valid_from.type)
_LAST = bindparam("last", type_=EntitlementRow.valid_from.type)
_own, _shared = held(_ACCOUNT, _ORGANISATION)
_WHOSE = (
    or_(_own, _shared),
    or_(
        EntitlementRow.balance > 0,
        EntitlementRow.id.in_(bindparam("returned", expanding=True, type_=EntitlementRow.id.type)),
    ),
    EntitlementRow.valid_from <= _LAST,
    EntitlementRow.valid_until >= _FIRST,
    EntitlementRow.kind != PIECES,
)
_RIGHTS = (
    select(
        EntitlementRow.id,
        EntitlementRow.kind,
        EntitlementRow.site_id,
        EntitlementRow.honours,
        EntitlementRow.resident,
        EntitlementRow.valid_from,
        EntitlementRow.valid_until,
        EntitlementRow.balance,
    )
    .where(*_WHOSE)
    .order_by(EntitlementRow.valid_until, EntitlementRow.id)
)
_LOCK = (
    select(EntitlementRow.id)
    .where(*_WHOSE)
    .order_by(EntitlementRow.id)
    .with_for_update(key_share=True)
)
_RESIDENCES = (
    select(ResidenceRow.valid_from, ResidenceRow.valid_until)
    .where(
        or_(
            (ResidenceRow.account_id == _ACCOUNT) & _ORGANISATION.is_(None),
            ResidenceRow.organisation_id == _ORGANISATION,
        ),
        ResidenceRow.valid_from <= _LAST,
        ResidenceRow.valid_until >= _FIRST,
    )
    .order_by(ResidenceRow.id)
)
