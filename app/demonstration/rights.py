"""Packs, a month and a gift for the demonstration's people, some of it used already."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.bookings import service as booking_service
from app.bookings.booking import Wanted
from app.demonstration import people
from app.domain.calendars import next_opening
from app.domain.errors import DomainError
from app.domain.ids import AccountId, SiteCode
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.months import add_months
from app.domain.tariffs import RightKind
from app.entitlements import queries, service
from app.entitlements.service import Credit, Order
from app.spaces.network import Network, Site
from app.tariffs.queries import find_cards

# Who bought what at home, and where they use it: a membership away from home.
BOUGHT = (
    ("coworker", "ten_half_days", "metz", None),
    ("association", "ten_days", "epinal", None),
    ("student", "month_own_seat", "nancy", "metz"),
)
STAY = timedelta(hours=3)
TRIES = 6


def give(session: Session, network: Network, logins: dict[str, AccountId], *, now: datetime) -> int:
    """Let some people hold rights, unless they hold one that counts; gives how many were new."""
    given = 0
    for login, product, home, used_at in BOUGHT:
        site = network.get_site(home)
        owned = people.get_actor(session, logins[login]).organisations_owned
        held = queries.rights_of(session, network, logins[login], owned)
        if queries.usable_on(held, site.calendar.local_date(now)):
            continue
        _buy(session, network, logins[login], product, site, now=now)
        if used_at is not None:
            _use(session, network, logins[login], network.get_site(used_at), now=now)
        given += 1
    if given:
        _be_kind(session, network, logins, now=now)
    return given


def _buy(
    session: Session,
    network: Network,
    account: AccountId,
    product: str,
    site: Site,
    *,
    now: datetime,
) -> None:
    actor = people.get_actor(session, account)
    company = min(actor.organisations_owned, default=None)  # whose members then share it
    wanted = Order(product, site.code, site.calendar.local_date(now), company)
    service.order(session, network, find_cards(session, network), actor, wanted, now=now)


def _use(
    session: Session, network: Network, account: AccountId, site: Site, *, now: datetime
) -> None:
    """Book a seat for the first hours that can be had."""
    actor = people.get_actor(session, account)
    seats = next(space for space in site.spaces if space.kind is SpaceKind.SEAT and space.bookable)
    start = now
    for _ in range(TRIES):
        opening = next_opening(site.calendar, start + timedelta(hours=12))
        if opening is None:
            return
        wanted = Wanted(seats.code, Span(opening, opening + STAY), 1)
        try:
            with session.begin_nested():
                booking_service.book(session, actor, wanted, now=now)
        except DomainError:
            start = opening
            continue
        return


def _be_kind(
    session: Session, network: Network, logins: dict[str, AccountId], *, now: datetime
) -> None:
    today = network.get_site("metz").calendar.local_date(now)
    gift = Credit(
        SiteCode("metz"),
        RightKind.HALF_DAYS,
        1,
        add_months(today, 2),
        "Chauffage en panne le matin",
    )
    concierge = people.get_actor(session, logins["concierge.metz"])
    service.credit(session, network, concierge, logins["coworker"], gift, now=now)
