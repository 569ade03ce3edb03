"""Calendar files to subscribe to, found by the secret of their address alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response, current_app, request
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.bookings import calendars, queries
from app.bookings.booking import Feed
from app.db.transaction import reading
from app.domain.errors import UnknownFeed
from app.domain.intervals import Span
from app.domain.permissions import Permission, Subject, allowed
from app.people.queries import actor_of, find_account
from app.spaces.network import Network
from app.spaces.queries import find_network
from app.web import clock
from app.web.addresses import base_url
from app.web.guards import public

BEHIND = timedelta(days=92)
AHEAD = timedelta(days=400)
BEHIND_OF_SITE = timedelta(days=7)
AHEAD_OF_SITE = timedelta(days=92)


@public
def calendar_feed(secret: str) -> Response:
    """Give the calendar of a person or a space; 304 when nothing in it has changed."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        feed = queries.get_feed(session, network, secret, key=current_app.config["SECRET_KEY"])
        content = _content(session, network, feed, now)
    return _sent(content)


@public
def site_calendar_feed(secret: str, code: str) -> Response:
    """Give what is taken at a site, to its staff with names; 304 when nothing has changed.

    Who may see names is asked each time, of the person whose address it is.
    """
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        key = current_app.config["SECRET_KEY"]
        feed = queries.get_feed(session, network, secret, key=key, site=code)
        site = network.find_site(code)
        actor = None if feed.account_id is None else actor_of(session, feed.account_id)
        if site is None or actor is None:
            raise UnknownFeed
        window = Span(now - BEHIND_OF_SITE, now + AHEAD_OF_SITE)
        visits = queries.visits_of_site(session, network, site, window, now=now)
    named = allowed(actor, Permission.DAY_VIEW_NAMES, Subject(site=site.code))
    with force_locale("fr"):
        return _sent(calendars.site_feed(site, visits, language="fr", named=named))


def _sent(content: bytes) -> Response:
    response = Response(content, mimetype=calendars.BYTES)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="totem.ics"'
    response.add_etag()
    response.make_conditional(request)
    return response


def _content(session: Session, network: Network, feed: Feed, now: datetime) -> bytes:
    window = Span(now - BEHIND, now + AHEAD)
    if feed.account_id is None:
        if feed.space is None:
            raise UnknownFeed
        visits = queries.bookings_of_space(session, network, feed.space, window, now=now)
        with force_locale("fr"):
            return calendars.space_feed(feed.space, visits, language="fr")
    person = find_account(session, feed.account_id)
    if person is None or person.disabled_at is not None:
        raise UnknownFeed
    visits = queries.bookings_of_person(session, network, person.id, window, now=now)
    series = queries.find_dates(session, network, [each.booking for each in visits], now=now)
    with force_locale(person.locale):
        return calendars.person_feed(visits, base=base_url(), series=series)
