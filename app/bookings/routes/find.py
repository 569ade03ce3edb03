"""Find a place: one sentence with blanks, what is free for it, and ways out when nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.bookings import queries
from app.bookings.booking import Wanted
from app.bookings.find_choices import chosen_needs, offer_choices
from app.bookings.first_wish import PEOPLE, next_stay, this_hour
from app.bookings.forms import FindForm, NeedsForm, refuse, span_of, stay_values, typed, values_of
from app.bookings.queries import Offer, Search
from app.bookings.routes.figures import big_figure
from app.bookings.stretch_form import LENGTHS
from app.bookings.ways_out import THREE, WayOut, less_asked, ways_after, ways_from
from app.db.transaction import reading
from app.domain.errors import Closed, DomainError, OverCapacity
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.spaces.network import Network, Site, Space
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView, priced_view
from app.web import clock, formats, guards
from app.web.addresses import address
from app.web.guards import public

FIRST = 9
USUAL_SITE = "site"
WHENEVER = frozenset({"site", "kind", "needs", "setup", "people"})
FIVE = 5
LONGEST_ASKED = timedelta(minutes=LENGTHS[-1])


@dataclass(frozen=True, slots=True)
class OfferView:
    """A place that is free, with its price and the form that keeps it."""

    place: PlaceView
    quote: QuoteView
    href: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search: so many places, the first of them; or a refusal; then ways out."""

    count: int = 0
    offers: list[OfferView] = field(default_factory=list)
    ways: list[WayOut] = field(default_factory=list)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Looking:
    """Everything a search is made of."""

    session: Session
    network: Network
    actor: Actor | None
    form: FindForm
    now: datetime

    @property
    def site(self) -> Site:
        """The Totem asked for, or the first one, whose clock is then read."""
        return self.network.find_site(self.form.site.data or "") or self.network.sites[0]

    def again(self, changes: Mapping[str, str]) -> str:
        """Give the address of the same search with some values changed; "" takes one out."""
        values = values_of(self.form) | {name: [value] for name, value in changes.items()}
        kept = {name: each for name, each in values.items() if any(each) or name == "site"}
        return address("bookings.find", **kept)


@public
def find() -> ResponseReturnValue:
    """Show the sentence, filled in sensibly, and what is free for it."""
    now, actor = clock.now(), guards.maybe_actor()
    with reading() as database:
        network = find_network(database)
        if not network.sites:
            return render_template("bookings/no_totem.html"), 503
        form = _form(database, network, actor, now)
        looking = Looking(database, network, actor, form, now)
        found = _found(looking) if form.validate() else Found(status=422)
        big = big_figure(database, actor, now)
    _remember(form.site.data)
    return render_template(
        "bookings/find.html",
        form=form,
        found=found,
        big=big,
        needs=chosen_needs(form),
        all_href=looking.again({"all": "1"}) if found.count > len(found.offers) else "",
        now_href=address("bookings.find", **_kept(form), when="now"),
        moment_href=address("bookings.stretches", **_kept(form)),
    ), found.status


def _form(database: Session, network: Network, actor: Actor | None, now: datetime) -> FindForm:
    values = typed(request.args)
    if "site" not in values:
        values["site"] = _usual_site(database, network, actor, now)
    site = network.find_site(values["site"]) or network.sites[0]
    first = this_hour(now) if values.get("when") == "now" else next_stay(site.calendar, now)
    soon = stay_values(first, PEOPLE, site.zone)
    if {"date", "start", "end"} & set(values):
        soon = {name: value for name, value in soon.items() if not name.endswith("_fold")}
    for name, value in soon.items():
        values.setdefault(name, value)
    form = FindForm(formdata=values)
    offer_choices(form, network)
    return form


def _usual_site(database: Session, network: Network, actor: Actor | None, now: datetime) -> str:
    """Give the Totem this browser asked for last, else where the person works or booked last."""
    asked = session.get(USUAL_SITE)
    if isinstance(asked, str) and (asked == "" or network.find_site(asked)):
        return asked
    if actor is not None:
        if known := sorted(actor.sites()):
            return known[0]
        booked = queries.past(database, network, actor, now=now, limit=1)
        if booked:
            return booked[0].site.code
    return network.sites[0].code


