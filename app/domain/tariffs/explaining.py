"""Why a price is what it is: every step behind every line, and what would lower it.

Steps are facts; app/tariffs/words.py says them in the reader's language. A quote is explained by
the card of its own version, never by today's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.calendars import SiteCalendar
from app.domain.json_values import JsonObject
from app.domain.money import Money, half_up
from app.domain.profiles import BASE, ONE, Profile
from app.domain.tariffs.card import FamilyRules, Product, RateCard, Row
from app.domain.tariffs.pricing import Asked, quote, quote_product
from app.domain.tariffs.quotes import LineCode, Quote, QuoteLine
from app.domain.tariffs.rights import Gift, Right


class StepCode(StrEnum):
    """What a step adds to the price."""

    BASE = "base"  # the row or product of the card, and how much of it
    QUANTITY = "quantity"  # people, machines or pieces
    PACK = "pack"  # the factor of a pack
    STAGE = "stage"  # the stage of a tenancy
    SITE = "site"  # the coefficient, with its derivation
    PROFILE = "profile"  # the one that counts, with the days of its proof
    TIME = "time"  # evening, Saturday, Sunday or holiday
    ROUNDING = "rounding"  # the exact amount before it was rounded once
    CREDIT = "credit"  # taken off by a credit
    RIGHT = "right"  # used up of a right
    FREE = "free"  # the family costs nothing at this site
    VAT = "vat"  # the tax of one rate, or why there is none
    CARD = "card"  # version, deliberation and day of effect


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation; `line` counts the lines of the quote, None is for all."""

    code: StepCode
    facts: JsonObject
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Lower:
    """What a stay would come to with a profile proven, or with its share of a pack bought."""

    net: Money
    quote: Quote
    profile: Profile | None = None
    product: str | None = None


def explain(priced: Quote, card: RateCard) -> tuple[Step, ...]:
    """Give the steps of every line in order, then the tax, then the card itself."""
    lines = (
        replace(step, line=number)
        for number, line in enumerate(priced.lines)
        for step in _steps(line, priced, card)
    )
    return (*lines, *_tax(priced), _card(card))


def would_lower(card: RateCard, asked: Asked, calendar: SiteCalendar) -> tuple[Lower, ...]:
    """Give every profile and pack that would make this stay cheaper, the cheapest first.

    A large company has no other profile. Raises NoPrice.
    """
    now = quote(card, asked, calendar)
    found = [*_with_profiles(card, asked, calendar), *_with_packs(card, asked, calendar)]
    lower = (each for each in found if each.net < now.net)
    return tuple(sorted(lower, key=_cheapest))


def _cheapest(lower: Lower) -> tuple[int, str]:
    return lower.net.minor, lower.profile or lower.product or ""


def _with_profiles(card: RateCard, asked: Asked, calendar: SiteCalendar) -> Iterator[Lower]:
    if Profile.LARGE_COMPANY in asked.profiles:
        return
    for profile in Profile:
        if profile not in asked.profiles and profile is not Profile.LARGE_COMPANY:
            proven = replace(asked, profiles=asked.profiles | {profile})
            priced = quote(card, proven, calendar)
            if priced.profile is profile:
                yield Lower(priced.net, priced, profile=profile)


def _with_packs(card: RateCard, asked: Asked, calendar: SiteCalendar) -> Iterator[Lower]:
    """A pack costs the stay its share: the price of the tickets it takes."""
    row = card.row_for(asked.kind, asked.capacity, asked.row)
    day = calendar.local_date(asked.span.start)
    for product, gift in _packs(card, row, asked):
        right = _bought(gift, day)
        priced = quote(card, replace(asked, rights=(*asked.rights, right)), calendar)
        taken = sum(spent.amount for spent in priced.spent if spent.right_id == right.id)
        if taken and gift.amount:
            pack = quote_product(
                card, product.name, on=day, profiles=asked.profiles, customer=asked.customer
            )
            share = Money(half_up(pack.net.minor * taken, gift.amount), card.currency)
            yield Lower(priced.net + share, priced, product=product.name)


def _packs(card: RateCard, row: Row, asked: Asked) -> Iterator[tuple[Product, Gift]]:
    for product in card.products.values():
        if len(product.gives) != 1:
            continue
        gift = product.gives[0]
        fits = row.family in gift.families and (not gift.kinds or asked.kind in gift.kinds)
        if gift.amount and fits:
            yield product, gift


def _bought(gift: Gift, day: date) -> Right:
    return Right(
        id=0,  # no right of the ledger has this number
        kind=gift.kind,
        families=gift.families,
        valid_from=day,
        valid_until=gift.valid_until(day),
        left=gift.amount,
        kinds=gift.kinds,
    )


