"""The cheapest combination: equal to a search over every quarter, fair when stays grow or split."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendars import SiteCalendar
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile
from app.domain.tariffs import Asked, Family, Quote, RateCard, Row, TimeReason, TimeRules, quote
from app.domain.tariffs.quotes import LineCode
from app.domain.tariffs.stay import Piece, cheapest_pieces, cost_of
from tests.unit.domain.places import (
    MONDAY,
    PARIS,
    SATURDAY,
    charter_card,
    hall_calendar,
    span,
    utc,
)

QUARTER = timedelta(minutes=15)
RULES = charter_card().time
# The week before the clocks go forward, that week, and the week they go back, 2027.
WEEKS = [utc("2027-03-15 05:00"), utc("2027-03-26 05:00"), utc("2027-10-29 04:00")]
CALENDAR = hall_calendar(holidays={date(2027, 3, 29): "Easter Monday"})

prices = st.none() | st.integers(1, 300)
rows = st.builds(
    Row,
    name=st.just("any"),
    family=st.just(Family.ROOMS),
    kinds=st.just(frozenset({SpaceKind.MEETING_ROOM})),
    hour=prices,
    half_day=prices,
    day=prices,
    evening=prices,
)


@st.composite
def stays(draw: st.DrawFn, longest: int = 150) -> Span:
    begin = draw(st.sampled_from(WEEKS)) + QUARTER * draw(st.integers(0, 300))
    return Span(begin, begin + QUARTER * draw(st.integers(1, longest)))


def cost(row: Row, span: Span, calendar: SiteCalendar = CALENDAR) -> int | None:
    """The exact cost before site and profile, or None when not sold."""
    pieces = cheapest_pieces(row, RULES, span, calendar)
    return None if isinstance(pieces, Span) else cost_of(pieces, RULES)


def searched(row: Row, span: Span, calendar: SiteCalendar = CALENDAR) -> Fraction | None:
    """The lowest cost found by trying, at every quarter, each thing that can be bought there."""
    starts = [span.start + QUARTER * n for n in range(span.duration // QUARTER)]
    best: list[Fraction | None] = [Fraction(0)] + [None] * len(starts)
    for index, start in enumerate(starts):
        so_far = best[index]
        if so_far is None:
            continue
        for price, reaches in offers(row, start, calendar):
            until = min(index + reaches, len(starts))
            known = best[until]
            if known is None or so_far + price < known:
                best[until] = so_far + price
    return best[-1]


def offers(row: Row, start: datetime, calendar: SiteCalendar) -> list[tuple[Fraction, int]]:
    """What can be bought at that quarter: its price in cents, and how many quarters it covers.

    A package that could cover more may also cover less, so every shorter reach is offered too.
    """
    local = start.astimezone(PARIS)
    day_factor = factor(local, calendar)
    found: list[tuple[Fraction, int]] = []
    if row.hour is not None:
        late = local.hour * 60 + local.minute >= 18 * 60 + 30 and day_factor == 1
        found.append((Fraction(row.hour, 4) * (Fraction(5, 4) if late else day_factor), 1))
    before_six = quarters_until(start, 18)
    opens = calendar.hours_on(local.date())
    if row.half_day is not None:
        found += [(row.half_day * day_factor, n + 1) for n in range(min(16, before_six))]
    if row.day is not None and opens and local.hour * 60 + local.minute >= opens[0][0]:
        found += [(row.day * day_factor, n + 1) for n in range(before_six)]
    if row.evening is not None and local.hour >= 18:
        found += [(row.evening * day_factor, n + 1) for n in range(quarters_until(start, 23))]
    return found


def quarters_until(start: datetime, hour: int) -> int:
    local = start.astimezone(PARIS)
    until = datetime(local.year, local.month, local.day, hour, tzinfo=PARIS)
    return max(0, (until.astimezone(start.tzinfo) - start) // QUARTER)


def factor(local: datetime, calendar: SiteCalendar) -> Fraction:
    if local.date() in calendar.holidays or local.weekday() == 6:
        return Fraction(3, 2)
    return Fraction(5, 4) if local.weekday() == 5 else Fraction(1)


@given(rows, stays())
def test_the_combination_is_as_cheap_as_any_found_by_searching(row: Row, span: Span) -> None:
    found = searched(row, span)
    ours = cost(row, span)
    if found is None:
        assert ours is None
    else:
        assert ours is not None
        assert Fraction(ours, 60 * RULES.weights[TimeReason.PLAIN]) == found


@given(rows, stays())
def test_the_pieces_cover_the_stay_end_to_end(row: Row, span: Span) -> None:
    pieces = cheapest_pieces(row, RULES, span, CALENDAR)
    if isinstance(pieces, Span):
        assert span.contains(pieces)
        return
    assert pieces[0].start == span.start
    assert pieces[-1].end == span.end
    assert all(one.end == two.start for one, two in pairwise(pieces))


@given(rows, stays(longest=80), st.integers(1, 60), st.integers(0, 60))
def test_longer_is_never_cheaper(row: Row, span: Span, later: int, earlier: int) -> None:
    longer = Span(span.start - QUARTER * earlier, span.end + QUARTER * later)
    long_cost = cost(row, longer)
    if long_cost is not None:
        short_cost = cost(row, span)
        assert short_cost is not None
        assert short_cost <= long_cost


@given(rows, stays(), st.data())
def test_splitting_never_costs_less(row: Row, span: Span, data: st.DataObject) -> None:
    whole = cost(row, span)
    quarters = span.duration // QUARTER
    if quarters < 2:
        return
    cut = span.start + QUARTER * data.draw(st.integers(1, quarters - 1))
    first, second = cost(row, Span(span.start, cut)), cost(row, Span(cut, span.end))
    if first is not None and second is not None:
        assert whole is not None
        assert whole <= first + second


KINDS = [SpaceKind.MEETING_ROOM, SpaceKind.TRAINING, SpaceKind.STUDIO]


def priced(card: RateCard, kind: SpaceKind, profile: Profile, span: Span) -> Quote:
    return quote(card, Asked(kind, 6, span, 1, frozenset({profile})), CALENDAR)


cards = st.sampled_from(["1.00", "0.85", "1.10", "0.95"]).map(
    lambda factor: charter_card({"coefficient": factor, "reason": "a test"})
)


@given(cards, st.sampled_from(KINDS), st.sampled_from(Profile), stays(), st.data())
def test_after_rounding_both_hold_within_a_cent_a_line(
    card: RateCard, kind: SpaceKind, profile: Profile, span: Span, data: st.DataObject
) -> None:
    quarters = span.duration // QUARTER
    if quarters < 2:
        return
    cut = span.start + QUARTER * data.draw(st.integers(1, quarters - 1))
    whole = priced(card, kind, profile, span)
    first = priced(card, kind, profile, Span(span.start, cut))
    second = priced(card, kind, profile, Span(cut, span.end))
    lines = len(whole.lines) + len(first.lines) + len(second.lines)
    assert first.net.minor <= whole.net.minor + lines
    assert whole.net.minor <= first.net.minor + second.net.minor + lines


@given(cards, st.sampled_from(KINDS), st.sampled_from(Profile), stays())
def test_the_lines_add_up_to_the_net_and_tax_to_the_gross(
    card: RateCard, kind: SpaceKind, profile: Profile, span: Span
) -> None:
    it = priced(card, kind, profile, span)
    assert it.net.minor == sum(line.amount.minor for line in it.lines)
    assert it.gross == it.net + it.vat
    assert abs(it.vat.minor - Fraction(it.net.minor, 5)) <= Fraction(1, 2)


@given(cards, st.sampled_from(KINDS), st.sampled_from(Profile), stays())
def test_each_line_is_its_own_facts_multiplied_and_rounded_half_up_once(
    card: RateCard, kind: SpaceKind, profile: Profile, span: Span
) -> None:
    for line in priced(card, kind, profile, span).lines:
        facts = line.facts
        quantity = Fraction(facts["minutes"], 60) if line.code == "hour" else facts["count"]
        exact = facts["base_minor"] * quantity * facts["quantity"]
        for name in ("site_factor", "profile_factor", "time_factor"):
            exact *= Fraction(facts[name])
        assert Fraction(-1, 2) <= exact - line.amount.minor < Fraction(1, 2)


def test_the_hours_of_the_spring_change_are_priced_by_the_time_that_passes() -> None:
    row = Row("any", Family.ROOMS, frozenset(), hour=1000)
    night = Span(utc("2027-03-27 23:00"), utc("2027-03-28 02:00"))  # 0:00 to 4:00 on the clock
    assert cost(row, night) == 3 * 60 * 1000 * RULES.weights[TimeReason.SUNDAY]


@pytest.mark.parametrize(
    ("row", "hours", "pieces"),
    [
        # Of what costs the same, the one that gives more time.
        ({"hour": 1500, "half_day": 4500}, "09:00-12:00", [("half-day", 4500, 1)]),
        ({"hour": 1501, "half_day": 4500}, "09:00-12:00", [("half-day", 4500, 1)]),
        ({"hour": 1499, "half_day": 4500}, "09:00-12:00", [("hour", 1499, 1)]),
        ({"hour": 1500, "half_day": 4500, "day": 7500}, "09:00-15:00", [("day", 7500, 1)]),
        ({"half_day": 4500, "day": 9000}, "09:00-17:00", [("day", 9000, 1)]),
        ({"half_day": 4500, "day": 9001}, "09:00-17:00", [("half-day", 4500, 2)]),
        ({"hour": 3000, "evening": 6000}, "18:00-20:00", [("evening", 6000, 1)]),
        # What costs nothing costs nothing.
        ({"hour": 0, "half_day": 4500}, "09:00-17:00", [("hour", 0, 1)]),
        ({"hour": 1500, "half_day": 0}, "09:00-12:00", [("half-day", 0, 1)]),
        ({"hour": 0, "day": 1}, "09:00-12:00", [("hour", 0, 1)]),
        ({"hour": 0, "half_day": 1}, "09:00-12:00", [("hour", 0, 1)]),
        ({"hour": 0, "half_day": 0}, "09:00-12:00", [("half-day", 0, 1)]),
        # What does not reach into the stay is no part of it, even if it costs nothing.
        ({"hour": 1000, "day": 0}, "07:00-08:00", [("hour", 1000, 1)]),
        ({"day": 0, "evening": 6000}, "18:00-20:00", [("evening", 6000, 1)]),
        ({"hour": 1000, "evening": 0}, "23:00-23:30", [("hour", 1000, 1)]),
    ],
)
def test_of_several_ways_the_cheapest_is_taken_and_of_equals_the_longer(
    row: dict[str, int], hours: str, pieces: list[tuple[str, int, int]]
) -> None:
    found = cheapest_pieces(
        Row("any", Family.ROOMS, frozenset(), **row), RULES, span(MONDAY, hours), CALENDAR
    )
    assert not isinstance(found, Span)
    assert [(piece.code, piece.price, piece.count) for piece in found] == pieces


def test_a_saturday_is_sold_by_the_hour_before_and_after_the_day_ends() -> None:
    row = Row("any", Family.ROOMS, frozenset(), hour=1000)
    day, evening = span(SATURDAY, "09:00-18:00"), span(SATURDAY, "18:00-20:00")
    found = cheapest_pieces(row, RULES, Span(day.start, evening.end), CALENDAR)
    assert found == [
        Piece(LineCode.HOUR, part.start, part.end, TimeReason.SATURDAY, 1000)
        for part in (day, evening)
    ]


def test_rules_weigh_their_factors_in_proportion() -> None:
    assert isinstance(RULES, TimeRules)
    plain = RULES.weights[TimeReason.PLAIN]
    for reason, factor_of in RULES.factors.items():
        assert Fraction(RULES.weights[reason], plain) == Fraction(factor_of)
