"""What a card must not say when it is published: found then, never at the desk.

Stored cards are read without these checks, so that a price once frozen can always be explained.
"""

from collections.abc import Iterator

from app.domain.errors import NoVatRate
from app.domain.profiles import BASE, ONE, Profile
from app.domain.tariffs.card import OfficeRules, Product, RateCard, Row
from app.domain.tariffs.families import Family
from app.domain.vat_rules import VatRule

# A day and a night of it for a full hall must fit into the columns of the database.
LARGEST_MINOR = 2_000_000_000
MOST_PEOPLE = 1_000
YEARS = range(2014, 2101)


def unsound(card: RateCard) -> tuple[str, ...]:
    """Give everything that stands against publishing the card, each with its key path."""
    return (
        *_of_site(card),
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
    times = {"hour": 24, "half_day": 6, "day": 1, "evening": 1}
    for name, count in times.items():
        price: int | None = getattr(row, name)
        if price is not None and _largest(card, row.family, price * count * people):
            yield f"{path}.{name}: more than can be written down for a day"
    yield from _of_tax(card, row.vat, row.family, path)


def _of_product(card: RateCard, product: Product) -> Iterator[str]:
    path = f"products.{product.name}"
    if _largest(card, product.family, int(product.base * product.factor) * MOST_PEOPLE):
        yield f"{path}.price: more than can be written down"
    for number, gift in enumerate(product.gives):
        if gift.product is not None and gift.product not in card.products:
            yield f"{path}.gives.{number}.product: {gift.product} is not on the card"
    yield from _of_tax(card, product.vat, product.family, path)


def _of_offices(card: RateCard, offices: OfficeRules) -> Iterator[str]:
    for number, (_, share) in enumerate(offices.stages):
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
