"""Rent indices of INSEE: quarters, values as published, and a year's revision of a rent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.money import Money, half_up


class IndexSeries(StrEnum):
    """The indices that a rent may follow (Code monétaire et financier, L112-2)."""

    ILAT = "ILAT"  # offices, other services
    ILC = "ILC"  # trade and crafts
    ICC = "ICC"  # cost of building


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError("a year has four quarters")

    def __str__(self) -> str:
        return f"{self.year}-T{self.number}"

    def years_later(self, years: int) -> "Quarter":
        """Give the same quarter of a later year."""
        return Quarter(self.year + years, self.number)

    @property
    def last_day(self) -> date:
        """The day the quarter ends; its value comes about 85 days later."""
        month = 3 * self.number
        return date(self.year, month, 31 if month in (3, 12) else 30)


@dataclass(frozen=True, slots=True)
class IndexValue:
    """A value as published; `revision` counts corrections of the same quarter from 1."""

    series: IndexSeries
    quarter: Quarter
    value: Decimal
    revision: int = 1
    published_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class IndexTable:
    """The values in force: the last revision of each quarter."""

    values: tuple[IndexValue, ...]
    _by_quarter: dict[tuple[IndexSeries, Quarter], IndexValue] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        known: dict[tuple[IndexSeries, Quarter], IndexValue] = {}
        for value in sorted(self.values, key=lambda each: each.revision):
            known[value.series, value.quarter] = value
        object.__setattr__(self, "_by_quarter", known)

    def find(self, series: IndexSeries, quarter: Quarter) -> IndexValue | None:
        """Give the value of that quarter, or None when it is not published or not entered."""
        return self._by_quarter.get((series, quarter))

    def latest(self, series: IndexSeries) -> IndexValue | None:
        """Give the value of the last quarter known."""
        of_series = [value for (name, _), value in self._by_quarter.items() if name is series]
        return max(of_series, key=lambda value: value.quarter, default=None)


def index_table(values: Iterable[IndexValue]) -> IndexTable:
    """Make a table of values in any order."""
    return IndexTable(tuple(values))


def revised(annual: Money, base: Decimal, new: Decimal) -> Money:
    """Give annual rent × new / base: the ratio unrounded, the year rounded once, falls too."""
    ratio = Fraction(new) / Fraction(base) * annual.minor
    return Money(half_up(ratio.numerator, ratio.denominator), annual.currency)


def change_in_percent(base: Decimal, new: Decimal) -> Decimal:
    """Give by how many per cent a value rose (or fell, below zero), to be shown."""
    return ((new / base - 1) * 100).quantize(Decimal("0.01"))
