"""Dates that come again: against a naive walk, split, read and written, and by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadRule, NoDates, TooManyDates
from app.domain.recurrence import MOST_DATES, Recurrence, listed
from app.domain.rrules import Fault, Frequency, Rule, kept_rule, rule_from

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = date(2026, 11, 26)
A_YEAR = [timedelta(days=number) for number in range(500)]
ENDS = st.one_of(
    st.fixed_dictionaries({"count": st.integers(1, 40)}),
    st.fixed_dictionaries({"until": st.dates(date(2026, 12, 1), date(2027, 10, 1))}),
)
DAILY = st.fixed_dictionaries({"frequency": st.just(Frequency.DAILY)})
WEEKLY = st.fixed_dictionaries(
    {
        "frequency": st.just(Frequency.WEEKLY),
        "weekdays": st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    }
)
BY_DAY = st.fixed_dictionaries(
    {
        "frequency": st.just(Frequency.MONTHLY),
        "month_day": st.sampled_from([1, 15, 28, 29, 30, 31, -1]),
    }
)
BY_WEEKDAY = st.fixed_dictionaries(
    {
        "frequency": st.just(Frequency.MONTHLY),
        "weekdays": st.tuples(st.integers(0, 6)),
        "nth": st.sampled_from([1, 2, 3, 4, 5, -1]),
    }
)
RULES = st.builds(
    lambda kind, end, interval: Rule(**kind, **end, interval=interval),
    st.one_of(DAILY, WEEKLY, BY_DAY, BY_WEEKDAY),
    ENDS,
    st.integers(1, 5),
)
FIRSTS = st.dates(date(2026, 10, 1), date(2026, 12, 31))


def comes(rule: Rule, first: date, day: date) -> bool:
    """Whether a day is one of the rule, as one would count on a calendar of paper."""
    if rule.frequency is Frequency.DAILY:
        return (day - first).days % rule.interval == 0
    if rule.frequency is Frequency.WEEKLY:
        weeks = (day.toordinal() - 1) // 7 - (first.toordinal() - 1) // 7
        return day.weekday() in rule.weekdays and weeks % rule.interval == 0
    if (day.year * 12 + day.month - first.year * 12 - first.month) % rule.interval:
        return False
    if rule.month_day is not None:
        tomorrow = day + timedelta(days=1)
        return tomorrow.day == 1 if rule.month_day == -1 else day.day == rule.month_day
    last = (day + timedelta(days=7)).month != day.month
    return day.weekday() == rule.weekdays[0] and (
        last if rule.nth == -1 else (day.day - 1) // 7 + 1 == rule.nth
    )


def walked(rule: Rule, first: date) -> list[date]:
    days = [first + far for far in A_YEAR if comes(rule, first, first + far)]
    if rule.until is not None:
        return [day for day in days if day <= rule.until]
    return days[: rule.count]


def dates_of(recurrence: Recurrence | None) -> tuple[date, ...]:
    try:
        return () if recurrence is None else recurrence.days
    except NoDates:
        return ()


@given(RULES, FIRSTS)
def test_the_dates_are_those_of_a_walk_over_the_days(rule: Rule, first: date) -> None:
    walk = walked(rule, first)
    horizon = first + A_YEAR[-1]
    assert [day for day in dates_of(Recurrence(first, 0, 60, rule)) if day <= horizon] == walk


@given(RULES, FIRSTS, st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_dates_left_out_are_out_and_dates_beside_the_rule_are_in(
    rule: Rule, first: date, out: set[int], beside: set[int]
) -> None:
    exdates = frozenset(first + timedelta(days=far) for far in out)
    rdates = frozenset(first + timedelta(days=far) for far in beside)
    plain = set(dates_of(Recurrence(first, 0, 60, rule)))
    asked = Recurrence(first, 0, 60, rule, exdates, rdates)
    assert set(dates_of(asked)) == (plain | rdates) - exdates


@given(RULES, FIRSTS, st.sets(st.integers(0, 300), max_size=5), st.integers(-5, 400))
def test_a_series_split_at_any_day_keeps_its_dates(
    rule: Rule, first: date, beside: set[int], far: int
) -> None:
    rdates = frozenset(first + timedelta(days=each) for each in beside)
    whole = Recurrence(first, 0, 60, rule, rdates=rdates)
    days = dates_of(whole)
    if not days or (not dates_of(replace(whole, rdates=frozenset())) and not rdates):
        return
    day = first + timedelta(days=far)
    before, after = whole.until(day), whole.since(day)
    assert dates_of(before) == tuple(each for each in days if each < day)
    assert dates_of(after) == tuple(each for each in days if each >= day)


@given(RULES, FIRSTS)
def test_a_rule_is_read_as_it_was_written(rule: Rule, first: date) -> None:
    assert kept_rule(rule.text, PARIS) == rule
    assert (
        rule_from(f"RRULE:{rule.exported(540, PARIS)}", first=first, minute=540, zone=PARIS) == rule
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261224", ["11-26", "12-10", "12-24"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261224T170000Z", ["11-26", "12-10", "12-24"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261224T165959Z", ["11-26", "12-10"]),
        ("freq=weekly;count=2", ["11-26", "12-03"]),
        # Every two weeks on Monday and Thursday: the week counts, not fourteen days (MRBS).
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4", ["11-26", "12-07", "12-10", "12-21"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["12-31", "01-31", "03-31"]),
        ("FREQ=MONTHLY;BYDAY=-1TH;COUNT=3", ["11-26", "12-31", "01-28"]),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=5;COUNT=2", ["12-31", "04-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["11-30", "12-31", "01-31"]),
    ],
)
def test_a_rule_says_what_a_person_means(text: str, days: list[str]) -> None:
    rule = rule_from(text, first=THURSDAY, minute=18 * 60, zone=PARIS)
    found = Recurrence(THURSDAY, 18 * 60, 120, rule).days
    assert [f"{day:%m-%d}" for day in found] == days


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("every Thursday", Fault.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20261224", Fault.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=2;COUNT=3", Fault.UNREADABLE),
        ("FREQ=WEEKLY;COUNT=²", Fault.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=20261324", Fault.UNREADABLE),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", Fault.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=TH", Fault.ENDLESS),
        ("FREQ=YEARLY;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=HOURLY;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=DAILY;BYDAY=TH;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=WEEKLY;BYDAY=1TH;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=WEEKLY;WKST=SU;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=MONTHLY;BYDAY=TH;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=MONTHLY;BYDAY=1TH,2TH;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", Fault.UNSPEAKABLE),
        ("FREQ=DAILY;COUNT=0", Fault.UNSPEAKABLE),
        ("FREQ=DAILY;BYHOUR=9;COUNT=2", Fault.UNSPEAKABLE),
    ],
)
def test_what_nobody_can_say_is_refused(text: str, fault: Fault) -> None:
    with pytest.raises(BadRule) as refused:
        rule_from(text, first=THURSDAY, zone=PARIS)
    assert refused.value.reason == fault


def test_a_year_of_dates_is_the_most_and_none_is_too_few() -> None:
    daily = Rule(Frequency.DAILY, until=THURSDAY + timedelta(days=MOST_DATES - 1))
    year = Recurrence(THURSDAY, 0, 60, daily)
    assert len(year.days) == MOST_DATES
    beside = frozenset({THURSDAY + timedelta(days=800)})
    with pytest.raises(TooManyDates):
        _ = replace(year, rdates=beside).days
    with pytest.raises(NoDates):
        _ = replace(year, exdates=frozenset(year.days)).days
    with pytest.raises(NoDates):
        listed(frozenset(), minute=0, minutes=60)
    never = Rule(Frequency.MONTHLY, interval=12, month_day=31, count=2)
    with pytest.raises(NoDates):
        Recurrence(date(2026, 11, 1), 0, 60, never).anchored()


def test_a_free_list_is_a_series_of_its_dates() -> None:
    days = frozenset({date(2026, 12, 5), date(2026, 11, 30), date(2027, 1, 9)})
    assert listed(days, minute=540, minutes=60).days == tuple(sorted(days))


@pytest.mark.parametrize("year", range(2025, 2029))
def test_the_hours_stay_where_the_clock_on_the_wall_has_them(year: int) -> None:
    first = date(year, 1, 1)
    daily = Rule(Frequency.DAILY, until=date(year, 12, 31))
    for each in Recurrence(first, 9 * 60, 8 * 60, daily).occurrences(PARIS):
        assert each.span is not None
        start, end = (at.astimezone(PARIS) for at in (each.span.start, each.span.end))
        assert (start.date(), start.hour, end.hour, each.is_shifted) == (each.day, 9, 17, False)
        assert each.original == each.span.start


def test_an_hour_that_the_clock_skips_moves_on_and_one_shown_twice_is_the_first() -> None:
    night = date(2027, 3, 28)
    late = Recurrence(night, 2 * 60 + 30, 90).occurrence(night, PARIS)
    assert late.is_shifted
    assert late.span is not None
    assert late.span.start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # shown as 3:30
    assert late.span.end == datetime(2027, 3, 28, 2, 0, tzinfo=UTC)  # shown as 4:00
    gone = Recurrence(night, 2 * 60, 60).occurrence(night, PARIS)
    assert (gone.span, gone.is_shifted) == (None, True)
    autumn = date(2027, 10, 31)
    twice = Recurrence(autumn, 2 * 60 + 30, 60).occurrence(autumn, PARIS)
    assert twice.original == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    over = Recurrence(autumn - timedelta(days=1), 22 * 60, 8 * 60)
    overnight = over.occurrence(autumn - timedelta(days=1), PARIS)
    assert overnight.span is not None
    assert overnight.span.duration == timedelta(hours=9)
