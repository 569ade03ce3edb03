"""Who waits in line for a place: two statements, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from app.bookings.booking import Visit
from app.bookings.queries.rows import is_ref, visit_from, visits
from app.bookings.tables import BookingRow
from app.bookings.wait_tables import WaitOfferRow, WaitRow
from app.bookings.waits import Wait, WaitOffer, WaitWish
from app.domain.booking_states import BookingState, effective_state
from app.domain.errors import UnknownWait
from app.domain.ids import AccountId, BookingId, BookingRef
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.waiting import WaitState, offer_state, place_in_line
from app.people.tables import AccountRow
from app.spaces.network import Network, Site


@dataclass(frozen=True, slots=True)
class InLine:
    """A wait and its rank among those whom the same stay might serve; None: not in line now."""

    wait: Wait
    rank: int | None


def open_waits(
    session: Session, network: Network, *, now: datetime, lock: bool = False
) -> list[Wait]:
    """Give every wait that may still come true, as it stands at that instant.

    Locked, two who look at once see the same line one after the other.
    """
    statement = _waits().where(WaitRow.ends_at > now, WaitRow.left_at.is_(None))
    statement = statement.order_by(WaitRow.id)
    if lock:
        statement = statement.with_for_update(of=WaitRow)
    return _read(session, network, statement, now)


def waits_of_person(
    session: Session, network: Network, account_id: AccountId, *, now: datetime
) -> list[InLine]:
    """Give what somebody waits for, soonest first, with their rank in line."""
    every = open_waits(session, network, now=now)
    return [each for each in ranked(every, now) if each.wait.account_id == account_id]


def waits_of_site(session: Session, network: Network, site: Site, *, now: datetime) -> list[InLine]:
    """Give who waits for a place of a Totem, or of any, in the order of their turn."""
    here = [
        each
        for each in ranked(open_waits(session, network, now=now), now)
        if each.wait.site is None or each.wait.site.code == site.code
    ]
    return sorted(here, key=lambda each: each.wait.waiting.turn)


def ranked(waits: Collection[Wait], now: datetime) -> list[InLine]:
    """Give those waits that are not over, by their windows, with their ranks."""
    states = {each.id: each.state(now) for each in waits}
    line = [each.waiting for each in waits if states[each.id] is WaitState.WAITING]
    shown = [
        InLine(
            each,
            place_in_line(each.waiting, line, now)
            if states[each.id] is WaitState.WAITING
            else None,
        )
        for each in waits
        if states[each.id] in (WaitState.WAITING, WaitState.OFFERED)
    ]
    return sorted(shown, key=lambda each: (each.wait.wish.window, each.wait.id))


def get_wait(
    session: Session,
    network: Network,
    account_id: AccountId,
    ref: str,
    *,
    now: datetime,
    lock: bool = False,
) -> Wait:
    """Give a wait of one's own; raises ``UnknownWait``."""
    if not is_ref(ref):
        raise UnknownWait(ref)
    statement = _waits().where(WaitRow.ref == ref, WaitRow.account_id == account_id)
    if lock:
        statement = statement.with_for_update(of=WaitRow)
    found = _read(session, network, statement, now)
    if not found:
        raise UnknownWait(ref)
    return found[0]


def find_wait_visit(
    session: Session, network: Network, offer_id: int, *, now: datetime
) -> Visit | None:
    """Give the held booking of an offer together with its person."""
    offered = select(WaitOfferRow.booking_id).where(WaitOfferRow.id == offer_id).scalar_subquery()
    row = session.execute(visits().where(BookingRow.id == offered)).one_or_none()
    return None if row is None else visit_from(session, row, network, now)


def _waits() -> Select[Any]:
    return select(*WaitRow.__table__.columns, AccountRow.name.label("person")).join(
        AccountRow, and_(AccountRow.id == WaitRow.account_id, AccountRow.disabled_at.is_(None))
    )


def _read(session: Session, network: Network, statement: Select[Any], now: datetime) -> list[Wait]:
    rows = session.connection().execute(statement).all()
    offers = _offers(session, network, [row.id for row in rows], now)
    return [_wait(row, network, tuple(offers[row.id])) for row in rows]


def _offers(
    session: Session, network: Network, waits: Collection[int], now: datetime
) -> dict[int, list[WaitOffer]]:
    found: dict[int, list[WaitOffer]] = defaultdict(list)
    if not waits:
        return found
    rows = session.connection().execute(
        select(
            WaitOfferRow.id,
            WaitOfferRow.wait_id,
            WaitOfferRow.booking_id,
            BookingRow.ref,
            BookingRow.space_id,
            BookingRow.starts_at,
            BookingRow.ends_at,
            BookingRow.state,
            BookingRow.hold_expires_at,
            BookingRow.confirmed_at,
            BookingRow.gross_minor,
        )
        .join(BookingRow, BookingRow.id == WaitOfferRow.booking_id)
        .where(WaitOfferRow.wait_id.in_(waits))
        .order_by(WaitOfferRow.id)
    )
    for row in rows:
        found[row.wait_id].append(_offer(row, network, now))
    return found


def _offer(row: Row[*tuple[Any, ...]], network: Network, now: datetime) -> WaitOffer:
    span = Span(row.starts_at, row.ends_at)
    state = effective_state(
        BookingState(row.state), hold_expires_at=row.hold_expires_at, span=span, now=now
    )
    return WaitOffer(
        id=row.id,
        booking_id=BookingId(row.booking_id),
        ref=BookingRef(row.ref),
        space=network.space_by_id(row.space_id),
        span=span,
        until=row.hold_expires_at,
        gross=Money(row.gross_minor),
        state=offer_state(state, row.confirmed_at),
    )


def _wait(row: Row[Any], network: Network, offers: tuple[WaitOffer, ...]) -> Wait:
    site = None if row.site_id is None else network.site_by_id(row.site_id)
    wish = WaitWish(
        window=Span(row.starts_at, row.ends_at),
        minutes=row.minutes,
        people=row.people,
        site=None if site is None else site.code,
        kind=None if row.kind is None else SpaceKind(row.kind),
        equipment=tuple(row.equipment),
        accessible=row.accessible,
        hearing_loop=row.hearing_loop,
    )
    return Wait(
        id=row.id,
        ref=row.ref,
        account_id=AccountId(row.account_id),
        name=row.person,
        wish=wish,
        site=site,
        joined_at=row.joined_at,
        left_at=row.left_at,
        offers=offers,
    )