def _near(looking: Looking) -> str | None:
    """Give the Totem that is near to somebody who asked for any: the one they work at or used."""
    if looking.form.site.data or looking.actor is None:
        return None
    return next(iter(sorted(looking.actor.sites())), None)


def _remember(site: str | None) -> None:
    if site is not None and session.get(USUAL_SITE) != site and "site" in request.args:
        session[USUAL_SITE] = site


def _found(looking: Looking) -> Found:
    form = looking.form
    try:
        if form.site.data:
            looking.network.get_site(form.site.data)
        span = span_of(form, looking.site.zone)
        search = search_of(form, span, _near(looking))
        offered = _offers(looking, search)
        if offered:
            shown = offered if "all" in request.args else offered[:FIRST]
            return Found(len(offered), [_view(looking, offer) for offer in shown])
        candidates = queries.places_that_would_do(looking.network, search)
    except DomainError as refusal:
        refuse(form, refusal)
        ways = ways_after(form, refusal, looking.site, looking.again, now=looking.now)
        if isinstance(refusal, Closed | OverCapacity):
            ways += less_asked(form, looking.again, most=THREE - len(ways))
        return Found(ways=ways, status=422)
    return Found(ways=_ways(looking, candidates, span))


def search_of(form: NeedsForm, span: Span, near: str | None = None) -> Search:
    """Give what a valid form looks for at those hours."""
    return Search(
        span=span,
        people=form.people.data or 0,
        site=form.site.data or None,
        kind=form.kind.data or None,
        equipment=form.equipment,
        accessible=form.accessible,
        hearing_loop=form.hearing_loop,
        setup=form.setup.data or None,
        near=near,
    )


def _offers(looking: Looking, search: Search) -> list[Offer]:
    cards = find_cards(looking.session, looking.network)
    whose = looking.actor.account_id if looking.actor else None
    found = queries.offers(looking.session, looking.network, cards, search, whose, now=looking.now)
    return [each for each in found if queries.is_shown(search, each.space)]


def _ways(looking: Looking, candidates: list[Space], span: Span) -> list[WayOut]:
    """Give three ways out of a search that found nothing."""
    people = looking.form.people.data or 0
    ways: list[WayOut] = []
    if candidates:
        ways = ways_from(
            looking.network,
            queries.alternatives_for(
                looking.session,
                looking.network,
                find_cards(looking.session, looking.network),
                Wanted(candidates[0].code, span, people),
                looking.actor.account_id if looking.actor else None,
                now=looking.now,
            ),
            people,
            most=FIVE,
        )
    if span.duration <= LONGEST_ASKED:
        ways.append(_any_moment(looking, span))
    return ways + less_asked(looking.form, looking.again, most=THREE - len(ways))


def _any_moment(looking: Looking, span: Span) -> WayOut:
    """Lead to the same wish at any moment of these two weeks."""
    nearest = min(
        LENGTHS, key=lambda minutes: (minutes < span.minutes, abs(minutes - span.minutes))
    )
    kept = _kept(looking.form)
    href = address("bookings.stretches", **kept, minutes=str(nearest), within="fortnight")
    length = formats.duration(timedelta(minutes=nearest))
    return WayOut(
        _("À un autre moment"),
        _("Chercher %(length)s dans ces deux semaines.", length=length),
        href,
    )


def _kept(form: FindForm) -> dict[str, list[str]]:
    """Give what is asked for whatever the hour, as an address says it."""
    return {name: each for name, each in values_of(form).items() if name in WHENEVER}


def _view(looking: Looking, offer: Offer) -> OfferView:
    site = looking.network.get_site(offer.space.site)
    values = stay_values(offer.span, looking.form.people.data or 0, site.zone)
    if looking.form.setup.data:
        values["setup"] = looking.form.setup.data
    return OfferView(
        place=place_view(offer.space, site),
        quote=priced_view(offer.price, site.code),
        href=address("bookings.place", code=offer.space.code, **values),
        values={"space": offer.space.code, **values},
    )
