"""A price as a person reads it: each line with its reasons, the tax, the card, what lowers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.lists import format_list

from app.domain.money import Money, half_up
from app.domain.profiles import ONE, Profile
from app.domain.tariffs import Lower, Quote, RateCard, Step, StepCode, explain
from app.domain.tariffs.explaining import exact_amount
from app.domain.vat import vat_on
from app.domain.vat_rules import CustomerKind, treatment
from app.tariffs import card_words, words
from app.tariffs.offering import offered_to
from app.tariffs.priced import Priced
from app.tariffs.step_words import Reader, sentences
from app.web import formats

# Said once for the whole price: they are the same for all lines, or nearly.
SHARED = frozenset({StepCode.SITE, StepCode.PROFILE, StepCode.VAT, StepCode.CARD})


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a quote with its reason in words, and the steps behind its amount."""

    code: str
    amount: Money
    reason: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LowerView:
    """What would lower a price: names that come to the same, and the price it would then be."""

    names: str
    proofs: tuple[str, ...]
    net: Money
    gross: Money
    is_pack: bool


@dataclass(frozen=True, slots=True)
class Why:
    """What holds for the whole price, and what would lower it; `is_frozen` of a booking's."""

    shared: tuple[str, ...]
    lower: tuple[LowerView, ...] = ()
    site: str = ""
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote as a person reads it; `why` is None where nothing explains it."""

    lines: tuple[LineView, ...]
    net: Money
    vat: Money
    gross: Money
    profile: str
    profile_word: str
    why: Why | None = None


def quote_view(quote: Quote) -> QuoteView:
    """Put a quote into words: each line with its reason, and the profile that set the price."""
    return _view(quote, [()] * len(quote.lines), None)


def priced_view(priced: Priced, site: str, *, lower: bool = True) -> QuoteView:
    """Put a price into words with every step behind it, and what would lower it."""
    found = lower_views(priced, priced.lower()) if lower else ()
    return _explained(priced.quote, priced.card, priced.calendar.zone, (site, found, False))


def frozen_view(priced: Priced, site: str) -> QuoteView:
    """Put what is frozen on a booking into words, by the card of its own version."""
    less = [each for each in priced.lower() if each.net < priced.quote.net]
    found = lower_views(priced, less)
    return _explained(priced.quote, priced.card, priced.calendar.zone, (site, found, True))


def product_view(
    quote: Quote, card: RateCard, place: tuple[str, ZoneInfo], payer: CustomerKind
) -> QuoteView:
    """Put the price of a pack, a month or a service into words, and what would lower it."""
    site, zone = place
    line = quote.lines[0]
    rules = card.families[card.product(str(line.facts["product"])).family]
    now = Fraction(rules.profiles.get(quote.profile, ONE))
    found = []
    for profile in offered_to(payer):
        share = Fraction(rules.profiles.get(profile, ONE))
        if share < now and quote.profile is not Profile.LARGE_COMPANY:
            minor = exact_amount(line) * share / now
            net = Money(half_up(minor.numerator, minor.denominator), card.currency)
            found.append((net, profile))
    lower = tuple(
        LowerView(
            names=_either(words.profile(profile) for profile in group),
            proofs=_proofs(group),
            net=net,
            gross=net + vat_on(net, line.vat.rate),
            is_pack=False,
        )
        for net, group in _by_price(found)
    )
    return _explained(quote, card, zone, (site, lower, False))


def _by_price(found: Iterable[tuple[Money, Profile]]) -> Iterator[tuple[Money, list[Profile]]]:
    ordered = sorted(found, key=lambda pair: (pair[0].minor, pair[1].value))
    for net, group in groupby(ordered, key=lambda pair: pair[0]):
        yield net, [profile for _net, profile in group]


def _proofs(profiles: Iterable[Profile]) -> tuple[str, ...]:
    language = formats.language()
    return tuple(dict.fromkeys(_proof(language, profile) for profile in profiles))


def _either(names: Iterable[str]) -> str:
    return format_list(list(names), "or", formats.language())


def lower_views(priced: Priced, found: Iterable[Lower]) -> tuple[LowerView, ...]:
    """Say what would lower a price, those that come to the same together, the cheapest first."""
    return tuple(
        LowerView(
            names=_either(name_of(each) for each in group),
            proofs=_proofs(each.profile for each in group if each.profile),
            net=net,
            gross=gross_of(priced, group[0]),
            is_pack=is_pack,
        )
        for (net, is_pack), group in _alike(found)
    )


def _alike(found: Iterable[Lower]) -> Iterator[tuple[tuple[Money, bool], list[Lower]]]:
    for key, group in groupby(found, key=lambda each: (each.net, each.profile is None)):
        yield key, list(group)


def name_of(lower: Lower) -> str:
    """Name the profile or the pack."""
    if lower.profile is None:
        return words.product(lower.product or "")
    return _profile(formats.language(), lower.profile)


@lru_cache(maxsize=64)  # asked for with every price, and the same in each language
def _proof(_language: str, profile: Profile) -> str:
    return card_words.proof(profile)


@lru_cache(maxsize=64)
def _profile(_language: str, profile: Profile) -> str:
    return words.profile(profile)


def gross_of(priced: Priced, lower: Lower) -> Money:
    """Give the price with tax; the share of a pack bears the tax of the pack."""
    share = lower.net - lower.quote.net
    if lower.product is None:
        return lower.quote.gross
    card, asked = priced.card, priced.asked
    on = priced.calendar.local_date(asked.span.start)
    rule = card.vat_of(card.product(lower.product))
    rate = treatment(rule, asked.customer, card.rates, on).rate
    return lower.quote.gross + share + vat_on(share, rate)


def _explained(
    quote: Quote,
    card: RateCard,
    zone: ZoneInfo,
    told: tuple[str, tuple[LowerView, ...], bool],
) -> QuoteView:
    site, lower, is_frozen = told
    reader = Reader(card, zone)
    found = explain(quote, card)
    own = [
        tuple(_said((step for step in found if step.line == number), reader))
        for number in range(len(quote.lines))
    ]
    shared = dict.fromkeys(
        sentence for step in found if step.code in SHARED for sentence in sentences(step, reader)
    )
    return _view(quote, own, Why(tuple(shared), lower, site, is_frozen))


def _said(steps: Iterable[Step], reader: Reader) -> Iterator[str]:
    for step in steps:
        if step.code not in SHARED:
            yield from sentences(step, reader)


def _view(quote: Quote, steps: list[tuple[str, ...]], why: Why | None) -> QuoteView:
    return QuoteView(
        lines=tuple(
            LineView(line.code.value, line.amount, words.reason(line), own)
            for line, own in zip(quote.lines, steps, strict=True)
        ),
        net=quote.net,
        vat=quote.vat,
        gross=quote.gross,
        profile=quote.profile.value,
        profile_word=words.profile(quote.profile),
        why=why,
    )
