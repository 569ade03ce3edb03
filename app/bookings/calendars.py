"""Bookings as iCalendar (RFC 5545, 5546): feeds to subscribe to, invitations and cancellations.

Nothing here looks at the clock: the same bookings always give the same bytes, so that a feed can
carry an ETag and a mail sent twice is the same mail.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vRecur, vText

from app.bookings.booking import Booking, Person, SeriesLink, Visit
from app.bookings.series import Series
from app.bookings.series_dates import Dates
from app.domain.booking_states import BookingState
from app.spaces.network import Site, Space

PRODUCT = "-//Totem//Totem//FR"
UID_HOST = "totem.example"  # part of what is stable for ever: never the address of a server
REFRESH = timedelta(minutes=30)
BYTES = "text/calendar"

# By rule, as Outlook and Apple write it themselves; spelt out it takes 120 dates, and some stop
# reading in the middle. The European Union's rule since 1996; bookings are never older.
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
_RULED_ZONE = "Europe/Paris"


def person_feed(visits: Sequence[Visit], *, base: str, series: Sequence[Dates] = ()) -> bytes:
    """Give a person's bookings as a calendar; those given up stay, marked as cancelled.

    The dates of a series whose rule is known are told by it, with what differs from it.
    """
    owners = {visit.person.account_id for visit in visits}
    ruled = [dates.as_its_holder_has_it for dates in series if dates.series.account_id in owners]
    told = {dates.series.id for dates in ruled}
    alone = [each for each in visits if each.booking.series is None]
    alone += [each for each in visits if (of := each.booking.series) and of.id not in told]
    entries = [_own_entry(visit, base) for visit in alone]
    entries += [entry for dates in ruled for entry in _series_entries(dates, base)]
    return _calendar(entries, name=_("Mes réservations Totem"))


def space_feed(space: Space, visits: Sequence[Visit], *, language: str) -> bytes:
    """Give a space's bookings as a calendar that says when it is taken, never by whom."""
    entries = [_nameless_entry(visit.booking, language) for visit in visits]
    return _calendar(entries, name=space.name.get(language))


def site_feed(site: Site, visits: Sequence[Visit], *, language: str, named: bool) -> bytes:
    """Give all that is taken at a site as a calendar; for its staff, ``named`` says by whom."""
    entries = [
        _named_entry(visit, language) if named else _nameless_entry(visit.booking, language)
        for visit in visits
    ]
    return _calendar(entries, name=site.name)


def booking_file(visit: Visit, *, base: str) -> bytes:
    """Give one booking as a file to open in a calendar, the same entry as that of the feed."""
    return _calendar([_own_entry(visit, base)])


def series_file(dates: Dates, *, base: str) -> bytes:
    """Give a whole series as a file to open in a calendar: its rule, and what differs from it."""
    return _calendar(_series_entries(dates, base))


def invitation(visit: Visit, *, organizer: str, base: str) -> bytes:
    """Give the invitation that enters a booking into its person's calendar, or changes it there."""
    return _calendar([_sent_entry(visit, organizer, base)], method="REQUEST")


def series_invitation(dates: Dates, *, organizer: str, base: str) -> bytes:
    """Give the invitation that enters a whole series into its person's calendar, or changes it."""
    entries = [_sent(entry, dates.visits[0], organizer) for entry in _series_entries(dates, base)]
    return _calendar(entries, method="REQUEST")


def series_cancellation(visits: Sequence[Visit], *, organizer: str, base: str) -> bytes:
    """Give the message that removes some dates of one series from its person's calendar."""
    entries = [_sent_entry(visit, organizer, base) for visit in visits]
    for entry in entries:
        entry["status"] = vText("CANCELLED")
    return _calendar(entries, method="CANCEL")


def cancellation(visit: Visit, *, organizer: str, base: str) -> bytes:
    """Give the message that removes a booking from its person's calendar."""
    entry = _sent_entry(visit, organizer, base)
    entry["status"] = vText("CANCELLED")
    return _calendar([entry], method="CANCEL")


