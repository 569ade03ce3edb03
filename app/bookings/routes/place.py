"""A place: its facts, its day, and what a stay there costs; from here it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.bookings import queries
from app.bookings.booking import Wanted
from app.bookings.day_views import Eyes, Stretch, stretches_of
from app.bookings.first_wish import PEOPLE, next_stay
from app.bookings.forms import (
    StayForm,
    arrangement_values,
    offer_setups,
    refuse,
    span_of,
    stay_values,
    typed,
    values_of,
    wanted_of,
)
from app.bookings.queries import Listing
from app.bookings.routes.figures import big_figure
from app.bookings.ruled_words import rules_of
from app.bookings.ways_out import WayOut, ways_after, ways_from
from app.db.transaction import reading
from app.domain.calendars import local_day
from app.domain.errors import DomainError
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, Subject, allowed
from app.domain.stays import last_bookable_day
from app.spaces.network import Network, Site, Space
from app.spaces.occupancy import SpaceDay
from app.spaces.place_views import DayHours, PlaceView, day_hours, place_view
from app.spaces.queries import day_of_space, find_network, free_stretches
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView, priced_view
from app.web import clock, guards
from app.web.addresses import address
from app.web.errors import status_of
from app.web.guards import public

BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for which place, when, and how the form says it."""

    session: Session
    network: Network
    space: Space
    actor: Actor | None
    form: StayForm
    now: datetime

    @property
    def site(self) -> Site:
        """The Totem of the place."""
        return self.network.get_site(self.space.site)

    @property
    def people(self) -> int:
        """How many come."""
        return self.form.people.data or 0

    def again(self, changes: Mapping[str, str]) -> str:
        """Give the address of the place with the form's values, some changed."""
        kept: dict[str, object] = {**values_of(self.form), **changes}
        kept.pop("space", None)
        return address("bookings.place", code=self.space.code, **kept)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the house says to it: a price and whether it is free, or a refusal; and ways out."""

    span: Span | None = None
    quote: QuoteView | None = None
    is_free: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    ways: tuple[WayOut, ...] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A place, its day and the answer, in words."""

    place: PlaceView
    site: Site
    day: date
    stretches: tuple[Stretch, ...]
    hours: DayHours
    answer: Answer
    big: str
    sign_in_href: str
    staff: bool
    rules: list[str]
    has_setups: bool
    for_two: bool
    may_override: bool


@public
def place(code: str) -> ResponseReturnValue:
    """Show a place, and the price of the stay the address asks for."""
    now, actor = clock.now(), guards.maybe_actor()
    with reading() as session:
        network = find_network(session)
        space = network.get_space(code)
        form = StayForm(formdata=_values(space, now))
        asking = Asking(session, network, space, actor, form, now)
        page = page_of(asking, asked=bool(request.args))
    return shown(page, form)


def shown(page: PlacePage, form: StayForm) -> tuple[str, int]:
    """Draw the page of a place."""
    return render_template("bookings/place.html", page=page, form=form), page.answer.status


def page_of(asking: Asking, *, asked: bool = True, clash: DomainError | None = None) -> PlacePage:
    """Give the page of a place; ``clash`` is a refusal that keeping it just met."""
    day = _day(asking)
    here = day_of_space(asking.session, asking.space, day, asking.now)
    answer = _refused(asking, clash) if clash else _answer(asking, here, asked=asked)
    site, actor = asking.site, asking.actor
    here_too = Subject(site=asking.space.site)
    offer_setups(asking.form, asking.space)
    return PlacePage(
        place=place_view(asking.space, site),
        site=site,
        day=day,
        stretches=stretches_of(here, site, _eyes(asking, here)),
        hours=day_hours(site, asking.space.calendar, day),
        answer=answer,
        big=big_figure(asking.session, actor, asking.now),
        sign_in_href=url_for("people.sign_in", next=asking.again({})),
        staff=actor is not None and allowed(actor, Permission.FEED_SPACE, here_too),
        rules=rules_of(asking.space),
        has_setups=bool(asking.space.rules.setups),
        for_two=asking.space.rules.two_people,
        may_override=actor is not None and allowed(actor, Permission.BOOKING_OVERRIDE, here_too),
    )


def _values(space: Space, now: datetime) -> MultiDict[str, str]:
    values = typed(request.args)
    people = 1 if space.is_pooled else min(PEOPLE, space.capacity)
    zone = space.calendar.zone
    soon = stay_values(next_stay(space.calendar, now), people, zone)
    if {"date", "start", "end"} & set(values):
        soon = {name: value for name, value in soon.items() if not name.endswith("_fold")}
    for name, value in soon.items():
        values.setdefault(name, value)
    return values


def _day(asking: Asking) -> date:
    """Give the day asked for, or today when it is unreadable or out of all sight."""
    today = asking.space.calendar.local_date(asking.now)
    wanted = asking.form.date.data or today
    last = last_bookable_day(asking.space.calendar, asking.now)
    return wanted if today - BACK <= wanted <= last else today


def _answer(asking: Asking, here: SpaceDay, *, asked: bool) -> Answer:
    if not asking.space.bookable:
        return Answer()
    if not asking.form.validate():
        return Answer(status=422)
    try:
        span = span_of(asking.form, asking.site.zone)
        wanted = wanted_of(asking.form, asking.space, span)
        cards = find_cards(asking.session, asking.network)
        price = queries.price_of(
            asking.session, asking.network, cards, wanted, _whose(asking), now=asking.now
        )
    except DomainError as refusal:
        return _refused(asking, refusal) if asked else Answer()
    answer = Answer(
        span=span,
        quote=priced_view(price, asking.space.site),
        is_free=_is_free(here, span, asking.people),
        values={
            "space": asking.space.code,
            **stay_values(span, asking.people, asking.site.zone),
            **arrangement_values(asking.form),
        },
    )
    return answer if answer.is_free else replace(answer, ways=_near(asking, span))


def _refused(asking: Asking, refusal: DomainError) -> Answer:
    refuse(asking.form, refusal)
    ways = ways_after(asking.form, refusal, asking.site, asking.again, now=asking.now)
    return Answer(ways=tuple(ways), status=status_of(refusal))


def _is_free(here: SpaceDay, span: Span, people: int) -> bool:
    rows = {
        unit: [each for each in here.taken if each.unit == unit] for unit in here.space.unit_ids
    }
    return any(
        free.contains(span) for free in free_stretches(here.space, rows, span, people=people)
    )


def _near(asking: Asking, span: Span) -> tuple[WayOut, ...]:
    found = queries.alternatives_for(
        asking.session,
        asking.network,
        find_cards(asking.session, asking.network),
        Wanted(asking.space.code, span, asking.people),
        _whose(asking),
        now=asking.now,
    )
    return tuple(ways_from(asking.network, found, asking.people))


def _whose(asking: Asking) -> queries.Whose:
    return asking.actor.account_id if asking.actor else None


def _eyes(asking: Asking, here: SpaceDay) -> Eyes:
    """See one's own stays among those of the place's day."""
    if asking.actor is None or not here.taken:
        return Eyes(asking.now, {}, {})
    window = local_day(asking.space.calendar, _day(asking))
    own = queries.my_bookings(
        asking.session, asking.network, asking.actor, Listing(window=window), now=asking.now
    )
    return Eyes(asking.now, {each.id: each.ref for each in own.items}, {})