def _steps(line: QuoteLine, priced: Quote, card: RateCard) -> Iterator[Step]:
    if line.code is LineCode.RIGHT:
        yield Step(StepCode.RIGHT, dict(line.facts))
    elif line.code is LineCode.FREE:
        yield Step(StepCode.FREE, dict(line.facts))
    elif line.code in (LineCode.OFFICE_RENT, LineCode.OFFICE_CHARGES):
        yield from _office(line)
    else:
        yield from _sold(line, priced, card)


def _office(line: QuoteLine) -> Iterator[Step]:
    yield Step(StepCode.BASE, {"code": line.code.value, **line.facts})
    if "share" in line.facts:
        names = ("share", "tenancy_month")
        yield Step(StepCode.STAGE, {name: line.facts[name] for name in names})


def _sold(line: QuoteLine, priced: Quote, card: RateCard) -> Iterator[Step]:
    facts = line.facts
    base = {name: facts[name] for name in _BASE if name in facts}
    yield Step(StepCode.BASE, {"code": line.code.value, **base})
    if facts.get("quantity", 1) != 1:
        yield Step(StepCode.QUANTITY, {"quantity": facts["quantity"]})
    if Decimal(str(facts.get("factor", "1"))) != ONE:
        yield Step(StepCode.PACK, {"factor": facts["factor"]})
    rules = _rules(card, line)
    if rules is None or rules.site_coefficient:
        yield Step(StepCode.SITE, _site(card, facts))
    if rules is None or rules.profiles:
        yield Step(StepCode.PROFILE, _profile(priced, facts))
    if Decimal(str(facts.get("time_factor", "1"))) != ONE:
        yield Step(StepCode.TIME, {"time": facts["time"], "factor": facts["time_factor"]})
    yield from _last(line)


def _rules(card: RateCard, line: QuoteLine) -> FamilyRules | None:
    """The rules of the family sold, if the card still has what the line names."""
    sold = card.rows.get(str(line.facts.get("row"))) or card.products.get(
        str(line.facts.get("product"))
    )
    return None if sold is None else card.families[sold.family]


def _site(card: RateCard, facts: JsonObject) -> JsonObject:
    """The coefficient, and either the rents it was derived from or the reason it was set by."""
    derived: JsonObject = {"factor": facts["site_factor"]}
    if card.reference_rent is not None:
        charter = int(card.formula.reference_rent * 100)
        derived |= {"rent_minor": card.reference_rent, "charter_rent_minor": charter}
    if card.rent_source is not None:
        derived["source"] = card.rent_source
    if card.rent_dated is not None:
        derived["dated"] = card.rent_dated.isoformat()
    if card.reason is not None:
        derived["reason"] = card.reason
    return derived


def _profile(priced: Quote, facts: JsonObject) -> JsonObject:
    told: JsonObject = {"profile": facts["profile"], "factor": facts["profile_factor"]}
    if facts["profile"] == BASE:
        told["needs_proof"] = False
    if priced.proof is not None:
        told["valid_from"] = priced.proof.valid_from.isoformat()
        told["valid_until"] = priced.proof.valid_until.isoformat()
    return told


def _last(line: QuoteLine) -> Iterator[Step]:
    """The rounding, where there was something to round, and the credit taken off."""
    exact = exact_amount(line)
    credit = int(str(line.facts.get("credit_minor", 0)))
    if exact.denominator != 1:
        rounded = line.amount.minor + credit
        thousandths = half_up(exact.numerator * 1000, exact.denominator)
        yield Step(StepCode.ROUNDING, {"exact_thousandths": thousandths, "minor": rounded})
    if credit:
        yield Step(StepCode.CREDIT, {"credit_minor": credit})


def exact_amount(line: QuoteLine) -> Fraction:
    """Give the cents of a stay's or product's line before rounding and credit, from its facts."""
    facts = line.facts
    exact = Fraction(int(str(facts["base_minor"]))) * int(str(facts["quantity"]))
    if line.code is LineCode.HOUR:
        exact *= Fraction(int(str(facts["minutes"])), 60)
    else:
        exact *= int(str(facts.get("count", 1)))
    for name in ("factor", "part", "site_factor", "profile_factor", "time_factor"):
        exact *= Fraction(str(facts.get(name, "1")))
    return exact


def _tax(priced: Quote) -> Iterator[Step]:
    for part in priced.vat_parts:
        yield Step(
            StepCode.VAT,
            {
                "code": part.treatment.code.value,
                "category": part.category.value,
                "rate": str(part.rate),
                "net_minor": part.net.minor,
                "tax_minor": part.tax.minor,
            },
        )


def _card(card: RateCard) -> Step:
    return Step(
        StepCode.CARD,
        {
            "version": card.version,
            "effective_on": card.effective_on.isoformat(),
            "deliberation": card.deliberation,
        },
    )


_BASE = (
    *("row", "product", "unit", "part"),
    *("base_minor", "count", "minutes", "starts_at", "ends_at"),
)
