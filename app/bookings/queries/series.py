"""Series read: one, its bookings, and which of its dates stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from app.bookings.booking import Booking, Visit
from app.bookings.queries.rows import is_ref, visits, visits_from
from app.bookings.series import Series
from app.bookings.series_dates import Dates
from app.bookings.tables import BookingRow, BookingSeriesRow
from app.domain.errors import UnknownSeries
from app.domain.ids import AccountId, OrganisationId, SeriesId, SeriesRef
from app.domain.permissions import Actor, Permission, allowed
from app.domain.recurrence import Recurrence
from app.domain.rrules import kept_rule
from app.spaces.network import Network


def get_series(
    session: Session,
    network: Network,
    actor: Actor,
    ref: str,
    *,
    wish: Permission = Permission.BOOKING_VIEW,
    lock: bool = False,
) -> Series:
    """Give a series the actor may do ``wish`` to; raises UnknownSeries for any other.

    Locked, nobody else changes it before this transaction ends.
    """
    if not is_ref(ref):
        raise UnknownSeries(ref)
    statement = _series().where(BookingSeriesRow.ref == ref)
    if lock:
        statement = statement.with_for_update(of=BookingSeriesRow)
    row = session.execute(statement).one_or_none()
    series = None if row is None else series_from(row, network)
    if series is None or not _may_see(actor, wish, series):
        raise UnknownSeries(ref)
    return series


def find_series_by_id(session: Session, network: Network, series_id: int) -> Series | None:
    """Give a series by its number, asking nobody's permission: for reactions."""
    row = session.execute(_series().where(BookingSeriesRow.id == series_id)).one_or_none()
    return None if row is None else series_from(row, network)


def find_series_of(
    session: Session, network: Network, bookings: Sequence[Booking]
) -> dict[SeriesId, Series]:
    """Give the series that bookings are dates of, in one statement; none for none."""
    ids = sorted({booking.series.id for booking in bookings if booking.series is not None})
    if not ids:
        return {}
    rows = session.execute(
        _series().where(BookingSeriesRow.id.in_(ids)).order_by(BookingSeriesRow.id)
    )
    return {series.id: series for series in (series_from(row, network) for row in rows)}


def dates_of_series(
    session: Session, network: Network, series_id: SeriesId, *, now: datetime
) -> list[Visit]:
    """Give every date of a series, given up or not, in the order of the rule."""
    rows = session.execute(
        visits()
        .where(BookingRow.series_id == series_id)
        .order_by(BookingRow.original_start, BookingRow.id)
    )
    return visits_from(session, rows, network, now)


def find_dates(
    session: Session, network: Network, bookings: Sequence[Booking], *, now: datetime
) -> list[Dates]:
    """Give the whole series that bookings are dates of, in two statements; none for none."""
    series = find_series_of(session, network, bookings)
    if not series:
        return []
    rows = session.execute(
        visits()
        .where(BookingRow.series_id.in_(sorted(series)))
        .order_by(BookingRow.series_id, BookingRow.original_start, BookingRow.id)
    )
    found: dict[SeriesId, list[Visit]] = {number: [] for number in series}
    for visit in visits_from(session, rows, network, now):
        if visit.booking.series is not None:
            found[visit.booking.series.id].append(visit)
    return [Dates(series[number], tuple(of)) for number, of in found.items()]


def coming_dates(
    session: Session, network: Network, series: Series, *, now: datetime, lock: bool = False
) -> list[Booking]:
    """Give the dates of a series still to come, given up or not, in the order of the rule.

    A date handed over is its new holder's alone, and not among them. Locked, nobody else changes
    them before this transaction ends.
    """
    wanted = (
        visits()
        .where(
            BookingRow.series_id == series.id,
            BookingRow.account_id == series.account_id,
            BookingRow.starts_at > now,
        )
        .order_by(BookingRow.id)
    )
    rows = session.execute(wanted.with_for_update(of=BookingRow) if lock else wanted)
    found = [visit.booking for visit in visits_from(session, rows, network, now)]
    return sorted(found, key=lambda each: each.original_start)


def series_from(row: Row[Any], network: Network) -> Series:
    """Turn a row into a series."""
    space = network.space_by_id(row.space_id)
    site = network.site_by_id(space.site_id)
    starts: datetime = row.starts_local
    return Series(
        id=SeriesId(row.id),
        ref=SeriesRef(row.ref),
        account_id=AccountId(row.account_id),
        organisation_id=None
        if row.organisation_id is None
        else OrganisationId(row.organisation_id),
        space=space,
        site=site,
        people=row.people,
        title=row.title,
        recurrence=Recurrence(
            first_on=starts.date(),
            minute=starts.hour * 60 + starts.minute,
            minutes=row.minutes,
            rule=kept_rule(row.rrule, site.zone),
            exdates=_days(row.exdates),
            rdates=_days(row.rdates),
        ),
        version=row.version,
        follows=None if row.follows_ref is None else SeriesRef(row.follows_ref),
        created_by=AccountId(row.created_by),
        created_at=row.created_at.astimezone(UTC),
        changed_at=row.changed_at.astimezone(UTC),
        ended_at=row.ended_at,
    )


def _may_see(actor: Actor, wish: Permission, series: Series) -> bool:
    return allowed(actor, wish, series.subject) or allowed(
        actor, Permission.BOOKING_VIEW, series.subject
    )


def _days(listed: Sequence[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, listed))


def _series() -> Select[Any]:
    former = aliased(BookingSeriesRow)
    return select(*BookingSeriesRow.__table__.columns, former.ref.label("follows_ref")).outerjoin(
        former, former.id == BookingSeriesRow.follows_id
    )
