"""Reads index values as CSV, from the folder of the network or from what somebody pasted."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.domain.indices import IndexSeries, IndexValue, Quarter

COLUMNS = ("series", "year", "quarter", "value", "published_on", "source")
FIRST_YEAR, LAST_YEAR = 1990, 2100
HIGHEST = Decimal("99999.99")
_NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")


Faults = list[tuple[int, str]]  # the number of a line, and what is wrong there


def read_indices(file: Path) -> tuple[tuple[IndexValue, ...], Faults]:
    """Read a file of index values; gives the values, and every fault with its line."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        return (), [(1, f"cannot be read: {error}")]
    values, faults = read_index_values(text)
    return tuple(values), faults


def read_index_values(text: str) -> tuple[list[IndexValue], Faults]:
    """Read lines of CSV under their header; gives the values, and every fault with its line."""
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not lines or tuple(cell.strip() for cell in lines[0]) != COLUMNS:
        return [], [(1, f"the header is {','.join(COLUMNS)}")]
    values: list[IndexValue] = []
    faults: Faults = []
    seen: set[tuple[IndexSeries, Quarter]] = set()
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            value = _value([cell.strip() for cell in cells])
        except ValueError as error:
            faults.append((number, str(error)))
            continue
        if (value.series, value.quarter) in seen:
            faults.append((number, f"{value.series} {value.quarter} is there twice"))
        seen.add((value.series, value.quarter))
        values.append(value)
    return values, faults


def value_from(text: str) -> Decimal:
    """Read the value of an index, with a point or a comma; raises ValueError."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    value = Decimal(plain) if _NUMBER.fullmatch(plain) else Decimal(0)
    if not 0 < value <= HIGHEST:
        raise ValueError("a value is a number such as 137.29")
    return value


def _value(cells: list[str]) -> IndexValue:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns, not {len(COLUMNS)}")
    series, year, quarter, value, published, source = cells
    if series not in list(IndexSeries):
        raise ValueError(f"{series!r} is not one of {', '.join(IndexSeries)}")
    if not year.isdecimal() or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(f"{year!r} is not a year")
    if quarter not in ("1", "2", "3", "4"):
        raise ValueError(f"{quarter!r} is not a quarter from 1 to 4")
    if not source:
        raise ValueError("a value needs its source")
    return IndexValue(
        IndexSeries(series),
        Quarter(int(year), int(quarter)),
        value_from(value),
        published_on=date.fromisoformat(published) if published else None,
        source=source[:300],
    )
