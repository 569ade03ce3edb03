"""What the house does not give out at all: the past, the far, the absurd, the crowded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import (
    BeyondHorizon,
    Closed,
    DomainError,
    NobodyComes,
    OffStep,
    OverCapacity,
    SpanInPast,
    TooLong,
    TooShort,
)
from app.domain.intervals import Span
from app.domain.months import add_months
from app.domain.stays import ORDINARY_LIMITS, StayLimits, refuse_unlawful
from tests.unit.domain.places import MONDAY, SUNDAY, ordinary_calendar, span, utc

NOW = utc("2027-02-28 12:00")
PLAIN = span(MONDAY, "09:00-11:00")


@dataclass(frozen=True)
class Wish:
    """A stay that is lawful unless a test changes something."""

    stay: Span = PLAIN
    people: int = 4
    limits: StayLimits = ORDINARY_LIMITS
    now: datetime = NOW

    def ask(self) -> None:
        refuse_unlawful(
            self.stay,
            self.people,
            capacity=12,
            limits=self.limits,
            calendar=ordinary_calendar(),
            now=self.now,
        )


def test_a_plain_wish_passes() -> None:
    Wish().ask()
    Wish(people=12).ask()


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (Wish(people=13), OverCapacity),
        (Wish(people=0), NobodyComes),
        (Wish(now=utc("2027-03-01 08:06")), SpanInPast),
        (Wish(stay=Span(utc("2027-03-01 08:00"), utc("2027-03-02 08:05"))), TooLong),
        (Wish(stay=span(MONDAY, "09:00-09:10")), TooShort),
        (Wish(stay=span(MONDAY, "09:02-10:00")), OffStep),
        (Wish(stay=span(MONDAY, "09:00-10:00"), limits=StayLimits(max_minutes=30)), TooLong),
        (Wish(stay=span(SUNDAY, "09:00-10:00")), Closed),
        (Wish(stay=span(MONDAY, "21:00-22:00")), Closed),
        (Wish(stay=span(date(2028, 2, 29), "09:00-10:00")), BeyondHorizon),
    ],
)
def test_each_unlawful_wish_has_its_refusal(wish: Wish, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        wish.ask()


def test_somebody_at_the_desk_may_take_a_room_from_a_few_minutes_ago() -> None:
    Wish(now=utc("2027-03-01 08:04")).ask()


def test_the_last_day_of_the_horizon_is_given_out_and_told() -> None:
    Wish(stay=span(date(2028, 2, 28), "09:00-10:00")).ask()
    with pytest.raises(BeyondHorizon) as refusal:
        Wish(stay=span(date(2028, 3, 1), "09:00-10:00")).ask()
    assert refusal.value.last_day == date(2028, 2, 28)


def test_the_ends_of_the_calendar_are_refused_and_do_not_crash() -> None:
    with pytest.raises(SpanInPast):
        Wish(stay=Span(utc("0001-01-01 00:00"), utc("0001-01-01 01:00"))).ask()
    with pytest.raises(BeyondHorizon):
        Wish(stay=Span(utc("9999-12-31 22:00"), utc("9999-12-31 23:00"))).ask()
    with pytest.raises(TooLong):
        Wish(stay=Span(utc("2027-03-01 08:00"), utc("9999-12-31 23:00"))).ask()


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
    st.integers(-5, 40),
)
def test_any_wish_passes_or_is_refused_by_name(
    begins: datetime, length: timedelta, people: int
) -> None:
    assume(begins <= datetime.max.replace(tzinfo=UTC) - length)
    told = None
    try:
        Wish(stay=Span(begins, begins + length), people=people).ask()
    except DomainError as refusal:
        told = refusal
    in_reach = NOW < begins < NOW + timedelta(days=366) and 1 <= people <= 12
    assert in_reach or told is not None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_are_added_on_the_calendar(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize("limits", [{"step_minutes": 7}, {"step_minutes": 0}, {"min_minutes": 0}])
def test_limits_that_make_no_sense_are_not_made(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="the "):
        StayLimits(**limits)
