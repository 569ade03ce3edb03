"""Whose pass was that? Ids are computed again from the bookings that can be meant, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.journal import Status
from app.access.keys import IssuerKeys
from app.access.queries import Stay, named_ids, office_names, stays_of_passes
from app.bookings.tables import BookingLogRow
from app.domain.booking_states import BookingState
from app.domain.ids import BookingId
from app.domain.intervals import Span
from app.spaces.network import Site

_AROUND: Final = timedelta(hours=26)  # a pass shown a day early or late still has a name
_GIVING_UP: Final = ("moved", "cancelled", "handed over")  # what the log says when a version ends
_AWAITED: Final = frozenset({BookingState.CONFIRMED, BookingState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Seen:
    """The stay a pass belongs to, which version of it the pass was made for, and for whom."""

    stay: Stay
    version: int
    name: str

    @property
    def is_current(self) -> bool:
        """Whether the booking has not changed since the pass was made."""
        return self.version == self.stay.version

    @property
    def awaits_arrival(self) -> bool:
        """Whether nobody has been checked in for it yet, as far as is written."""
        return self.is_current and self.stay.state in _AWAITED


@dataclass(frozen=True, slots=True)
class Recognised:
    """The passes that were shown, and when each version of their bookings was given up."""

    _seen: dict[bytes, Seen]
    _given_up: dict[BookingId, list[datetime]]
    _offices: Mapping[bytes, datetime | None] = field(default_factory=dict)

    def find(self, pass_id: bytes) -> Seen | None:
        """Give the stay of a pass; None when no booking has such a pass."""
        return self._seen.get(pass_id)

    def status(self, pass_id: bytes, at: datetime) -> Status:
        """Say what an opening by this pass at that instant was; a later change changes nothing."""
        seen = self.find(pass_id)
        if seen is None:
            return self._status_of_office(pass_id, at)
        cancelled_at = seen.stay.cancelled_at
        if cancelled_at is not None and cancelled_at <= at:
            return Status.OPENED_ALTHOUGH_CANCELLED
        given_up = self._given_up.get(seen.stay.booking_id, [])
        if not seen.is_current and (len(given_up) <= seen.version or given_up[seen.version] <= at):
            return Status.OPENED_ALTHOUGH_MOVED
        died_at = seen.stay.names.died_at.get(seen.name)
        if died_at is not None and died_at <= at:
            return Status.OPENED_ALTHOUGH_GIVEN_UP
        return Status.OPENED

    def _status_of_office(self, pass_id: bytes, at: datetime) -> Status:
        """Say what an opening by a tenant's pass was; their phone or lease may have ended."""
        if pass_id not in self._offices:
            return Status.UNKNOWN_PASS
        ended_at = self._offices[pass_id]
        is_over = ended_at is not None and ended_at <= at
        return Status.OPENED_ALTHOUGH_GIVEN_UP if is_over else Status.OPENED


def recognise(
    session: Session, site: Site, shown: Sequence[tuple[bytes, datetime]], *, keys: IssuerKeys
) -> Recognised:
    """Find the stays of passes shown at a site; at most four statements, however many."""
    wanted = {pass_id for pass_id, _at in shown}
    if not wanted:
        return Recognised({}, {})
    span = Span(min(at for _id, at in shown) - _AROUND, max(at for _id, at in shown) + _AROUND)
    seen = {
        pass_id: Seen(stay, version, name)
        for stay in stays_of_passes(session, site, span)
        for pass_id, version, name in named_ids(
            stay, keys, site.calendar, within=span, versions=range(stay.version + 1)
        )
        if pass_id in wanted
    }
    past = {each.stay.booking_id for each in seen.values() if not each.is_current}
    offices: dict[bytes, datetime | None] = {}
    if wanted - seen.keys():
        offices = office_names(session, site, keys, span)
    return Recognised(seen, _given_up(session, past), offices)


def _given_up(session: Session, ids: set[BookingId]) -> dict[BookingId, list[datetime]]:
    """Give when each version of these bookings ended, by version."""
    found: dict[BookingId, list[datetime]] = defaultdict(list)
    if ids:
        rows = session.execute(
            select(BookingLogRow.booking_id, BookingLogRow.at)
            .where(BookingLogRow.booking_id.in_(sorted(ids)), BookingLogRow.action.in_(_GIVING_UP))
            .order_by(BookingLogRow.booking_id, BookingLogRow.id)
        )
        for booking_id, at in rows:
            found[BookingId(booking_id)].append(at)
    return found
