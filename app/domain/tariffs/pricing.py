"""From a wish to a quote: stays, products and offices, rounded once a line."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.calendars import SiteCalendar
from app.domain.errors import NoPrice, OffStep
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import Money, half_up
from app.domain.profiles import BASE, Profile
from app.domain.tariffs.card import Factors, Family, RateCard, Row, TimeReason
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine, quote_of
from app.domain.tariffs.rights import Right
from app.domain.tariffs.stay import Piece, cheapest_pieces
from app.domain.vat_rules import PRIVATE_PERSON, Customer, VatRule, VatTreatment, treatment


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
    """Price a stay; raises NoPrice when the card does not sell it, OffStep for parts of minutes."""
    if not (_whole_minute(asked.span.start) and _whole_minute(asked.span.end)):
        raise OffStep(1)
    row = card.row_for(asked.kind, asked.capacity, asked.row)
    profile = card.profile_for(row.family, asked.profiles)
    quantity = asked.people if row.per_person else 1
    on = calendar.local_date(asked.span.start)
    bears = treatment(card.vat_of(row), asked.customer, card.rates, on)
    if row.family in card.free:
        lines: tuple[QuoteLine, ...] = (_free_line(card, row, asked, bears, quantity),)
    else:
        pieces = cheapest_pieces(row, card.time, asked.span, calendar)
        if isinstance(pieces, Span):
            raise NoPrice(asked.kind, asked.capacity, pieces.start, pieces.end)
        lines = tuple(_line(card, row, piece, profile, bears, quantity) for piece in pieces)
    return quote_of(lines, profile=profile, card_version=card.version, currency=card.currency)


def quote_product(
    card: RateCard,
    name: str,
    *,
    on: date,
    quantity: int = 1,
    profiles: Iterable[Profile] = (),
    customer: Customer = PRIVATE_PERSON,
) -> Quote:
    """Price a month, a pack or a service sold on a day; raises UnknownProduct."""
    product = card.product(name)
    profile = card.profile_for(product.family, frozenset(profiles))
    factors = card.factors(product.family, profile, TimeReason.PLAIN)
    upper, lower = product.factor.as_integer_ratio()
    minor = half_up(product.base * quantity * upper * factors.upper, lower * factors.lower)
    facts: JsonObject = {
        "product": product.name,
        "unit": product.unit,
        "base_minor": product.base,
        "quantity": quantity,
        "factor": str(product.factor),
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


def _line(
    card: RateCard, row: Row, piece: Piece, profile: Profile, bears: VatTreatment, quantity: int
) -> QuoteLine:
    factors = card.factors(row.family, profile, piece.reason)
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
    return QuoteLine(piece.code, Money(minor, card.currency), bears, facts)


def _free_line(
    card: RateCard, row: Row, asked: Asked, bears: VatTreatment, quantity: int
) -> QuoteLine:
    facts: JsonObject = {
        "row": row.name,
        "minutes": asked.span.minutes,
        "quantity": quantity,
        "starts_at": _iso(asked.span.start),
        "ends_at": _iso(asked.span.end),
    }
    return QuoteLine(LineCode.FREE, Money(0, card.currency), bears, facts)


def _without_time(factors: Factors) -> JsonObject:
    return {name: value for name, value in factors.facts.items() if not name.startswith("time")}


def _rounded(exact: Fraction) -> int:
    return half_up(exact.numerator, exact.denominator)


def _whole_minute(instant: datetime) -> bool:
    return not (instant.second or instant.microsecond)


def _iso(instant: datetime) -> str:
    return instant.isoformat()[:19] + "Z"  # spans are UTC
