"""Who did not come: absences that count for a person, and those that were pardoned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.bookings.life_tables import PardonRow
from app.bookings.tables import BookingRow
from app.db.base import UtcDateTime
from app.domain.booking_states import BookingState
from app.domain.ids import AccountId, BookingRef
from app.people.tables import AccountRow
from app.spaces.network import Network, Site, Space
from app.spaces.tables import DoorRow, SpaceDoorRow

_UNSEEN = (BookingState.CONFIRMED.value, BookingState.NO_SHOW.value)


@dataclass(frozen=True, slots=True)
class Absence:
    """A stay nobody came to, and who pardoned it, if anybody did."""

    ref: BookingRef
    space: Space
    site: Site
    starts_at: datetime
    at: datetime
    pardoned_by: str | None
    reason: str | None

    @property
    def counts(self) -> bool:
        """Whether it was not pardoned."""
        return self.pardoned_by is None


def absences_beside() -> ColumnElement[int]:
    """Count, beside an account, the stays at which nobody was seen by `now`: at most too many.

    Its doors may know better, and some may be pardoned: for most people there are none to look at.
    """
    return (
        select(func.count())
        .where(
            BookingRow.account_id == AccountRow.id,
            BookingRow.release_at.is_not(None),
            BookingRow.release_at <= bindparam("now", type_=UtcDateTime),
            BookingRow.state.in_(_UNSEEN),
        )
        .correlate(AccountRow)
        .scalar_subquery()
    )


def is_released(now: datetime) -> ColumnElement[bool]:
    """Whether a booking not over yet is waited for no longer, its door having told all it knows."""
    return and_(
        BookingRow.state == BookingState.CONFIRMED.value,
        BookingRow.release_at <= now,
        ~_door_is_silent(),
    )


def released_among(session: Session, ids: Collection[int], now: datetime) -> set[int]:
    """Give those of these bookings that are waited for no longer; one statement, none for none."""
    if not ids:
        return set()
    return set(
        session.scalars(
            select(BookingRow.id)
            .where(BookingRow.id.in_(ids), is_released(now))
            .order_by(BookingRow.id)
        )
    )


def given_up_among(
    session: Session, ids: Collection[int], now: datetime, *, lock: bool
) -> set[int]:
    """Give those of these bookings that no longer keep their place, as the calendar asks.

    With `lock`, a check-in under way is waited for: what it reaches keeps its place.
    """
    state = BookingRow.state
    marked = state == BookingState.NO_SHOW.value
    unanswered = and_(state == BookingState.REQUESTED.value, BookingRow.starts_at <= now)
    asked = (
        select(BookingRow.id)
        .where(BookingRow.id.in_(ids), or_(is_released(now), marked, unanswered))
        .order_by(BookingRow.id)
    )
    return set(session.scalars(asked.with_for_update() if lock else asked))


def absences_of(
    session: Session, network: Network, account_id: AccountId, *, since: datetime, now: datetime
) -> list[Absence]:
    """Give a person's absences since then, latest first, pardoned ones too."""
    pardoner = aliased(AccountRow)
    rows = session.execute(
        select(
            BookingRow.ref,
            BookingRow.space_id,
            BookingRow.site_id,
            BookingRow.starts_at,
            BookingRow.release_at,
            pardoner.name,
            PardonRow.reason,
        )
        .outerjoin(PardonRow, PardonRow.booking_id == BookingRow.id)
        .outerjoin(pardoner, pardoner.id == PardonRow.pardoned_by)
        .where(_absent(account_id, since, now))
        .order_by(BookingRow.release_at.desc(), BookingRow.id.desc())
    )
    return [
        Absence(
            BookingRef(row.ref),
            network.space_by_id(row.space_id),
            network.site_by_id(row.site_id),
            row.starts_at,
            row.release_at,
            row.name,
            row.reason,
        )
        for row in rows
    ]


def counted_absences(
    session: Session, account_id: AccountId, *, since: datetime, now: datetime
) -> list[datetime]:
    """Give when a person was absent without pardon since then, oldest first; one statement."""
    return list(
        session.scalars(
            select(BookingRow.release_at)
            .where(
                _absent(account_id, since, now),
                ~exists().where(PardonRow.booking_id == BookingRow.id),
            )
            .order_by(BookingRow.release_at, BookingRow.id)
        )
    )


def _absent(account_id: AccountId, since: datetime, now: datetime) -> ColumnElement[bool]:
    """Marked as absent, or made so by the clock: waited for no longer, or over."""
    by_clock = is_released(now) | (BookingRow.ends_at <= now)
    return and_(
        BookingRow.account_id == account_id,
        BookingRow.release_at.is_not(None),
        BookingRow.state.in_(_UNSEEN),
        BookingRow.release_at > since,
        BookingRow.release_at <= now,
        (BookingRow.state == BookingState.NO_SHOW.value) | by_clock,
    )


def _door_is_silent() -> ColumnElement[bool]:
    """Whether the reader at the place's own door may know of an arrival that we do not.

    Its own door is the last one on the way in. A door without a reader tells nothing.
    """
    own, other = SpaceDoorRow, aliased(SpaceDoorRow)
    last = (
        select(func.max(other.position))
        .where(other.space_id == own.space_id)
        .correlate(own)
        .scalar_subquery()
    )
    return (
        exists()
        .where(
            own.space_id == BookingRow.space_id,
            own.position == last,
            DoorRow.id == own.door_id,
            DoorRow.heard_at < BookingRow.release_at,
        )
        .correlate(BookingRow)
    )
