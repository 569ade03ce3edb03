"""Reads of closures: those of a Totem that are not over, and those that rows of a day name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownClosure
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.spaces.closure_tables import ClosureRow
from app.spaces.closures import Closure, ClosureReason
from app.spaces.network import Site


def closures_to_come(session: Session, site: Site, *, now: datetime) -> list[Closure]:
    """Give the closures of a Totem that are on or to come, by start."""
    rows = session.execute(
        _closures()
        .where(
            ClosureRow.site_id == site.id, ClosureRow.ends_at > now, ClosureRow.ended_at.is_(None)
        )
        .order_by(ClosureRow.starts_at, ClosureRow.id)
    )
    return [_closure(row) for row in rows]


def find_closures(session: Session, ids: Collection[int]) -> dict[int, Closure]:
    """Give closures by their ids; no statement for none."""
    if not ids:
        return {}
    rows = session.execute(
        _closures().where(ClosureRow.id.in_(sorted(ids))).order_by(ClosureRow.id)
    )
    return {row.id: _closure(row) for row in rows}


def lock_closure(session: Session, site: Site, number: int) -> Closure:
    """Give a closure of that Totem, which nobody else changes meanwhile; raises UnknownClosure."""
    row = session.execute(
        _closures()
        .where(ClosureRow.id == number, ClosureRow.site_id == site.id)
        .with_for_update(of=ClosureRow)
    ).one_or_none()
    if row is None:
        raise UnknownClosure(number)
    return _closure(row)


def _closures() -> Select[Any]:
    return select(*ClosureRow.__table__.columns)


def _closure(row: Row[Any]) -> Closure:
    return Closure(
        id=row.id,
        site_id=row.site_id,
        spaces=tuple(SpaceCode(code) for code in row.spaces),
        span=Span(row.starts_at, row.ends_at),
        reason=ClosureReason(row.reason),
        words=row.words,
        ended_at=row.ended_at,
    )
