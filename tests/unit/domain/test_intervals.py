"""Spans are half-open stretches of UTC, and their algebra agrees with counting instants."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import EndBeforeStart
from app.domain.intervals import Span, clashes, covered, gaps, union

START = datetime(2027, 3, 1, tzinfo=UTC)
LAST = 30


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def hours(begin: int, end: int) -> Span:
    return Span(at(begin), at(end))


def instants(*spans: Span) -> set[int]:
    """The hours in which the spans are, counted one by one."""
    return {hour for hour in range(LAST + 1) for span in spans if span.holds(at(hour))}


spans = st.tuples(st.integers(0, LAST), st.integers(0, LAST)).filter(lambda two: two[0] < two[1])
spans = spans.map(lambda two: hours(*two))


def test_bookings_that_touch_do_not_clash() -> None:
    assert clashes([hours(10, 11)], taken=[hours(9, 10), hours(11, 12)]) == []


def test_clashes_come_earliest_first() -> None:
    taken = [hours(12, 13), hours(9, 11), hours(20, 21)]
    assert clashes([hours(10, 14)], taken=taken) == [hours(9, 11), hours(12, 13)]


@pytest.mark.parametrize("end", [10, 9])
def test_a_span_ends_after_it_starts(end: int) -> None:
    with pytest.raises(EndBeforeStart) as refusal:
        hours(10, end)
    assert refusal.value.facts()["start"] == "2027-03-01T10:00:00Z"


def test_a_span_is_made_of_aware_utc_instants() -> None:
    naive = datetime(2027, 3, 1)  # noqa: DTZ001 - the very fault
    paris = START.astimezone(timezone(timedelta(hours=1)))
    for wrong in (naive, paris):
        with pytest.raises(ValueError, match="UTC"):
            Span(wrong, wrong + timedelta(hours=1))


def test_minutes_count_started_ones() -> None:
    assert Span(at(0), at(1) + timedelta(seconds=1)).minutes == 61
    assert hours(0, 25).minutes == 25 * 60


@given(spans, spans)
def test_two_spans_overlap_when_they_share_an_instant(one: Span, two: Span) -> None:
    assert one.overlaps(two) == two.overlaps(one) == bool(instants(one) & instants(two))
    assert (clashes([one], taken=[two]) == [two]) == one.overlaps(two)


@given(spans, spans)
def test_a_span_within_a_window_is_what_both_share(one: Span, window: Span) -> None:
    shared = one.within(window)
    assert (instants(shared) if shared else set()) == instants(one) & instants(window)
    assert window.contains(one) == (instants(one) <= instants(window))


@given(st.lists(spans))
def test_a_union_holds_the_same_instants_in_spans_that_do_not_touch(some: list[Span]) -> None:
    joined = union(some)
    assert instants(*joined) == instants(*some)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(spans, st.lists(spans))
def test_gaps_are_what_is_left_of_the_window(window: Span, taken: list[Span]) -> None:
    free = gaps(window, taken)
    assert instants(*free) == instants(window) - instants(*taken)
    assert union(free) == free
    assert clashes(free, taken=taken) == []


@given(spans, st.lists(spans))
def test_a_span_is_covered_when_nothing_of_it_is_left(wanted: Span, by: list[Span]) -> None:
    assert covered(wanted, by) == (gaps(wanted, by) == [])
