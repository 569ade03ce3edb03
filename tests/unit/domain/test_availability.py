"""Which units are free, when a place is free, and what to offer instead, against plain counting."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.alternatives import Candidate, Nearness, rank_alternatives
from app.domain.availability import free_spans, free_units, next_free, units_for
from app.domain.ids import SiteCode, SpaceCode, UnitId
from app.domain.intervals import Span, clashes
from app.domain.kinds import Sharing, SpaceKind, is_similar

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
WINDOW = Span(START, START + 24 * QUARTER)
UNITS = [UnitId(number) for number in (1, 2, 3)]


def quarters(begin: int, end: int) -> Span:
    return Span(START + QUARTER * begin, START + QUARTER * end)


spans = st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(lambda two: two[0] < two[1])
spans = spans.map(lambda two: quarters(*two))
taken_units = st.fixed_dictionaries({unit: st.lists(spans, max_size=4) for unit in UNITS})


def pairs(taken: dict[UnitId, list[Span]]) -> list[tuple[UnitId, Span]]:
    return [(unit, span) for unit, some in taken.items() for span in some]


@given(taken_units, spans)
def test_free_units_clash_with_nothing_and_keep_their_order(
    taken: dict[UnitId, list[Span]], wanted: Span
) -> None:
    free = free_units(UNITS, pairs(taken), wanted)
    assert free == [unit for unit in UNITS if not clashes([wanted], taken=taken[unit])]


@given(taken_units, spans, st.integers(1, 4))
def test_a_pool_seats_people_on_the_first_free_units_or_not_at_all(
    taken: dict[UnitId, list[Span]], wanted: Span, people: int
) -> None:
    free = free_units(UNITS, pairs(taken), wanted)
    chosen = units_for(Sharing.POOLED, UNITS, pairs(taken), wanted, people=people)
    assert chosen == (free[:people] if len(free) >= people else [])


def test_a_divisible_room_is_taken_whole_or_not() -> None:
    taken = [(UNITS[1], quarters(4, 8))]
    whole = units_for(Sharing.WHOLE, UNITS, taken, quarters(0, 4), people=30)
    assert whole == UNITS
    assert units_for(Sharing.WHOLE, UNITS, taken, quarters(0, 5), people=2) == []


@given(taken_units, spans, st.sampled_from(Sharing), st.integers(1, 3))
def test_a_stay_fits_exactly_when_it_lies_in_a_free_stretch(
    taken: dict[UnitId, list[Span]], wanted: Span, sharing: Sharing, people: int
) -> None:
    fits = units_for(sharing, UNITS, pairs(taken), wanted, people=people) != []
    stretches = free_spans(sharing, taken, WINDOW, people=people)
    assert fits == any(stretch.contains(wanted) for stretch in stretches)


@given(taken_units, spans, st.integers(1, 3))
def test_the_next_free_span_is_free_and_none_is_earlier(
    taken: dict[UnitId, list[Span]], wanted: Span, people: int
) -> None:
    free = free_spans(Sharing.POOLED, taken, WINDOW, people=people)
    found = next_free(free, wanted)
    later = [Span(wanted.start + QUARTER * n, wanted.end + QUARTER * n) for n in range(24)]
    fitting = [span for span in later if any(stretch.contains(span) for stretch in free)]
    assert found == (fitting[0] if fitting else None)


def test_the_next_free_span_waits_for_the_instant_given() -> None:
    free, wanted = [quarters(0, 24)], quarters(4, 8)
    assert next_free(free, wanted, not_before=START + QUARTER * 6) == quarters(6, 10)


def candidate(
    space: str,
    *,
    site: str = "metz",
    kind: SpaceKind = SpaceKind.MEETING_ROOM,
    capacity: int = 12,
    later: int = 0,
) -> Candidate:
    return Candidate(
        SpaceCode(space), SiteCode(site), kind, capacity, quarters(4 + later, 8 + later)
    )


WANTED = candidate("metz-a")


def ranked(*found: Candidate, people: int = 6) -> list[tuple[str, Nearness]]:
    return [
        (each.candidate.space, each.nearness)
        for each in rank_alternatives(WANTED, found, people=people)
    ]


def test_the_same_room_later_comes_before_similar_here_before_elsewhere() -> None:
    assert ranked(
        candidate("nancy-b", site="nancy"), candidate("metz-b"), candidate("metz-a", later=4)
    ) == [
        ("metz-a", Nearness.SAME_PLACE_LATER),
        ("metz-b", Nearness.SIMILAR_HERE),
        ("nancy-b", Nearness.SAME_KIND_ELSEWHERE),
    ]


def test_small_rooms_other_kinds_elsewhere_and_the_taken_slot_are_not_offered() -> None:
    assert (
        ranked(
            candidate("metz-small", capacity=4),
            candidate("metz-seat", kind=SpaceKind.SEAT, capacity=30),
            candidate("nancy-video", site="nancy", kind=SpaceKind.VIDEOCONFERENCE),
            candidate("metz-a"),
        )
        == []
    )


def test_of_the_similar_the_same_kind_then_the_nearest_size_then_the_code_is_first() -> None:
    found = ranked(
        candidate("metz-video", kind=SpaceKind.VIDEOCONFERENCE),
        candidate("metz-d", capacity=14),
        candidate("metz-c", capacity=14),
        candidate("metz-big", capacity=40),
    )
    assert [space for space, _ in found] == ["metz-c", "metz-d"]


@given(st.permutations([candidate(f"metz-{n}", capacity=6 + n % 3) for n in range(8)]))
def test_the_order_never_depends_on_how_they_were_found(found: list[Candidate]) -> None:
    assert ranked(*found) == ranked(*sorted(found, key=lambda each: each.space))


def test_rooms_stand_in_for_each_other_and_machines_only_for_machines() -> None:
    assert is_similar(SpaceKind.TRAINING, SpaceKind.MEETING_ROOM)
    assert is_similar(SpaceKind.CONFERENCE, SpaceKind.DEMO)
    assert not is_similar(SpaceKind.TRAINING, SpaceKind.DEMO)
    assert is_similar(SpaceKind.MACHINE, SpaceKind.MACHINE)
    assert not is_similar(SpaceKind.STUDIO, SpaceKind.MEETING_ROOM)
