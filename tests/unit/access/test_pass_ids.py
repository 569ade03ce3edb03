"""Which ids a door must refuse of a stay that was given up: every one that was ever given out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.access.keys import IssuerKeys, keys_from
from app.access.pass_names import device_of
from app.access.passes import LONGEST_STATIC, pass_days
from app.access.queries.stays import Stay, pass_ids, present_ids
from app.domain.booking_states import BookingState
from app.domain.calendars import SiteCalendar, local_dates, local_day
from app.domain.ids import BookingId, SpaceId
from app.domain.intervals import Span
from app.domain.opening_hours import week_hours_from
from config.pass_keys import fresh_text, read_pass_keys

CALENDAR = SiteCalendar(ZoneInfo("Europe/Paris"), week_hours_from({"mon": ["08:00-20:00"]}))
KEYS: IssuerKeys = keys_from(read_pass_keys(fresh_text()))
NOW = datetime(2026, 10, 24, 8, tzinfo=UTC)  # the clocks go back that night
HOURS = st.integers(-60, 60).map(lambda hours: timedelta(hours=hours))
LENGTHS = st.integers(1, 80).map(lambda hours: timedelta(hours=hours))
SPANS = st.builds(lambda start, length: Span(NOW + start, NOW + start + length), HOURS, LENGTHS)


def stay_of(versions: list[Span]) -> Stay:
    """A booking that was moved from each span to the next, and now has the last one."""
    past = versions[:-1]
    voided = None
    if past:
        voided = Span(min(each.start for each in past), max(each.end for each in past))
    return Stay(
        BookingId(7),
        len(past),
        SpaceId(1),
        BookingState.CONFIRMED,
        versions[-1],
        voided,
        None,
        None,
    )


def ids_given_out(span: Span, version: int, window: Span) -> set[bytes]:
    """The ids of the passes of one version that a door could let in during the window."""
    days: list[date | None] = list(pass_days(span, CALENDAR)) or [None]
    found = set()
    for day in days:
        hours = span if day is None else span.within(local_day(CALENDAR, day))
        if hours is not None and hours.overlaps(window):
            found.add(KEYS.pass_id(7, version, device_of(day)))
    return found


@given(st.lists(SPANS, min_size=1, max_size=4))
def test_no_pass_that_was_given_out_is_forgotten(versions: list[Span]) -> None:
    window = Span(NOW - timedelta(hours=1), NOW + timedelta(hours=37))
    stay = stay_of(versions)
    named = {
        name
        for name, _version in pass_ids(
            stay, KEYS, CALENDAR, within=window, versions=range(len(versions))
        )
    }
    for version, span in enumerate(versions):
        assert ids_given_out(span, version, window) <= named


@given(SPANS)
def test_the_ids_of_a_stay_as_it_stands_are_those_of_its_passes(span: Span) -> None:
    whole = Span(span.start - timedelta(days=1), span.end + timedelta(days=1))
    assert set(present_ids(stay_of([span]), KEYS, CALENDAR)) == ids_given_out(span, 0, whole)


@given(SPANS)
def test_a_stay_of_twelve_hours_has_one_pass_and_a_longer_one_a_pass_a_day(span: Span) -> None:
    days = pass_days(span, CALENDAR)
    if span.duration <= LONGEST_STATIC:
        assert days == ()
    else:
        assert list(days) == local_dates(CALENDAR, span)


def test_ids_of_other_versions_and_bookings_differ() -> None:
    names = {
        KEYS.pass_id(booking, version, device)
        for booking in (1, 2)
        for version in (0, 1)
        for device in ("static", "static:2026-11-24")
    }
    assert len(names) == 8
