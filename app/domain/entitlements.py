"""Rights as a ledger: what was given, spent and given back, and when people are told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.domain.errors import BadBeginning
from app.domain.months import add_months
from app.domain.tariffs import Gift, Right, RightKind

# A membership is honoured for one seat at a time: it is given as one and used as none.
MEMBERSHIP = 1
ALL = Fraction(1)
MONTHS_AHEAD = 12
# From so few on, a pack is nearly empty; of what is counted otherwise nobody is told.
LOW = {RightKind.HALF_DAYS: 2, RightKind.DAYS: 2}
TOLD_AHEAD = timedelta(days=30)
SHORT = timedelta(days=62)
SHORT_TOLD_AHEAD = timedelta(days=5)


class EntryKind(StrEnum):
    """What a movement of the ledger is."""

    GRANTED = "granted"
    CREDITED = "credited"
    SPENT = "spent"
    USED = "used"
    GIVEN_BACK = "given_back"
    REVERSED = "reversed"


class Source(StrEnum):
    """How somebody came to a right."""

    SOLD = "sold"
    ORDERED = "ordered"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Period:
    """The days a right counts, both included, and the part of its month that is sold."""

    first: date
    last: date
    part: Fraction = ALL


def beginning_from(first: date, *, today: date) -> date:
    """Let a beginning pass that lies today or within a year; raises BadBeginning."""
    last = add_months(today, MONTHS_AHEAD)
    if not today <= first <= last:
        raise BadBeginning(today, last)
    return first


def period_of(gift: Gift, first: date) -> Period:
    """Give the days that a right counts from its first one on."""
    return Period(first, gift.valid_until(first))


def rest_of_month(first: date) -> Period:
    """Give the days to the end of the calendar month, and the part of it that they are."""
    following = add_months(first.replace(day=1), 1)
    last = following - timedelta(days=1)
    return Period(first, last, Fraction((following - first).days, last.day))


def amount_of(gift: Gift, part: Fraction = ALL) -> int:
    """Give how many units a right begins with: of a part of a month that part, rounded up."""
    if gift.amount is None:
        return MEMBERSHIP
    return -(-gift.amount * part.numerator // part.denominator)


def cost_of_use(kind: RightKind, amount: int) -> int:
    """Give what a use takes from the balance: nothing from a membership."""
    return 0 if kind is RightKind.UNLIMITED else amount


def given_back(spent: int, share: Fraction) -> int:
    """Give the units that come back of those spent: whole ones, rounded down."""
    return spent * share.numerator // share.denominator


def suffices(rights: Iterable[Right], wanted: Iterable[tuple[int, int]]) -> bool:
    """Whether rights as they stand still cover all that is to be spent of each."""
    left = {right.id: right.left for right in rights}
    for right_id, amount in wanted:
        if right_id not in left:
            return False
        standing = left[right_id]
        if standing is not None and standing < amount:
            return False
    return True


def is_low(kind: RightKind, left: int) -> bool:
    """Whether a pack is so nearly empty that its holder is told."""
    return 0 < left <= LOW.get(kind, 0)


def tell_ending_from(first: date, last: date) -> date:
    """Give the day from which a holder is told that a right is about to end."""
    return last - (SHORT_TOLD_AHEAD if last - first < SHORT else TOLD_AHEAD)
