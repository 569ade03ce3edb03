"""The whole demonstration, told in one call: people, days, and a booking for each principal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings import queries as booking_queries
from app.bookings import service as booking_service
from app.bookings.booking import Wanted
from app.demonstration import aid, cards, days, guests, leases, people, proofs, rights
from app.demonstration.cast import PRINCIPALS, Player
from app.domain.calendars import next_opening
from app.domain.errors import DomainError
from app.domain.ids import AccountId
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.gateways.documents import DocumentStore
from app.spaces.network import Network, Site
from app.spaces.queries import find_network

SOON = timedelta(minutes=45)
TRIES = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration holds after a start."""

    people: int
    booked: int
    moved: int


def top_up(
    session: Session, *, cheap: bool, now: datetime, documents: DocumentStore | None = None
) -> Shown:
    """Load or refresh the demonstration; calling it again on the same day adds no bookings."""
    logins = people.let_in(session, cheap=cheap, now=now)
    network = find_network(session)
    staff = people.get_actor(session, logins["manager"])
    booked = sum(
        _book_for_principal(session, network, player, logins[player.login], now=now)
        for player in PRINCIPALS
    )
    host = people.get_actor(session, logins["association"])
    guests.invite(session, network, host, now=now)
    rights.give(session, network, logins, now=now)
    cards.draft(session, logins["manager"], now=now)
    aid.show_ledger(session, network, staff, logins, now=now)
    leases.let_offices(session, network, staff, logins, now=now)
    booked += days.fill(session, network, staff, logins, now=now)
    moved = days.come_and_go(session, network, staff, now=now)
    if documents is not None:
        proofs.show_card(session, documents, logins["visitor"], now=now)
    return Shown(len(logins), booked, moved)


def _book_for_principal(
    session: Session, network: Network, player: Player, account: AccountId, *, now: datetime
) -> int:
    """Give a principal without a coming booking one meeting room, as soon as the house is open."""
    actor = people.get_actor(session, account)
    if booking_queries.upcoming(session, network, actor, now=now, limit=1):
        return 0
    site = network.get_site(player.home)
    for wanted in _ideas(site, now=now):
        try:
            with session.begin_nested():
                booking_service.book(session, actor, wanted, now=now)
        except DomainError:
            continue
        return 1
    return 0


def _ideas(site: Site, *, now: datetime) -> list[Wanted]:
    """List rooms and hours to try, the soonest first."""
    rooms = [
        space
        for space in site.spaces
        if space.bookable and space.kind in (SpaceKind.MEETING_ROOM, SpaceKind.STUDIO)
    ]
    start = _half_hour(now + SOON)
    ideas = []
    for _ in range(TRIES):
        opening = next_opening(site.calendar, start)
        start = max(start, opening or start)
        ideas += [
            Wanted(room.code, Span(start, start + timedelta(hours=2)), 2, "Point produit")
            for room in rooms
        ]
        start += timedelta(hours=1)
    return ideas


def _half_hour(instant: datetime) -> datetime:
    late = timedelta(
        minutes=instant.minute % 30, seconds=instant.second, microseconds=instant.microsecond
    )
    return instant - late + timedelta(minutes=30)
