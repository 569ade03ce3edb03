"""Waiting for a place: joining the line, leaving it, and offering what is free to who is next.

The clock says who is next and whether an offer still runs; whoever calls ``offer_places``, and
however often, makes the same offers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.queries.locks import lock_person
from app.bookings.queries.nearby import Calendar, read_calendar
from app.bookings.queries.offers import is_lawful
from app.bookings.queries.waits import get_wait, open_waits
from app.bookings.service.asking import drop_hold, enter
from app.bookings.service.drafting import Asked, new_ref
from app.bookings.wait_tables import WaitOfferRow, WaitRow
from app.bookings.waits import Wait, WaitWish
from app.db import outbox
from app.domain.booking_rules import Wish
from app.domain.booking_states import BookingState
from app.domain.calendars import local_dates, opening_spans
from app.domain.errors import (
    DomainError,
    NobodyComes,
    NothingToWaitFor,
    SpanInPast,
    TooLong,
    TooManyWaits,
)
from app.domain.events import LineMoved, WaitOffered
from app.domain.intervals import Span
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.stays import refuse_beyond_horizon, refuse_length
from app.domain.waiting import (
    LEAST_ANSWER,
    LONGEST_WINDOW,
    WaitState,
    answer_until,
    line,
    stays_within,
)
from app.spaces.network import Network, Space
from app.spaces.queries import find_network, free_stretches

MOST_WAITS = 5
AROUND = timedelta(hours=12)  # what is read beside a window: buffers of a stay lie within
MINUTE = timedelta(minutes=1)
_JOIN = insert(WaitRow).inline()
_OFFER = insert(WaitOfferRow).returning(WaitOfferRow.id)


def join(session: Session, actor: Actor, wish: WaitWish, *, now: datetime) -> Wait:
    """Wait for a place oneself; asked twice for the same, one waits once.

    Raises ``NothingToWaitFor`` when no place would ever do, ``TooManyWaits``, and what is odd
    about the window: ``SpanInPast``, ``TooLong``.
    """
    require(actor, Permission.BOOKING_CREATE, Subject(owner_id=actor.account_id))
    network = find_network(session)
    _refuse_odd(network, wish, now)
    lock_person(session, actor.account_id)
    mine = [
        each
        for each in open_waits(session, network, now=now)
        if each.account_id == actor.account_id
        and each.state(now) in (WaitState.WAITING, WaitState.OFFERED)
    ]
    for each in mine:
        if each.wish == wish:
            return each
    if len(mine) >= MOST_WAITS:
        raise TooManyWaits(MOST_WAITS)
    ref = new_ref()
    session.connection().execute(_JOIN, _columns(network, actor, wish, ref, now))
    outbox.put(session, LineMoved("joined"), now=now)
    return get_wait(session, network, actor.account_id, ref, now=now)


def leave_line(session: Session, actor: Actor, ref: str, *, now: datetime) -> Wait:
    """Wait no more; a place that is held for it goes back at once. Twice is once.

    Raises ``UnknownWait``, also for somebody else's.
    """
    require(actor, Permission.BOOKING_CANCEL, Subject(owner_id=actor.account_id))
    network = find_network(session)
    wait = get_wait(session, network, actor.account_id, ref, now=now, lock=True)
    if wait.left_at is None:
        session.connection().execute(
            update(WaitRow).where(WaitRow.id == wait.id).values(left_at=now)
        )
        _give_back(session, actor, wait, now)
    return wait


def decline(session: Session, actor: Actor, ref: str, *, now: datetime) -> Wait:
    """Say no to the offer that runs and wait on, behind the others; without one, nothing."""
    require(actor, Permission.BOOKING_CANCEL, Subject(owner_id=actor.account_id))
    network = find_network(session)
    wait = get_wait(session, network, actor.account_id, ref, now=now, lock=True)
    _give_back(session, actor, wait, now)
    return wait


def offer_places(session: Session, *, now: datetime) -> int:
    """Hold what is free for who is next in line; gives how many offers were made.

    The line is locked first: of two who do this at once, the second sees what the first offered.
    """
    network = find_network(session)
    waits = {each.id: each for each in open_waits(session, network, now=now, lock=True)}
    turns = line([each.waiting for each in waits.values()], now)
    if not turns:
        return 0
    in_turn = [waits[each.id] for each in turns]
    suited = {each.id: each.wish.places(network) for each in in_turn}
    spaces = {space.code: space for found in suited.values() for space in found}
    windows = [_widened(each.wish.window) for each in in_turn]
    calendar = read_calendar(session, list(spaces.values()), windows, now=now)
    made = 0
    for each in in_turn:
        if _offer_first(session, each, _stays(each, suited[each.id], calendar, now), now):
            made += 1
            calendar = read_calendar(session, list(spaces.values()), windows, now=now)
    return made


def _refuse_odd(network: Network, wish: WaitWish, now: datetime) -> None:
    if wish.people < 1:
        raise NobodyComes(wish.people)
    if wish.site is not None:
        network.get_site(wish.site)
    if wish.window.duration > LONGEST_WINDOW:
        raise TooLong(LONGEST_WINDOW // MINUTE, wish.window.minutes)
    if wish.minutes > wish.window.minutes:
        raise TooLong(wish.window.minutes, wish.minutes)
    if wish.window.end - wish.minutes * MINUTE < now + LEAST_ANSWER:
        raise SpanInPast(wish.window.start, now)
    places = wish.places(network)
    if not places:
        raise NothingToWaitFor
    refuse_beyond_horizon(wish.window, calendar=places[0].calendar, now=now)
    _refuse_length(places, wish)


def _refuse_length(places: Sequence[Space], wish: WaitWish) -> None:
    """Raise why no place is ever given out for so long, if so."""
    start = wish.window.start
    if wish.minutes < wish.window.minutes:  # at any hour: only the length matters
        start = start.replace(minute=0, second=0, microsecond=0)
    stay = Span(start, start + wish.minutes * MINUTE)
    refusals: list[DomainError] = []
    for space in places:
        try:
            refuse_length(stay, space.limits)
        except DomainError as refusal:
            refusals.append(refusal)
        else:
            return
    raise refusals[0]


def _columns(
    network: Network, actor: Actor, wish: WaitWish, ref: str, now: datetime
) -> dict[str, object]:
    return {
        "ref": ref,
        "account_id": actor.account_id,
        "site_id": None if wish.site is None else network.get_site(wish.site).id,
        "kind": None if wish.kind is None else wish.kind.value,
        "people": wish.people,
        "starts_at": wish.window.start,
        "ends_at": wish.window.end,
        "minutes": wish.minutes,
        "equipment": list(wish.equipment),
        "accessible": wish.accessible,
        "hearing_loop": wish.hearing_loop,
        "joined_at": now,
        "left_at": None,
    }


def _give_back(session: Session, actor: Actor, wait: Wait, now: datetime) -> None:
    """Give the place back that is held for it; the next in line hears of it."""
    if wait.open_offer is not None:
        drop_hold(session, actor, wait.open_offer.ref, now=now)
        outbox.put(session, LineMoved("passed"), now=now)


def _stays(
    wait: Wait, suited: Sequence[Space], calendar: Calendar, now: datetime
) -> Iterator[Wanted]:
    """Give the stays that may be tried for somebody, the closest fit first."""
    waiting, people_count = wait.waiting, wait.wish.people
    for space in suited:
        rows = calendar.around(space, _widened(wait.wish.window))
        free = [
            stretch
            for each in _hours(space, wait.wish)
            for stretch in free_stretches(space, rows, each, people=people_count)
        ]
        for span in stays_within(waiting, free, now=now):
            wish = Wish(span, people_count)
            if not waiting.had(space.code, span) and is_lawful(space, wish, now):
                yield Wanted(space.code, span, people_count)
                break


def _hours(space: Space, wish: WaitWish) -> list[Span]:
    """Give the hours that are looked at: the very stay, or the open hours of its days."""
    if wish.window.minutes == wish.minutes:
        return [wish.window]
    return [
        each
        for day in local_dates(space.calendar, wish.window)
        for each in opening_spans(space.calendar, day)
    ]


def _offer_first(session: Session, wait: Wait, stays: Iterator[Wanted], now: datetime) -> bool:
    """Hold the first of those stays that the rules give the person; False: they refuse all."""
    actor = Actor(wait.account_id)
    for wanted in stays:
        until = answer_until(now, wanted.span.start)
        if until is None:
            continue
        asked = Asked(actor, actor.account_id, wanted, BookingState.HELD, now, held_until=until)
        held = _hold(session, asked)
        if held is None:
            continue
        number = session.connection().execute(
            _OFFER, {"wait_id": wait.id, "booking_id": held.id, "offered_at": now}
        )
        outbox.put(session, WaitOffered(number.scalar_one()), now=now)
        return True
    return False


def _hold(session: Session, asked: Asked) -> Booking | None:
    """Hold a place in a savepoint; None when a rule says no, or an earlier offer took it."""
    try:
        with session.begin_nested():
            return enter(session, asked)
    except DomainError:
        return None


def _widened(window: Span) -> Span:
    return Span(window.start - AROUND, window.end + AROUND)
