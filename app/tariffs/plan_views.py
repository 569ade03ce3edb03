"""A plan for many stays as a person reads it: what to buy, what that leaves to pay, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from babel.lists import format_list
from flask_babel import ngettext

from app.domain.money import Money, total
from app.domain.profiles import Profile
from app.domain.tariffs import Plan, Quote, Step, StepCode, explain
from app.domain.vat_rules import VatTreatment
from app.tariffs import card_words, words
from app.tariffs.priced import Priced
from app.tariffs.quote_views import SHARED, LineView, LowerView, QuoteView, Why, quote_view
from app.tariffs.step_words import Reader, sentences
from app.web import formats


@dataclass(frozen=True, slots=True)
class PlanView:
    """The whole price with its reasons, what is bought in advance, and the price without."""

    quote: QuoteView
    bought: str
    days: int
    people: int
    plain_net: Money
    plain_gross: Money

    @property
    def is_cheaper(self) -> bool:
        """Whether buying in advance pays."""
        return bool(self.bought) and self.quote.net < self.plain_net


def plan_view(
    plan: Plan,
    prices: Sequence[Priced],
    *,
    site: str,
    times: int = 1,
    lower: tuple[LowerView, ...] = (),
) -> PlanView:
    """Put a plan for so many people into words; the prices are those of its days, for them all."""
    one = prices[0]
    reader = Reader(one.card, one.calendar.zone)
    bought = [purchase.quote for purchase in plan.purchases]
    return PlanView(
        quote=_together((*bought, *plan.quotes), reader, times, Why((), lower, site)),
        bought=_bought(plan, times),
        days=len(plan.quotes),
        people=times,
        plain_net=total(each.quote.net for each in prices),
        plain_gross=total(each.quote.gross for each in prices),
    )


def lower_plans(
    found: Iterable[tuple[tuple[Profile, ...], Plan]], times: int
) -> tuple[LowerView, ...]:
    """Say with which profiles so many people would pay less for all their days."""
    return tuple(
        LowerView(
            names=format_list([words.profile(each) for each in profiles], "or", formats.language()),
            proofs=tuple(dict.fromkeys(card_words.proof(each) for each in profiles)),
            net=plan.net.times(times),
            gross=plan.gross.times(times),
            is_pack=False,
        )
        for profiles, plan in found
    )


def _bought(plan: Plan, times: int) -> str:
    """Name what to buy: « un carnet de 10 demi-journées », « 2 × … »."""
    counted = Counter(purchase.product for purchase in plan.purchases)
    named = [
        ngettext("un %(what)s", "%(num)d × %(what)s", number * times, what=words.product(product))
        for product, number in counted.items()
    ]
    return format_list(named, locale=formats.language())


def _together(quotes: Sequence[Quote], reader: Reader, times: int, why: Why) -> QuoteView:
    """Make one view of many quotes, equal lines counted together."""
    card = reader.card
    steps = [explain(quote, card) for quote in quotes]
    shared = (
        sentence
        for step in (*_once(steps), *_taxes(quotes, times), steps[0][-1])
        for sentence in sentences(step, reader)
    )
    return replace(
        quote_view(quotes[0]),
        lines=_lines(quotes, reader, times),
        net=total(quote.net for quote in quotes).times(times),
        vat=total(quote.vat for quote in quotes).times(times),
        gross=total(quote.gross for quote in quotes).times(times),
        why=replace(why, shared=tuple(dict.fromkeys(shared))),
    )


def _lines(quotes: Sequence[Quote], reader: Reader, times: int) -> tuple[LineView, ...]:
    counts: Counter[tuple[str, Money]] = Counter()
    first: dict[tuple[str, Money], LineView] = {}
    for quote in quotes:
        for number, line in enumerate(quote.lines):
            key = words.reason(line), line.amount
            counts[key] += times
            if key not in first:
                own = _own(quote, number, reader)
                first[key] = LineView(line.code.value, line.amount, key[0], own)
    return tuple(
        replace(view, amount=view.amount.times(counts[key]), reason=_counted(key[0], counts[key]))
        for key, view in first.items()
    )


def _counted(reason: str, number: int) -> str:
    return ngettext("%(what)s", "%(num)d fois : %(what)s", number, what=reason)


def _own(quote: Quote, number: int, reader: Reader) -> tuple[str, ...]:
    return tuple(
        sentence
        for step in explain(quote, reader.card)
        if step.line == number and step.code not in SHARED
        for sentence in sentences(step, reader)
    )


def _once(explained: Iterable[Sequence[Step]]) -> list[Step]:
    """Give the coefficients and profiles that count, each once."""
    wanted = (StepCode.SITE, StepCode.PROFILE)
    found: list[Step] = []
    for steps in explained:
        for step in steps:
            plain = replace(step, line=None)
            if step.code in wanted and plain not in found:
                found.append(plain)
    return found


def _taxes(quotes: Iterable[Quote], times: int) -> list[Step]:
    """Give the tax of all quotes together, by treatment."""
    sums: dict[VatTreatment, tuple[int, int]] = {}
    for quote in quotes:
        for part in quote.vat_parts:
            net, tax = sums.get(part.treatment, (0, 0))
            sums[part.treatment] = net + part.net.minor, tax + part.tax.minor
    return [
        Step(
            StepCode.VAT,
            {
                "code": bears.code.value,
                "category": bears.category.value,
                "rate": str(bears.rate),
                "net_minor": net * times,
                "tax_minor": tax * times,
            },
        )
        for bears, (net, tax) in sums.items()
    ]
