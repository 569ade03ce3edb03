"""What a lease makes due, month by month, with what each amount was derived from.

A rent year is cut at calendar months and where a stage begins; its last part takes what is left of
the year. A revision that had to wait for its index is asked at the rent before, and settled in one
line of the month in which the value came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from app.domain.money import Money, total
from app.domain.months import (
    ONE_DAY,
    add_months,
    days_in_month,
    first_of_month,
    months_touched,
    whole_months,
)
from app.domain.rents import (
    LineKind,
    MonthDue,
    RentLine,
    RentTerms,
    Revised,
    Stage,
    annual_on,
    month_of,
    pro_rata,
    rounded,
    share_in,
)

FULL = (Stage(1, Decimal(1)),)


def schedule(
    terms: RentTerms, revisions: Iterable[Revised] = (), *, left_on: date | None = None
) -> tuple[MonthDue, ...]:
    """Give what is due month by month, from the first day to the last, or to an earlier exit.

    Revisions count from anniversaries of the first day. Who leaves after the last day owes an
    indemnity for each day more: what the last day cost, rent, charges and services.
    """
    last = terms.last_day if left_on is None else min(left_on, terms.last_day)
    if last < terms.first_day:
        return ()
    known = sorted(revisions, key=lambda revision: revision.effective_on)
    by_month: dict[date, list[RentLine]] = {
        month: [] for month in months_touched(terms.first_day, last)
    }
    for line in _asked(terms, known, last):
        by_month[first_of_month(line.first)].append(line)
    for month, lines in by_month.items():
        first, until = max(month, terms.first_day), min(add_months(month, 1) - ONE_DAY, last)
        lines += _beside(terms, first, until)
    for month, line in _settlements(terms, known, last):
        by_month[month].append(line)
    if left_on is not None:
        for line in _stayed_on(terms, known, left_on):
            by_month.setdefault(first_of_month(line.first), []).append(line)
    return tuple(MonthDue(month, tuple(lines)) for month, lines in by_month.items())


def market_and_paid(terms: RentTerms) -> tuple[tuple[date, Money, Money], ...]:
    """Give, month by month of the first terms, the market rent and the rent paid under them."""
    market = list(_rent_lines(replace(terms, stages=FULL), (), terms.last_day))
    paid = list(_rent_lines(terms, (), terms.last_day))
    months = months_touched(terms.first_day, terms.last_day)
    return tuple((month, _sum_of(market, month), _sum_of(paid, month)) for month in months)


def _sum_of(lines: Iterable[RentLine], month: date) -> Money:
    return total(line.amount for line in lines if first_of_month(line.first) == month)


def _beside(terms: RentTerms, first: date, until: date) -> Iterator[RentLine]:
    """Give charges and services of a month or a part of it, where there are any."""
    for kind, monthly in (
        (LineKind.CHARGES, terms.monthly_charges),
        (LineKind.SERVICES, terms.services),
    ):
        if monthly.minor:
            yield RentLine(kind, first, until, pro_rata(monthly, first, until), monthly)


def _stayed_on(terms: RentTerms, revisions: Sequence[Revised], until: date) -> Iterator[RentLine]:
    """Give the indemnity of each month, or part of one, in which a tenant stayed too long."""
    share = share_in(terms.stages, whole_months(terms.first_day, terms.last_day)[0])
    rent = month_of(annual_on(terms, revisions, terms.last_day), share)
    monthly = rent + terms.monthly_charges + terms.services
    begun = terms.last_day + ONE_DAY
    for month in months_touched(begun, until) if begun <= until else ():
        first, last = max(month, begun), min(add_months(month, 1) - ONE_DAY, until)
        amount = pro_rata(monthly, first, last)
        yield RentLine(LineKind.INDEMNITY, first, last, amount, monthly)


def _asked(terms: RentTerms, revisions: Sequence[Revised], last: date) -> Iterator[RentLine]:
    """Give the rent as it is asked at the time: before a late value came, at the rent before."""
    waiting = [_unsettled(revision) for revision in revisions]
    before = _rent_lines(terms, waiting, last)
    owed = _rent_lines(terms, revisions, last)
    for first, final in zip(before, owed, strict=True):
        revision = _counting(revisions, final.first)
        yield first if revision is not None and _waits(revision, final.first) else final


def _settlements(
    terms: RentTerms, revisions: Sequence[Revised], last: date
) -> Iterator[tuple[date, RentLine]]:
    """Give, by month, what a value published late makes due or gives back."""
    for revision in revisions:
        if revision.settled_on is None or revision.after is None:
            continue
        late = [
            (line, truth)
            for line, truth in zip(
                _asked(terms, revisions, last), _rent_lines(terms, revisions, last), strict=True
            )
            if _counting(revisions, line.first) == revision and _waits(revision, line.first)
        ]
        if late:
            month = min(first_of_month(revision.settled_on), first_of_month(last))
            amount = total(truth.amount - line.amount for line, truth in late)
            first, until = revision.effective_on, late[-1][0].last
            yield month, RentLine(LineKind.SETTLEMENT, first, until, amount, revision.after)


def _rent_lines(terms: RentTerms, revisions: Sequence[Revised], last: date) -> Iterator[RentLine]:
    """Give the rent part by part, at what is known."""
    for year, start, end in _rent_years(terms.first_day, last + ONE_DAY):
        revision = _counting(revisions, start)
        annual = terms.annual if revision is None else revision.after or revision.before
        provisional = revision is not None and revision.after is None
        is_whole = end == add_months(terms.first_day, 12 * (year + 1))
        rest = _year_total(terms, annual, year)
        for first, until in _parts(terms, start, end):
            share = share_in(terms.stages, whole_months(terms.first_day, first)[0])
            exact = Fraction(annual.minor) * Fraction(share) * ((until - first).days + 1)
            amount = rounded(exact / (12 * days_in_month(first)))
            takes_rest = is_whole and until + ONE_DAY == end
            if takes_rest:
                amount = rest
            rest -= amount
            yield RentLine(
                LineKind.RENT, first, until, amount, annual, share, takes_rest, provisional
            )


def _year_total(terms: RentTerms, annual: Money, year: int) -> Money:
    """Give the rent of a whole rent year, rounded once."""
    months = range(12 * year, 12 * year + 12)
    shares = sum((Fraction(share_in(terms.stages, month)) for month in months), Fraction(0))
    return rounded(annual.minor * shares / 12)


def _rent_years(first_day: date, after: date) -> Iterator[tuple[int, date, date]]:
    """Give the rent years by number, each from its start up to, not including, its end."""
    year, start = 0, first_day
    while start < after:
        end = add_months(first_day, 12 * (year + 1))
        yield year, start, min(end, after)
        year, start = year + 1, end


def _parts(terms: RentTerms, start: date, end: date) -> Iterator[tuple[date, date]]:
    """Cut a rent year at calendar months and where a stage begins; days both included."""
    cuts = {month for month in months_touched(start, end - ONE_DAY) if month > start}
    begun = 0
    for stage in terms.stages:
        begun += stage.months
        cut = add_months(terms.first_day, begun)
        if start < cut < end:
            cuts.add(cut)
    edges = [start, *sorted(cuts), end]
    for first, after in pairwise(edges):
        yield first, after - ONE_DAY


def _counting(revisions: Sequence[Revised], day: date) -> Revised | None:
    """Give the revision whose rent counts on a day; None in the first year."""
    found = None
    for revision in revisions:
        if revision.effective_on <= day:
            found = revision
    return found


def _waits(revision: Revised, day: date) -> bool:
    """Whether the value of a revision came only after the month of that day."""
    return revision.settled_on is not None and day < first_of_month(revision.settled_on)


def _unsettled(revision: Revised) -> Revised:
    """Give a revision as it was asked before its value came."""
    if revision.settled_on is None:
        return revision
    return replace(revision, after=None, settled_on=None)
