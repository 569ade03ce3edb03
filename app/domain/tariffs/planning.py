"""The cheapest set of packs and months to buy for many stays of one person, and how each is paid.

Exact before rounding: stays are taken in time order, every number of tickets is carried along with
the least that reaches it, and a month may begin on the day of any stay. What cannot beat the best
plain plan is dropped at once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import TypeAlias

from app.domain.calendars import SiteCalendar
from app.domain.errors import NoPrice
from app.domain.money import Money, total
from app.domain.tariffs.card import Product, RateCard
from app.domain.tariffs.pricing import Asked, quote, quote_product
from app.domain.tariffs.quotes import Quote
from app.domain.tariffs.rights import Gift, Right
from app.domain.tariffs.shop import TICKETS, Menu, Shop, Taken
from app.domain.tariffs.stay import Stretch, stretches

# The way before, the stay it goes on from, and how: with so many tickets, or by a month begun.
_Way: TypeAlias = tuple["_Way", int, Taken, Product | None] | None
_Reached: TypeAlias = dict[Taken, tuple[int, _Way]]


@dataclass(frozen=True, slots=True)
class Purchase:
    """A pack or month to buy on a day; the quotes know its right by its number, below zero."""

    number: int
    product: str
    valid_from: date
    valid_until: date
    quote: Quote


@dataclass(frozen=True, slots=True)
class Plan:
    """What to buy, and the quote of every stay in the order in which they were given."""

    purchases: tuple[Purchase, ...]
    quotes: tuple[Quote, ...]

    @property
    def net(self) -> Money:
        """All of it, before tax."""
        return total((each.net for each in self._all), self.quotes[0].net.currency)

    @property
    def gross(self) -> Money:
        """All of it, with tax."""
        return total((each.gross for each in self._all), self.quotes[0].net.currency)

    @property
    def _all(self) -> tuple[Quote, ...]:
        return (*(purchase.quote for purchase in self.purchases), *self.quotes)


def cheapest_plan(card: RateCard, stays: Sequence[Asked], calendar: SiteCalendar) -> Plan:
    """Plan the stays of one person in places of one kind; raises NoPrice when nothing covers one.

    Rights already held are not looked at, nor packs that expire before the last stay.
    """
    if not stays:
        raise ValueError("a plan is for at least one stay")
    order = sorted(range(len(stays)), key=lambda place: stays[place].span.start)
    planner = _Planner(card, [stays[place] for place in order], calendar)
    plan = planner.settle(planner.best())
    in_order = dict(zip(order, plan.quotes, strict=True))
    return Plan(plan.purchases, tuple(in_order[place] for place in range(len(stays))))


class _Planner:
    """The stays in time order, what can be bought for them, and what each then costs."""

    def __init__(self, card: RateCard, stays: Sequence[Asked], calendar: SiteCalendar) -> None:
        self._card, self._stays, self._calendar = card, stays, calendar
        self._days = [calendar.local_date(stay.span.start) for stay in stays]
        self._row = card.row_for(stays[0].kind, stays[0].capacity, stays[0].row)
        self._shop = Shop(card, self._row, stays[0], self._days[0], self._days[-1])
        self._menus = self._read_menus()

    def best(self) -> _Way:
        """Find the cheapest way through all stays; raises NoPrice."""
        half_days, days = (
            [cost for cost, _ in self._shop.pack_costs(kind, self._most(place))]
            for place, kind in enumerate(TICKETS)
        )
        bound = self._bound()
        reached: list[_Reached] = [{} for _ in (*self._menus, None)]
        reached[0][0, 0] = 0, None
        for place in range(len(self._menus)):
            for until, more, cost, month in self._steps(place):
                onward = reached[until]
                for before, (paid, way) in reached[place].items():
                    taken, due = (before[0] + more[0], before[1] + more[1]), paid + cost
                    if due + half_days[taken[0]] + days[taken[1]] > bound:
                        continue
                    if taken not in onward or due < onward[taken][0]:
                        onward[taken] = due, (way, place, more, month)
        ends = {
            (due + half_days[taken[0]] + days[taken[1]], taken): way
            for taken, (due, way) in reached[-1].items()
        }
        if not ends:
            raise self._no_price()
        return ends[min(ends)]

    def _most(self, place: int) -> int:
        """How many tickets of a kind all stays could take."""
        return sum(max((taken[place] for taken in menu), default=0) for menu in self._menus)

    def _steps(self, place: int) -> list[tuple[int, Taken, int, Product | None]]:
        """What can be done at a stay: cover it alone, or begin a month on its day."""
        alone = [(place + 1, taken, cost, None) for taken, cost in self._menus[place].items()]
        months = (
            (self._after(place, gift), (0, 0), self._shop.prices[month.name], month)
            for month, gift in self._shop.months
        )
        return [*alone, *months]

    def _after(self, place: int, gift: Gift) -> int:
        """The first stay that a month begun on the day of a stay does not cover."""
        return bisect_right(self._days, gift.valid_until(self._days[place]))

    def _bound(self) -> float:
        """The cost of the best plain plan: every stay by itself, or one month after the other."""
        costs = [inf]
        if all((0, 0) in menu for menu in self._menus):
            costs.append(sum(menu[0, 0] for menu in self._menus))
        for month, gift in self._shop.months:
            place, cost = 0, 0
            while place < len(self._menus):
                place, cost = self._after(place, gift), cost + self._shop.prices[month.name]
            costs.append(cost)
        return min(costs)

    def _read_menus(self) -> list[Menu]:
        """What each stay costs with so many tickets; stays that look the same share a menu."""
        known: dict[object, Menu] = {}
        menus = []
        for stay in self._stays:
            parts = list(stretches(self._row, self._card.time, stay.span, self._calendar))
            look = tuple(map(_look, parts))
            if look not in known:
                known[look] = self._shop.menu(parts)
            menus.append(known[look])
        return menus

    def _no_price(self) -> NoPrice:
        """Name the first stay that nothing covers."""
        pairs = zip(self._stays, self._menus, strict=True)
        stay = next(stay for stay, menu in pairs if (0, 0) not in menu)
        return NoPrice(stay.kind, stay.capacity, stay.span.start, stay.span.end)

    def settle(self, way: _Way) -> Plan:
        """Buy what the way needs, and quote each stay with what it takes of that."""
        steps = _steps_of(way)
        bought: list[tuple[Purchase, Gift]] = []
        rights: list[list[Right]] = [[] for _ in self._stays]
        for place, _, month in steps:
            if month is not None:
                gift = next(gift for each, gift in self._shop.months if each is month)
                bought.append((self._buy(month, gift, self._days[place], len(bought)), gift))
                for covered in range(place, self._after(place, gift)):
                    rights[covered].append(_right(*bought[-1], None))
        for kind_place, kind in enumerate(TICKETS):
            count = sum(taken[kind_place] for _, taken, _ in steps)
            left: list[tuple[Purchase, Gift, int]] = []
            for pack, gift in self._shop.packs(kind, count):
                bought.append((self._buy(pack, gift, self._days[0], len(bought)), gift))
                left.append((*bought[-1], gift.amount or 0))
            for place, taken, _ in steps:
                rights[place] += _take(left, taken[kind_place])
        quotes = tuple(
            quote(self._card, replace(stay, rights=tuple(held)), self._calendar)
            for stay, held in zip(self._stays, rights, strict=True)
        )
        return Plan(tuple(purchase for purchase, _ in bought), quotes)

    def _buy(self, product: Product, gift: Gift, on: date, before: int) -> Purchase:
        payer = self._stays[0]
        priced = quote_product(
            self._card, product.name, on=on, profiles=payer.profiles, customer=payer.customer
        )
        return Purchase(-1 - before, product.name, on, gift.valid_until(on), priced)


def _steps_of(way: _Way) -> list[tuple[int, Taken, Product | None]]:
    steps = []
    while way is not None:
        way, place, taken, month = way
        steps.append((place, taken, month))
    return steps[::-1]


def _take(left: list[tuple[Purchase, Gift, int]], count: int) -> list[Right]:
    """Take tickets out of the packs bought, the first pack first."""
    rights = []
    while count:
        purchase, gift, held = left.pop(0)
        used = min(count, held)
        rights.append(_right(purchase, gift, used))
        count -= used
        if held > used:
            left.insert(0, (purchase, gift, held - used))
    return rights


def _right(purchase: Purchase, gift: Gift, left: int | None) -> Right:
    return Right(
        id=purchase.number,
        kind=gift.kind,
        families=gift.families,
        valid_from=purchase.valid_from,
        valid_until=purchase.valid_until,
        left=left,
        kinds=gift.kinds,
    )


def _look(part: Stretch) -> tuple[object, ...]:
    """All that the price of a stretch depends on: stays that look the same cost the same."""
    pricing = part.pricing
    turn = pricing.at(pricing.rules.day_ends)
    hours = pricing.calendar.hours_on(pricing.day)[:1]
    return pricing.reason, hours, turn - part.start, part.end - part.start, part.is_evening
