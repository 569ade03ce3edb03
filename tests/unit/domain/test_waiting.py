"""The rule of the line: who is next, how long an offer runs, which stays would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.booking_states import BookingState
from app.domain.ids import SiteCode, SpaceCode
from app.domain.intervals import Span
from app.domain.waiting import (
    ANSWER,
    LEAST_ANSWER,
    MOST_PASSED,
    Offered,
    OfferState,
    Waiting,
    WaitState,
    answer_until,
    line,
    offer_state,
    place_in_line,
    stays_within,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Span(NOW + 2 * HOUR, NOW + 8 * HOUR)
ROOM = SpaceCode("metz-mirabelle")
METZ, NANCY = SiteCode("metz"), SiteCode("nancy")


def waiting(number: int = 1, *states: OfferState, **changes: Any) -> Waiting:
    offers = tuple(Offered(ROOM, WINDOW, state) for state in states)
    joined_at = NOW - HOUR + timedelta(minutes=number)
    return replace(Waiting(number, joined_at, WINDOW, 120, offers=offers), **changes)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), WaitState.WAITING),
        ((OfferState.OPEN,), WaitState.OFFERED),
        ((OfferState.PASSED,), WaitState.WAITING),
        ((OfferState.PASSED, OfferState.OPEN), WaitState.OFFERED),
        ((OfferState.PASSED, OfferState.TAKEN), WaitState.SERVED),
        ((OfferState.PASSED,) * MOST_PASSED, WaitState.OVER),
    ],
)
def test_where_a_wait_stands_follows_from_its_offers(
    states: tuple[OfferState, ...], expected: WaitState
) -> None:
    assert waiting(1, *states).state(NOW) is expected


def test_a_wait_ends_when_nothing_could_begin_any_more_or_its_person_leaves() -> None:
    one = waiting()
    last = WINDOW.end - 2 * HOUR - LEAST_ANSWER
    assert one.state(last) is WaitState.WAITING
    assert one.state(last + timedelta(seconds=1)) is WaitState.OVER
    assert waiting(left_at=NOW).state(NOW) is WaitState.LEFT


@pytest.mark.parametrize(
    ("state", "confirmed_at", "expected"),
    [
        (BookingState.HELD, None, OfferState.OPEN),
        (BookingState.EXPIRED, None, OfferState.PASSED),
        (BookingState.CANCELLED, None, OfferState.PASSED),
        (BookingState.REFUSED, None, OfferState.PASSED),
        (BookingState.REQUESTED, None, OfferState.TAKEN),
        (BookingState.CONFIRMED, NOW, OfferState.TAKEN),
        (BookingState.CANCELLED, NOW, OfferState.TAKEN),
        (BookingState.NO_SHOW, NOW, OfferState.TAKEN),
    ],
)
def test_what_became_of_an_offer_is_what_became_of_its_booking(
    state: BookingState, confirmed_at: datetime | None, expected: OfferState
) -> None:
    assert offer_state(state, confirmed_at) is expected


fates = st.lists(st.sampled_from([OfferState.PASSED, OfferState.OPEN]), max_size=4)


@given(st.lists(fates, max_size=8), st.randoms())
def test_first_come_first_served_and_who_let_an_offer_pass_comes_after(
    fate_of: list[list[OfferState]], order: Random
) -> None:
    waits = [waiting(number, *states) for number, states in enumerate(fate_of)]
    shuffled = list(waits)
    order.shuffle(shuffled)
    found = line(shuffled, NOW)
    assert [each.id for each in found] == [each.id for each in line(waits, NOW)]
    for earlier, later in pairwise(found):
        passed = [
            sum(offer.state is OfferState.PASSED for offer in each.offers)
            for each in (earlier, later)
        ]
        assert passed[0] < passed[1] or (passed[0] == passed[1] and earlier.id < later.id)
    ranks = [place_in_line(each, waits, NOW) for each in found]
    assert ranks == list(range(1, len(found) + 1))
    assert not any(each.state(NOW) is not WaitState.WAITING for each in found)


def test_one_is_behind_only_those_who_wait_for_what_would_do_for_both() -> None:
    metz, nancy, anywhere = (
        waiting(number, site=site) for number, site in enumerate((METZ, NANCY, None), 1)
    )
    later = waiting(4, window=Span(WINDOW.end, WINDOW.end + 6 * HOUR))
    waits = [later, anywhere, nancy, metz]
    assert [place_in_line(each, waits, NOW) for each in (metz, nancy, anywhere, later)] == [
        1,
        1,
        3,
        1,
    ]


@given(st.integers(-60, 24 * 60))
def test_an_offer_runs_thirty_minutes_and_never_past_the_start(minutes: int) -> None:
    start = NOW + timedelta(minutes=minutes)
    until = answer_until(NOW, start)
    if start - NOW < LEAST_ANSWER:
        assert until is None
    else:
        assert until == min(start, NOW + ANSWER)


@given(
    st.integers(0, 500),
    st.integers(1, 400),
    st.integers(15, 300),
    st.integers(0, 400),
    st.booleans(),
)
def test_stays_offered_lie_in_the_window_and_in_what_is_free(
    offset: int, free_minutes: int, minutes: int, late: int, exact: bool
) -> None:
    start = WINDOW.start - HOUR + timedelta(minutes=offset)
    free = Span(start, start + timedelta(minutes=free_minutes))
    window = Span(WINDOW.start, WINDOW.start + timedelta(minutes=minutes)) if exact else WINDOW
    one, now = waiting(minutes=minutes, window=window), NOW + timedelta(minutes=late)
    found = list(stays_within(one, [free], now=now))
    for stay in found:
        assert free.contains(stay)
        assert window.contains(stay)
        assert stay.minutes == minutes
        assert stay.start >= now + LEAST_ANSWER
        assert exact or stay.start.minute % 15 == 0
    if exact:
        would_do = free.contains(window) and window.start >= now + LEAST_ANSWER
        assert found == ([window] if would_do else [])


def test_a_place_once_offered_is_not_offered_again_for_that_time() -> None:
    one = waiting(1, OfferState.PASSED)
    assert one.had(ROOM, Span(WINDOW.end - HOUR, WINDOW.end + HOUR))
    assert not one.had(ROOM, Span(WINDOW.end, WINDOW.end + HOUR))
    assert not one.had(SpaceCode("metz-seille"), WINDOW)
