"""Who may be in the house now, from bookings, the desk and the doors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.inside import Inside, Known
from app.access.queries.holders import guests_of
from app.access.queries.journal import openings_of_bookings
from app.bookings.booking import Visit
from app.bookings.queries import visits_of_site
from app.domain.calendars import local_day, opening_spans
from app.spaces.network import Network, Site


def people_inside(session: Session, network: Network, site: Site, *, now: datetime) -> list[Inside]:
    """Give who is booked or entered today and is not known to have left; three statements.

    A stay whose hours are over counts while nobody saw the people leave: better one name too many.
    """
    today = local_day(site.calendar, site.calendar.local_date(now))
    visits = [
        visit
        for visit in visits_of_site(session, network, site, today, now=now)
        if visit.booking.checked_out_at is None
    ]
    ids = [visit.booking.id for visit in visits]
    entered, guests = openings_of_bookings(session, network, ids), guests_of(session, ids)
    found: list[Inside] = []
    for visit in visits:
        known = _known(visit, has_entered=visit.booking.id in entered, now=now)
        if known is not None:
            found.append(_inside(visit, visit.person.name, known, visit.booking.people))
        found.extend(
            _inside(visit, guest.name, Known.GUEST, 1)
            for guest in guests.get(visit.booking.id, ())
            if guest.is_present
        )
    return found


def closes_at(site: Site, now: datetime) -> datetime:
    """Give when the house closes today, or the end of a day on which it never opens."""
    day = site.calendar.local_date(now)
    spans = opening_spans(site.calendar, day)
    ends = [span.end for span in spans if span.end > now]
    return max(ends) if ends else local_day(site.calendar, day).end


def _known(visit: Visit, *, has_entered: bool, now: datetime) -> Known | None:
    booking = visit.booking
    if booking.checked_in_at is not None:
        return Known.ARRIVED
    if has_entered:
        return Known.ENTERED
    # Released stays too: who sits there unnoticed has to be found as well.
    return Known.EXPECTED if booking.span.holds(now) else None


def _inside(visit: Visit, name: str, known: Known, people: int) -> Inside:
    booking = visit.booking
    return Inside(
        name=name,
        organisation=visit.person.organisation or "",
        place=booking.space.name.fr,
        known=known,
        people=people,
        until=booking.span.end,
    )
