"""A ratio reached beside the one wanted, and how to measure two things in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; ``is_least`` when ``wanted`` is to be reached, not kept below."""

    what: str
    reached: float
    wanted: float
    is_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is as good as wanted."""
        return self.reached >= self.wanted if self.is_least else self.reached <= self.wanted

    def __str__(self) -> str:
        bound = f"{'≥' if self.is_least else '≤'} {self.wanted:g}"
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.what:<58} {self.reached:>8.2f}  {bound:>7}  {verdict:<7} {self.note}"


def in_turns(one: Act, other: Act, rounds: int) -> tuple[float, float]:
    """Give the median seconds of two acts, timed alternately so that both meet the same noise."""
    timed = [(seconds(one), seconds(other)) for _ in range(rounds)]
    return (
        statistics.median(first for first, _ in timed),
        statistics.median(second for _, second in timed),
    )


def seconds(act: Act) -> float:
    """Time one act."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
