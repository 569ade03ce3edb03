"""Which rows of the calendar still stand: holds run out by the clock, stays by who holds them.

A row that may end early says from when on to ask. Of a hold that instant is the answer; whether
the people of a booking came is known one floor up, which registers how to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.spaces.occupancy import AllocationKind, Taken


class Judge(Protocol):
    """Gives those of the holders that no longer keep their place.

    Asked by a writer, with `lock`: nobody makes them stand again before that transaction ends.
    """

    def __call__(
        self, session: Session, ids: Collection[int], now: datetime, *, lock: bool
    ) -> Collection[int]:
        """Give the ids of those that are gone."""


_judges: dict[str, Judge] = {}


def judge_by(kind: AllocationKind, judge: Judge) -> None:
    """Let this function say which holders of a kind no longer stand; the factory registers it."""
    _judges[kind.value] = judge


def living(
    session: Session, rows: Sequence[Taken], now: datetime, *, lock: bool = False
) -> list[Taken]:
    """Give the rows that still occupy their units; no statement unless one may have ended early."""
    if not any(_is_due(row, now) for row in rows):
        return list(rows)
    asked: dict[str, set[int]] = {}
    for row in rows:
        if row.kind in _judges and _is_due(row, now):
            asked.setdefault(row.kind, set()).add(row.holder)
    gone = {kind: set(_judges[kind](session, who, now, lock=lock)) for kind, who in asked.items()}
    return [row for row in rows if not _is_due(row, now) or _still_has(row, gone)]


def _still_has(row: Taken, gone: Mapping[str, set[int]]) -> bool:
    return row.kind in gone and row.holder not in gone[row.kind]


def _is_due(row: Taken, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now
