"""From a wish to a quote: stays, products and offices, rounded once a line."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from app.domain.calendars import SiteCalendar
from app.domain.errors import NoPrice, OffStep
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import Money, half_up
from app.domain.profiles import BASE, Profile
from app.domain.tariffs.card import Factors, RateCard, Row, TimeReason
from app.domain.tariffs.families import Family
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine, quote_of
from app.domain.tariffs.rights import Right, RightKind, Spent, earliest_first
from app.domain.tariffs.spending import cheapest_with_rights
from app.domain.tariffs.stay import Piece, cheapest_pieces
from app.domain.vat_rules import PRIVATE_PERSON, Customer, VatRule, VatTreatment, treatment

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
    spent: tuple[Spent, ...] = ()
    if row.family in card.free:
        lines: Lines | Span = (_free_line(selling, asked),)
    else:
        lines = _lines(selling, asked, calendar)
        if asked.rights:
            lines, spent = _with_rights(selling, asked, calendar, lines)
    if isinstance(lines, Span):
        raise NoPrice(asked.kind, asked.capacity, lines.start, lines.end)
    return quote_of(
        lines,
        profile=profile,
        card_version=card.version,
        currency=card.currency,
        spent=spent,
    )


def _lines(selling: "_Selling", asked: Asked, calendar: SiteCalendar) -> Lines | Span:
    pieces = cheapest_pieces(selling.row, selling.card.time, asked.span, calendar)
    if isinstance(pieces, Span):
        return pieces
    quantity = selling.quantity(asked)
    return tuple(_line(selling, piece, quantity) for piece in pieces)


def _with_rights(
    selling: "_Selling", asked: Asked, calendar: SiteCalendar, plain: Lines | Span
) -> tuple[Lines | Span, tuple[Spent, ...]]:
    """Choose between paying all and using rights up, to the cent; then let credits pay."""
    lines: Lines | Span = plain
    spent: tuple[Spent, ...] = ()
    if any(right.kind is not RightKind.MONEY for right in asked.rights):
        people = selling.quantity(asked)
        covered = cheapest_with_rights(
            selling.row, selling.card.time, asked.span, calendar, asked.rights, people
        )
        if not isinstance(covered, Span):
            left = tuple(_line(selling, piece, count) for piece, count in covered.pieces)
            if isinstance(plain, Span) or _net(left) < _net(plain):
                lines, spent = left, covered.spent
    if isinstance(lines, Span):
        return lines, ()
    lines, credits = _credited(lines, asked.rights)
    spent += credits
    kinds = {right.id: right.kind for right in asked.rights}
    used = (_right_line(selling, asked, each, kinds[each.right_id]) for each in spent)
    return (*used, *lines), spent


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


def quote_office(
    card: RateCard,
    area_m2: Decimal,
    *,
    tenancy_month: int,
    first: date,
    last: date,
    vat: VatRule | None = None,
) -> Quote:
    """Price an office for a month or the days of it from first to last, both included.

    `vat` is the rule of the lease where it is not that of the card; charges follow the rent.
    The stage of the tenancy is the adaptation, so no profile counts; raises NoPrice when the card
    has no rent or no stage for that month of the tenancy.
    """
    offices, rent = card.offices, card.reference_rent
    share = offices.share_in(tenancy_month) if offices is not None else None
    if offices is None or rent is None or share is None:
        raise NoPrice(SpaceKind.OFFICE, 0)
    part = part_of_month(first, last)
    area = Fraction(area_m2)
    facts: JsonObject = {
        "area_m2": str(area_m2),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "days": (last - first).days + 1,
        "days_of_month": monthrange(first.year, first.month)[1],
    }
    rent_facts: JsonObject = {
        "rent_minor": rent,
        "tenancy_month": tenancy_month,
        "share": str(share),
        **facts,
    }
    charges_facts: JsonObject = {"charges_minor": offices.charges_per_m2, **facts}
    rent_minor = _rounded(Fraction(rent, 12) * area * Fraction(share) * part)
    charges_minor = _rounded(offices.charges_per_m2 * area * part)
    rule = vat or card.families[Family.OFFICES].vat
    bears = treatment(rule, PRIVATE_PERSON, card.rates, first)
    rent_due, charges_due = Money(rent_minor, card.currency), Money(charges_minor, card.currency)
    lines = (
        QuoteLine(LineCode.OFFICE_RENT, rent_due, bears, rent_facts),
        QuoteLine(LineCode.OFFICE_CHARGES, charges_due, bears, charges_facts),
    )
    return quote_of(lines, profile=BASE, card_version=card.version, currency=card.currency)


def part_of_month(first: date, last: date) -> Fraction:
    """Give the days from first to last over the days of their month; ValueError for two months."""
    if last < first or (first.year, first.month) != (last.year, last.month):
        raise ValueError("a part of a month lies in one month")
    return Fraction((last - first).days + 1, monthrange(first.year, first.month)[1])


@dataclass(frozen=True, slots=True)
class _Selling:
    """What all lines of a stay share."""

    card: RateCard
    row: Row
    profile: Profile
    bears: VatTreatment

    def quantity(self, asked: Asked) -> int:
        return asked.people if self.row.per_person else 1


def _line(selling: _Selling, piece: Piece, quantity: int) -> QuoteLine:
    card, row = selling.card, selling.row
    factors = card.factors(row.family, selling.profile, piece.reason)
    count, per = piece.count * quantity, 1
    if piece.code is LineCode.HOUR:
        count, per = piece.minutes * quantity, 60
    minor = half_up(piece.price * count * factors.upper, per * factors.lower)
    facts: JsonObject = {
        "row": row.name,
        "base_minor": piece.price,
        "count": piece.count,
        "minutes": piece.minutes,
        "quantity": quantity,
        "starts_at": _iso(piece.start),
        "ends_at": _iso(piece.end),
        **factors.facts,
    }
    return QuoteLine(piece.code, Money(minor, card.currency), selling.bears, facts)


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


def _rounded(exact: Fraction) -> int:
    return half_up(exact.numerator, exact.denominator)


def _whole_minute(instant: datetime) -> bool:
    return not (instant.second or instant.microsecond)


def _iso(instant: datetime) -> str:
    return instant.isoformat()[:19] + "Z"  # spans are UTC
