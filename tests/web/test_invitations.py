"""Every calendar message we mail over the life of a booking, read by three strangers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events
import vobject
from flask import Flask
from icalendar.cal import Component

from app.access import service as access
from app.access.holders import Invitee
from app.bookings import service
from app.bookings.booking import Booking, Change
from app.bookings.queries.series import dates_of_series
from app.bookings.series import Series
from app.db.transaction import reading, transaction
from app.gateways.mail import MemoryMailer
from app.jobs import deliver_due
from app.spaces.queries import find_network
from app.web import clock
from tests import libical
from tests.dates import every
from tests.stays import handed_over, make_person, span, stay

THE_THURSDAY_BEFORE = date(2027, 3, 25)  # the clock is put forward on the 28th
BROKEN = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
)


@dataclass(frozen=True)
class Message:
    """A calendar message as its receiver's calendar reads it."""

    to: str
    method: str
    calendar: icalendar.Calendar

    @property
    def first(self) -> Component:
        return self.calendar.walk("VEVENT")[0]

    @property
    def sequence(self) -> int:
        return int(self.first["sequence"])


def messages(app: Flask, mails: MemoryMailer) -> list[Message]:
    """Deliver all and give each calendar message, accepted by libical and vobject."""
    mails.sent.clear()
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        deliver_due(app)
    found = []
    for mail in mails.sent:
        for part in mail.walk():
            if part.get_content_type() != "text/calendar":
                continue
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            assert libical.faults(content) == [], content.decode()
            vobject.readOne(content.decode()).validate()
            calendar = icalendar.Calendar.from_ical(content)
            assert calendar["method"] == part.get_param("method")
            found.append(Message(str(mail["To"]), calendar["method"], calendar))
    return found


def bookings_of(app: Flask, series: Series, now: datetime) -> list[Booking]:
    with app.app_context(), reading() as session:
        found = dates_of_series(session, find_network(session), series.id, now=now)
    return [each.booking for each in found]


def test_the_judge_sees_a_message_without_those_concerned() -> None:
    at = b"DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\n"
    assert libical.faults(BROKEN + at + b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert libical.faults(b"") == ["not a calendar"]


def lived(app: Flask, mails: MemoryMailer, now: datetime) -> tuple[str, list[dict[str, Message]]]:
    """Book with a guest, move, hand over, cancel: gives each deed's messages by receiver."""
    anna, bruno = make_person(app, "Anna"), make_person(app, "Bruno")
    camille = Invitee("Camille Petit", "camille@people.example", "en")
    later, told = span("14:00-16:00"), []
    with app.app_context(), transaction() as session:
        booking = service.book(session, anna, stay(title="Secret"), now=now)
        access.invite_guests(session, anna, booking.ref, [camille], now=now)
    told.append(messages(app, mails))
    with app.app_context(), transaction() as session:
        change = Change(starts_at=later.start, ends_at=later.end)
        service.move(session, anna, booking.ref, change, now=now + timedelta(minutes=1))
    told.append(messages(app, mails))
    with app.app_context(), transaction() as session:
        handed_over(session, anna, booking.ref, bruno, now=now + timedelta(minutes=2))
    told.append(messages(app, mails))
    with app.app_context(), transaction() as session:
        service.cancel(session, bruno, booking.ref, now=now + timedelta(minutes=3))
    told.append(messages(app, mails))
    return booking.ref, [{each.to: each for each in one} for one in told]


def test_the_messages_of_a_booking_follow_it_through_its_life(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    ref, (booked, moved, handed, gone) = lived(app, mails, now)
    anna, bruno, camille = (f"{name}@people.example" for name in ("anna", "bruno", "camille"))
    lives = (
        [booked[anna], moved[anna], handed[anna]],
        [handed[bruno], gone[bruno]],
        [booked[camille], moved[camille], gone[camille]],
    )
    for life in lives:
        assert [each.method for each in life] == ["REQUEST"] * (len(life) - 1) + ["CANCEL"]
        assert {str(each.first["uid"]) for each in life} == {f"{ref}@totem.example"}
        assert {str(each.first["attendee"]) for each in life} == {f"mailto:{life[0].to}"}
        sequences = [each.sequence for each in life]
        assert sequences == sorted(set(sequences))
        assert str(life[-1].first["status"]) == "CANCELLED"
    assert moved[camille].first["dtstart"].dt.astimezone(UTC) == span("14:00-16:00").start
    assert "Secret" in booked[anna].first["summary"]
    theirs = booked[camille].first
    assert "Anna" in theirs["summary"]
    assert "Secret" not in theirs["summary"]
    assert f"/bookings/{ref}" not in str(theirs["url"])


def test_a_date_of_a_series_is_told_by_its_recurrence_id_across_a_change_of_the_clock(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    anna = make_person(app, "Anna")
    wanted = every("FREQ=WEEKLY;COUNT=3", first=THE_THURSDAY_BEFORE)
    with app.app_context(), transaction() as session:
        series = service.book_series(session, anna, wanted, [], now=now)[0]
    (booked,) = messages(app, mails)
    starts = recurring_ical_events.of(booked.calendar).all()
    assert [event["DTSTART"].dt.astimezone(UTC).hour for event in starts] == [9, 8, 8]
    bookings = bookings_of(app, series, now)
    later = span("15:00-17:00", bookings[1].span.start.date())
    with app.app_context(), transaction() as session:
        change = Change(starts_at=later.start, ends_at=later.end)
        service.move(session, anna, bookings[1].ref, change, now=now + timedelta(minutes=1))
        service.cancel(session, anna, bookings[2].ref, now=now + timedelta(minutes=2))
    told = {each.method: each for each in messages(app, mails)}
    assert {str(each.first["uid"]) for each in (booked, *told.values())} == {
        f"{series.ref}@totem.example"
    }
    moved, gone = told["REQUEST"].first, told["CANCEL"].first
    assert moved["recurrence-id"].dt.astimezone(UTC) == bookings[1].span.start
    assert moved["dtstart"].dt.astimezone(UTC) == later.start
    assert gone["recurrence-id"].dt.astimezone(UTC) == bookings[2].span.start
    assert told["REQUEST"].sequence > booked.sequence


def test_what_a_series_becomes_is_told_to_its_holder_without_the_dates_handed_over(
    app: Flask, mails: MemoryMailer, now: datetime
) -> None:
    anna, bruno = make_person(app, "Anna"), make_person(app, "Bruno")
    with app.app_context(), transaction() as session:
        booked = service.book_series(session, anna, every("FREQ=WEEKLY;COUNT=3"), [], now=now)[1]
        handed_over(session, anna, booked[0].ref, bruno, now=now)
    (told,) = [each for each in messages(app, mails) if "rrule" in each.first]
    assert told.to == "anna@people.example"
    assert str(told.first["attendee"]) == "mailto:anna@people.example"
    found = recurring_ical_events.of(told.calendar).all()
    assert [event["DTSTART"].dt.astimezone(UTC) for event in found] == [
        each.span.start for each in booked[1:]
    ]
