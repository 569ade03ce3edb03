"""How many people are at one place at once: the number that safety counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.errors import BuildingFull
from app.domain.intervals import Span

Load = tuple[Span, int]


def most_at_once(loads: Iterable[Load], span: Span) -> int:
    """Give the largest number of people present at one instant of the span."""
    within = [(each.start, each.end, people) for each, people in loads if each.overlaps(span)]
    moments = {span.start, *(start for start, _end, _people in within if start > span.start)}
    return max(
        sum(people for start, end, people in within if start <= moment < end) for moment in moments
    )


def refuse_crowd(
    loads: Sequence[Load], span: Span, people: int, *, building: str, capacity: int
) -> None:
    """Let people into a building that may hold them beside all others; raises ``BuildingFull``."""
    present = most_at_once(loads, span)
    if present + people > capacity:
        raise BuildingFull(building, capacity, max(0, capacity - present), people)
