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
from app.people.queries import find_account
from app.spaces.network import Network
from app.spaces.queries import find_network
from app.web import clock
from app.web.addresses import base_url
from app.web.guards import public

BEHIND = timedelta(days=92)
AHEAD = timedelta(days=400)


@public
def calendar_feed(secret: str) -> Response:
    """Give the calendar of a person or a space; 304 when nothing in it has changed."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        feed = queries.get_feed(session, network, secret, key=current_app.config["SECRET_KEY"])
        content = _content(session, network, feed, now)
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
