"""What to offer somebody whose place is taken: the same later, a similar one now, or elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TypeAlias

from app.domain.ids import SiteCode, SpaceCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind, is_similar

Distance: TypeAlias = tuple[bool, int, timedelta, str]


class Nearness(IntEnum):
    """In which way an alternative is near, best first."""

    SAME_PLACE_LATER = 0
    SIMILAR_HERE = 1
    SAME_KIND_ELSEWHERE = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place found free for a span, with what the ranking needs to know of it."""

    space: SpaceCode
    site: SiteCode
    kind: SpaceKind
    capacity: int
    span: Span


@dataclass(frozen=True, slots=True)
class Alternative:
    """An offer, and why it is one."""

    candidate: Candidate
    nearness: Nearness


def rank_alternatives(
    wanted: Candidate, found: Iterable[Candidate], *, people: int, of_each: int = 2
) -> list[Alternative]:
    """Choose the best few of each nearness, best first, from what was found free.

    Only places large enough count. Within a nearness the same kind comes first, then the fewest
    spare chairs, the shortest wait, and at last the code.
    """
    near: dict[Nearness, list[Candidate]] = {nearness: [] for nearness in Nearness}
    for candidate in found:
        nearness = _nearness(wanted, candidate)
        if nearness is not None and candidate.capacity >= people:
            near[nearness].append(candidate)
    return [
        Alternative(candidate, nearness)
        for nearness, candidates in near.items()
        for candidate in sorted(candidates, key=lambda each: _distance(wanted, each))[:of_each]
    ]


def _nearness(wanted: Candidate, other: Candidate) -> Nearness | None:
    if other.space == wanted.space:
        return Nearness.SAME_PLACE_LATER if other.span.start > wanted.span.start else None
    if other.site == wanted.site:
        return Nearness.SIMILAR_HERE if is_similar(wanted.kind, other.kind) else None
    return Nearness.SAME_KIND_ELSEWHERE if other.kind is wanted.kind else None


def _distance(wanted: Candidate, other: Candidate) -> Distance:
    return (
        other.kind is not wanted.kind,
        abs(other.capacity - wanted.capacity),
        abs(other.span.start - wanted.span.start),
        other.space,
    )
