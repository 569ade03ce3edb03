"""The moves of a booking, and the state the clock makes of the stored one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.booking_states import (
    CANCELLABLE,
    MOVES,
    OCCUPYING,
    OPENING,
    BookingState,
    can_become,
    effective_state,
    require_move,
    require_running_hold,
)
from app.domain.errors import HoldExpired, WrongState
from app.domain.intervals import Span
from tests.unit.domain.places import utc

STAY = Span(utc("2027-03-01 08:00"), utc("2027-03-01 10:00"))
HELD_UNTIL = utc("2027-02-28 12:35")
FINAL = {BookingState.COMPLETED, BookingState.CANCELLED, BookingState.REFUSED, BookingState.EXPIRED}

states = st.sampled_from(BookingState)
seconds = st.integers(0, 2 * 24 * 3600)
instants = seconds.map(lambda passed: utc("2027-02-28 00:00") + timedelta(seconds=passed))


def state_at(stored: BookingState, now: datetime) -> BookingState:
    return effective_state(stored, hold_expires_at=HELD_UNTIL, span=STAY, now=now)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(BookingState)
    assert {state for state, moves in MOVES.items() if not moves} == FINAL


@pytest.mark.parametrize(
    ("state", "wanted", "lawful"),
    [
        ("held", "confirmed", True),
        ("requested", "refused", True),
        ("confirmed", "checked_in", True),
        ("confirmed", "cancelled", True),
        ("checked_in", "completed", True),
        ("checked_in", "confirmed", True),
        ("no_show", "completed", True),
        ("checked_in", "cancelled", False),
        ("cancelled", "confirmed", False),
        ("expired", "confirmed", False),
        ("held", "checked_in", False),
        ("confirmed", "held", False),
    ],
)
def test_the_table_of_moves(state: str, wanted: str, lawful: bool) -> None:
    before, after = BookingState(state), BookingState(wanted)
    assert can_become(before, after) is lawful
    if lawful:
        require_move(before, after)
    else:
        with pytest.raises(WrongState) as refusal:
            require_move(before, after)
        assert refusal.value.facts() == {"state": state, "wanted": wanted}


@pytest.mark.parametrize(
    ("stored", "now", "state"),
    [
        ("held", "2027-02-28 12:34", "held"),
        ("held", "2027-02-28 12:35", "expired"),
        ("requested", "2027-03-01 07:59", "requested"),
        ("requested", "2027-03-01 08:00", "expired"),
        ("confirmed", "2027-03-01 09:59", "confirmed"),
        ("confirmed", "2027-03-01 10:00", "no_show"),
        ("checked_in", "2027-03-01 09:59", "checked_in"),
        ("checked_in", "2027-03-01 10:00", "completed"),
        ("cancelled", "2027-03-01 10:00", "cancelled"),
    ],
)
def test_the_clock_moves_a_booking_without_any_job(stored: str, now: str, state: str) -> None:
    assert state_at(BookingState(stored), utc(now)) == state


@given(states, instants)
def test_the_clock_only_makes_lawful_moves_and_settles(stored: BookingState, now: datetime) -> None:
    reached = state_at(stored, now)
    assert reached is stored or can_become(stored, reached)
    assert state_at(reached, now) is reached


@given(states, instants, instants)
def test_looking_earlier_never_changes_what_is_seen_later(
    stored: BookingState, one: datetime, two: datetime
) -> None:
    early, late = sorted((one, two))
    assert state_at(state_at(stored, early), late) == state_at(stored, late)


def test_a_hold_without_an_end_lasts_until_its_stay_is_over() -> None:
    for now, state in ((STAY.end - timedelta(minutes=1), "held"), (STAY.end, "expired")):
        held = effective_state(BookingState.HELD, hold_expires_at=None, span=STAY, now=now)
        assert held == state


def test_only_a_running_hold_may_be_confirmed() -> None:
    require_running_hold(
        BookingState.HELD, hold_expires_at=HELD_UNTIL, now=HELD_UNTIL - timedelta(seconds=1)
    )
    with pytest.raises(HoldExpired):
        require_running_hold(BookingState.HELD, hold_expires_at=HELD_UNTIL, now=HELD_UNTIL)
    with pytest.raises(WrongState):
        require_running_hold(BookingState.CANCELLED, hold_expires_at=None, now=HELD_UNTIL)


def test_what_is_over_for_good_keeps_no_place_and_opens_no_door() -> None:
    assert OCCUPYING.isdisjoint(FINAL - {BookingState.COMPLETED})
    assert {BookingState.CONFIRMED, BookingState.CHECKED_IN} == OPENING
    assert all(can_become(state, BookingState.CANCELLED) for state in CANCELLABLE)
