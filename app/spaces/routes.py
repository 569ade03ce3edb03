"""The Totems as pages: all of them, and each with its hours, its address and its places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.db.transaction import reading
from app.domain.calendars import is_open, opening_spans
from app.domain.intervals import Span
from app.spaces import words
from app.spaces.network import Site
from app.spaces.place_views import DayHours, PlaceView, day_hours, place_view
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.guards import public

blueprint = Blueprint("spaces", __name__, template_folder="templates")
DAYS_SHOWN = 14  # this week and the next: a closing day is seen coming


@dataclass(frozen=True, slots=True)
class SiteView:
    """A Totem in words; ``open_until`` is None while it is closed."""

    code: str
    name: str
    town: str
    address: str
    description: str
    arrival: str
    open_until: datetime | None
    rooms: int


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The places of one kind."""

    label: str
    places: tuple[PlaceView, ...]


@blueprint.get("/sites")
@public
def sites() -> ResponseReturnValue:
    """Show the Totems."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
    return render_template("spaces/sites.html", sites=[_site(each, now) for each in network.sites])


@blueprint.get("/sites/<code>")
@public
def site(code: str) -> ResponseReturnValue:
    """Show a Totem: where it is, when it is open, what is in it."""
    now = clock.now()
    with reading() as session:
        found = find_network(session).get_site(code)
    return render_template(
        "spaces/site.html",
        site=_site(found, now),
        kinds=_by_kind(found),
        days=_days(found, now),
        today=found.calendar.local_date(now),
    )


def _site(site: Site, now: datetime) -> SiteView:
    language = formats.language()
    return SiteView(
        code=site.code,
        name=site.name,
        town=site.town,
        address=site.address,
        description=site.description.get(language),
        arrival=site.arrival.get(language),
        open_until=_open_until(site, now),
        rooms=sum(1 for space in site.spaces if space.bookable),
    )


def _open_until(site: Site, now: datetime) -> datetime | None:
    moment = Span(now, now + timedelta.resolution)
    if not is_open(site.calendar, moment):
        return None
    today = opening_spans(site.calendar, site.calendar.local_date(now))
    return next((each.end for each in today if each.holds(now)), None)


def _by_kind(site: Site) -> list[KindGroup]:
    order = {kind: number for number, kind in enumerate(dict.fromkeys(_kinds(site)))}
    spaces = sorted(site.spaces, key=lambda space: order[space.kind])
    return [
        KindGroup(words.space_kind(kind), tuple(place_view(space, site) for space in group))
        for kind, group in groupby(spaces, key=lambda space: space.kind)
    ]


def _kinds(site: Site) -> list[str]:
    return [space.kind for space in site.spaces]


def _days(site: Site, now: datetime) -> list[DayHours]:
    today = site.calendar.local_date(now)
    return [
        day_hours(site, site.calendar, today + timedelta(days=ahead)) for ahead in range(DAYS_SHOWN)
    ]
