"""The nights when the clocks change, 2025 to 2028: hours that do not exist, and hours twice."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendars import local_dates, local_day
from app.domain.errors import DoubledTime, NonexistentTime
from app.domain.intervals import Span
from app.domain.opening_hours import local_instant, wall_instant
from tests.unit.domain.places import PARIS, ordinary_calendar, utc

FORWARD = [date(2025, 3, 30), date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26)]
BACK = [date(2025, 10, 26), date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29)]
minutes = st.integers(0, 59)


@given(st.sampled_from(FORWARD), minutes)
def test_the_hour_skipped_in_march_is_refused(day: date, minute: int) -> None:
    with pytest.raises(NonexistentTime) as refusal:
        local_instant(day, time(2, minute), PARIS)
    instead = refusal.value.instead
    assert instead is not None
    assert instead.astimezone(PARIS).time() == time(3, minute)


@given(st.sampled_from(BACK), minutes)
def test_the_hour_doubled_in_october_must_be_told_apart(day: date, minute: int) -> None:
    with pytest.raises(DoubledTime) as refusal:
        local_instant(day, time(2, minute), PARIS)
    assert refusal.value.second - refusal.value.first == timedelta(hours=1)
    assert local_instant(day, time(2, minute), PARIS, fold=0) == refusal.value.first
    assert local_instant(day, time(2, minute), PARIS, fold=1) == refusal.value.second


@pytest.mark.parametrize("day", FORWARD + BACK)
def test_the_hours_beside_the_change_are_plain(day: date) -> None:
    for at in (time(1, 59), time(3, 0), time(0, 0), time(23, 59)):
        assert local_instant(day, at, PARIS).astimezone(PARIS).time() == at


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.times().map(lambda t: t.replace(fold=0)))
def test_every_other_time_goes_to_utc_and_back(day: date, at: time) -> None:
    if day in FORWARD + BACK:
        return
    instant = local_instant(day, at, PARIS)
    assert instant.tzinfo is UTC
    assert instant.astimezone(PARIS).replace(tzinfo=None) == datetime.combine(day, at)


def test_a_day_lasts_23_hours_in_march_and_25_in_october() -> None:
    calendar = ordinary_calendar()
    assert {local_day(calendar, day).duration for day in FORWARD} == {timedelta(hours=23)}
    assert {local_day(calendar, day).duration for day in BACK} == {timedelta(hours=25)}
    assert local_day(calendar, date(2027, 3, 1)).duration == timedelta(hours=24)


def test_midnight_at_the_end_of_a_day_is_the_start_of_the_next() -> None:
    day = date(2027, 12, 31)
    assert wall_instant(day, 1440, PARIS) == wall_instant(date(2028, 1, 1), 0, PARIS)


def test_a_time_that_no_calendar_holds_in_utc_is_refused() -> None:
    with pytest.raises(NonexistentTime):
        local_instant(date(1, 1, 1), time(0, 0), PARIS)


def test_a_span_touches_the_dates_of_the_local_clock() -> None:
    calendar = ordinary_calendar()
    whole = Span(utc("2027-03-01 22:30"), utc("2027-03-02 23:00"))
    assert local_dates(calendar, whole) == [date(2027, 3, 1), date(2027, 3, 2)]
