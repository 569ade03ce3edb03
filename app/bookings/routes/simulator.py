"""The simulator: what a stay would cost at every Totem, side by side; no account is needed."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.bookings.first_wish import next_stay
from app.bookings.forms import FIELD_OF, refuse, stay_values, typed, values_of
from app.bookings.routes.figures import GROSS, NET
from app.bookings.simulating import Result, Wish, simulate
from app.bookings.simulator_form import FRANCE, WEEK, SimulatorForm, offer_choices
from app.bookings.simulator_views import ResultView, result_views
from app.db.transaction import reading
from app.domain.errors import Closed, DomainError, OverCapacity
from app.domain.kinds import SpaceKind
from app.domain.profiles import BASE
from app.domain.vat_rules import CustomerKind
from app.spaces.network import Network
from app.spaces.queries import find_network
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.web import clock
from app.web.addresses import address
from app.web.guards import public
from app.web.pace import EXTENSION, origin

# What one Totem may refuse while another does not; told beside its name, not above the form.
OF_ONE_PLACE = (Closed, OverCapacity)


@public
def simulator() -> ResponseReturnValue:
    """Show the form as the address fills it in, and the price at every Totem."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        if not network.sites:
            return render_template("bookings/no_totem.html"), 503
        cards = find_cards(session, network)
    form = _form(network, now)
    views = _views(network, cards, form, now) if form.validate() else None
    return render_template(
        "bookings/simulator.html",
        form=form,
        results=views or [],
        big=NET if form.is_company else GROSS,
        share=address("bookings.simulator", **_kept(form)) if views else "",
    ), 200 if views else 422


def _form(network: Network, now: datetime) -> SimulatorForm:
    """Give the form as the address says it, filled up with a stay soon and the base profile."""
    values = typed(request.args)
    site = network.find_site(values.get("site", "")) or network.sites[0]
    soon = stay_values(next_stay(site.calendar, now), 1, site.zone)
    if {"date", "start", "end"} & set(values):
        soon = {name: value for name, value in soon.items() if not name.endswith("_fold")}
    usual = {
        "site": "",
        "kind": SpaceKind.SEAT.value,
        "profile": BASE.value,
        "payer": CustomerKind.PERSON.value,
        "country": FRANCE,
        **soon,
    }
    for name, value in usual.items():
        values.setdefault(name, value)
    if "until" not in values:
        values.setlist("weekdays", list(WEEK[:5]))
    form = SimulatorForm(formdata=values)
    offer_choices(form, network)
    return form


def _views(
    network: Network, cards: Cards, form: SimulatorForm, now: datetime
) -> list[ResultView] | None:
    """Simulate a valid form; None when what it asks for can be had nowhere, told in the form.

    Raises TooManyAttempts for a network that asks without end.
    """
    wish = form.wish()
    chosen = network.find_site(form.site.data or "")
    sites = network.sites if chosen is None else (chosen,)
    current_app.extensions[EXTENSION].step(origin(), now)
    results = simulate(sites, cards, wish, now=now)
    if (refusal := _everywhere(results)) is not None:
        refuse(form, refusal)
        return None
    return result_views(results, wish, _stay(wish))


def _everywhere(results: list[Result]) -> DomainError | None:
    """Give the refusal that no place or Totem has to do with, such as the past."""
    refusals = [each.refusal for each in results if each.refusal is not None]
    told = [each for each in refusals if not isinstance(each, OF_ONE_PLACE)]
    if any(each.space for each in results):
        return None
    return next((each for each in told if type(each) in FIELD_OF), None)


def _stay(wish: Wish) -> dict[str, str]:
    return {
        "date": wish.days[0].isoformat(),
        "start": f"{wish.start:%H:%M}",
        "end": f"{wish.end:%H:%M}",
        "people": str(wish.people),
    }


def _kept(form: SimulatorForm) -> dict[str, object]:
    """Give the values an address needs to say the same again."""
    values: dict[str, object] = {**values_of(form)}
    if not form.is_long:
        values.pop("weekdays", None)
    if not form.is_company:
        values.pop("country", None)
        values.pop("vat_id", None)
    return values
