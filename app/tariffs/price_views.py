"""The prices of a card as the public page shows them: each worked out by the card's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_percent

from app.domain.money import Money, half_up
from app.domain.profiles import BASE, ONE, Profile
from app.domain.tariffs import Family, Product, RateCard, Row, TimeReason, quote_product
from app.domain.vat import vat_on
from app.domain.vat_rules import PRIVATE_PERSON, VatRule, treatment
from app.tariffs import card_words, words
from app.web import formats

COLUMNS = ("hour", "half_day", "day", "evening")
ICONS = {
    Family.SEATS: "person",
    Family.ROOMS: "people",
    Family.STUDIOS: "screen",
    Family.MACHINES: "tool",
    Family.SERVICES: "key",
    Family.OFFICES: "building",
}


# What a stranger asks for first: rows of the charter that every Totem has, and one product.
_MAIN = (("seat", "half_day"), ("seat", "day"), ("meeting_6", "hour"), ("meeting_12", "hour"))
_MONTH = "month_any_seat"


@dataclass(frozen=True, slots=True)
class Price:
    """An amount before and after tax; `is_free` where the site asks nothing."""

    net: Money
    gross: Money
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class PriceLine:
    """What is sold, and its price in each column; None is not sold."""

    label: str
    prices: tuple[Price | None, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices of one family: places by length, then packs, months and services."""

    family: str
    title: str
    icon: str
    columns: tuple[str, ...]
    places: tuple[PriceLine, ...]
    products: tuple[PriceLine, ...]


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A profile, its share of the price by family, and what proves it."""

    name: str
    label: str
    shares: tuple[str, ...]
    proof: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """For whom prices are worked out: a profile, and the day that counts for tax."""

    profile: Profile
    on: date


def price_tables(card: RateCard, buyer: Buyer) -> list[PriceTable]:
    """Give the tables of every family the card sells, in the order of the charter."""
    tables = (_table(card, family, buyer) for family in card.families)
    return [table for table in tables if table.places or table.products]


def main_titles() -> list[str]:
    """Head the prices that are asked for most."""
    return [*card_words.main_titles(), words.product(_MONTH)]


def main_prices(card: RateCard, buyer: Buyer) -> list[Price | None]:
    """Give the prices that are asked for most, in the order of their titles."""
    found: list[Price | None] = []
    for name, key in _MAIN:
        row = card.rows.get(name)
        base: int | None = getattr(row, key) if row is not None else None
        found.append(None if row is None or base is None else _place_price(card, row, base, buyer))
    if _MONTH not in card.products:
        return [*found, None]
    month = quote_product(card, _MONTH, on=buyer.on, profiles={buyer.profile})
    return [*found, Price(month.net, month.gross)]


def profile_lines(card: RateCard, asked: Profile) -> tuple[tuple[str, ...], list[ProfileLine]]:
    """Give the families whose price depends on a profile, and every profile with its shares."""
    families = [family for family, rules in card.families.items() if rules.profiles]
    shares = {family: card.families[family].profiles for family in families}
    groups = list({tuple(sorted(shares[family].items())): family for family in families}.values())
    titles = tuple(
        ", ".join(card_words.family(each) for each in families if shares[each] == shares[family])
        for family in groups
    )
    return titles, [
        ProfileLine(
            name=profile.value,
            label=words.profile(profile),
            shares=tuple(_share(shares[family].get(profile, ONE)) for family in groups),
            proof=card_words.proof(profile),
            is_asked=profile is asked,
        )
        for profile in Profile
    ]


def office_lines(card: RateCard, buyer: Buyer) -> list[PriceLine]:
    """Give the monthly price of a square metre at each stage of a tenancy, then the charges."""
    offices, rent = card.offices, card.reference_rent
    if offices is None or rent is None or Family.OFFICES not in card.families:
        return []
    rule = card.families[Family.OFFICES].vat
    lines, first = [], 1
    for months, share in offices.stages:
        exact = Fraction(rent, 12) * Fraction(share)
        price = _price(card, half_up(exact.numerator, exact.denominator), rule, buyer)
        lines.append(PriceLine(card_words.stage(first, first + months - 1, share), (price,)))
        first += months
    charges = _price(card, offices.charges_per_m2, rule, buyer)
    return [*lines, PriceLine(card_words.charges(), (charges,))]


def vat_rates(card: RateCard, on: date) -> list[str]:
    """Give the rates of VAT the prices of the card bear on that day, as written."""
    rates = {
        treatment(rules.vat, PRIVATE_PERSON, card.rates, on).rate
        for rules in card.families.values()
    }
    return [percent(rate) for rate in sorted(rates) if rate]


def percent(rate: Decimal) -> str:
    """Write a rate in per cent: ``5,5 %``."""
    return format_percent(rate / 100, format="0.##\u00a0%", locale=formats.language())


def _table(card: RateCard, family: Family, buyer: Buyer) -> PriceTable:
    rows = [row for row in card.rows.values() if row.family is family]
    columns = [name for name in COLUMNS if any(getattr(row, name) is not None for row in rows)]
    return PriceTable(
        family=family.value,
        title=card_words.family(family),
        icon=ICONS[family],
        columns=tuple(columns),
        places=tuple(_place_line(card, row, columns, buyer) for row in rows),
        products=tuple(_product_lines(card, family, buyer)),
    )


def _place_line(card: RateCard, row: Row, columns: list[str], buyer: Buyer) -> PriceLine:
    bases: list[int | None] = [getattr(row, name) for name in columns]
    prices = (None if base is None else _place_price(card, row, base, buyer) for base in bases)
    return PriceLine(card_words.row(row), tuple(prices))


def _place_price(card: RateCard, row: Row, base: int, buyer: Buyer) -> Price:
    profile = card.profile_for(row.family, frozenset({buyer.profile}))
    factors = card.factors(row.family, profile, TimeReason.PLAIN)
    if row.family in card.free:
        return Price(Money(0, card.currency), Money(0, card.currency), is_free=True)
    minor = half_up(base * factors.upper, factors.lower)
    return _price(card, minor, card.vat_of(row), buyer)


def _product_lines(card: RateCard, family: Family, buyer: Buyer) -> Iterator[PriceLine]:
    products: list[Product] = [each for each in card.products.values() if each.family is family]
    for product in products:
        priced = quote_product(card, product.name, on=buyer.on, profiles={buyer.profile})
        label, unit = words.product(product.name), card_words.unit(product.unit)
        price = Price(priced.net, priced.gross)
        yield PriceLine(label, (price,), "" if unit in label else unit)


def _price(card: RateCard, minor: int, rule: VatRule, buyer: Buyer) -> Price:
    net = Money(minor, card.currency)
    rate = treatment(rule, PRIVATE_PERSON, card.rates, buyer.on).rate
    return Price(net, net + vat_on(net, rate))


def _share(factor: Decimal) -> str:
    if factor == ONE:
        return ""
    return format_percent(factor - 1, format="+0\u00a0%;−0\u00a0%", locale=formats.language())


def asked_profile(name: str) -> Profile:
    """Read a profile from an address; the base for anything else."""
    return Profile(name) if name in set(Profile) else BASE