def guest_message(visit: Visit, guest: Person, *, organizer: str, link: str, method: str) -> bytes:
    """Give what enters a booking into the calendar of its guest, or removes it (CANCEL).

    It names their host and not what the host wrote, and leads to the guest's own page.
    """
    title = _("Rendez-vous avec %(host)s", host=visit.person.name)
    alone = Visit(replace(visit.booking, title=title, series=None), guest)
    entry = _own_entry(alone, base="")
    _set(entry, "url", link)
    _set(entry, "description", _way(visit.booking, guest.locale))
    if method == "CANCEL":
        entry["status"] = vText("CANCELLED")
    return _calendar([_sent(entry, alone, organizer, "NEEDS-ACTION")], method=method)


def attachment(content: bytes, method: str) -> dict[str, str]:
    """Give a calendar as an attachment of a mail, for ``MailWanted``."""
    return {
        "filename": "invitation.ics" if method == "REQUEST" else "annulation.ics",
        "content_type": BYTES,
        "content": base64.b64encode(content).decode("ascii"),
        "method": method,
    }


def _calendar(
    entries: Sequence[Event], *, name: str | None = None, method: str | None = None
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method is not None:
        calendar.add("method", method)
    if name is not None:
        calendar["x-wr-calname"] = vText(name)
        calendar.add("x-wr-timezone", _RULED_ZONE)
        calendar["refresh-interval"] = vDuration(REFRESH)
        calendar["refresh-interval"].params["VALUE"] = "DURATION"
        calendar["x-published-ttl"] = vDuration(REFRESH)
    calendar.add_component(Timezone.from_ical(_ZONE))
    for entry in entries:
        calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _entry(booking: Booking) -> Event:
    event = Event()
    event.add("uid", f"{booking.ref}@{UID_HOST}")
    event.add("sequence", booking.version)
    event.add("dtstamp", booking.changed_at)
    event.add("last-modified", booking.changed_at)
    event.add("created", booking.created_at)
    event.add("dtstart", _local(booking, booking.span.start))
    event.add("dtend", _local(booking, booking.span.end))
    cancelled = booking.stored_state is BookingState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else _status(booking))
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _status(booking: Booking) -> str:
    return "TENTATIVE" if booking.stored_state is BookingState.REQUESTED else "CONFIRMED"


def _local(booking: Booking, instant: datetime) -> datetime:
    """Give the wall-clock time where the zone is the one we describe, else UTC."""
    zone = booking.site.calendar.zone
    local = instant.astimezone(zone)
    # An hour that comes twice is read as the first one (RFC 5545 §3.3.5): the second goes in UTC.
    return local if zone.key == _RULED_ZONE and not local.fold else instant


def _own_entry(visit: Visit, base: str) -> Event:
    booking = visit.booking
    event = _entry(booking)
    event.add("summary", summary(visit))
    event.add("location", location(visit))
    event.add("description", description(visit))
    event.add("url", f"{base}/bookings/{booking.ref}")
    if booking.series is not None:
        _as_date(event, booking, booking.series)
    return event


def _as_date(event: Event, booking: Booking, link: SeriesLink) -> None:
    """Make an entry the one date of its series that it is (RFC 5545 §3.8.4.4)."""
    _set(event, "uid", f"{link.ref}@{UID_HOST}")
    _set(event, "sequence", _sequence(booking.created_at, booking.changed_at))
    event.add("recurrence-id", _local(booking, link.original))


def _sequence(created_at: datetime, changed_at: datetime) -> int:
    """Give a SEQUENCE that rises with any change of any date: dates of a series share one UID."""
    return max(0, int((changed_at - created_at).total_seconds()))


def _set(event: Event, name: str, value: object) -> None:
    del event[name]
    event.add(name, value)


def _series_entries(dates: Dates, base: str) -> list[Event]:
    """Give a series as its rule, and each date that differs from it in an entry of its own."""
    series, visits = dates.series, dates.standing
    if series.site.zone.key != _RULED_ZONE:
        return [_own_entry(visit, base) for visit in visits]
    if not visits:
        return []
    plain = _ruled_entry(dates, base)
    return [plain, *(_own_entry(each, base) for each in visits if not dates.is_plain(each))]


