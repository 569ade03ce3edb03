"""Every lawful way to cover a stretch of a stay, for one person, with tickets or with money.

Three ways are enough without tickets (see `stay`); with tickets any number of half-days may be
the best, for it leaves other minutes to be paid with included hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.tariffs.quotes import LineCode
from app.domain.tariffs.stay import DayPricing, Piece, Stretch, cost_of


@dataclass(frozen=True, slots=True)
class Option:
    """What is paid, at a cost that compares exactly, and how many tickets are given."""

    pieces: tuple[Piece, ...]
    cost: int
    half_days: int = 0
    days: int = 0

    @property
    def hours(self) -> tuple[Piece, ...]:
        """The pieces sold by the hour, which included minutes may pay for."""
        return tuple(piece for piece in self.pieces if piece.code is LineCode.HOUR)


@dataclass(frozen=True, slots=True)
class Tickets:
    """How many tickets may be given at most."""

    half_days: int = 0
    days: int = 0


def menu_of(stretch: Stretch, tickets: Tickets) -> list[Option]:
    """Give every way to cover the stretch; none when the row does not sell it."""
    ways = _evening if stretch.is_evening else _daytime
    return list(ways(stretch.pricing, stretch.start, stretch.end, tickets))


def _daytime(
    pricing: DayPricing, start: datetime, end: datetime, tickets: Tickets
) -> Iterator[Option]:
    yield from _parts(pricing, start, end, tickets)
    opening = pricing.opening
    if opening is None or end <= opening:
        return
    row, begin = pricing.row, max(start, opening)
    earlier = list(_parts(pricing, start, begin, tickets))
    for early in earlier:
        if row.day is not None:
            package = Piece(LineCode.DAY, begin, end, pricing.reason, row.day)
            yield _option(pricing, (*early.pieces, package), early.half_days)
        if tickets.days:
            yield _option(pricing, early.pieces, early.half_days, days=1)


def _parts(
    pricing: DayPricing, start: datetime, end: datetime, tickets: Tickets
) -> Iterator[Option]:
    """Half-days end to end, by ticket first, and the rest by the hour."""
    row, length = pricing.row, timedelta(minutes=pricing.rules.half_day_minutes)
    for count in range(-((start - end) // length) + 1):
        turn = min(end, start + count * length)
        by_hour = pricing.hours(turn, end) if turn < end else []
        if by_hour is None:
            continue
        for given in range(min(count, tickets.half_days) + 1):
            paid = count - given
            if not paid:
                yield _option(pricing, tuple(by_hour), given)
            elif row.half_day is not None:
                begin = start + given * length
                half_days = Piece(
                    LineCode.HALF_DAY, begin, turn, pricing.reason, row.half_day, paid
                )
                yield _option(pricing, (half_days, *by_hour), given)


def _evening(
    pricing: DayPricing, start: datetime, end: datetime, _tickets: Tickets
) -> Iterator[Option]:
    by_hours = pricing.hours(start, end)
    if by_hours is not None:
        yield _option(pricing, tuple(by_hours))
    evening_ends = pricing.at(pricing.rules.evening_ends)
    rest = pricing.hours(evening_ends, end) if evening_ends < end else []
    if pricing.row.evening is not None and start < evening_ends and rest is not None:
        until = min(end, evening_ends)
        package = Piece(LineCode.EVENING, start, until, pricing.reason, pricing.row.evening)
        yield _option(pricing, (package, *rest))


def _option(
    pricing: DayPricing, pieces: tuple[Piece, ...], half_days: int = 0, days: int = 0
) -> Option:
    return Option(pieces, cost_of(pieces, pricing.rules), half_days, days)
