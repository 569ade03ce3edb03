"""What a card must not say when it is published: found then, never at the desk.

Stored cards are read without these checks, so that a price once frozen can always be explained.
"""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.cancellation import Terms
from app.domain.errors import NoVatRate
from app.domain.money import EURO
from app.domain.profiles import BASE, ONE, Profile
from app.domain.rents import HIGHEST_CHARGES, HIGHEST_RENT, LONGEST_YEARS
from app.domain.tariffs.card import OfficeRules, Product, RateCard, Row
from app.domain.tariffs.card_reading import MINUTES_OF_DAY, TOO_MUCH
from app.domain.tariffs.families import Family
from app.domain.vat_rules import VatRule

# A day and a night of it for a full hall must fit into the columns of the database.
LARGEST_MINOR = 2_000_000_000
MOST_PEOPLE = 1_000
YEARS = range(2014, 2101)
# Beyond these a number is a slip of the keyboard, and the calendar or the database gives way.
SHORTEST_HALF_DAY = 60  # minutes
LONGEST_NOTICE = 366 * 24  # hours
LONGEST_COUNT = 3_660  # days during which absences count, and suspend
LONGEST_GIFT = 120  # months


def unsound(card: RateCard) -> tuple[str, ...]:
    """Give everything that stands against publishing the card, each with its key path."""
    return (
        *_of_site(card),
        *_of_time(card),
        *_of_absences(card),
        *_of_terms(card.terms, "terms"),
        *_of_families(card),
        *_of_profiles(card),
        *(fault for row in card.rows.values() for fault in _of_row(card, row)),
        *(fault for product in card.products.values() for fault in _of_product(card, product)),
        *(_of_offices(card, card.offices) if card.offices is not None else ()),
    )


def _of_site(card: RateCard) -> Iterator[str]:
    if card.effective_on.year not in YEARS:
        yield f"effective_on: not between {YEARS[0]} and {YEARS[-1]}"
    if card.coefficient <= 0:
        yield "site.coefficient: above zero, or everything would be free"
    if card.reference_rent == 0:
        yield "site.reference_rent: above zero"
    elif _euros(card.reference_rent or 0) > HIGHEST_RENT:
        yield f"site.reference_rent: {TOO_MUCH}"
    if card.currency != EURO:
        yield f"currency: leases, rights and aid are counted in {EURO}"


def _of_time(card: RateCard) -> Iterator[str]:
    if not SHORTEST_HALF_DAY <= card.time.half_day_minutes <= card.time.day_ends:
        yield f"time.half_day_minutes: {TOO_MUCH}"


def _of_absences(card: RateCard) -> Iterator[str]:
    if card.strikes.within_days > LONGEST_COUNT:
        yield f"no_shows.within_days: {TOO_MUCH}"
    if card.strikes.suspended_days > LONGEST_COUNT:
        yield f"no_shows.suspended_days: {TOO_MUCH}"


def _of_families(card: RateCard) -> Iterator[str]:
    for family, rules in card.families.items():
        if rules.terms is not None:
            yield from _of_terms(rules.terms, f"families.{family}.terms")


def _of_terms(terms: Terms, path: str) -> Iterator[str]:
    for number, tier in enumerate(terms.tiers):
        if tier.hours_before > LONGEST_NOTICE:
            yield f"{path}.tiers.{number}.hours: {TOO_MUCH}"
    if terms.free_minutes > LONGEST_NOTICE * 60:
        yield f"{path}.free_minutes: {TOO_MUCH}"


def _of_profiles(card: RateCard) -> Iterator[str]:
    """Whoever proves a profile is told what it is worth, be it nothing."""
    for family, rules in card.families.items():
        for profile in Profile if rules.profiles else ():
            if profile is not BASE and profile not in rules.profiles:
                path = f"families.{family}.profiles.{profile}"
                yield f'{path}: missing; "1.00" where it changes nothing'


def _of_row(card: RateCard, row: Row) -> Iterator[str]:
    path = f"rows.{row.name}"
    if row.hour is None and row.half_day is None and row.day is None:
        yield f"{path}.hour: nothing is sold before the end of the day"
    people = MOST_PEOPLE if row.per_person else 1
    half_days = -(-MINUTES_OF_DAY // card.time.half_day_minutes)
    times = {"hour": 24, "half_day": half_days, "day": 1, "evening": 1}
    for name, count in times.items():
        price: int | None = getattr(row, name)
        if price is not None and _largest(card, row.family, price * count * people):
            yield f"{path}.{name}: more than can be written down for a day"
    yield from _of_tax(card, row.vat, row.family, path)


def _of_product(card: RateCard, product: Product) -> Iterator[str]:
    path = f"products.{product.name}"
    if _largest(card, product.family, int(product.base * product.factor) * MOST_PEOPLE):
        yield f"{path}.price: more than can be written down"
    if (product.roaming or 0) > LARGEST_MINOR:
        yield f"{path}.roaming: more than can be written down"
    for number, gift in enumerate(product.gives):
        if gift.product is not None and gift.product not in card.products:
            yield f"{path}.gives.{number}.product: {gift.product} is not on the card"
        if gift.months > LONGEST_GIFT:
            yield f"{path}.gives.{number}.months: {TOO_MUCH}"
        if (gift.amount or 0) > LARGEST_MINOR:
            yield f"{path}.gives.{number}.amount: {TOO_MUCH}"
    yield from _of_tax(card, product.vat, product.family, path)


def _of_offices(card: RateCard, offices: OfficeRules) -> Iterator[str]:
    if _euros(offices.charges_per_m2) > HIGHEST_CHARGES:
        yield f"offices.charges_per_m2: {TOO_MUCH}"
    for number, (months, share) in enumerate(offices.stages):
        if months > 12 * LONGEST_YEARS:
            yield f"offices.stages.{number}.months: {TOO_MUCH}"
        if share > ONE:
            yield f"offices.stages.{number}.share: more than the whole rent"
    yield from _of_tax(card, None, Family.OFFICES, "offices")


def _of_tax(card: RateCard, own: VatRule | None, family: Family, path: str) -> Iterator[str]:
    """Its rate is known on the day the card begins to count."""
    rule = own or card.families[family].vat
    try:
        card.rates.rate(rule.code, card.effective_on)
    except NoVatRate:
        where = path if own else f"families.{family}"
        yield f"{where}.vat: no rate of {rule.code} is known on {card.effective_on.isoformat()}"


def _largest(card: RateCard, family: Family, minor: int) -> bool:
    """Whether so many cents at the dearest factors are too many."""
    rules = card.families[family]
    site = card.coefficient if rules.site_coefficient else ONE
    profile = max((ONE, *rules.profiles.values()))
    return minor * site * profile * max(card.time.factors.values()) > LARGEST_MINOR


def _euros(minor: int) -> Decimal:
    return Decimal(minor) / 100
