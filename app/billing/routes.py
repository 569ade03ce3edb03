"""The simulation of a draft: what would the bookings of a month have cost under it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.billing.queries import past_stays
from app.billing.simulating import Outcome, Totals, simulate
from app.db.transaction import reading
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.months import add_months
from app.domain.opening_hours import wall_instant
from app.domain.permissions import Permission
from app.spaces.queries import find_network
from app.tariffs import card_words, queries, words
from app.tariffs.preparing import prepare
from app.web import clock, formats
from app.web.guards import requires

blueprint = Blueprint("billing", __name__, template_folder="templates")
MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class TotalsView:
    """A line of sums in words."""

    label: str
    count: int
    before: Money
    after: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A stay that would feel it, in words."""

    ref: str
    space: str
    start: datetime
    profile: str
    before: Money
    after: Money | None
    difference: Money


@blueprint.get("/rates/drafts/<int:number>/simulation")
@requires(Permission.CARD_DRAFT)
def simulation(number: int) -> ResponseReturnValue:
    """Show what the bookings of a month would have cost under a draft."""
    now = clock.now()
    months = _months(now)
    month = _asked_month(months)
    with reading() as session:
        network = find_network(session)
        draft = queries.get_draft(session, number)
        standing = queries.find_standing(session, network)
        prepared = prepare(draft, standing, now=now)
        stays = past_stays(session, network, _span(month), site_id=draft.site_id)
    result = simulate(stays, prepared.cards)
    names = {site.code: site.name for site in network.sites}
    return render_template(
        "billing/simulation.html",
        draft=draft,
        month=month,
        months=months,
        result=result,
        total=_totals(_("Toutes les réservations"), result.total),
        faulty=[change.name for change in prepared.changes if change.card is None],
        groups=[
            (
                _("Par site"),
                [_totals(names.get(code, code), sums) for code, sums in result.by_site.items()],
            ),
            (
                _("Par profil"),
                [_totals(words.profile(each), sums) for each, sums in result.by_profile.items()],
            ),
            (
                _("Par famille"),
                [_totals(card_words.family(each), sums) for each, sums in result.by_family.items()],
            ),
        ],
        biggest=_outcomes(result.biggest),
        unsold=_outcomes(result.unsold),
    )


def _months(now: datetime) -> list[date]:
    """Give the first days of this month and of those before it, latest first."""
    first = now.astimezone(formats.PARIS).date().replace(day=1)
    return [add_months(first, -back) for back in range(MONTHS_BACK + 1)]


def _asked_month(months: list[date]) -> date:
    """Give the month asked for; the last whole one for anything else."""
    asked = request.args.get("month", "")
    return next((month for month in months if f"{month:%Y-%m}" == asked), months[1])


def _span(month: date) -> Span:
    start = wall_instant(month, 0, formats.PARIS)
    return Span(start, wall_instant(add_months(month, 1), 0, formats.PARIS))


def _totals(label: str, sums: Totals) -> TotalsView:
    return TotalsView(
        label, sums.count, Money(sums.before), Money(sums.after), Money(sums.difference)
    )


def _outcomes(found: Iterable[Outcome]) -> list[OutcomeView]:
    return [
        OutcomeView(
            ref=each.stay.ref,
            space=each.stay.space.name.get(formats.language()),
            start=each.stay.span.start,
            profile=words.profile(each.stay.priced.profile),
            before=Money(each.before),
            after=None if each.after is None else Money(each.after),
            difference=Money(each.difference),
        )
        for each in found
    ]
