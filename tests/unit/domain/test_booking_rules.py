"""Buffers, quotas, shares, crowds and the rules of places as data: properties and tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.booking_rules import BookingRules, Wish, refuse_by_person, refuse_by_place
from app.domain.buffers import Buffers, billed, occupied, usable
from app.domain.calendars import SiteCalendar
from app.domain.crowds import most_at_once, refuse_crowd
from app.domain.errors import (
    BeyondHorizon,
    BuildingFull,
    NotForProfile,
    NoticeTooShort,
    OffStep,
    QuotaExceeded,
    ShareExceeded,
    TooLong,
)
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.opening_hours import week_hours_from
from app.domain.profiles import Profile
from app.domain.quotas import Counted, Over, Owner, Period, Quota, hull_of, refuse_over_quota
from app.domain.rules_reading import rules_from
from app.domain.shares import FairShare, refuse_over_share

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = SiteCalendar(PARIS, week_hours_from({day: ["00:00-24:00"] for day in WEEKDAYS}))
NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOBODY: frozenset[Profile] = frozenset()
minutes = st.integers(0, 720)
buffers = st.builds(Buffers, minutes, minutes, st.booleans())
starts = st.integers(0, 90 * 24 * 4).map(lambda quarter: NOW + timedelta(minutes=15 * quarter))
spans = st.builds(
    lambda start, quarters: Span(start, start + timedelta(minutes=15 * quarters)),
    starts,
    st.integers(1, 40),
)


def local(text: str, hours: int = 1) -> Span:
    start = datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)
    return Span(start, start + timedelta(hours=hours))


def counted(span: Span, *, who: int = 1, club: int | None = None, space: str = "a") -> Counted:
    return Counted(SpaceCode(space), SpaceKind.STUDIO, "metz", span, who, club)


@given(spans, buffers, spans)
def test_a_stay_fits_in_a_gap_exactly_when_what_it_occupies_does(
    stay: Span, kept: Buffers, gap: Span
) -> None:
    inner = usable(gap, kept)
    fits = inner is not None and inner.contains(stay)
    assert fits == gap.contains(occupied(stay, kept))
    assert billed(stay, kept) == (occupied(stay, kept) if kept.charged else stay)


@given(st.lists(spans, max_size=12), spans, st.integers(1, 1200), st.sampled_from(Period))
def test_what_a_quota_lets_through_never_exceeds_it(
    had: list[Span], wanted: Span, most: int, period: Period
) -> None:
    quota = Quota(period, most_minutes=most)
    others = [counted(span) for span in had]
    hull = hull_of([quota], [wanted], ALWAYS)
    assert hull is not None
    assert hull.holds(wanted.start)
    used = sum(
        span.minutes
        for span in had
        if hull.holds(span.start)  # one quota, one stay: the hull is its period
    )
    if used + wanted.minutes <= most:
        refuse_over_quota([quota], others, counted(wanted), NOBODY, ALWAYS)
        return
    with pytest.raises(QuotaExceeded) as caught:
        refuse_over_quota([quota], others, counted(wanted), NOBODY, ALWAYS)
    assert (caught.value.used, caught.value.asked) == (used, wanted.minutes)
    assert ALWAYS.local_date(hull.end) == caught.value.frees_on


def test_the_strictest_quota_is_told_and_owners_are_kept_apart() -> None:
    quotas = [
        Quota(Period.WEEK, most_minutes=600),
        Quota(Period.DAY, most_minutes=120),
        Quota(Period.DAY, most_minutes=60, profiles=frozenset({Profile.STUDENT})),
        Quota(Period.MONTH, most_minutes=600, owner=Owner.ORGANISATION, over=Over.PLACE),
    ]
    day = local("2026-10-26T09:00")
    mine = [counted(day), counted(local("2026-10-27T09:00", 9))]
    with pytest.raises(QuotaExceeded) as week:
        refuse_over_quota(quotas, mine, counted(local("2026-10-28T09:00")), NOBODY, ALWAYS)
    assert (week.value.period, week.value.left) == ("week", 0)
    refuse_over_quota(quotas, [counted(day)], counted(day), NOBODY, ALWAYS)
    wanted = counted(local("2026-10-28T09:00", 2))
    with pytest.raises(QuotaExceeded):
        refuse_over_quota(quotas, [], wanted, frozenset({Profile.STUDENT}), ALWAYS)
    club = [counted(local(f"2026-10-{n:02d}T09:00", 2), who=n, club=7) for n in range(5, 10)]
    with pytest.raises(QuotaExceeded) as together:
        refuse_over_quota(quotas, club, counted(day, who=1, club=7), NOBODY, ALWAYS)
    assert (together.value.owner, together.value.frees_on) == ("organisation", date(2026, 11, 1))
    refuse_over_quota(quotas, club, counted(day, who=1, club=7, space="b"), NOBODY, ALWAYS)


def test_a_week_ends_on_the_wall_clock_when_the_clocks_go_back() -> None:
    quota = Quota(Period.WEEK, most_stays=1)
    sunday, monday = local("2026-10-25T23:30", 1), local("2026-10-26T00:00")
    assert hull_of([quota], [sunday], ALWAYS) == Span(local("2026-10-19T00:00").start, monday.start)
    refuse_over_quota([quota], [counted(sunday)], counted(monday), NOBODY, ALWAYS)


def test_a_share_softens_shortly_before() -> None:
    share, wanted = FairShare(120, free_days=2), counted(local("2026-10-08T09:00"), club=7)
    had = [counted(local("2026-10-06T09:00", 2), who=2, club=7)]
    with pytest.raises(ShareExceeded) as refusal:
        refuse_over_share(share, had, wanted, calendar=ALWAYS, now=NOW)
    free_from = refusal.value.free_from
    assert free_from == wanted.span.start - timedelta(days=2)
    refuse_over_share(share, had, wanted, calendar=ALWAYS, now=free_from)
    refuse_over_share(share, [], wanted, calendar=ALWAYS, now=NOW)


@given(st.lists(st.tuples(spans, st.integers(1, 30)), max_size=10), spans)
def test_the_crowd_is_the_largest_sum_at_any_instant(
    loads: list[tuple[Span, int]], span: Span
) -> None:
    quarter = timedelta(minutes=15)
    instants = [span.start + n * quarter for n in range(span.minutes // 15)]
    naive = max(sum(people for each, people in loads if each.holds(at)) for at in instants)
    assert most_at_once(loads, span) == naive
    refuse_crowd(loads, span, 5, building="halle", capacity=naive + 5)
    with pytest.raises(BuildingFull):
        refuse_crowd(loads, span, 6, building="halle", capacity=naive + 5)


def test_a_place_refuses_by_its_own_notice_horizon_and_length() -> None:
    rules = rules_from(
        {
            "notice_hours": 48,
            "horizon_days": 30,
            "horizons": {"resident": 60},
            "max_minutes": 120,
            "step_minutes": 30,
            "only_for": ["resident", "partner"],
        }
    )

    def ask(start: datetime, length: int = 60, *, lenient: bool = False) -> None:
        wish = Wish(Span(start, start + timedelta(minutes=length)), 2)
        refuse_by_place(rules, wish, capacity=4, calendar=ALWAYS, now=NOW, lenient=lenient)

    ask(NOW + 48 * HOUR)
    for start, length, refusal in (
        (NOW + 47 * HOUR, 60, NoticeTooShort),
        (NOW + timedelta(days=61), 60, BeyondHorizon),
        (NOW + 72 * HOUR, 150, TooLong),
        (NOW + 72 * HOUR, 45, OffStep),
    ):
        with pytest.raises(refusal):
            ask(start, length)
        ask(start, length, lenient=True)
    late = Span(NOW + timedelta(days=45), NOW + timedelta(days=45) + HOUR)
    with pytest.raises(BeyondHorizon):
        refuse_by_person(rules, late, frozenset({Profile.PARTNER}), calendar=ALWAYS, now=NOW)
    refuse_by_person(rules, late, frozenset({Profile.RESIDENT}), calendar=ALWAYS, now=NOW)
    with pytest.raises(NotForProfile):
        refuse_by_person(rules, late, NOBODY, calendar=ALWAYS, now=NOW)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"notice_hours": -1}, "notice_hours:"),
        ({"notice_hours": True}, "notice_hours:"),
        ({"approval": 1}, "approval:"),
        ({"only_for": ["pirate"]}, "only_for: 'pirate'"),
        ({"horizons": {"pirate": 3}}, "horizons: 'pirate'"),
        ({"setups": {"u": 0}}, "setups: u"),
        ({"setups": ["u"]}, "setups:"),
        ({"quotas": [{"per": "year", "hours": 3}]}, "quotas:"),
        ({"quotas": [{"per": "week"}]}, "quotas:"),
        ({"quotas": [{"per": "week", "hours": 3, "colour": 1}]}, "quotas: 'colour'"),
        ({"share": {"weekly_hours": 0}}, "share:"),
        ({"share": 3}, "share:"),
        ({"step_minutes": 7}, "max_minutes:"),
        ({"after_minutes": 999}, "after_minutes:"),
        ({"two_people": True}, "two_people:"),
        ({"linked": "laser"}, "linked:"),
        ({"induction": ""}, "induction:"),
    ],
)
def test_a_fault_is_told_with_its_key(content: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        rules_from(content)


def test_no_rules_are_those_of_an_ordinary_room() -> None:
    assert rules_from({}) == BookingRules()
