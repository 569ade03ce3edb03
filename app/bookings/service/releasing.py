"""Giving up many dates at once: of one series by scope, or all of one's own from a day to a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking
from app.bookings.queries.releases import own_between
from app.bookings.queries.series import coming_dates, find_series_of, get_series
from app.bookings.series import Scope, Series
from app.bookings.service.changing import cancel, given_up, given_up_columns, refuse_stale
from app.bookings.service.journal import note_many, write_rows
from app.bookings.service.series import rule_columns
from app.bookings.tables import BookingSeriesRow
from app.db import outbox
from app.domain.booking_states import CANCELLABLE, BookingState, require_move
from app.domain.cancellation import WHOLE
from app.domain.errors import NoDates, UnknownDate
from app.domain.events import BookingCancelled, SeriesCancelled
from app.domain.ids import BookingId
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, Subject, require
from app.entitlements import service as entitlements
from app.spaces import service as spaces
from app.spaces.queries import find_network


def cancel_series(
    session: Session,
    actor: Actor,
    ref: str,
    scope: Scope,
    *,
    day: date | None,
    now: datetime,
    expected_version: int | None = None,
) -> Series:
    """Give up one date, it and all that follow, or all to come; what is past stays.

    Raises UnknownSeries, UnknownDate, StaleVersion; NoDates when nothing is to come.
    """
    network = find_network(session)
    wish = Permission.BOOKING_CANCEL
    series = get_series(session, network, actor, ref, wish=wish, lock=True)
    require(actor, wish, series.subject)
    refuse_stale(series.version, expected_version)
    coming = coming_dates(session, network, series, now=now, lock=True)
    days = {series.day_of(each): each for each in coming if each.state in CANCELLABLE}
    if not days:
        raise NoDates
    first = min(days) if scope is Scope.ALL or day is None else day
    if first not in days:
        raise UnknownDate(first)
    if scope is Scope.THIS:
        cancel(session, actor, days[first].ref, now=now)
        return series
    meant = [each for on, each in days.items() if on >= first]
    cancel_many(session, meant, by=actor, now=now)
    version = _end(session, series, first, now)
    told = SeriesCancelled(series.id, version, [each.id for each in meant])
    outbox.put(session, told, now=now)
    return series


def release_between(
    session: Session, actor: Actor, first: date, last: date, *, now: datetime
) -> list[Booking]:
    """Give up all one's own bookings that begin on those days, single or of a series; gives them.

    One mail tells of the dates of a series. Raises NoDates when there is none.
    """
    require(actor, Permission.BOOKING_CANCEL, Subject(owner_id=actor.account_id))
    network = find_network(session)
    meant = own_between(session, network, actor.account_id, first, last, now=now, lock=True)
    if not meant:
        raise NoDates
    cancel_many(session, meant, by=actor, now=now)
    of_series: dict[int, list[Booking]] = defaultdict(list)
    for each in meant:
        if each.series is not None:
            of_series[each.series.id].append(each)
    for series in find_series_of(session, network, meant).values():
        ids = [int(each.id) for each in of_series[series.id]]
        outbox.put(session, SeriesCancelled(series.id, series.version, ids), now=now)
    alone = [each for each in meant if each.series is None]
    told = [BookingCancelled(each.id, each.version + 1) for each in alone]
    outbox.put(session, *told, now=now)
    return meant


def cancel_many(
    session: Session,
    bookings: Sequence[Booking],
    *,
    by: Actor,
    now: datetime,
    percent: int | None = None,
    why: JsonObject | None = None,
) -> None:
    """Give locked bookings up: rights go back, places are free, passes die. Nobody is told.

    So many per cent come back, by the terms of each unless told otherwise; ``why`` is noted.
    """
    percents = {
        each.id: each.percent_back(now) if percent is None else percent for each in bookings
    }
    give_back_all(session, bookings, percents, by=by, now=now)
    spaces.release_many(session, [each.id for each in bookings])
    rows = {each.id: _cancelled(each, percents[each.id], now) for each in bookings}
    write_rows(session, rows, now)
    action = "cancelled" if why is None else "displaced"
    lines = [
        (number, action, {"refund": row["refund_minor"], "percent": percents[number]} | (why or {}))
        for number, row in rows.items()
    ]
    note_many(session, lines, by=by, now=now)


def give_back_all(
    session: Session,
    bookings: Sequence[Booking],
    percents: Mapping[BookingId, int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Give back so many per cent of what each booking has spent; no statement for nothing."""
    shares = {
        each.id: Fraction(percents[each.id], WHOLE)
        for each in bookings
        if each.quote.spent and each.stored_state is not BookingState.HELD
    }
    entitlements.give_back_many(session, shares, by=by.account_id, now=now)


def _end(session: Session, series: Series, first: date, now: datetime) -> int:
    """Let the series end before that day; gives its new version."""
    before, version = series.recurrence.until(first), series.version + 1
    columns = {} if before is None else rule_columns(before)
    session.connection().execute(
        update(BookingSeriesRow)
        .where(BookingSeriesRow.id == series.id)
        .values(version=version, changed_at=now, ended_at=now, **columns)
    )
    return version


def _cancelled(booking: Booking, percent: int, now: datetime) -> dict[str, Any]:
    require_move(booking.stored_state, BookingState.CANCELLED)
    columns = given_up_columns(given_up(booking, percent, now=now))
    return {"state": BookingState.CANCELLED.value, **columns}
