"""A quote uses up rights only where they lower it, says so line by line, and is never raised."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import NoPrice
from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile, ProvenProfile
from app.domain.tariffs import (
    Asked,
    Family,
    LineCode,
    Quote,
    Right,
    RightKind,
    Row,
    Spent,
    quote,
    quote_from_json,
)
from tests.unit.domain.places import (
    MONDAY,
    SATURDAY,
    THIONVILLE,
    TROISIEME_LIEU,
    charter_card,
    ordinary_calendar,
    span,
)

ALL = frozenset({Family.SEATS, Family.ROOMS})
CALENDAR = ordinary_calendar()


def right(number: int, kind: RightKind, left: int | None, *, until: int = 30) -> Right:
    return Right(number, kind, ALL, MONDAY, MONDAY + timedelta(days=until), left)


def seat(hours: str, *rights: Right, day: date = MONDAY, people: int = 1) -> Quote:
    asked = Asked(SpaceKind.SEAT, 1, span(day, hours), people, rights=rights)
    return quote(charter_card(), asked, CALENDAR)


def room(hours: str, *rights: Right, site: dict[str, object] | None = None) -> Quote:
    asked = Asked(SpaceKind.MEETING_ROOM, 12, span(MONDAY, hours), 8, rights=rights)
    return quote(charter_card(site), asked, CALENDAR)


def told(priced: Quote) -> list[tuple[LineCode, int]]:
    return [(line.code, line.amount.minor) for line in priced.lines]


TEN = right(7, RightKind.HALF_DAYS, 10)


def test_a_ticket_pays_a_half_day_whatever_the_day() -> None:
    for day in (MONDAY, SATURDAY):
        priced = seat("09:00-13:00", TEN, day=day)
        assert told(priced) == [(LineCode.RIGHT, 0)]
        assert (priced.net.minor, priced.gross.minor, priced.spent) == (0, 0, (Spent(7, 1),))
        facts = priced.lines[0].facts
        assert (facts["right"], facts["kind"], facts["amount"]) == (7, "half_days", 1)


def test_the_last_ticket_pays_half_of_a_day_and_money_the_other() -> None:
    priced = seat("09:00-17:00", right(7, RightKind.HALF_DAYS, 1))
    assert told(priced) == [(LineCode.RIGHT, 0), (LineCode.HALF_DAY, 900)]
    assert priced.spent == (Spent(7, 1),)


def test_who_finds_no_ticket_left_pays_whatever_is_cheapest() -> None:
    priced = seat("09:00-17:00", right(7, RightKind.HALF_DAYS, 1), people=2)
    assert (priced.net.minor, priced.spent) == (900 + 1500, (Spent(7, 1),))


def test_each_person_takes_a_ticket_while_some_are_left() -> None:
    priced = seat("09:00-13:00", right(7, RightKind.HALF_DAYS, 2), people=3)
    assert told(priced) == [(LineCode.RIGHT, 0), (LineCode.HALF_DAY, 900)]
    assert (priced.spent, priced.lines[1].facts["quantity"]) == ((Spent(7, 2),), 1)


def test_what_expires_first_is_used_first_even_if_more_of_it_is_needed() -> None:
    days = right(1, RightKind.DAYS, 5, until=20)
    assert seat("09:00-17:00", days, TEN).spent == (Spent(1, 1),)
    halves = right(2, RightKind.HALF_DAYS, 5, until=10)
    assert seat("09:00-17:00", days, halves).spent == (Spent(2, 2),)


def test_two_packs_are_used_up_one_after_the_other() -> None:
    first, second = right(9, RightKind.DAYS, 1, until=10), right(1, RightKind.DAYS, 3, until=20)
    assert seat("09:00-17:00", second, first, people=2).spent == (Spent(9, 1), Spent(1, 1))


def test_included_minutes_pay_the_dearest_part() -> None:
    priced = room("09:00-14:00", right(3, RightKind.MINUTES, 240))  # half-day and an hour: 105.00
    assert priced.net.minor == 2500
    assert priced.spent == (Spent(3, 240),)
    late = room("17:00-19:00", right(3, RightKind.MINUTES, 45))  # the minutes after 18:30 first
    assert [line.amount.minor for line in late.lines] == [0, 1875, 1250]
    assert [line.facts["minutes"] for line in late.lines[1:]] == [45, 30]


def test_no_more_minutes_are_taken_than_the_stay_has() -> None:
    priced = room("09:00-10:00", right(3, RightKind.MINUTES, 240))
    assert (priced.net.minor, priced.spent) == (0, (Spent(3, 60),))


def test_minutes_are_weighed_by_the_dearest_hours_when_choosing_what_to_buy() -> None:
    row = Row("any", Family.ROOMS, frozenset(), hour=2000, half_day=6000, evening=2400)
    card = replace(charter_card(), rows={"any": row})
    held = (right(3, RightKind.MINUTES, 60),)
    asked = Asked(SpaceKind.STUDIO, 1, span(MONDAY, "14:00-20:00"), 1, row="any", rights=held)
    priced = quote(card, asked, CALENDAR)  # half-day, and 30 minutes at 20.00 and 30 at 25.00
    assert told(priced) == [
        (LineCode.RIGHT, 0),
        (LineCode.HALF_DAY, 6000),
        (LineCode.HOUR, 1000),
        (LineCode.HOUR, 1250),
    ]


def test_what_is_left_to_pay_beside_tickets_is_named_and_placed() -> None:
    two = seat("09:00-17:00", right(1, RightKind.DAYS, 1), people=2)
    assert told(two) == [(LineCode.RIGHT, 0), (LineCode.DAY, 1500)]
    evening = room("14:00-23:00", right(1, RightKind.HALF_DAYS, 1))
    assert told(evening) == [(LineCode.RIGHT, 0), (LineCode.EVENING, 11000)]
    half = seat("09:00-17:00", right(7, RightKind.HALF_DAYS, 1)).lines[1].facts
    assert (half["starts_at"], half["ends_at"]) == ("2027-03-01T12:00:00Z", "2027-03-01T16:00:00Z")


def test_before_the_opening_a_half_day_ticket_goes_with_that_of_the_day() -> None:
    held = (right(1, RightKind.DAYS, 3), right(2, RightKind.HALF_DAYS, 3))
    asked = Asked(SpaceKind.SEAT, 1, span(MONDAY, "05:00-17:00"), rights=held)
    dear = replace(charter_card().rows["seat"], half_day=9000)
    priced = quote(replace(charter_card(), rows={"seat": dear}), asked, CALENDAR)
    assert priced.net.minor == 0
    assert priced.spent == (Spent(1, 1), Spent(2, 1))  # and not three of the one used up last


@pytest.mark.parametrize("kind", [RightKind.HALF_DAYS, RightKind.DAYS, RightKind.MINUTES])
def test_what_is_used_up_pays_nothing(kind: RightKind) -> None:
    assert room("09:00-17:00", right(3, kind, 0)) == room("09:00-17:00")
    empty, full = right(3, kind, 0, until=5), right(4, kind, 240)
    assert room("09:00-13:00", empty, full).spent[0].right_id == 4


def test_minutes_that_save_nothing_stay_where_they_are() -> None:
    hours = room("09:00-18:00", right(3, RightKind.MINUTES, 15))  # a day costs the same without
    assert (hours.net.minor, hours.spent) == (14000, ())


def test_a_month_pays_every_minute_even_those_that_are_not_sold() -> None:
    month = right(4, RightKind.UNLIMITED, None)
    assert seat("08:00-20:00", month).spent == (Spent(4, 1),)
    assert seat("08:00-20:00", month).net.minor == 0
    with pytest.raises(NoPrice):
        seat("08:00-20:00", TEN)
    two = seat("09:00-13:00", month, people=2)
    assert (two.net.minor, two.spent) == (900, (Spent(4, 1),))


def test_credits_of_money_pay_what_the_others_leave() -> None:
    credit, sooner = right(5, RightKind.MONEY, 600), right(6, RightKind.MONEY, 100, until=3)
    priced = seat("09:00-17:00", credit, sooner, right(7, RightKind.HALF_DAYS, 1))
    assert priced.spent == (Spent(7, 1), Spent(6, 100), Spent(5, 600))
    assert (priced.net.minor, priced.vat.minor) == (200, 40)
    assert priced.lines[-1].facts["credit_minor"] == 700
    whole = room("09:00-11:00", right(5, RightKind.MONEY, 9999))
    assert (whole.net.minor, whole.spent) == (0, (Spent(5, 5000),))


def test_where_seats_are_free_no_right_is_touched() -> None:
    asked = Asked(SpaceKind.SEAT, 1, span(MONDAY, "09:00-13:00"), rights=(TEN,))
    priced = quote(charter_card(TROISIEME_LIEU), asked, CALENDAR)
    assert (told(priced), priced.spent) == ([(LineCode.FREE, 0)], ())


def test_a_quote_with_rights_and_proof_is_read_back_as_it_was() -> None:
    proof = ProvenProfile(Profile.STUDENT, date(2026, 9, 1), date(2027, 8, 31))
    priced = replace(seat("09:00-17:00", right(7, RightKind.HALF_DAYS, 1)), proof=proof)
    priced = replace(priced, profile=Profile.STUDENT)
    assert quote_from_json(priced.to_json()) == priced


@pytest.mark.parametrize(
    "broken",
    [
        {"spent": [[1]]},
        {"spent": [["1", 2]]},
        {"spent": 5},
        {"proof": "2026-09-01"},
        {"proof": ["2026-09-01"]},
        {"proof": ["soon", "2026-09-01"]},
    ],
)
def test_what_is_no_quote_is_not_read_as_such(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not"):
        quote_from_json(seat("09:00-13:00").to_json() | broken)


rights = st.lists(
    st.builds(
        right,
        st.integers(1, 1000),
        st.sampled_from([kind for kind in RightKind if kind is not RightKind.UNLIMITED]),
        st.integers(1, 300),
        until=st.integers(1, 30),
    ),
    max_size=4,
    unique_by=lambda held: held.id,
)
quarters = st.integers(32, 79).flatmap(
    lambda start: st.integers(start + 1, 80).map(lambda end: (start, end))
)


@given(rights, quarters, st.sampled_from(Profile), st.sampled_from([None, THIONVILLE]))
def test_a_right_never_raises_a_price_and_is_never_spent_for_nothing(
    held: list[Right],
    when: tuple[int, int],
    profile: Profile,
    site: dict[str, object] | None,
) -> None:
    hours = "-".join(f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in when)
    stay = span(MONDAY, hours)
    asked = Asked(SpaceKind.MEETING_ROOM, 12, stay, 8, frozenset({profile}))
    card = charter_card(site)
    plain = quote(card, asked, CALENDAR)
    helped = quote(card, replace(asked, rights=tuple(held)), CALENDAR)
    assert helped.net < plain.net if helped.spent else helped.lines == plain.lines
    assert helped.net.minor == sum(line.amount.minor for line in helped.lines)


PROOFS = st.frozensets(st.sampled_from(sorted(set(Profile) - {Profile.LARGE_COMPANY})))


@given(rights, quarters, PROOFS, st.sampled_from(sorted(set(Profile) - {Profile.LARGE_COMPANY})))
def test_a_proof_more_never_raises_a_price_whatever_rights_are_held(
    held: list[Right], when: tuple[int, int], proven: frozenset[Profile], more: Profile
) -> None:
    hours = "-".join(f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in when)
    asked = Asked(SpaceKind.MEETING_ROOM, 12, span(MONDAY, hours), 8, proven, rights=tuple(held))
    before = quote(charter_card(), asked, CALENDAR)
    after = quote(charter_card(), replace(asked, profiles=proven | {more}), CALENDAR)
    assert after.net <= before.net
    assert after.gross <= before.gross
