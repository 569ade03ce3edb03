"""Calendar feeds and invitations, read by parsers that are not ours."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import recurring_ical_events
import vobject
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from werkzeug.test import TestResponse

from app.bookings import calendars, notices, queries, service
from app.bookings.booking import Booking, Visit
from app.db.transaction import reading, transaction
from app.domain.intervals import Span
from app.domain.permissions import Actor
from app.gateways.mail import MemoryMailer
from app.jobs import deliver_due
from app.spaces.queries import find_network
from tests.dates import every
from tests.stays import MIRABELLE, PARIS, handed_over, make_person, stay


def open_feed(app: Flask, actor: Actor, now: datetime, *, renew: bool = False) -> str:
    deed = service.renew_feed if renew else service.open_feed
    with app.app_context(), transaction() as session:
        return deed(session, actor, key=app.config["SECRET_KEY"], now=now).secret


def book(app: Flask, actor: Actor, hours: str, now: datetime, **more: object) -> Booking:
    with app.app_context(), transaction() as session:
        return service.book(session, actor, stay(hours, **more), now=now)  # type: ignore[arg-type]


def visit_of(app: Flask, booking: Booking, now: datetime) -> Visit:
    with app.app_context(), reading() as session:
        visit = queries.find_visit(session, find_network(session), booking.id, now=now)
    assert visit is not None
    return visit


def fetch(app: Flask, secret: str, **headers: str) -> TestResponse:
    return app.test_client().get(f"/calendars/{secret}.ics", headers=headers)


def read(content: bytes) -> list[vobject.base.Component]:
    """Parse and validate by vobject; gives the events."""
    calendar = vobject.readOne(content.decode())
    calendar.validate()
    return list(calendar.contents.get("vevent", []))


def test_a_feed_shows_ones_bookings_to_another_parser(app: Flask, now: datetime) -> None:
    anais = make_person(app)
    given = book(app, anais, "10:00-12:00", now, title="Comité; suite, fin")
    book(app, make_person(app, "Bruno"), "14:00-15:00", now)
    answer = fetch(app, open_feed(app, anais, now))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = read(answer.data)
    assert event.uid.value == f"{given.ref}@totem.example"
    assert event.summary.value.startswith("Comité; suite, fin (")
    assert event.dtstart.value == datetime(2026, 11, 24, 10, 0, tzinfo=PARIS)
    assert event.dtend.value.astimezone(UTC) == given.span.end
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")
    assert event.url.value.endswith(f"/bookings/{given.ref}")


def test_an_address_never_changes_until_it_is_renewed_and_then_dies(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    first = open_feed(app, anais, now)
    assert open_feed(app, anais, now) == first
    second = open_feed(app, anais, now, renew=True)
    assert second != first
    assert fetch(app, first).status_code == 404
    assert fetch(app, second).status_code == 200
    with app.app_context(), transaction() as session:
        service.close_feed(session, anais, now=now)
    assert fetch(app, second).status_code == 404


def test_an_address_cannot_be_guessed_or_made_from_the_database(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    secret = open_feed(sqlite_app, anais, now)
    number, _, mac = secret.partition("-")
    with sqlite_app.app_context(), transaction() as session:
        elsewhere = queries.find_own_feed(session, anais.account_id, key="another house's key")
    assert elsewhere is not None
    for wrong in (
        number,
        f"{number}-",
        f"{number}-{mac[:-1]}",
        f"{number}-{mac.upper()}",
        f"{int(number) + 1}-{mac}",
        f"0{secret}",
        elsewhere.secret,
        "9" * 30 + f"-{mac}",
        "²-" + mac,
        "é",
    ):
        assert fetch(sqlite_app, wrong).status_code == 404, wrong


def test_a_feed_that_has_not_changed_is_not_sent_again(sqlite_app: Flask, now: datetime) -> None:
    anais = make_person(sqlite_app)
    given = book(sqlite_app, anais, "10:00-12:00", now)
    secret = open_feed(sqlite_app, anais, now)
    first = fetch(sqlite_app, secret)
    assert fetch(sqlite_app, secret).data == first.data
    same = fetch(sqlite_app, secret, **{"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    with sqlite_app.app_context(), transaction() as session:
        service.cancel(session, anais, given.ref, now=now + timedelta(minutes=1))
    changed = fetch(sqlite_app, secret, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    (event,) = read(changed.data)
    assert (event.status.value, event.sequence.value) == ("CANCELLED", "1")
    assert event.uid.value == read(first.data)[0].uid.value


def test_a_feed_of_a_space_says_when_it_is_taken_and_never_by_whom(
    app: Flask, now: datetime
) -> None:
    anais = make_person(app)
    concierge = make_person(app, "Denis", concierge_of="metz")
    given = book(app, anais, "10:00-12:00", now, title="Secret")
    book(app, anais, "10:00-12:00", now, space="metz-seille")
    with app.app_context(), transaction() as session:
        feed = service.open_space_feed(
            session, concierge, MIRABELLE, key=app.config["SECRET_KEY"], now=now
        )
    answer = fetch(app, feed.secret)
    (event,) = read(answer.data)
    assert event.summary.value == "Occupé"
    assert event.dtstart.value.astimezone(UTC) == given.span.start
    assert b"Secret" not in answer.data
    assert b"Ana" not in answer.data


def test_the_time_zone_is_a_rule_that_a_calculator_agrees_with(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    winter = book(sqlite_app, anais, "10:00-11:00", now, day=date(2027, 3, 25))
    summer = book(sqlite_app, anais, "10:00-11:00", now, day=date(2027, 3, 30))
    content = fetch(sqlite_app, open_feed(sqlite_app, anais, now)).data
    assert b"RRULE:FREQ=YEARLY" in content
    assert b"RDATE" not in content
    calendar = Calendar.from_ical(content)
    found = recurring_ical_events.of(calendar).between((2027, 3, 1), (2027, 4, 30))
    starts = sorted(event["DTSTART"].dt.astimezone(UTC) for event in found)
    assert starts == [winter.span.start, summer.span.start]
    by_rule = vobject.readOne(content.decode()).vtimezone.tzinfo
    for booking in (winter, summer):
        wall = booking.span.start.astimezone(PARIS).replace(tzinfo=by_rule)
        assert wall.astimezone(UTC) == booking.span.start


def test_the_second_of_two_equal_hours_is_written_in_utc(sqlite_app: Flask, now: datetime) -> None:
    """RFC 5545 reads a local hour that comes twice as the first of both."""
    anais = make_person(sqlite_app)
    visit = visit_of(sqlite_app, book(sqlite_app, anais, "10:00-12:00", now), now)
    second_half_past_two = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    night = Span(second_half_past_two, second_half_past_two + timedelta(hours=1))
    visit = replace(visit, booking=replace(visit.booking, span=night))
    with sqlite_app.test_request_context(), force_locale("fr"):
        content = calendars.person_feed([visit], base="http://totem.example")
    (event,) = read(content)
    assert event.dtstart.value.astimezone(UTC) == night.start
    assert event.dtend.value.astimezone(UTC) == night.end


def test_an_invitation_names_who_sends_and_who_comes(sqlite_app: Flask, now: datetime) -> None:
    given = book(sqlite_app, make_person(sqlite_app, 'Zoé "Z", B.'), "10:00-12:00", now)
    visit = visit_of(sqlite_app, given, now)
    with sqlite_app.test_request_context(), force_locale("fr"):
        attached = notices.invitation(visit)
        gone = notices.cancellation(visit)
    content = base64.b64decode(attached["content"])
    calendar = vobject.readOne(content.decode())
    assert (calendar.method.value, attached["method"]) == ("REQUEST", "REQUEST")
    (event,) = read(content)
    assert event.organizer.value == "mailto:bonjour@totem.example"
    assert event.attendee.value == f"mailto:{visit.person.email}"
    (cancelled,) = read(base64.b64decode(gone["content"]))
    assert cancelled.status.value == "CANCELLED"
    assert cancelled.uid.value == event.uid.value


def test_a_cancellation_is_mailed_once_in_the_language_of_its_person(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    anais = make_person(app)
    given = book(app, anais, "10:00-12:00", now)
    with app.app_context(), transaction() as session:
        service.cancel(session, anais, given.ref, now=now)
    deliver_due(app)
    deliver_due(app)
    told = [mail for mail in mails.sent if "annulée" in str(mail["Subject"])]
    assert len(told) == 1
    body = told[0].get_body(("plain",))
    assert body is not None
    assert given.ref in body.get_content()
    parts = [part for part in told[0].walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["CANCEL"]
    (event,) = read(parts[0].get_payload(decode=True))  # type: ignore[arg-type]
    assert event.status.value == "CANCELLED"


def test_the_calendar_of_a_site_names_people_to_its_staff_alone(
    sqlite_app: Flask, now: datetime
) -> None:
    anais, elsewhere = make_person(sqlite_app), make_person(sqlite_app, "Carl")
    concierge = make_person(sqlite_app, "Denis", concierge_of="metz")
    book(sqlite_app, anais, "10:00-12:00", now, title="Secret")
    book(sqlite_app, anais, "10:00-12:00", now, space="metz-seille")
    key = sqlite_app.config["SECRET_KEY"]
    shown = {}
    for actor in (concierge, elsewhere):
        own = open_feed(sqlite_app, actor, now)
        with sqlite_app.app_context(), reading() as session:
            feed = queries.find_own_feed(session, actor.account_id, key=key)
        assert feed is not None
        secret = queries.site_secret(feed, "metz", key=key)
        assert fetch(sqlite_app, f"{own}/metz").status_code == 404
        assert fetch(sqlite_app, f"{secret}/nancy").status_code == 404
        assert fetch(sqlite_app, secret).status_code == 404
        answer = fetch(sqlite_app, f"{secret}/metz")
        shown[actor.account_id] = sorted(event.summary.value for event in read(answer.data))
        assert fetch(sqlite_app, f"{secret}/metz", **{"If-None-Match": answer.headers["ETag"]})
        open_feed(sqlite_app, actor, now, renew=True)
        assert fetch(sqlite_app, f"{secret}/metz").status_code == 404
    assert shown[elsewhere.account_id] == ["Occupé", "Occupé"]
    mirabelle, seille = shown[concierge.account_id]
    assert mirabelle.endswith("Secret (Anaïs)")
    assert "Mirabelle" in mirabelle
    assert seille.endswith("Anaïs")


def test_a_date_of_a_series_that_was_handed_over_is_in_its_new_holders_calendar_alone(
    sqlite_app: Flask, now: datetime
) -> None:
    anna, bruno = make_person(sqlite_app, "Anna"), make_person(sqlite_app, "Bruno")
    with sqlite_app.app_context(), transaction() as session:
        booked = service.book_series(session, anna, every("FREQ=WEEKLY;COUNT=3"), [], now=now)[1]
        handed_over(session, anna, booked[0].ref, bruno, now=now)
    seen = {}
    for actor in (anna, bruno):
        content = fetch(sqlite_app, open_feed(sqlite_app, actor, now)).data
        found = recurring_ical_events.of(Calendar.from_ical(content)).all()
        seen[actor.account_id] = [event["DTSTART"].dt.astimezone(UTC) for event in found]
    starts = [each.span.start for each in booked]
    assert seen == {anna.account_id: starts[1:], bruno.account_id: starts[:1]}
