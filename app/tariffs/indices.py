"""The index series: what is known of them, and how a value is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import IndexAlreadyKnown
from app.domain.ids import AccountId
from app.domain.indices import IndexSeries, IndexTable, IndexValue, Quarter, index_table
from app.tariffs.index_tables import IndexValueRow


def read_index_table(session: Session, *, on: date | None = None) -> IndexTable:
    """Give the values in force, all or those already published on a day: one statement."""
    wanted = select(IndexValueRow)
    if on is not None:
        published = IndexValueRow.published_on
        wanted = wanted.where(published.is_(None) | (published <= on))
    rows = session.scalars(wanted.order_by(*_IN_ORDER))
    return index_table(value_of(row) for row in rows)


def index_history(session: Session) -> list[IndexValue]:
    """Give every value ever recorded, by series and quarter, corrections last."""
    return [value_of(row) for row in session.scalars(select(IndexValueRow).order_by(*_IN_ORDER))]


def record_index(
    session: Session,
    value: IndexValue,
    *,
    recorded_by: AccountId | None,
    now: datetime,
) -> IndexValue:
    """Write a value as published: a first one, or a correction as a new revision.

    Raises IndexAlreadyKnown when the quarter has this very value.
    """
    series, quarter = value.series, value.quarter
    known = session.scalars(
        select(IndexValueRow)
        .where(
            IndexValueRow.series == series.value,
            IndexValueRow.year == quarter.year,
            IndexValueRow.quarter == quarter.number,
        )
        .order_by(IndexValueRow.revision.desc())
        .limit(1)
    ).one_or_none()
    if known is not None and known.value == value.value:
        raise IndexAlreadyKnown(series.value, str(quarter))
    row = IndexValueRow(
        series=series.value,
        year=quarter.year,
        quarter=quarter.number,
        revision=1 if known is None else known.revision + 1,
        value=value.value,
        published_on=value.published_on,
        source=value.source,
        recorded_at=now,
        recorded_by=recorded_by,
    )
    session.add(row)
    session.flush()
    return value_of(row)


def load_index_values(
    session: Session, values: Sequence[IndexValue], *, now: datetime
) -> tuple[str, ...]:
    """Write the values of the files for quarters not known yet; gives what was written.

    A quarter that is known stays as it is: what was entered on screen is never overwritten.
    """
    rows = session.execute(
        select(
            IndexValueRow.series,
            IndexValueRow.year,
            IndexValueRow.quarter,
            func.max(IndexValueRow.revision),
        ).group_by(IndexValueRow.series, IndexValueRow.year, IndexValueRow.quarter)
    )
    known = {(row.series, row.year, row.quarter) for row in rows}
    written = []
    for value in values:
        key = (value.series.value, value.quarter.year, value.quarter.number)
        if key not in known:
            record_index(session, value, recorded_by=None, now=now)
            written.append(f"index {value.series} {value.quarter}: {value.value}")
    return tuple(written)


def value_of(row: IndexValueRow) -> IndexValue:
    """Give the value that a row keeps."""
    return IndexValue(
        IndexSeries(row.series),
        Quarter(row.year, row.quarter),
        Decimal(row.value),
        row.revision,
        row.published_on,
        row.source,
    )


_IN_ORDER = (
    IndexValueRow.series,
    IndexValueRow.year,
    IndexValueRow.quarter,
    IndexValueRow.revision,
)