def _ruled_entry(dates: Dates, base: str) -> Event:
    series, recurrence = dates.series, dates.recurrence
    first = dates.first
    model = replace(
        dates.visits[0].booking,
        title=series.title,
        space=series.space,
        span=first.span or dates.visits[0].booking.span,
        series=None,
    )
    event = _own_entry(replace(dates.visits[0], booking=model), base)
    changed_at = max(series.changed_at, *(each.booking.changed_at for each in dates.visits))
    _set(event, "uid", f"{series.ref}@{UID_HOST}")
    _set(event, "sequence", _sequence(series.created_at, changed_at))
    for name in ("dtstamp", "last-modified"):
        _set(event, name, changed_at)
    _set(event, "url", f"{base}/series/{series.ref}")
    _set(event, "status", "TENTATIVE" if dates.requested else "CONFIRMED")
    _set(event, "transp", "OPAQUE")
    _set(event, "description", _series_description(series))
    _set(event, "dtstart", dates.wall(recurrence.first_on))
    _set(event, "dtend", dates.wall(recurrence.first_on) + timedelta(minutes=recurrence.minutes))
    if recurrence.rule is not None:
        rule = recurrence.rule.exported(recurrence.minute, series.site.zone)
        event.add("rrule", vRecur.from_ical(rule))
    for name, days in (("exdate", recurrence.exdates), ("rdate", recurrence.rdates)):
        if days:
            event.add(name, [dates.wall(day) for day in sorted(days)])
    return event


def _series_description(series: Series) -> str:
    return _("Série %(ref)s. Le pass de chaque date ouvre les portes de ce lieu.", ref=series.ref)


def _nameless_entry(booking: Booking, language: str) -> Event:
    event = _entry(booking)
    event.add("summary", _("Occupé"))
    event.add("location", f"{booking.space.name.get(language)}, {booking.site.name}")
    event.add("class", "PUBLIC")
    return event


def _named_entry(visit: Visit, language: str) -> Event:
    booking = visit.booking
    event = _nameless_entry(booking, language)
    who = visit.person.organisation or visit.person.name
    what = f"{booking.title} ({who})" if booking.title else who
    _set(event, "summary", _("%(place)s : %(what)s", place=_place(booking, language), what=what))
    _set(event, "class", "CONFIDENTIAL")
    return event


def _place(booking: Booking, language: str) -> str:
    return booking.space.name.get(language)


def _sent_entry(visit: Visit, organizer: str, base: str) -> Event:
    return _sent(_own_entry(visit, base), visit, organizer)


def _sent(event: Event, visit: Visit, organizer: str, partstat: str = "ACCEPTED") -> Event:
    """Name who sends and who comes; the person of a booking has accepted by asking for it."""
    sender = vCalAddress(f"mailto:{organizer}")
    sender.params["CN"] = vText(visit.booking.site.name)
    event["organizer"] = sender
    guest = vCalAddress(f"mailto:{visit.person.email}")
    guest.params["CN"] = vText(visit.person.name)
    guest.params["ROLE"] = "REQ-PARTICIPANT"
    guest.params["PARTSTAT"] = partstat
    guest.params["RSVP"] = "FALSE"
    event.add("attendee", guest, encode=False)
    return event


def summary(visit: Visit) -> str:
    """Name a booking: as its person did, and its place."""
    place = visit.booking.space.name.get(visit.person.locale)
    return f"{visit.booking.title} ({place})" if visit.booking.title else place


def location(visit: Visit) -> str:
    """Say where to go."""
    site, place = visit.booking.site, visit.booking.space.name.get(visit.person.locale)
    return f"{place}, {site.name}, {site.address}"


def description(visit: Visit) -> str:
    """Say what opens there and how to find it."""
    booking = visit.booking
    way = _way(booking, visit.person.locale)
    said = _("Réservation %(ref)s. Votre pass ouvre les portes de ce lieu.", ref=booking.ref)
    return f"{said}\n{way}" if way else said


def _way(booking: Booking, language: str) -> str:
    return booking.space.way.get(language)
