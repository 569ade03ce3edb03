"""The cheapest way to cover a stay when the payer holds rights: which are used up, what is left.

Exact, not greedy: every choice for every person and stretch of the day is carried along by the
tickets and hours it takes, and only the cheapest of those that take the same is kept. Included
minutes then pay the dearest hours that are left. Credits of money are no part of this: they pay
what the others leave (see `pricing`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.domain.calendars import SiteCalendar
from app.domain.intervals import Span
from app.domain.tariffs.card import Row, TimeRules
from app.domain.tariffs.menus import Option, Tickets, menu_of
from app.domain.tariffs.rights import Right, RightKind, Spent, earliest_first
from app.domain.tariffs.stay import MINUTE, Piece, Stretch, minute_cost, stretches

# What a way takes: half-day tickets, day tickets, and minutes by the hour for each price of one.
_Taken: TypeAlias = tuple[int, int, tuple[int, ...]]
_Chosen: TypeAlias = tuple["_Chosen", Option] | None
_Ways: TypeAlias = dict[_Taken, tuple[int, _Chosen]]
_Menu: TypeAlias = tuple[Stretch, list[Option]]
_TICKETS = (RightKind.HALF_DAYS, RightKind.DAYS, RightKind.MINUTES)


@dataclass(frozen=True, slots=True)
class Covered:
    """What is still to be paid, each piece for so many people, and what is used up of rights."""

    pieces: tuple[tuple[Piece, int], ...]
    spent: tuple[Spent, ...]


def cheapest_with_rights(
    row: Row,
    rules: TimeRules,
    span: Span,
    calendar: SiteCalendar,
    rights: Sequence[Right],
    people: int,
) -> Covered | Span:
    """Cover the stay of so many people, or give the part of it that nothing covers.

    People covered by an uncounted right pay nothing, the others share the tickets and minutes.
    """
    held = earliest_first(rights)
    uncounted = [right for right in held if right.kind is RightKind.UNLIMITED][:people]
    spent = [Spent(right.id, 1) for right in uncounted]
    paying = people - len(uncounted)
    if not paying:
        return Covered((), tuple(spent))
    purse = _Purse(held)
    menus: list[_Menu] = []
    for stretch in stretches(row, rules, span, calendar):
        menus += [(stretch, menu_of(stretch, purse.tickets))] * paying
    best = _best(menus, purse, rules)
    if isinstance(best, Span):
        return best
    (half_days, days, _), chosen = best
    pieces, minutes = _credited(chosen, purse.left[RightKind.MINUTES], rules)
    spent += purse.pay((half_days, days, minutes))
    return Covered(tuple(Counter(sorted(pieces, key=_in_time)).items()), tuple(spent))


class _Purse:
    """The counted rights, by what they are counted in, earliest to expire first."""

    def __init__(self, held: Sequence[Right]) -> None:
        self.held = [right for right in held if right.kind in _TICKETS]
        self.left: Mapping[RightKind, int] = {
            kind: sum(right.left or 0 for right in held if right.kind is kind) for kind in _TICKETS
        }
        self.tickets = Tickets(self.left[RightKind.HALF_DAYS], self.left[RightKind.DAYS])

    def pay(self, amounts: tuple[int, int, int]) -> Iterator[Spent]:
        """Take amounts of half-days, days and minutes, of what expires first."""
        due = dict(zip(_TICKETS, amounts, strict=True))
        for right in self.held:
            amount = min(due[right.kind], right.left or 0)
            due[right.kind] -= amount
            if amount:
                yield Spent(right.id, amount)

    def regret(self, amounts: tuple[int, int, int]) -> tuple[int, ...]:
        """What would be taken of each right, the last to expire first: less is better."""
        taken = {each.right_id: each.amount for each in self.pay(amounts)}
        return tuple(taken.get(right.id, 0) for right in reversed(self.held))


def _best(
    menus: Sequence[_Menu], purse: _Purse, rules: TimeRules
) -> tuple[_Taken, list[Option]] | Span:
    """Choose from each menu so that what is left to pay is least; of equals, least regretted.

    Gives the first stretch that cannot be covered any more, if there is one.
    """
    tickets, minutes = purse.tickets, purse.left[RightKind.MINUTES]
    hours = {piece for _, menu in menus for option in menu for piece in option.hours}
    costs = sorted({minute_cost(piece, rules) for piece in hours}, reverse=True) if minutes else []
    ways: _Ways = {(0, 0, (0,) * len(costs)): (0, None)}
    for stretch, menu in menus:
        ways = _longer(ways, [(each, _minutes(each, costs, rules)) for each in menu], tickets)
        if not ways:
            return Span(stretch.start, stretch.end)

    def due(taken: _Taken) -> tuple[int, tuple[int, ...]]:
        credit, left = 0, minutes
        for cost, count in zip(costs, taken[2], strict=True):
            paid = min(left, count) if cost else 0
            credit, left = credit + cost * paid, left - paid
        return ways[taken][0] - credit, purse.regret((taken[0], taken[1], minutes - left))

    best = min(ways, key=due)
    return best, _options(ways[best][1])


def _longer(ways: _Ways, menu: Sequence[tuple[Option, tuple[int, ...]]], tickets: Tickets) -> _Ways:
    """Add one choice of a menu to each way, and keep the cheapest of those that take the same."""
    longer: _Ways = {}
    for (half_days, days, used), (cost, chosen) in ways.items():
        for option, by_cost in menu:
            taken = half_days + option.half_days, days + option.days, _sum(used, by_cost)
            if taken[0] > tickets.half_days or taken[1] > tickets.days:
                continue
            known = longer.get(taken)
            if known is None or cost + option.cost < known[0]:
                longer[taken] = cost + option.cost, (chosen, option)
    return longer


def _minutes(option: Option, costs: Sequence[int], rules: TimeRules) -> tuple[int, ...]:
    """The minutes an option sells by the hour, for each price of a minute."""
    by_cost = dict.fromkeys(costs, 0)
    for piece in option.hours:
        if costs:
            by_cost[minute_cost(piece, rules)] += piece.minutes
    return tuple(by_cost.values())


def _sum(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(int.__add__, one, other))


def _options(chosen: _Chosen) -> list[Option]:
    options = []
    while chosen is not None:
        chosen, option = chosen
        options.append(option)
    return options


def _credited(options: Sequence[Option], minutes: int, rules: TimeRules) -> tuple[list[Piece], int]:
    """Let included minutes pay the dearest hours; gives what is left and the minutes used."""
    pieces = [piece for option in options for piece in option.pieces]
    hours = [piece for option in options for piece in option.hours if piece.price]
    left = minutes
    for hour in sorted(hours, key=lambda piece: (-minute_cost(piece, rules), _in_time(piece))):
        paid = min(left, hour.minutes)
        if paid:
            left -= paid
            pieces.remove(hour)
            if paid < hour.minutes:
                pieces.append(replace(hour, start=hour.start + paid * MINUTE))
    return pieces, minutes - left


def _in_time(piece: Piece) -> tuple[str, ...]:
    return piece.start.isoformat(), piece.end.isoformat(), piece.code
