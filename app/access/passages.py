"""Where a person passed, as that person or somebody with a reason may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.access.journal import JournalLine
from app.spaces.network import Site


@dataclass(frozen=True, slots=True)
class Lookup:
    """Somebody asked where a person passed, and said why."""

    at: datetime
    by: str
    site: Site | None
    reason: str


@dataclass(frozen=True, slots=True)
class Passages:
    """What doors wrote down of one person, latest first, and who has looked at it."""

    lines: tuple[JournalLine, ...]
    lookups: tuple[Lookup, ...] = ()
