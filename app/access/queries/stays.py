"""Bookings as doors know them: stays by the ids of their passes, without people or prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from app.access.keys import IssuerKeys
from app.access.pass_names import PLAIN, PassNames, device_of
from app.access.passes import LONGEST_STATIC, pass_days
from app.access.queries.pass_names import has_dead_names, names_of
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.domain.calendars import SiteCalendar, local_dates
from app.domain.ids import BookingId, SpaceId
from app.domain.intervals import Span
from app.domain.stays import LONGEST_STAY
from app.spaces.network import Site

STANDING: Final = (
    BookingState.CONFIRMED.value,
    BookingState.CHECKED_IN.value,
    BookingState.COMPLETED.value,
    BookingState.NO_SHOW.value,
)
_COLUMNS: Final[tuple[Any, ...]] = (
    BookingRow.id,
    BookingRow.pass_version,
    BookingRow.space_id,
    BookingRow.state,
    BookingRow.starts_at,
    BookingRow.ends_at,
    BookingRow.cancelled_at,
    BookingRow.checked_out_at,
    BookingRow.release_at,
    BookingRow.voided_from,
    BookingRow.voided_until,
)


@dataclass(frozen=True, slots=True)
class Stay:
    """What a door must know of one booking; `reach` also covers the hours of given-up versions.

    `version` is that of its passes, and `names` are theirs in every version.
    """

    booking_id: BookingId
    version: int
    space_id: SpaceId
    state: BookingState
    span: Span
    voided: Span | None
    cancelled_at: datetime | None
    checked_out_at: datetime | None
    release_at: datetime | None = None
    names: PassNames = PLAIN

    def may_be_released(self, now: datetime) -> bool:
        """Whether nobody has come by the instant up to which the place waits."""
        if self.state is not BookingState.CONFIRMED or self.release_at is None:
            return False
        return self.release_at <= now

    @property
    def reach(self) -> Span:
        """From the first to the last instant at which a pass of any version would open."""
        if self.voided is None:
            return self.span
        return Span(min(self.span.start, self.voided.start), max(self.span.end, self.voided.end))


def stays_at(session: Session, site: Site, span: Span) -> list[Stay]:
    """Give the stays at a site that stand and touch the span, by start; two statements."""
    return _read(session, and_(touches(site, span), BookingRow.state.in_(STANDING)), span)


def stays_with_void_passes(session: Session, span: Span) -> list[Stay]:
    """Give the bookings of all sites with given-up passes that would open in the span.

    Either a version was given up, or passes of a phone, a guest or a whole epoch were.
    """
    standing = and_(_around(span), BookingRow.state.in_(STANDING), has_dead_names(span.start))
    return _read(session, or_(_voided_in(span), standing), span)


def stays_of_passes(session: Session, site: Site, span: Span) -> list[Stay]:
    """Give every booking that a pass shown at the site in that span can belong to."""
    return _read(session, or_(touches(site, span), _voided_in(span)), span)


def pass_ids(
    stay: Stay, keys: IssuerKeys, calendar: SiteCalendar, *, within: Span, versions: Iterable[int]
) -> Iterator[tuple[bytes, int]]:
    """Name the passes of these versions that may open in the span, each with its version."""
    for pass_id, version, _name in named_ids(
        stay, keys, calendar, within=within, versions=versions
    ):
        yield pass_id, version


def named_ids(
    stay: Stay, keys: IssuerKeys, calendar: SiteCalendar, *, within: Span, versions: Iterable[int]
) -> Iterator[tuple[bytes, int, str]]:
    """Give the ids of the passes of these versions that may open in the span, with their names.

    A version that is gone is known by the hull of its hours only, so of a long one every day that
    may have had a pass is named; an id that was never given out harms nobody.
    """
    days = _days(stay, calendar, within)
    for version in versions:
        for name in stay.names.all:
            for day in days:
                yield keys.pass_id(stay.booking_id, version, device_of(day, name)), version, name


def present_ids(stay: Stay, keys: IssuerKeys, calendar: SiteCalendar) -> tuple[bytes, ...]:
    """Name the passes of a stay as it stands: of each holder one, or one for each day."""
    return _ids(stay, stay.names.live, keys, calendar)


def given_up_ids(stay: Stay, keys: IssuerKeys, calendar: SiteCalendar) -> tuple[bytes, ...]:
    """Name the passes of a stay's present version whose phone, guest or epoch was given up."""
    return _ids(stay, stay.names.dead, keys, calendar)


def _ids(
    stay: Stay, names: Iterable[str], keys: IssuerKeys, calendar: SiteCalendar
) -> tuple[bytes, ...]:
    days = pass_days(stay.span, calendar) or (None,)
    return tuple(
        keys.pass_id(stay.booking_id, stay.version, device_of(day, name))
        for name in names
        for day in days
    )


def _days(stay: Stay, calendar: SiteCalendar, within: Span) -> list[date | None]:
    reach = stay.reach.within(within)
    if stay.reach.duration <= LONGEST_STATIC or reach is None:
        return [None]
    return [None, *local_dates(calendar, reach)]


def touches(site: Site, span: Span) -> ColumnElement[bool]:
    """Say, of a booking's row, whether it is at the site and touches the span."""
    return and_(BookingRow.site_id == site.id, _around(span))


def _around(span: Span) -> ColumnElement[bool]:
    return and_(
        BookingRow.starts_at < span.end,
        BookingRow.starts_at > span.start - LONGEST_STAY,
        BookingRow.ends_at > span.start,
    )


def _voided_in(span: Span) -> ColumnElement[bool]:
    return and_(BookingRow.voided_until > span.start, BookingRow.voided_from < span.end)


def _read(session: Session, condition: ColumnElement[bool], span: Span) -> list[Stay]:
    rows = session.execute(
        select(*_COLUMNS).where(condition).order_by(BookingRow.starts_at, BookingRow.id)
    )
    stays = [_stay(row) for row in rows]
    if not stays:
        return []
    names = names_of(session, condition, opening_after=span.start)
    return [replace(stay, names=names.get(stay.booking_id, PLAIN)) for stay in stays]


def _stay(row: Row[Any]) -> Stay:
    voided = None
    if row.voided_from is not None and row.voided_until is not None:
        voided = Span(row.voided_from, row.voided_until)
    return Stay(
        booking_id=BookingId(row.id),
        version=row.pass_version,
        space_id=SpaceId(row.space_id),
        state=BookingState(row.state),
        span=Span(row.starts_at, row.ends_at),
        voided=voided,
        cancelled_at=row.cancelled_at,
        checked_out_at=row.checked_out_at,
        release_at=row.release_at,
    )
