"""What the doors of a site reported of a day, for the staff of that site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import queries, words
from app.access.journal import JournalLine
from app.access.routes.blueprint import blueprint
from app.bookings.booking import Visit
from app.bookings.queries import find_visits_by_id
from app.db.transaction import reading
from app.domain.permissions import Permission, Subject, require
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.guards import actor, requires

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the journal in words; `ref` is empty when no booking is meant."""

    at: datetime
    received_at: datetime
    door: str
    what: str
    tone: str
    form: str
    person: str
    space: str
    ref: str
    is_late: bool
    clock_trusted: bool


@blueprint.get("/doors/<site>/journal")
@requires(Permission.JOURNAL_VIEW)
def journal(site: str) -> ResponseReturnValue:
    """Show what the doors of a site reported of one day, latest first."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        place = network.get_site(site)
        require(actor(), Permission.JOURNAL_VIEW, Subject(site=place.code))
        day = _asked_day(place, now)
        lines = queries.journal_of_day(session, place, day)
        meant = {line.booking_id for line in lines if line.booking_id is not None}
        visits = find_visits_by_id(session, network, meant, now=now)
    today = place.calendar.local_date(now)
    return render_template(
        "access/journal.html",
        site=place,
        day=day,
        lines=[
            _line(line, visits.get(line.booking_id) if line.booking_id else None) for line in lines
        ],
        previous=url_for("access.journal", site=site, date=(day - ONE_DAY).isoformat()),
        next=""
        if day >= today
        else url_for("access.journal", site=site, date=(day + ONE_DAY).isoformat()),
    )


def _asked_day(site: Site, now: datetime) -> date:
    today = site.calendar.local_date(now)
    asked = request.args.get("date")
    if not asked:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        abort(404)
    if not today - timedelta(days=366) <= day <= today:
        abort(404)
    return day


def _line(line: JournalLine, visit: Visit | None) -> LineView:
    language = formats.language()
    tone, form = words.tone_of(line)
    return LineView(
        at=line.at,
        received_at=line.received_at,
        door=str(line.door_number) if line.door is None else line.door.name.get(language),
        what=words.what_happened(line),
        tone=tone,
        form=form,
        person="" if visit is None else visit.person.name,
        space="" if visit is None else visit.booking.space.name.get(language),
        ref="" if visit is None else visit.booking.ref,
        is_late=line.is_late,
        clock_trusted=line.clock_trusted,
    )
