"""A ratio reached beside the one wanted, and how to measure two things in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Act = Callable[[], object]
Clock = Callable[[], float]


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


def in_turns(
    one: Act, other: Act, rounds: int, *, clock: Clock = time.perf_counter
) -> tuple[float, float]:
    """Give the median seconds of two acts, timed alternately so that both meet the same noise.

    Pure computation is measured by `time.thread_time`: on a busy machine the longer act would be
    interrupted more often than the shorter one.
    """
    timed = [(seconds(one, clock), seconds(other, clock)) for _ in range(rounds)]
    return (
        statistics.median(first for first, _ in timed),
        statistics.median(second for _, second in timed),
    )


def seconds(act: Act, clock: Clock = time.perf_counter) -> float:
    """Time one act."""
    started = clock()
    act()
    return clock() - started
