"""Ways to put one booking into one's own calendar: a file for any, a filled-in form for the big."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from app.bookings import calendars
from app.bookings.booking import Visit
from app.domain.booking_states import OPENING
from app.web.addresses import address, base_url

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/action/compose"
OFFICE = "https://outlook.office.com/calendar/0/action/compose"


@dataclass(frozen=True, slots=True)
class AgendaLinks:
    """Addresses that put a booking into a calendar; nothing is sent before one is followed."""

    file: str
    google: str
    outlook: str
    office: str


def agenda_links(visit: Visit, now: datetime) -> AgendaLinks | None:
    """Give the ways to put a booking into a calendar, or None when nobody will come any more."""
    booking = visit.booking
    if booking.state not in OPENING or booking.span.end <= now:
        return None
    microsoft = urlencode(
        {
            "rru": "addevent",
            "subject": calendars.summary(visit),
            "startdt": _iso(booking.span.start),
            "enddt": _iso(booking.span.end),
            "location": calendars.location(visit),
            "body": _details(visit),
        }
    )
    google = urlencode(
        {
            "action": "TEMPLATE",
            "text": calendars.summary(visit),
            "dates": f"{_basic(booking.span.start)}/{_basic(booking.span.end)}",
            "ctz": booking.site.zone.key,
            "location": calendars.location(visit),
            "details": _details(visit),
        }
    )
    return AgendaLinks(
        file=address("bookings.booking_file", ref=booking.ref),
        google=f"{GOOGLE}?{google}",
        outlook=f"{OUTLOOK}?{microsoft}",
        office=f"{OFFICE}?{microsoft}",
    )


def _details(visit: Visit) -> str:
    said = calendars.description(visit)
    return f"{said}\n{base_url()}/bookings/{visit.booking.ref}"


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _basic(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
