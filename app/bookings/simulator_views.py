"""What a simulation comes to, Totem by Totem, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.bookings.simulating import Result, Wish
from app.domain.money import Money
from app.spaces.words import space_kind
from app.tariffs.plan_views import PlanView, lower_plans, plan_view
from app.tariffs.quote_views import QuoteView, priced_view
from app.web import formats
from app.web.addresses import address
from app.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class ResultView:
    """One Totem's answer: a place and its price, or why there is none."""

    site: str
    name: str
    town: str
    place: str = ""
    refusal: str = ""
    quote: QuoteView | None = None
    plan: PlanView | None = None
    shut: tuple[date, ...] = ()
    is_cheapest: bool = False
    href: str = ""


def result_views(
    results: Sequence[Result], wish: Wish, stay: Mapping[str, str]
) -> list[ResultView]:
    """Put every Totem's answer into words; the cheapest is marked when prices differ."""
    views = [_view(result, wish, stay) for result in results]
    nets = {_net(view) for view in views if view.quote is not None}
    least = min(nets) if len(nets) > 1 else None
    return [
        replace(view, is_cheapest=view.quote is not None and _net(view) == least) for view in views
    ]


def _view(result: Result, wish: Wish, stay: Mapping[str, str]) -> ResultView:
    site = result.site
    view = ResultView(site.code, site.name, site.town)
    if result.space is None:
        return replace(view, refusal=_refusal(result, wish))
    view = replace(
        view,
        place=result.space.name.get(formats.language()),
        shut=result.shut,
        href=address("bookings.place", code=result.space.code, **stay),
    )
    if result.plan is None:
        return replace(view, quote=priced_view(result.prices[0], site.code))
    plan = plan_view(
        result.plan,
        result.prices,
        site=site.code,
        times=result.times,
        lower=lower_plans(result.lower, result.times),
    )
    return replace(view, quote=plan.quote, plan=plan)


def _refusal(result: Result, wish: Wish) -> str:
    if result.refusal is None:
        return _("Ce Totem n’a pas de lieu de ce genre : %(kind)s.", kind=space_kind(wish.kind))
    return sentence(result.refusal)


def _net(view: ResultView) -> Money:
    return view.quote.net if view.quote is not None else Money(0)
