"""A closure as a value: which places of a Totem are shut, from when to when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.ids import SpaceCode
from app.domain.intervals import Span

WORDS_LENGTH = 300


class ClosureReason(StrEnum):
    """Why places are shut; everybody may read it."""

    WORKS = "works"
    BREAKDOWN = "breakdown"
    ABSENCE = "absence"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Closure:
    """Places that are shut, and what the staff says of it."""

    id: int
    site_id: int
    spaces: tuple[SpaceCode, ...]
    span: Span
    reason: ClosureReason
    words: str
    ended_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether it still shuts its places, now or later."""
        return self.ended_at is None and now < self.span.end
