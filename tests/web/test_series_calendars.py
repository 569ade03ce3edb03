"""The golden test of series: expansion = rows = calendar, over every change of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from flask import Flask
from flask_babel import force_locale

from app.bookings import calendars, service
from app.bookings.booking import Change, SeriesLink, Visit
from app.bookings.queries.series import dates_of_series, get_series
from app.bookings.series import Choice, Deed, Scope, Series, SeriesChange, SeriesWanted
from app.bookings.series_dates import Dates
from app.db.transaction import reading, transaction
from app.domain.permissions import Actor
from app.spaces.queries import find_network
from app.web import clock
from tests.dates import every
from tests.stays import make_person

Spans = list[tuple[datetime, datetime]]
YEARS = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
BASE = "https://totem.example"


def read_back(content: bytes) -> Spans:
    """Give the spans a reader of RFC 5545 finds in a calendar."""
    calendar = icalendar.Calendar.from_ical(content)
    found = recurring_ical_events.of(calendar).between(*YEARS)
    return sorted(
        (event["dtstart"].dt.astimezone(UTC), event["dtend"].dt.astimezone(UTC)) for event in found
    )


def exported(app: Flask, dates: Dates) -> bytes:
    with app.test_request_context(), force_locale("fr"):
        return calendars.person_feed(dates.visits, base=BASE, series=[dates])


def dates_of(app: Flask, actor: Actor, series: Series, now: datetime) -> Dates:
    with app.app_context(), reading() as session:
        network = find_network(session)
        found = get_series(session, network, actor, series.ref)
        return Dates(found, tuple(dates_of_series(session, network, series.id, now=now)))


def booked(app: Flask, actor: Actor, wanted: SeriesWanted, now: datetime) -> Series:
    """Book every date that can be had."""
    with app.app_context(), transaction() as session:
        table = service.preview(session, actor, wanted, now=now)
        drops = [Choice(day, Deed.DROP) for day in table.troubles]
        return service.book_series(session, actor, wanted, drops, now=now)[0]


@pytest.mark.parametrize("year", [2026, 2027])
def test_expansion_rows_and_calendar_are_one(app: Flask, year: int) -> None:
    """Booked on a 1 March: both changes of the clock of the year inside."""
    now = datetime(year, 3, 1, 9, 0, tzinfo=UTC)
    with clock.freeze(now):
        anais = make_person(app)
        rule = f"FREQ=WEEKLY;BYDAY=MO,TH;UNTIL={year}1217"
        beside = (date(year, 3, 6),)
        wanted = every(rule, hours="09:30-11:00", first=date(year, 3, 2), beside=beside)
        series = booked(app, anais, wanted, now)
        dates = dates_of(app, anais, series, now)
        rows = [(each.booking.span.start, each.booking.span.end) for each in dates.standing]
        zone = series.site.zone
        spans = [each.span for each in dates.recurrence.occurrences(zone)]
        expanded = [(span.start, span.end) for span in spans if span is not None]
        assert len(rows) > 70
        assert {start.astimezone(zone).utcoffset() for start, _ in rows} == {
            timedelta(hours=1),
            timedelta(hours=2),
        }
        assert {f"{start.astimezone(zone):%H:%M}" for start, _ in rows} == {"09:30"}
        assert expanded == rows == read_back(exported(app, dates))
        _change_by_hand(app, anais, dates, now)
        moved = dates_of(app, anais, series, now)
        rows = sorted((e.booking.span.start, e.booking.span.end) for e in moved.standing)
        assert len(rows) == len(dates.standing) - 1
        assert read_back(exported(app, moved)) == rows
        _split(app, anais, moved, now)
        first = dates_of(app, anais, series, now)
        rows = sorted((e.booking.span.start, e.booking.span.end) for e in first.standing)
        assert 0 < len(rows) < 20
        assert read_back(exported(app, first)) == rows


def _change_by_hand(app: Flask, actor: Actor, dates: Dates, now: datetime) -> None:
    moved, gone = dates.standing[5].booking, dates.standing[7].booking
    later = Change(
        starts_at=moved.span.start + timedelta(hours=5), ends_at=moved.span.end + timedelta(hours=5)
    )
    with app.app_context(), transaction() as session:
        service.move(session, actor, moved.ref, later, now=now)
        service.cancel(session, actor, gone.ref, now=now)


def _split(app: Flask, actor: Actor, dates: Dates, now: datetime) -> None:
    day = dates.day(dates.standing[12].booking)
    with app.app_context(), transaction() as session:
        anew = service.change_series(
            session,
            actor,
            dates.series.ref,
            Scope.FOLLOWING,
            SeriesChange(minute=16 * 60),
            day=day,
            now=now,
        )
    second = dates_of(app, actor, anew, now)
    rows = sorted((e.booking.span.start, e.booking.span.end) for e in second.standing)
    assert len(rows) > 50
    assert read_back(exported(app, second)) == rows
    spans = [each.span for each in second.recurrence.occurrences(anew.site.zone)]
    assert [(span.start, span.end) for span in spans if span is not None] == rows


@pytest.mark.parametrize("year", range(2025, 2029))
@pytest.mark.parametrize("hours", ["02:30-04:00", "22:00-06:00", "01:00-02:30", "00:00-23:45"])
def test_nights_in_which_the_clock_changes_are_told_as_they_are(
    sqlite_app: Flask, now: datetime, year: int, hours: str
) -> None:
    """Places that never close: each day of the year, told to a reader of RFC 5545."""
    anais = make_person(sqlite_app)
    template = booked(sqlite_app, anais, every("FREQ=DAILY;COUNT=1"), now)
    model = dates_of(sqlite_app, anais, template, now)
    rule = f"FREQ=DAILY;UNTIL={year}1231"
    recurrence = every(rule, hours=hours, first=date(year, 1, 1)).recurrence
    series = replace(
        model.series, recurrence=recurrence, created_at=datetime(year, 1, 1, tzinfo=UTC)
    )
    visits = []
    for each in recurrence.occurrences(series.site.zone):
        if each.span is None:
            continue
        link = SeriesLink(series.id, series.ref, each.original)
        booking = replace(model.visits[0].booking, span=each.span, series=link)
        visits.append(Visit(booking, model.visits[0].person))
    skipped = [each.day for each in recurrence.occurrences(series.site.zone) if each.span is None]
    dates = Dates(replace(series, recurrence=recurrence.without(frozenset(skipped))), tuple(visits))
    rows = [(each.booking.span.start, each.booking.span.end) for each in visits]
    assert read_back(exported(sqlite_app, dates)) == sorted(rows)
