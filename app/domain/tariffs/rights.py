"""Rights bought before: packs, months, included hours and credits that a stay may use up.

A right never raises a price, and none is spent for nothing. Of all ways to pay the least, the one
is chosen that spends least of the right that expires last, then of the one before it, and so on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.ids import SiteCode
from app.domain.kinds import SpaceKind
from app.domain.months import add_months
from app.domain.tariffs.families import Family


class RightKind(StrEnum):
    """What a right is counted in."""

    HALF_DAYS = "half_days"  # each covers a half-day before the day ends, for one person
    DAYS = "days"  # each covers a day from the opening until the day ends, for one person
    MINUTES = "minutes"  # of what is sold by the hour, whatever the time of day
    MONEY = "money"  # cents before tax
    UNLIMITED = "unlimited"  # one person's stays, whole and uncounted
    PIECES = "pieces"  # of a product, such as pages; no stay uses them


@dataclass(frozen=True, slots=True)
class Gift:
    """A right that a product gives its buyer; `amount` is None for what is not counted.

    `product` is what the pieces are of.
    """

    kind: RightKind
    families: frozenset[Family]
    months: int
    amount: int | None = None
    kinds: frozenset[SpaceKind] = frozenset()
    product: str | None = None

    def valid_until(self, valid_from: date) -> date:
        """The last day it counts: the eve of the same day so many months later, or the last day of
        that month when it has no such day."""
        again = add_months(valid_from, self.months)
        return again - timedelta(days=1) if again.day == valid_from.day else again


@dataclass(frozen=True, slots=True)
class Right:
    """What somebody may use up, valid for stays that begin on these days (both included).

    `left` is None for what is not counted. Empty `kinds` and `sites` mean any in the network.
    """

    id: int
    kind: RightKind
    families: frozenset[Family]
    valid_from: date
    valid_until: date
    left: int | None = None
    kinds: frozenset[SpaceKind] = frozenset()
    sites: frozenset[SiteCode] = frozenset()

    def honours(self, family: Family, kind: SpaceKind, site: SiteCode, on: date) -> bool:
        """Whether it may be used for such a place, there, for a stay that begins on that day."""
        return (
            self.valid_from <= on <= self.valid_until
            and family in self.families
            and (not self.kinds or kind in self.kinds)
            and (not self.sites or site in self.sites)
            and (self.left is None or self.left > 0)
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """So many units of a right that a quote uses up; 1 a person of what is not counted."""

    right_id: int
    amount: int


def earliest_first(rights: Iterable[Right]) -> tuple[Right, ...]:
    """Order rights as they are to be used up."""
    return tuple(sorted(rights, key=lambda right: (right.valid_until, right.id)))
