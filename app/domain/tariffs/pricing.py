"""From a wish to a quote: stays, products and offices, rounded once a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TypeAlias

from app.domain.calendars import SiteCalendar
from app.domain.errors import NoPrice, OffStep
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import Money, half_up
from app.domain.profiles import Profile
from app.domain.tariffs.card import Factors, RateCard, Row, TimeReason
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine, quote_of
from app.domain.tariffs.rights import Right, RightKind, Spent, earliest_first
from app.domain.tariffs.spending import Covered, cheapest_with_rights
from app.domain.tariffs.stay import Piece, cheapest_pieces
from app.domain.vat_rules import PRIVATE_PERSON, Customer, VatTreatment, treatment

Lines: TypeAlias = tuple[QuoteLine, ...]

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A stay somebody wants priced: the place as the card sees it, when, how many, who pays.

    `profiles` are those proven and in date for the payer; `row` is the place's own row, if named;
    `rights` are those that may be used for this stay, there and on that day.
    """

    kind: SpaceKind
    capacity: int
    span: Span
    people: int = 1
    profiles: frozenset[Profile] = frozenset()
    row: str | None = None
    customer: Customer = PRIVATE_PERSON
    rights: tuple[Right, ...] = ()


def quote(card: RateCard, asked: Asked, calendar: SiteCalendar) -> Quote:
    """Price a stay; raises NoPrice when the card does not sell it, OffStep for parts of minutes.

    Rights are used up only where they lower the price; credits of money pay what the others leave.
    """
    if not (_whole_minute(asked.span.start) and _whole_minute(asked.span.end)):
        raise OffStep(1)
    row = card.row_for(asked.kind, asked.capacity, asked.row)
    profile = card.profile_for(row.family, asked.profiles)
    on = calendar.local_date(asked.span.start)
    bears = treatment(card.vat_of(row), asked.customer, card.rates, on)
    selling = _Selling(card, row, profile, bears)
    if row.family in card.free:
        lines: Lines = (_free_line(selling, asked),)
        spent: tuple[Spent, ...] = ()
    else:
        lines, spent = _sold_lines(selling, asked, calendar)
    return quote_of(
        lines,
        profile=profile,
        card_version=card.version,
        currency=card.currency,
        spent=spent,
        terms=card.terms_of(row.family),
    )


def _sold_lines(
    selling: "_Selling", asked: Asked, calendar: SiteCalendar
) -> tuple[Lines, tuple[Spent, ...]]:
    """Cover the stay, with rights where they help; raises NoPrice."""
    pieces = cheapest_pieces(selling.row, selling.card.time, asked.span, calendar)
    covered: Covered | Span = (
        pieces
        if isinstance(pieces, Span)
        else Covered(tuple((piece, selling.quantity(asked)) for piece in pieces), ())
    )
    if asked.rights:
        covered = _better(selling, covered, _with_rights(selling, asked, calendar))
    if isinstance(covered, Span):
        raise NoPrice(asked.kind, asked.capacity, covered.start, covered.end)
    lines = tuple(_line(selling, piece, count) for piece, count in covered.pieces)
    if not asked.rights:
        return lines, ()
    lines, credits = _credited(lines, asked.rights)
    spent = (*covered.spent, *credits)
    kinds = {right.id: right.kind for right in asked.rights}
    used = (_right_line(selling, asked, each, kinds[each.right_id]) for each in spent)
    return (*used, *lines), spent


def _with_rights(selling: "_Selling", asked: Asked, calendar: SiteCalendar) -> Covered | Span:
    people = selling.quantity(asked)
    rules = selling.card.time
    return cheapest_with_rights(selling.row, rules, asked.span, calendar, asked.rights, people)


def _better(selling: "_Selling", plain: Covered | Span, helped: Covered | Span) -> Covered | Span:
    """Use rights up only where that leaves less to pay, to the cent."""
    if isinstance(plain, Span) or isinstance(helped, Span):
        return helped if isinstance(plain, Span) else plain
    cents = [
        sum(_cents(selling, piece, count) for piece, count in way.pieces) for way in (plain, helped)
    ]
    return helped if cents[1] < cents[0] else plain


