"""Rights are used up as well as can be: equal to a search over every half-hour and ticket."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calendars import SiteCalendar
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.tariffs import Family, Right, RightKind, Row, Spent, TimeReason
from app.domain.tariffs.spending import Covered, cheapest_with_rights
from app.domain.tariffs.stay import cheapest_pieces, cost_of
from tests.unit.domain.places import PARIS, charter_card, hall_calendar, utc

HALF_HOUR = timedelta(minutes=30)
RULES = charter_card().time
CALENDAR = hall_calendar(holidays={date(2027, 3, 29): "Easter Monday"})
WEEKS = [utc("2027-03-15 06:00"), utc("2027-03-26 06:00"), utc("2027-10-29 05:00")]
EVER = (date(2027, 1, 1), date(2027, 12, 31))

prices = st.none() | st.integers(0, 40)
rows = st.builds(
    Row,
    name=st.just("any"),
    family=st.just(Family.SEATS),
    kinds=st.just(frozenset({SpaceKind.SEAT})),
    per_person=st.just(True),
    hour=prices,
    half_day=prices,
    day=prices,
    evening=prices,
)


@st.composite
def stays(draw: st.DrawFn) -> Span:
    begin = draw(st.sampled_from(WEEKS)) + HALF_HOUR * draw(st.integers(0, 100))
    return Span(begin, begin + HALF_HOUR * draw(st.integers(1, 32)))


@st.composite
def purses(draw: st.DrawFn) -> list[Right]:
    kinds = st.sampled_from(
        [RightKind.HALF_DAYS, RightKind.DAYS, RightKind.MINUTES, RightKind.UNLIMITED]
    )
    found = draw(st.lists(st.tuples(kinds, st.integers(1, 3), st.integers(0, 2)), max_size=4))
    return [
        Right(
            number,
            kind,
            frozenset({Family.SEATS}),
            EVER[0],
            EVER[1] + timedelta(days=later),
            None if kind is RightKind.UNLIMITED else left * (60 if kind == "minutes" else 1),
        )
        for number, (kind, left, later) in enumerate(found)
    ]


def left_of(rights: list[Right], kind: RightKind) -> int:
    return sum(right.left or 0 for right in rights if right.kind is kind)


def searched(row: Row, span: Span, rights: list[Right], people: int) -> Fraction | None:
    """The least that is left to pay, found by trying all that can be had at each half-hour."""
    free = sum(right.kind is RightKind.UNLIMITED for right in rights)
    steps = span.duration // HALF_HOUR
    offered = [offers(row, span.start + HALF_HOUR * step, CALENDAR) for step in range(steps)]

    @cache
    def least(person: int, step: int, half_days: int, days: int, minutes: int) -> Fraction | None:
        if step == steps:
            person, step = person + 1, 0
        if person >= people - free:
            return Fraction(0)
        best = None
        for cost, reach, takes in offered[step]:
            rest = half_days - takes[0], days - takes[1], minutes - takes[2]
            if min(rest) < 0:
                continue
            onward = least(person, min(step + reach, steps), *rest)
            if onward is not None and (best is None or cost + onward < best):
                best = cost + onward
        return best

    return least(
        0,
        0,
        left_of(rights, RightKind.HALF_DAYS),
        left_of(rights, RightKind.DAYS),
        left_of(rights, RightKind.MINUTES),
    )


def offers(
    row: Row, start: datetime, calendar: SiteCalendar
) -> list[tuple[Fraction, int, tuple[int, int, int]]]:
    """What covers that half-hour: its cost, how far it may reach, and what it takes of rights."""
    local = start.astimezone(PARIS)
    clock = local.hour * 60 + local.minute
    factor = factor_on(local, calendar)
    opens = calendar.hours_on(local.date())
    found: list[tuple[Fraction | None, int, tuple[int, int, int]]] = []
    if row.hour is not None:
        late = Fraction(5, 4) if clock >= 18 * 60 + 30 and factor == 1 else factor
        found += [(Fraction(row.hour, 2) * late, 1, (0, 0, 0)), (Fraction(0), 1, (0, 0, 30))]
    daytime = range(1, until(start, 18) + 1)
    for reach in daytime[:8]:
        found += [(bought(row.half_day, factor), reach, (0, 0, 0)), (Fraction(0), reach, (1, 0, 0))]
    for reach in daytime if opens and clock >= opens[0][0] else ():
        found += [(bought(row.day, factor), reach, (0, 0, 0)), (Fraction(0), reach, (0, 1, 0))]
    for reach in range(1, until(start, 23) + 1) if local.hour >= 18 else ():
        found.append((bought(row.evening, factor), reach, (0, 0, 0)))
    return [(cost, reach, takes) for cost, reach, takes in found if cost is not None]


def factor_on(local: datetime, calendar: SiteCalendar) -> Fraction:
    if local.date() in calendar.holidays or local.weekday() == 6:
        return Fraction(3, 2)
    return Fraction(5, 4) if local.weekday() == 5 else Fraction(1)


def bought(price: int | None, factor: Fraction) -> Fraction | None:
    return None if price is None else price * factor


def until(start: datetime, hour: int) -> int:
    local = start.astimezone(PARIS)
    end = datetime(local.year, local.month, local.day, hour, tzinfo=PARIS)
    return max(0, (end.astimezone(start.tzinfo) - start) // HALF_HOUR)


def due(covered: Covered) -> Fraction:
    cost = sum(cost_of([piece], RULES) * count for piece, count in covered.pieces)
    return Fraction(cost, 60 * RULES.weights[TimeReason.PLAIN])


@settings(max_examples=150)
@given(rows, stays(), purses(), st.integers(1, 2))
def test_no_way_of_using_rights_leaves_less_to_pay(
    row: Row, span: Span, rights: list[Right], people: int
) -> None:
    found = searched(row, span, rights, people)
    ours = cheapest_with_rights(row, RULES, span, CALENDAR, rights, people)
    if found is None:
        assert isinstance(ours, Span)
    else:
        assert isinstance(ours, Covered)
        assert due(ours) == found


@given(rows, stays(), purses(), st.integers(1, 3))
def test_no_more_is_spent_of_a_right_than_is_left(
    row: Row, span: Span, rights: list[Right], people: int
) -> None:
    ours = cheapest_with_rights(row, RULES, span, CALENDAR, rights, people)
    if isinstance(ours, Span):
        return
    by_id = {right.id: right for right in rights}
    assert len({each.right_id for each in ours.spent}) == len(ours.spent)
    for each in ours.spent:
        left = by_id[each.right_id].left
        assert 0 < each.amount <= (1 if left is None else left)


@given(rows, stays(), purses())
def test_what_expires_later_is_only_touched_when_its_like_is_used_up(
    row: Row, span: Span, rights: list[Right]
) -> None:
    ours = cheapest_with_rights(row, RULES, span, CALENDAR, rights, 1)
    if isinstance(ours, Span):
        return
    used = {each.right_id: each.amount for each in ours.spent}
    for later in rights:
        for earlier in rights:
            if later.kind is earlier.kind and earlier.valid_until < later.valid_until:
                assert later.id not in used or used.get(earlier.id) == (earlier.left or 1)


@given(rows, stays(), purses(), st.randoms())
def test_the_order_of_rights_never_matters(
    row: Row, span: Span, rights: list[Right], random: object
) -> None:
    shuffled = list(rights)
    random.shuffle(shuffled)
    one = cheapest_with_rights(row, RULES, span, CALENDAR, rights, 2)
    assert one == cheapest_with_rights(row, RULES, span, CALENDAR, shuffled, 2)


def three_hours(row: dict[str, int], rights: list[Right]) -> Covered:
    """Three hours of a Monday morning in a place with these prices."""
    begin = WEEKS[0] + timedelta(hours=2)
    morning = Span(begin, begin + timedelta(hours=3))
    priced = Row("any", Family.SEATS, frozenset(), **row)
    found = cheapest_with_rights(priced, RULES, morning, CALENDAR, rights, 1)
    assert isinstance(found, Covered)
    return found


def held(number: int, kind: RightKind, left: int, later: int = 0) -> Right:
    last = EVER[1] + timedelta(days=later)
    return Right(number, kind, frozenset({Family.SEATS}), EVER[0], last, left)


def test_an_hour_included_is_weighed_to_the_minute() -> None:
    hour = [held(1, RightKind.MINUTES, 60)]
    for half_day, cost, spent in (
        (1205, 1200, (Spent(1, 60),)),  # two hours at 6.00 cost less than the half-day
        (1200, 1200, ()),  # they cost the same: the hour is kept
        (1195, 1195, ()),
    ):
        ours = three_hours({"hour": 600, "half_day": half_day}, hour)
        assert (due(ours), ours.spent) == (cost, spent)


def test_a_ticket_is_kept_for_the_day_on_which_it_saves_most() -> None:
    row = Row("any", Family.SEATS, frozenset(), hour=1000, half_day=3500, day=5000)
    night = Span(utc("2027-03-14 13:00"), utc("2027-03-15 16:00"))  # Sunday 14:00 to Monday 17:00
    found = cheapest_with_rights(row, RULES, night, CALENDAR, [held(1, RightKind.HALF_DAYS, 1)], 1)
    assert isinstance(found, Covered)
    # The ticket on Sunday afternoon, six hours at 15.00, two half-days before the opening, a day.
    assert due(found) == 6 * 1500 + 2 * 3500 + 5000


def test_what_costs_nothing_uses_nothing_up() -> None:
    rights = [held(1, RightKind.HALF_DAYS, 5), held(2, RightKind.MINUTES, 240, later=9)]
    ours = three_hours({"hour": 0}, rights)
    assert (due(ours), ours.spent) == (0, ())


@given(rows, stays())
def test_without_rights_it_costs_what_it_always_cost(row: Row, span: Span) -> None:
    plain = cheapest_pieces(row, RULES, span, CALENDAR)
    ours = cheapest_with_rights(row, RULES, span, CALENDAR, [], 1)
    if isinstance(plain, Span):
        assert ours == plain
    else:
        assert isinstance(ours, Covered)
        assert sum(cost_of([piece], RULES) for piece, _ in ours.pieces) == cost_of(plain, RULES)
