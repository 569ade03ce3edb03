"""People, stays and bookings for tests: plain functions with visible defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bookings import service as bookings
from app.bookings.booking import Booking, Wanted
from app.bookings.life_tables import HandOverRow
from app.db.transaction import transaction
from app.domain.ids import AccountId, SiteCode, SpaceCode
from app.domain.intervals import Span
from app.domain.permissions import Actor, Role, Scope
from app.domain.profiles import Profile
from app.people import queries, service
from app.people.service import Holder
from app.people.tables import AccountRow

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 11, 24)
BORN = datetime(2026, 1, 1, tzinfo=UTC)
MIRABELLE = SpaceCode("metz-mirabelle")  # twelve people, one unit
MOSELLE = SpaceCode("metz-moselle")  # divisible: seille and cheneau
SEILLE = SpaceCode("metz-seille")
SEATS = SpaceCode("metz-poulailler")  # 32 seats


def span(hours: str, day: date = TUESDAY) -> Span:
    """Give ``"10:00-12:00"`` on the wall clock of Metz as a span."""
    start, end = (
        datetime.combine(day, datetime.strptime(text, "%H:%M").time(), PARIS).astimezone(UTC)  # noqa: DTZ007 - the zone is added here
        for text in hours.split("-")
    )
    return Span(start, end if end > start else end + timedelta(days=1))


def stay(
    hours: str = "10:00-12:00",
    space: str = MIRABELLE,
    day: date = TUESDAY,
    people: int = 4,
    title: str = "",
) -> Wanted:
    """Give a wish for a place."""
    return Wanted(SpaceCode(space), span(hours, day), people, title)


def add_person(
    session: Session,
    name: str = "Anaïs",
    *,
    profile: Profile | None = None,
    concierge_of: str | None = None,
    locale: str = "fr",
) -> Actor:
    """Make an account in an open transaction and give it as an actor."""
    account_id = service.create_account(
        session, email=f"{name.lower()}@people.example", name=name, locale=locale, now=BORN
    )
    if profile is not None:
        service.grant_profile(
            session,
            None,
            holder=Holder(account_id=account_id),
            profile=profile,
            valid_from=date(2026, 1, 1),
            valid_until=date(2027, 12, 31),
            reason="test",
            now=BORN,
        )
    if concierge_of is not None:
        service.grant_role(
            session,
            None,
            account_id=account_id,
            role=Role.CONCIERGE,
            site=SiteCode(concierge_of),
            now=BORN,
        )
    return actor_of(session, account_id)


def make_person(
    app: Flask,
    name: str = "Anaïs",
    *,
    profile: Profile | None = None,
    concierge_of: str | None = None,
    locale: str = "fr",
) -> Actor:
    """Make an account in a transaction of its own and give it as an actor."""
    with app.app_context(), transaction() as session:
        return add_person(session, name, profile=profile, concierge_of=concierge_of, locale=locale)


def actor_of(session: Session, account_id: AccountId) -> Actor:
    """Give an account as it acts."""
    actor = queries.actor_of(session, account_id)
    assert actor is not None
    return actor


def booked(app: Flask, actor: Actor, wanted: Wanted, now: datetime) -> Booking:
    """Book at once."""
    with app.app_context(), transaction() as session:
        return bookings.book(session, actor, wanted, now=now)


def held(app: Flask, actor: Actor, wanted: Wanted, now: datetime) -> Booking:
    """Keep a place."""
    with app.app_context(), transaction() as session:
        return bookings.hold_room(session, actor, wanted, now=now)


def handed_over(session: Session, giver: Actor, ref: str, taker: Actor, *, now: datetime) -> None:
    """Let somebody hand a booking over, and the other one take it."""
    address = select(AccountRow.email).where(AccountRow.id == taker.account_id)
    bookings.hand_over(session, giver, ref, session.scalars(address).one(), now=now)
    code = session.scalars(select(HandOverRow.code)).one()
    bookings.take_over(session, taker, code, now=now)


def make_token(app: Flask, actor: Actor, *scopes: Scope) -> dict[str, str]:
    """Give the headers of a program that acts for somebody."""
    with app.app_context(), transaction() as session:
        token = service.issue_token(
            session,
            account_id=actor.account_id,
            name="test",
            scopes=frozenset(scopes or {Scope.READ, Scope.BOOK}),
            now=BORN,
        )
    return {"Authorization": f"Bearer {token}"}
