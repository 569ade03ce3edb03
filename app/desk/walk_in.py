"""What the house answers to the concierge's one field: free places with prices, or later ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.bookings import queries
from app.bookings.first_wish import GRID, this_moment
from app.bookings.queries import Offer, Search, Stretch
from app.domain.asking import Ask
from app.domain.asking_words import ACCESSIBLE, HEARING_LOOP
from app.domain.calendars import local_day
from app.domain.ids import AccountId
from app.domain.intervals import Span
from app.domain.opening_hours import MINUTES_A_DAY, wall_instant
from app.spaces.network import Network, Site
from app.tariffs.queries import find_cards

AN_HOUR = 60
MOST = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """The first places that are free, and whether only later than was asked for."""

    offers: tuple[Offer, ...] = ()
    is_later: bool = False


def people_of(ask: Ask) -> int:
    """Give for how many; one where the line does not say."""
    return 1 if ask.people is None else ask.people


def answer(
    session: Session,
    network: Network,
    site: Site,
    ask: Ask,
    person: AccountId | None,
    *,
    now: datetime,
) -> Answer:
    """Give what is free for a line at that person's tariff; if nothing is, later that day.

    Raises what makes the stay impossible everywhere.
    """
    cards = find_cards(session, network)
    window, stretch = _when(ask, site, now)
    search = _search(ask, site, window)
    if stretch is None:
        found = queries.offers(session, network, cards, search, person, now=now)
        if shown := _shown(search, found):
            return Answer(shown)
        day = local_day(site.calendar, site.calendar.local_date(window.start))
        rest = Span(window.start, day.end)
        search, stretch = _search(ask, site, rest), Stretch(window.minutes)
        later = queries.find_stretches(session, network, cards, search, stretch, person, now=now)
        return Answer(_shown(search, later), is_later=True)
    found = queries.find_stretches(session, network, cards, search, stretch, person, now=now)
    return Answer(_shown(search, found))


def _shown(search: Search, found: list[Offer]) -> tuple[Offer, ...]:
    return tuple(each for each in found if queries.is_shown(search, each.space))[:MOST]


def _when(ask: Ask, site: Site, now: datetime) -> tuple[Span, Stretch | None]:
    """Give the very hours a line says, or the days and the length to be found in them.

    Raises ``EndBeforeStart``.
    """
    today = site.calendar.local_date(now)
    day = ask.day or today
    length = timedelta(minutes=ask.minutes or AN_HOUR)
    if ask.start is not None:
        start = wall_instant(day, _minute(ask.start), site.zone)
        if ask.end is None:
            return Span(start, start + length), None
        return Span(start, wall_instant(day, _minute(ask.end) or MINUTES_A_DAY, site.zone)), None
    if ask.is_now or not (ask.day or ask.is_week or ask.part):
        start = this_moment(now, GRID)
        return Span(start, start + length), None
    last = day + timedelta(days=6 - day.weekday()) if ask.is_week and not ask.day else day
    window = Span(local_day(site.calendar, day).start, local_day(site.calendar, last).end)
    return window, Stretch(ask.minutes or AN_HOUR, ask.part)


def _search(ask: Ask, site: Site, span: Span) -> Search:
    return Search(
        span=span,
        people=people_of(ask),
        site=site.code,
        kind=ask.kind.value if ask.kind else None,
        equipment=tuple(sorted(ask.needs - {ACCESSIBLE, HEARING_LOOP})),
        accessible=ACCESSIBLE in ask.needs,
        hearing_loop=HEARING_LOOP in ask.needs,
    )


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
