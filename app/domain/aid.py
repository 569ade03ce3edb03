"""De minimis aid (Regulation (EU) 2023/2831): what a rebate is worth, and how much may still come.

A rent below market is aid in kind (CGCT L1511-3): its gross grant equivalent is the difference to
the market, before tax, period by period, discounted to the day the right arises (art. 3 and 4). It
counts for the single undertaking, all linked companies together (art. 2), over the three years
before that day, from day to day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from app.domain.errors import AidCeilingExceeded, AidDeclarationMissing, NoAidRule
from app.domain.money import Money, total
from app.domain.months import add_months

WINDOW_MONTHS = 36
NOTHING = Money(0)
_PRECISION = 40


@dataclass(frozen=True, slots=True)
class Rebate:
    """One period of a rent: when it falls due, what the market asks and what is paid."""

    due_on: date
    market: Money
    paid: Money

    @property
    def amount(self) -> Money:
        """What is spared; a period above the market makes up for no other."""
        return max(self.market - self.paid, Money(0, self.market.currency))


@dataclass(frozen=True, slots=True)
class AidRule:
    """What holds from a day on: the ceiling, by which regulation, and the discount rate."""

    valid_from: date
    valid_until: date
    ceiling: Money
    regulation: str
    discount_percent: Decimal
    discount_source: str
    declaration_days: int


@dataclass(frozen=True, slots=True)
class Received:
    """Aid that counts from a day on, of ours or of another granter; a reversal is negative."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Assessment:
    """How an undertaking stands on the day of a grant."""

    rule: AidRule
    granted_on: date
    received: Money
    wanted: Money
    declared_on: date | None

    @property
    def left(self) -> Money:
        """What may still come before the wish; never below nothing."""
        return max(self.rule.ceiling - self.received, NOTHING)

    @property
    def is_over(self) -> bool:
        """Whether the wish goes beyond the ceiling."""
        return self.wanted > self.left

    @property
    def declaration_missing(self) -> bool:
        """Whether no declaration of other aid is fresh enough on that day."""
        if self.declared_on is None:
            return True
        return not 0 <= (self.granted_on - self.declared_on).days <= self.rule.declaration_days

    def refuse(self) -> None:
        """Let a wish pass that is lawful, and one of nothing at all.

        Raises AidDeclarationMissing, AidCeilingExceeded.
        """
        if not self.wanted.minor:
            return
        if self.declaration_missing:
            raise AidDeclarationMissing(self.rule.declaration_days)
        if self.is_over:
            raise AidCeilingExceeded(self.wanted, self.left, self.rule.ceiling)


def rule_on(rules: Iterable[AidRule], day: date) -> AidRule:
    """Give the rule in force on a day, the latest that began; raises NoAidRule."""
    found = [rule for rule in rules if rule.valid_from <= day <= rule.valid_until]
    if not found:
        raise NoAidRule(day)
    return max(found, key=lambda rule: rule.valid_from)


def gross_grant_equivalent(
    rebates: Iterable[Rebate], *, granted_on: date, percent: Decimal
) -> Money:
    """Give what rebates are worth on the day of the grant, rounded once.

    Each is discounted by the year, for the months and days from the grant to the day it is due;
    one that is due before the grant is taken as it is.
    """
    with localcontext(prec=_PRECISION):
        growth = 1 + percent / 100
        worth = sum(
            (each.amount.minor / growth ** _years(granted_on, each.due_on) for each in rebates),
            Decimal(0),
        )
        return Money(int(worth.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def nominal(rebates: Iterable[Rebate]) -> Money:
    """Give the same without discounting."""
    return total(each.amount for each in rebates)


def window_start(granted_on: date) -> date:
    """Give the first day that counts: the same day three years before."""
    return add_months(granted_on, -WINDOW_MONTHS)


def received_by(received: Iterable[Received], granted_on: date) -> Money:
    """Give the most that counts with a grant, from day to day over three years.

    That is what came before it; or, for a grant entered late, what came before a later one that
    looks back on both: no order of entering makes room.
    """
    known = list(received)
    later = {each.on for each in known if window_start(each.on) <= granted_on < each.on}
    return max(
        total(each.amount for each in known if window_start(day) <= each.on <= day)
        for day in (granted_on, *later)
    )


def single_undertaking(company: int, links: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Give all companies linked with one, through any number of others, itself included."""
    neighbours: dict[int, set[int]] = {}
    for one, other in links:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    return _reached(company, neighbours)


def _reached(company: int, neighbours: Mapping[int, set[int]]) -> frozenset[int]:
    found, waiting = {company}, [company]
    while waiting:
        for other in sorted(neighbours.get(waiting.pop(), ())):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


def rebates_of(months: Sequence[tuple[date, Money, Money]]) -> tuple[Rebate, ...]:
    """Give the periods of a rent, (due on, market, paid) each."""
    return tuple(Rebate(due_on, market, paid) for due_on, market, paid in months)


def _years(since: date, until: date) -> Decimal:
    """Give the years between two days: whole months, and days as part of the month begun."""
    if until <= since:
        return Decimal(0)
    months = (until.year - since.year) * 12 + until.month - since.month
    if add_months(since, months) > until:
        months -= 1
    reached, after = add_months(since, months), add_months(since, months + 1)
    days = Decimal((until - reached).days) / (after - reached).days
    return (months + days) / 12
