"""How many people come when, told so that nobody can be recognised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FEWEST: Final = 5
HOURS: Final = tuple(range(6, 22, 2))


@dataclass(frozen=True, slots=True)
class Figures:
    """By weekday and band of two hours the number of people; None where they are too few."""

    hours: tuple[int, ...]
    days: tuple[tuple[str, tuple[int | None, ...]], ...]


def told(came: Iterable[tuple[int, datetime]], day_names: Iterable[str]) -> Figures:
    """Count different people by weekday and hour of their local time."""
    seen: dict[tuple[int, int], set[int]] = defaultdict(set)
    for person, at in came:
        seen[at.weekday(), _band(at.hour)].add(person)
    return Figures(
        HOURS,
        tuple(
            (name, tuple(_shown(len(seen[day, hour])) for hour in HOURS))
            for day, name in enumerate(day_names)
        ),
    )


def _band(hour: int) -> int:
    return min(max(hour - hour % 2, HOURS[0]), HOURS[-1])


def _shown(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None
