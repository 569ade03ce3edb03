"""Bookings read: one, a person's, a site's, a space's; always as of an instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, LogLine, Visit
from app.bookings.queries.rows import known_ref, state_at, visit_from, visits, visits_from
from app.bookings.tables import BookingLogRow, BookingRow
from app.domain.booking_states import BookingState
from app.domain.errors import UnknownBooking
from app.domain.ids import AccountId, BookingId
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, allowed
from app.people.tables import AccountRow
from app.spaces.network import Network, Site, Space

PRESENT = frozenset(
    {
        BookingState.CONFIRMED,
        BookingState.CHECKED_IN,
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
    }
)
After = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """Which of a person's bookings to list: those that touch the window, in those states."""

    window: Span | None = None
    states: frozenset[BookingState] = frozenset()
    after: After | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some bookings by start, and where the next page begins (None at the end)."""

    items: list[Booking]
    next: After | None


def get_booking(
    session: Session,
    network: Network,
    actor: Actor,
    ref: str,
    *,
    now: datetime,
    wish: Permission = Permission.BOOKING_VIEW,
) -> Booking:
    """Give a booking the actor may do ``wish`` to; raises ``UnknownBooking`` for any other."""
    return get_visit(session, network, actor, ref, now=now, wish=wish).booking


def get_visit(
    session: Session,
    network: Network,
    actor: Actor,
    ref: str,
    *,
    now: datetime,
    wish: Permission = Permission.BOOKING_VIEW,
) -> Visit:
    """Give a booking the actor may do ``wish`` to and who comes; raises ``UnknownBooking``."""
    row = session.connection().execute(_BY_REF, {"ref": known_ref(ref)}).one_or_none()
    visit = None if row is None else visit_from(session, row, network, now)
    if visit is None or not allowed(actor, wish, visit.booking.subject):
        raise UnknownBooking(ref)
    return visit


def find_visit(
    session: Session, network: Network, booking_id: int, *, now: datetime
) -> Visit | None:
    """Give a booking and who comes by its id, asking nobody's permission: for reactions."""
    return find_visits_by_id(session, network, [booking_id], now=now).get(BookingId(booking_id))


def find_visits_by_id(
    session: Session, network: Network, ids: Collection[int], *, now: datetime
) -> dict[BookingId, Visit]:
    """Give the bookings of these ids and who comes, in one statement."""
    if not ids:
        return {}
    rows = session.execute(visits().where(BookingRow.id.in_(ids)).order_by(BookingRow.id))
    return {visit.booking.id: visit for visit in visits_from(session, rows, network, now)}


def my_bookings(
    session: Session, network: Network, actor: Actor, listing: Listing, *, now: datetime
) -> Page:
    """List the actor's own bookings and those of organisations they own, by start."""
    wanted = visits().where(_belongs_to(actor))
    if listing.window is not None:
        wanted = wanted.where(_touches(listing.window))
    if listing.states:
        wanted = wanted.where(state_at(now).in_(sorted(listing.states)))
    if listing.after is not None:
        wanted = wanted.where(tuple_(BookingRow.starts_at, BookingRow.id) > listing.after)
    wanted = wanted.order_by(BookingRow.starts_at, BookingRow.id).limit(listing.limit + 1)
    found = [visit.booking for visit in visits_from(session, session.execute(wanted), network, now)]
    items = found[: listing.limit]
    more = len(found) > listing.limit
    return Page(items, (items[-1].span.start, items[-1].id) if more else None)


def upcoming(
    session: Session, network: Network, actor: Actor, *, now: datetime, limit: int = 20
) -> list[Booking]:
    """Give the actor's bookings that still matter: held, confirmed or running, soonest first."""
    live = [
        BookingState.HELD,
        BookingState.REQUESTED,
        BookingState.CONFIRMED,
        BookingState.CHECKED_IN,
    ]
    wanted = (
        visits()
        .where(_belongs_to(actor), BookingRow.ends_at > now, state_at(now).in_(live))
        .order_by(BookingRow.starts_at, BookingRow.id)
        .limit(limit)
    )
    return [visit.booking for visit in visits_from(session, session.execute(wanted), network, now)]


def past(
    session: Session, network: Network, actor: Actor, *, now: datetime, limit: int = 20
) -> list[Booking]:
    """Give the actor's bookings that are over or given up, latest first."""
    over = [
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
        BookingState.CANCELLED,
        BookingState.REFUSED,
    ]
    wanted = (
        visits()
        .where(
            _belongs_to(actor),
            state_at(now).in_(over),
            or_(
                BookingRow.confirmed_at.is_not(None),
                BookingRow.state == BookingState.REFUSED.value,
            ),
        )
        .order_by(BookingRow.starts_at.desc(), BookingRow.id.desc())
        .limit(limit)
    )
    return [visit.booking for visit in visits_from(session, session.execute(wanted), network, now)]


def visits_of_site(
    session: Session, network: Network, site: Site, span: Span, *, now: datetime
) -> list[Visit]:
    """Give who comes to a site in that span, by start; nothing cancelled, held or expired."""
    wanted = (
        visits()
        .where(BookingRow.site_id == site.id, _touches(span), state_at(now).in_(PRESENT))
        .order_by(BookingRow.starts_at, BookingRow.space_id, BookingRow.id)
    )
    return visits_from(session, session.execute(wanted), network, now)


def bookings_of_person(
    session: Session, network: Network, account_id: AccountId, span: Span, *, now: datetime
) -> list[Visit]:
    """Give a person's bookings for their calendar: those that stand, and those given up."""
    wanted = (
        visits()
        .where(BookingRow.account_id == account_id, _touches(span), _shown_in_calendars())
        .order_by(BookingRow.starts_at, BookingRow.id)
    )
    return visits_from(session, session.execute(wanted), network, now)


def bookings_of_space(
    session: Session, network: Network, space: Space, span: Span, *, now: datetime
) -> list[Visit]:
    """Give the bookings of a space for its calendar: those that stand, and those given up."""
    wanted = (
        visits()
        .where(BookingRow.space_id == space.id, _touches(span), _shown_in_calendars())
        .order_by(BookingRow.starts_at, BookingRow.id)
    )
    return visits_from(session, session.execute(wanted), network, now)


def find_log(session: Session, booking: Booking) -> list[LogLine]:
    """Give what was done to a booking, oldest first."""
    rows = session.execute(
        select(BookingLogRow.at, AccountRow.name, BookingLogRow.action, BookingLogRow.facts)
        .outerjoin(AccountRow, AccountRow.id == BookingLogRow.actor_id)
        .where(BookingLogRow.booking_id == booking.id)
        .order_by(BookingLogRow.id)
    )
    return [LogLine(row.at, row.name, row.action, row.facts) for row in rows]


def _belongs_to(actor: Actor) -> ColumnElement[bool]:
    own = BookingRow.account_id == actor.account_id
    if not actor.organisations_owned:
        return own
    return or_(own, BookingRow.organisation_id.in_(sorted(actor.organisations_owned)))


def _touches(span: Span) -> ColumnElement[bool]:
    return and_(BookingRow.starts_at < span.end, BookingRow.ends_at > span.start)


def _shown_in_calendars() -> ColumnElement[bool]:
    return and_(
        BookingRow.confirmed_at.is_not(None),
        BookingRow.state.in_([*sorted(PRESENT), BookingState.CANCELLED]),
    )


_BY_REF = visits().where(BookingRow.ref == bindparam("ref"))  # built once: everybody asks it
