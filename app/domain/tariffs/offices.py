"""Private offices: rent by area and stage of the tenancy, and charges, by the day."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.errors import NoPrice
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import Money, half_up
from app.domain.profiles import BASE
from app.domain.tariffs.card import RateCard
from app.domain.tariffs.families import Family
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine, quote_of
from app.domain.vat_rules import PRIVATE_PERSON, VatRule, treatment


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
    facts = _facts(area_m2, first, last)
    rent_facts: JsonObject = {
        "rent_minor": rent,
        "tenancy_month": tenancy_month,
        "share": str(share),
        **facts,
    }
    charges_facts: JsonObject = {"charges_minor": offices.charges_per_m2, **facts}
    rule = vat or card.families[Family.OFFICES].vat
    bears = treatment(rule, PRIVATE_PERSON, card.rates, first)
    rent_due = _money(Fraction(rent, 12) * area * Fraction(share) * part, card)
    charges_due = _money(offices.charges_per_m2 * area * part, card)
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


def _facts(area_m2: Decimal, first: date, last: date) -> JsonObject:
    return {
        "area_m2": str(area_m2),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "days": (last - first).days + 1,
        "days_of_month": monthrange(first.year, first.month)[1],
    }


def _money(exact: Fraction, card: RateCard) -> Money:
    return Money(half_up(exact.numerator, exact.denominator), card.currency)
