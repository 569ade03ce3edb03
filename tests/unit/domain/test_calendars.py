"""When a place is open, with holidays and exceptions, and what a closed place says."""

from datetime import date, timedelta

import pytest

from app.domain.calendars import (
    DayException,
    is_open,
    next_opening,
    opening_spans,
    refuse_closed,
)
from app.domain.errors import Closed
from app.domain.intervals import Span
from app.domain.opening_hours import hours_from, minute_from, week_hours_from
from tests.unit.domain.places import (
    MONDAY,
    SATURDAY,
    SUNDAY,
    hall_calendar,
    ordinary_calendar,
    ordinary_week,
    span,
    utc,
)

GOOD_FRIDAY = date(2027, 3, 26)
METZ = ordinary_calendar(holidays={GOOD_FRIDAY: "Vendredi saint"})
NANCY = ordinary_calendar()


def test_a_stay_in_the_open_hours_passes() -> None:
    refuse_closed(NANCY, span(MONDAY, "08:00-20:00"))
    refuse_closed(NANCY, span(SATURDAY, "09:00-18:00"))


@pytest.mark.parametrize("hours", ["07:59-09:00", "19:00-20:01", "06:00-07:00", "21:00-22:00"])
def test_a_stay_outside_the_open_hours_is_told_them(hours: str) -> None:
    with pytest.raises(Closed) as refusal:
        refuse_closed(NANCY, span(MONDAY, hours))
    assert refusal.value.day == MONDAY
    assert refusal.value.hours == (("08:00", "20:00"),)
    assert refusal.value.reason is None


def test_before_opening_and_after_closing_the_next_opening_is_told() -> None:
    with pytest.raises(Closed) as early:
        refuse_closed(NANCY, span(MONDAY, "06:00-07:00"))
    assert early.value.next_opens_at == utc("2027-03-01 07:00")
    with pytest.raises(Closed) as late:
        refuse_closed(NANCY, span(SATURDAY, "17:00-19:00"))
    assert late.value.next_opens_at == utc("2027-03-08 07:00")


def test_a_holiday_closes_the_site_that_keeps_it_and_no_other() -> None:
    stay = span(GOOD_FRIDAY, "09:00-10:00")
    refuse_closed(NANCY, stay)
    with pytest.raises(Closed) as refusal:
        refuse_closed(METZ, stay)
    assert refusal.value.reason == "Vendredi saint"
    assert refusal.value.hours == ()
    assert refusal.value.next_opens_at == utc("2027-03-27 08:00")


def test_a_site_may_open_on_a_holiday() -> None:
    opened = ordinary_calendar(
        holidays=METZ.holidays, exceptions={GOOD_FRIDAY: DayException(((600, 960),))}
    )
    refuse_closed(opened, span(GOOD_FRIDAY, "10:00-16:00"))
    with pytest.raises(Closed):
        refuse_closed(opened, span(GOOD_FRIDAY, "09:00-10:00"))


def test_a_site_may_close_on_any_date_and_say_why() -> None:
    closed = ordinary_calendar(exceptions={MONDAY: DayException((), "travaux")})
    with pytest.raises(Closed) as refusal:
        refuse_closed(closed, span(MONDAY, "09:00-10:00"))
    assert refusal.value.reason == "travaux"


def test_a_space_may_keep_its_own_week() -> None:
    hall = NANCY.for_space(hall_calendar().week)
    refuse_closed(hall, span(SATURDAY, "19:00-23:00"))
    assert NANCY.for_space(None) is NANCY


def test_open_ranges_that_meet_at_midnight_are_one() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    always = ordinary_calendar(week=week_hours_from({day: ["00:00-24:00"] for day in days}))
    stay = Span(utc("2027-03-26 20:00"), utc("2027-03-29 06:00"))
    assert is_open(always, stay)
    assert not is_open(hall_calendar(), stay)


def test_a_pause_at_noon_is_closed() -> None:
    week = week_hours_from({"mon": ["08:00-12:00", "14:00-18:00"]})
    paused = ordinary_calendar(week=week)
    assert len(opening_spans(paused, MONDAY)) == 2
    with pytest.raises(Closed) as refusal:
        refuse_closed(paused, span(MONDAY, "11:00-15:00"))
    assert refusal.value.next_opens_at == utc("2027-03-01 13:00")


def test_overnight_only_the_ends_must_be_open() -> None:
    stay = Span(span(MONDAY, "14:00-15:00").start, utc("2027-03-02 11:00"))
    refuse_closed(NANCY, stay, overnight=True)
    with pytest.raises(Closed):
        refuse_closed(NANCY, stay)


@pytest.mark.parametrize(
    ("begins", "ends", "day"),
    [
        ("2027-03-01 05:00", "2027-03-02 11:00", MONDAY),
        ("2027-03-01 08:00", "2027-03-07 11:00", SUNDAY),
    ],
)
def test_overnight_a_closed_end_is_refused(begins: str, ends: str, day: date) -> None:
    with pytest.raises(Closed) as refusal:
        refuse_closed(NANCY, Span(utc(begins), utc(ends)), overnight=True)
    assert refusal.value.day == day


def test_open_hours_follow_the_wall_clock_through_the_change() -> None:
    before, after = date(2027, 3, 27), date(2027, 3, 29)
    week = hall_calendar()
    assert opening_spans(week, before)[0].start == utc("2027-03-27 07:00")
    assert opening_spans(week, after)[0].start == utc("2027-03-29 06:00")


def test_hours_that_the_clock_skips_are_no_hours() -> None:
    skipped = ordinary_calendar(week=week_hours_from({"sun": ["02:10-02:50"]}))
    assert opening_spans(skipped, date(2027, 3, 28)) == ()
    assert len(opening_spans(skipped, date(2027, 3, 21))) == 1


def test_a_site_that_never_opens_has_no_next_opening() -> None:
    never = ordinary_calendar(week=week_hours_from({}))
    assert next_opening(never, utc("2027-03-01 08:00")) is None


def test_week_hours_are_written_as_they_are_read() -> None:
    week = ordinary_week()
    assert week_hours_from(week.to_json()) == week
    assert week.on(MONDAY + timedelta(days=6)) == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"monday": []}, "monday"),
        ({"mon": ["8-20"]}, "mon"),
        ({"tue": ["20:00-08:00"]}, "tue"),
        ({"wed": ["08:00-24:30"]}, "wed"),
        ({"thu": ["08:00-12:00", "11:00-18:00"]}, "thu"),
        ({"fri": "08:00-20:00"}, "fri"),
        ({"sat": [800]}, "sat"),
    ],
)
def test_unclear_hours_are_refused_by_the_day(content: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        week_hours_from(content)


def test_midnight_may_be_written_as_the_end_of_the_day() -> None:
    assert hours_from(["22:00-24:00"]) == ((1320, 1440),)
    assert minute_from("00:00") == 0
