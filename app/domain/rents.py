"""Office rents: reference rent × area × stage, pro rata to the day, twelve months that make a year.

The year is rounded once (half up, to the cent), months are derived from it, and the last part of a
rent year takes what is left, so that the parts of a whole year always add up to it. A rent year
runs from one anniversary of the entry to the next.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.errors import AbsurdArea, BadLeaseTerms
from app.domain.money import Money, half_up, total
from app.domain.months import add_months, days_in_month

LARGEST_OFFICE = 10_000  # m²; the largest Totem has 25 000 in all
HIGHEST_RENT = Decimal(5_000)  # euros a year and m²
HIGHEST_CHARGES = Decimal(100)  # euros a month and m²
HIGHEST_SERVICES = 1_000_000  # cents a month
MOST_DEPOSIT_MONTHS = 2  # above two terms the deposit would bear interest (C. com. L145-40)
LONGEST_YEARS = 99
ZERO = Money(0)


@dataclass(frozen=True, slots=True)
class Stage:
    """So many months of the tenancy at this share of the reference rent."""

    months: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class RentTerms:
    """What a lease asks, for days both included."""

    first_day: date
    last_day: date
    area_m2: Decimal
    rent_per_m2: Decimal  # euros a year, without tax
    stages: tuple[Stage, ...]
    charges_per_m2: Decimal  # euros a month
    services: Money  # a month

    @property
    def annual(self) -> Money:
        """The reference rent of the first year, before the stage."""
        return annual_rent(self.rent_per_m2, self.area_m2)

    @property
    def monthly_charges(self) -> Money:
        """The charges of a whole month."""
        return _cents(self.charges_per_m2 * self.area_m2)


@dataclass(frozen=True, slots=True)
class Revised:
    """A year's rent from an anniversary on; `after` is None while the index is not published.

    Until `settled_on` the rent `before` goes on being asked; in that month the difference is.
    """

    effective_on: date
    before: Money
    after: Money | None
    settled_on: date | None = None


class LineKind(StrEnum):
    """What a line of a month's rent is for."""

    RENT = "rent"
    CHARGES = "charges"
    SERVICES = "services"
    SETTLEMENT = "settlement"
    INDEMNITY = "indemnity"  # for days after the last one, by who stays without a title


@dataclass(frozen=True, slots=True)
class RentLine:
    """One amount due, with what it was derived from; days both included."""

    kind: LineKind
    first: date
    last: date
    amount: Money
    base: Money  # the year's rent, or the month's charges or services
    share: Decimal = Decimal(1)
    takes_rest: bool = False  # the last part of a rent year takes the rounding difference
    is_provisional: bool = False

    @property
    def days(self) -> int:
        """How many days it is for."""
        return (self.last - self.first).days + 1

    @property
    def is_whole_month(self) -> bool:
        """Whether it is for a calendar month from end to end."""
        return self.first.day == 1 and self.days == days_in_month(self.first)


@dataclass(frozen=True, slots=True)
class MonthDue:
    """What is due for a calendar month, before tax."""

    month: date
    lines: tuple[RentLine, ...]

    @property
    def total(self) -> Money:
        """The sum of its lines."""
        return total(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class DepositReturn:
    """What becomes of a deposit: given back, or, when damages exceed it, still owed."""

    returned: Money
    owed: Money


def check_terms(terms: RentTerms) -> None:
    """Let terms pass that can be; raises AbsurdArea or BadLeaseTerms."""
    if not 0 < terms.area_m2 <= LARGEST_OFFICE:
        raise AbsurdArea(terms.area_m2, LARGEST_OFFICE)
    longest = add_months(terms.first_day, 12 * LONGEST_YEARS)
    faults = {
        "days": not terms.first_day <= terms.last_day < longest,
        "stages": not terms.stages or not all(_is_possible(stage) for stage in terms.stages),
        "rent": not 0 <= terms.rent_per_m2 <= HIGHEST_RENT,
        "charges": not 0 <= terms.charges_per_m2 <= HIGHEST_CHARGES,
        "services": not 0 <= terms.services.minor <= HIGHEST_SERVICES,
    }
    for term, is_fault in faults.items():
        if is_fault:
            raise BadLeaseTerms(term)


def annual_rent(rent_per_m2: Decimal, area_m2: Decimal) -> Money:
    """Give the rent of a year before the stage, rounded once; raises AbsurdArea."""
    if not 0 < area_m2 <= LARGEST_OFFICE:
        raise AbsurdArea(area_m2, LARGEST_OFFICE)
    return _cents(rent_per_m2 * area_m2)


def share_in(stages: Sequence[Stage], month: int) -> Decimal:
    """Give the share of the rent in a month of the tenancy (0 is the first); the last one stays."""
    for stage in stages:
        if month < stage.months:
            return stage.share
        month -= stage.months
    return stages[-1].share


def month_of(annual: Money, share: Decimal = Decimal(1)) -> Money:
    """Give an ordinary month of a year's rent at a stage."""
    return rounded(Fraction(annual.minor) * Fraction(share) / 12)


def pro_rata(monthly: Money, first: date, last: date) -> Money:
    """Give the part of a month for days both included, by the days of that month."""
    days = (last - first).days + 1
    return Money(half_up(monthly.minor * days, days_in_month(first)), monthly.currency)


def annual_on(terms: RentTerms, revisions: Iterable[Revised], day: date) -> Money:
    """Give the year's rent that counts on a day, as far as it is known."""
    found = terms.annual
    for revision in sorted(revisions, key=lambda each: each.effective_on):
        if revision.effective_on <= day:
            found = revision.after or revision.before
    return found


def anniversaries(first_day: date, until: date) -> Iterator[date]:
    """Give the anniversaries of an entry up to and including a day."""
    years = 1
    while (day := add_months(first_day, 12 * years)) <= until:
        yield day
        years += 1


def check_deposit(deposit: Money, terms: RentTerms) -> None:
    """Let a deposit pass of two months of the first rent at most; raises BadLeaseTerms."""
    most = MOST_DEPOSIT_MONTHS * month_of(terms.annual, share_in(terms.stages, 0)).minor
    if not 0 <= deposit.minor <= most:
        raise BadLeaseTerms("deposit")


def deposit_return(deposit: Money, kept: Iterable[Money]) -> DepositReturn:
    """Give back a deposit less what is kept for damages; what exceeds it is still owed."""
    rest = deposit - total(kept, deposit.currency)
    if rest.minor >= 0:
        return DepositReturn(rest, Money(0, deposit.currency))
    return DepositReturn(Money(0, deposit.currency), -rest)


def rounded(exact: Fraction) -> Money:
    """Give so many cents, rounded half up."""
    return Money(half_up(exact.numerator, exact.denominator))


def _is_possible(stage: Stage) -> bool:
    return 1 <= stage.months <= 12 * LONGEST_YEARS and 0 <= stage.share <= 1


def _cents(euros: Decimal) -> Money:
    return rounded(Fraction(euros) * 100)
