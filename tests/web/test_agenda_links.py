"""One booking, or one series, put into a calendar by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import icalendar
import recurring_ical_events
from flask import Flask

from app.bookings import service
from app.bookings.agenda_links import agenda_links
from app.bookings.queries import find_visit
from app.db.transaction import transaction
from app.spaces.queries import find_network
from tests import libical
from tests.dates import every
from tests.members import acting, make_member, sign_in
from tests.stays import stay


def test_a_booking_leads_to_a_file_and_to_filled_in_forms_that_say_the_same(
    sqlite_app: Flask, now: datetime
) -> None:
    anna = make_member(sqlite_app, "Anna")
    actor = acting(sqlite_app, anna)
    with sqlite_app.app_context(), transaction() as session:
        booking = service.book(session, actor, stay(title="Comité & fils"), now=now)
        visit = find_visit(session, find_network(session), booking.id, now=now)
    assert visit is not None
    with sqlite_app.test_request_context():
        links = agenda_links(visit, now)
        assert agenda_links(visit, booking.span.end) is None
    assert links is not None
    client = sign_in(sqlite_app, anna)
    page = client.get(f"/bookings/{booking.ref}").get_data(as_text=True)
    assert f'href="{links.file}"' in page
    answer = client.get(links.file)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert libical.faults(answer.data) == []
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["uid"] == f"{booking.ref}@totem.example"
    google = parse_qs(urlsplit(links.google).query)
    assert google["text"] == [str(event["summary"])]
    assert google["dates"] == ["20261124T090000Z/20261124T110000Z"]
    for other in (links.outlook, links.office):
        asked = parse_qs(urlsplit(other).query)
        assert asked["subject"] == [str(event["summary"])]
        assert asked["location"] == [str(event["location"])]
        assert datetime.fromisoformat(asked["startdt"][0]) == booking.span.start
    stranger = sign_in(sqlite_app, make_member(sqlite_app, "Bruno"))
    assert stranger.get(links.file).status_code == 404


def test_a_series_leads_to_a_file_with_its_exceptions(sqlite_app: Flask, now: datetime) -> None:
    anna = make_member(sqlite_app, "Anna")
    actor = acting(sqlite_app, anna)
    with sqlite_app.app_context(), transaction() as session:
        series, booked = service.book_series(
            session, actor, every("FREQ=WEEKLY;COUNT=4"), [], now=now
        )
        service.cancel(session, actor, booked[1].ref, now=now + timedelta(minutes=1))
    client = sign_in(sqlite_app, anna)
    answer = client.get(f"/series/{series.ref}/calendar.ics")
    assert libical.faults(answer.data) == []
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(answer.data)).all()
    starts = [event["DTSTART"].dt.astimezone(UTC) for event in found]
    assert starts == [each.span.start for each in booked if each is not booked[1]]
    assert f"/series/{series.ref}/calendar.ics" in client.get(f"/series/{series.ref}").get_data(
        as_text=True
    )
