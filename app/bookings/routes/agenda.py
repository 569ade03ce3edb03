"""One booking, or one series, as a file that any calendar opens."""

from __future__ import annotations

from flask import Response
from flask.typing import RouteCallable

from app.bookings import calendars, queries
from app.bookings.routes.series import dates_for
from app.db.transaction import reading
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.addresses import base_url
from app.web.guards import signed_in


@signed_in
def booking_file(ref: str) -> Response:
    """Give a booking to those who may see it; its entry is that of the mails and of the feed."""
    with reading() as session:
        network = find_network(session)
        visit = queries.get_visit(session, network, guards.actor(), ref, now=clock.now())
    return _download(calendars.booking_file(visit, base=base_url()), visit.booking.ref)


@signed_in
def series_file(ref: str) -> Response:
    """Give a series with its exceptions to those who may see it."""
    with reading() as session:
        dates = dates_for(session, guards.actor(), ref, clock.now())
    return _download(calendars.series_file(dates, base=base_url()), dates.series.ref)


def _download(content: bytes, ref: str) -> Response:
    response = Response(content, mimetype=calendars.BYTES)
    response.headers["Content-Disposition"] = f'attachment; filename="totem-{ref}.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


PAGES: tuple[tuple[str, str, RouteCallable], ...] = (
    ("/bookings/<ref>/calendar.ics", "booking_file", booking_file),
    ("/series/<ref>/calendar.ics", "series_file", series_file),
)
