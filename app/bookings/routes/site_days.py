"""The day of a Totem: what is free now, every place hour by hour, and the same as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.bookings import queries
from app.bookings.day_views import DayRow, Eyes, FreeNow, free_now, rows_of, timeline
from app.bookings.queries import Listing
from app.db.transaction import reading
from app.domain.calendars import local_day, next_opening
from app.domain.errors import BeyondHorizon
from app.domain.json_values import JsonObject
from app.domain.permissions import Actor, Permission, Subject, allowed
from app.domain.stays import last_bookable_day
from app.spaces.network import Network, Site
from app.spaces.occupancy import AllocationKind, SiteDay
from app.spaces.place_views import DayHours, day_hours, short_name
from app.spaces.queries import day_of_site, find_closures, find_network
from app.spaces.words import closure_reason
from app.web import clock, guards
from app.web.guards import public
from app.web.sentences import sentence

BACK = timedelta(days=366)
MOST = 500  # a person's or a site's stays of one day; far above what any Totem holds


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same day at another Totem."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of a Totem in words."""

    site: Site
    day: date
    is_today: bool
    hours: DayHours
    rows: list[DayRow]
    timeline: JsonObject | None
    free_now: list[FreeNow]
    previous: str
    next: str
    today: str
    opens_at: datetime | None
    others: list[Elsewhere]


@public
def site_day(code: str) -> ResponseReturnValue:
    """Show a day of a Totem; an unreadable date is told, and today shown."""
    now, actor = clock.now(), guards.maybe_actor()
    with reading() as session:
        network = find_network(session)
        site = network.get_site(code)
        day, trouble = _asked_day(site, now)
        found = day_of_site(session, site, day, now)
        eyes = _eyes(session, network, site, actor, found, now)
    page = _page(found, network, eyes, now)
    return render_template(
        "bookings/site_day.html",
        page=page,
        typed=request.args.get("date", day.isoformat()),
        trouble=trouble,
        closing=_closing(actor, site),
    ), 422 if trouble else 200


def _closing(actor: Actor | None, site: Site) -> str:
    """Give the staff the way to the closures of their Totem."""
    if actor is None or not allowed(actor, Permission.PLACE_CLOSE, Subject(site=site.code)):
        return ""
    return url_for("bookings.closures", code=site.code)


def _asked_day(site: Site, now: datetime) -> tuple[date, str]:
    today = site.calendar.local_date(now)
    text = request.args.get("date", "").strip()
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, _("Cette date ne se lit pas. Choisissez un jour.")
    last = last_bookable_day(site.calendar, now)
    if day > last:
        return today, sentence(BeyondHorizon(last))
    if day < today - BACK:
        return today, _("Cette date est trop ancienne. Choisissez un jour plus proche.")
    return day, ""


def _eyes(
    session: Session,
    network: Network,
    site: Site,
    actor: Actor | None,
    found: SiteDay,
    now: datetime,
) -> Eyes:
    """See one's own stays, and for staff who comes."""
    shut = _reasons(session, found)
    if actor is None or not any(each.taken for each in found.spaces):
        return Eyes(now, {}, {}, shut)
    if allowed(actor, Permission.DAY_VIEW_NAMES, Subject(site=site.code)):
        visits = queries.visits_of_site(session, network, site, found.span, now=now)
        mine: dict[int, str] = {
            each.booking.id: each.booking.ref
            for each in visits
            if each.booking.account_id == actor.account_id
        }
        return Eyes(now, mine, {each.booking.id: each for each in visits}, shut)
    listing = Listing(window=found.span, limit=MOST)
    own = queries.my_bookings(session, network, actor, listing, now=now)
    return Eyes(now, {each.id: each.ref for each in own.items}, {}, shut)


def _reasons(session: Session, found: SiteDay) -> dict[int, str]:
    """Say why places are shut that day; no statement when none is."""
    rows = (row for each in found.spaces for row in each.taken)
    ids = {row.holder for row in rows if row.kind == AllocationKind.CLOSURE}
    return {
        number: _("fermé : %(reason)s", reason=closure_reason(closure.reason))
        for number, closure in find_closures(session, ids).items()
    }


def _page(found: SiteDay, network: Network, eyes: Eyes, now: datetime) -> DayPage:
    site, day = found.site, found.day
    today = site.calendar.local_date(now)
    rows = rows_of(found, eyes)
    return DayPage(
        site=site,
        day=day,
        is_today=day == today,
        hours=day_hours(site, site.calendar, day),
        rows=[row for row in rows if row.stretches],
        timeline=timeline(found, rows),
        free_now=free_now(found, now) if day == today else [],
        previous=_href(site, day - timedelta(days=1)),
        next=_href(site, day + timedelta(days=1)),
        today=_href(site, today),
        opens_at=next_opening(site.calendar, max(now, local_day(site.calendar, day).start)),
        others=[
            Elsewhere(short_name(other), _href(other, day))
            for other in network.sites
            if other.code != site.code
        ],
    )


def _href(site: Site, day: date) -> str:
    return url_for("bookings.site_day", code=site.code, date=day.isoformat())