def _credited(lines: Lines, rights: Iterable[Right]) -> tuple[Lines, tuple[Spent, ...]]:
    """Take credits of money off the lines, earliest to expire first."""
    due = _net(lines)
    spent: list[Spent] = []
    for right in earliest_first(rights):
        amount = min(due, right.left or 0) if right.kind is RightKind.MONEY else 0
        if amount:
            due -= amount
            spent.append(Spent(right.id, amount))
    paid, reduced = _net(lines) - due, []
    for line in lines:
        credit = min(paid, line.amount.minor)
        paid -= credit
        reduced.append(_reduced(line, credit) if credit else line)
    return tuple(reduced), tuple(spent)


def quote_product(
    card: RateCard,
    name: str,
    *,
    on: date,
    quantity: int = 1,
    profiles: Iterable[Profile] = (),
    customer: Customer = PRIVATE_PERSON,
    part: Fraction = WHOLE,
) -> Quote:
    """Price a month, a pack or a service sold on a day, or a part of it; raises UnknownProduct."""
    product = card.product(name)
    profile = card.profile_for(product.family, frozenset(profiles))
    factors = card.factors(product.family, profile, TimeReason.PLAIN)
    ratio = Fraction(product.factor) * Fraction(factors.upper, factors.lower) * part
    minor = half_up(product.base * quantity * ratio.numerator, ratio.denominator)
    facts: JsonObject = {
        "product": product.name,
        "unit": product.unit,
        "base_minor": product.base,
        "quantity": quantity,
        "factor": str(product.factor),
        **({} if part == WHOLE else {"part": str(part)}),
        **_without_time(factors),
    }
    bears = treatment(card.vat_of(product), customer, card.rates, on)
    line = QuoteLine(LineCode.PRODUCT, Money(minor, card.currency), bears, facts)
    return quote_of((line,), profile=profile, card_version=card.version, currency=card.currency)


@dataclass(frozen=True, slots=True)
class _Selling:
    """What all lines of a stay share."""

    card: RateCard
    row: Row
    profile: Profile
    bears: VatTreatment

    def quantity(self, asked: Asked) -> int:
        return asked.people if self.row.per_person else 1

    def factors(self, piece: Piece) -> Factors:
        return self.card.factors(self.row.family, self.profile, piece.reason)


def _line(selling: _Selling, piece: Piece, quantity: int) -> QuoteLine:
    facts: JsonObject = {
        "row": selling.row.name,
        "base_minor": piece.price,
        "count": piece.count,
        "minutes": piece.minutes,
        "quantity": quantity,
        "starts_at": _iso(piece.start),
        "ends_at": _iso(piece.end),
        **selling.factors(piece).facts,
    }
    amount = Money(_cents(selling, piece, quantity), selling.card.currency)
    return QuoteLine(piece.code, amount, selling.bears, facts)


def _cents(selling: _Selling, piece: Piece, quantity: int) -> int:
    """Round a line half up, once."""
    factors = selling.factors(piece)
    count, per = piece.count * quantity, 1
    if piece.code is LineCode.HOUR:
        count, per = piece.minutes * quantity, 60
    return half_up(piece.price * count * factors.upper, per * factors.lower)


def _free_line(selling: _Selling, asked: Asked) -> QuoteLine:
    facts: JsonObject = {
        "row": selling.row.name,
        "minutes": asked.span.minutes,
        "quantity": selling.quantity(asked),
        "starts_at": _iso(asked.span.start),
        "ends_at": _iso(asked.span.end),
    }
    return QuoteLine(LineCode.FREE, Money(0, selling.card.currency), selling.bears, facts)


def _right_line(selling: _Selling, asked: Asked, spent: Spent, kind: RightKind) -> QuoteLine:
    facts: JsonObject = {
        "row": selling.row.name,
        "right": spent.right_id,
        "kind": kind.value,
        "amount": spent.amount,
        "starts_at": _iso(asked.span.start),
        "ends_at": _iso(asked.span.end),
    }
    return QuoteLine(LineCode.RIGHT, Money(0, selling.card.currency), selling.bears, facts)


def _reduced(line: QuoteLine, credit: int) -> QuoteLine:
    amount = Money(line.amount.minor - credit, line.amount.currency)
    return QuoteLine(line.code, amount, line.vat, {**line.facts, "credit_minor": credit})


def _net(lines: Lines) -> int:
    return sum(line.amount.minor for line in lines)


def _without_time(factors: Factors) -> JsonObject:
    return {name: value for name, value in factors.facts.items() if not name.startswith("time")}


def _whole_minute(instant: datetime) -> bool:
    return not (instant.second or instant.microsecond)


def _iso(instant: datetime) -> str:
    return instant.isoformat()[:19] + "Z"  # spans are UTC
