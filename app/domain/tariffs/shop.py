"""What packs and months could be bought for stays of one kind, in whole numbers that compare."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from app.domain.tariffs.card import Product, RateCard, Row, TimeReason
from app.domain.tariffs.menus import Tickets, menu_of
from app.domain.tariffs.pricing import Asked
from app.domain.tariffs.rights import Gift, RightKind
from app.domain.tariffs.stay import Stretch

# So many half-day and day tickets.
Taken: TypeAlias = tuple[int, int]
Menu: TypeAlias = Mapping[Taken, int]
TICKETS = (RightKind.HALF_DAYS, RightKind.DAYS)
# More tickets than any stay can take.
_MANY = 10_000


class Shop:
    """The packs and months on a card that are good for a row, at the prices of one payer.

    A pack counts only if it is still valid on the last day; a month may begin on any.
    """

    def __init__(self, card: RateCard, row: Row, payer: Asked, first: date, last: date) -> None:
        offered = [] if row.family in card.free else list(_offered(card, row, payer))
        self._packs = {
            kind: [
                (product, gift.amount)
                for product, gift in offered
                if gift.kind is kind and gift.amount and gift.valid_until(first) >= last
            ]
            for kind in TICKETS
        }
        self.months = [
            (product, gift) for product, gift in offered if gift.kind is RightKind.UNLIMITED
        ]
        self._tickets = Tickets(*(_MANY if self._packs[kind] else 0 for kind in TICKETS))
        exact = {product.name: _exact(card, product, payer) for product, _ in offered}
        minute = _factor(card, row, payer) / (60 * card.time.weights[TimeReason.PLAIN])
        scale = lcm(minute.denominator, *(price.denominator for price in exact.values()))
        self._minute = int(minute * scale)
        self.prices: Mapping[str, int] = {name: int(price * scale) for name, price in exact.items()}

    def menu(self, parts: Sequence[Stretch]) -> Menu:
        """What a stay costs for one person with so many tickets; only what may be worth it."""
        costs: dict[Taken, int] = {(0, 0): 0}
        for part in parts:
            longer: dict[Taken, int] = {}
            for option in menu_of(part, self._tickets):
                for (half_days, days), cost in costs.items():
                    taken = half_days + option.half_days, days + option.days
                    due = cost + option.cost * self._minute
                    longer[taken] = min(due, longer.get(taken, due))
            costs = longer
        return {taken: cost for taken, cost in costs.items() if not _is_beaten(taken, costs)}

    def pack_costs(self, kind: RightKind, most: int) -> list[tuple[int, Product | None]]:
        """The least that so many tickets cost, and the pack bought last for it."""
        costs: list[tuple[int, Product | None]] = [(0, None)]
        for count in range(1, most + 1):
            ways = (
                (self.prices[pack.name] + costs[max(0, count - amount)][0], pack)
                for pack, amount in self._packs[kind]
            )
            costs.append(min(ways, key=lambda way: way[0]))
        return costs

    def packs(self, kind: RightKind, count: int) -> Iterator[tuple[Product, Gift]]:
        """Give the cheapest packs that hold so many tickets."""
        costs = self.pack_costs(kind, count)
        while count > 0:
            pack = costs[count][1]
            if pack is None:
                return
            yield pack, pack.gives[0]
            count -= pack.gives[0].amount or count


def _offered(card: RateCard, row: Row, payer: Asked) -> Iterator[tuple[Product, Gift]]:
    """Packs that give one thing, and months whatever else they give."""
    for product in card.products.values():
        for gift in product.gives:
            fits = row.family in gift.families and (not gift.kinds or payer.kind in gift.kinds)
            if fits and (gift.kind is RightKind.UNLIMITED or len(product.gives) == 1):
                yield product, gift


def _exact(card: RateCard, product: Product, payer: Asked) -> Fraction:
    """The exact price of a product in cents."""
    profile = card.profile_for(product.family, payer.profiles)
    factors = card.factors(product.family, profile, TimeReason.PLAIN)
    return product.base * Fraction(product.factor) * Fraction(factors.upper, factors.lower)


def _factor(card: RateCard, row: Row, payer: Asked) -> Fraction:
    """Site and profile on the stays themselves."""
    profile = card.profile_for(row.family, payer.profiles)
    factors = card.factors(row.family, profile, TimeReason.PLAIN)
    return Fraction(factors.upper, factors.lower)


def _is_beaten(taken: Taken, costs: Menu) -> bool:
    """Whether fewer tickets cost no more."""
    return any(
        other != taken and other[0] <= taken[0] and other[1] <= taken[1] and cost <= costs[taken]
        for other, cost in costs.items()
    )
