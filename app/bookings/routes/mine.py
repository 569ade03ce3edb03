"""My bookings: those to come and those over, and each with all there is to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from app.bookings import queries
from app.bookings.agenda_links import agenda_links
from app.bookings.booking import Booking, LogLine, Visit
from app.bookings.frozen import frozen_quote
from app.bookings.right_views import SpentView, spent_view
from app.bookings.routes.figures import big_for
from app.bookings.service.attending import EARLY
from app.bookings.term_words import terms_of
from app.bookings.words import action_word, fact_words
from app.db.transaction import reading
from app.domain.booking_states import CANCELLABLE, OPENING, BookingState
from app.domain.permissions import Permission, allowed
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import find_network
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView
from app.web import clock, formats, guards
from app.web.guards import signed_in

MOST = 50


@dataclass(frozen=True, slots=True)
class Mine:
    """A booking in a list."""

    booking: Booking
    place: str
    is_now: bool
    is_other: bool


@dataclass(frozen=True, slots=True)
class LogView:
    """One thing that was done to a booking."""

    at: datetime
    who: str
    what: str
    more: str


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A booking in words, and what may be done to it now."""

    visit: Visit
    place: PlaceView
    doors: tuple[str, ...]
    quote: QuoteView
    spent: tuple[SpentView, ...]
    big: str
    log: list[LogView]
    has_pass: bool
    can_move: bool
    can_cancel: bool
    can_end: bool
    can_come: bool
    can_hand_over: bool
    can_pardon: bool
    can_waive: bool
    terms: list[str]
    is_mine: bool


@signed_in
def bookings() -> ResponseReturnValue:
    """List the person's bookings."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        coming = queries.upcoming(session, network, actor, now=now, limit=MOST)
        past = queries.past(session, network, actor, now=now, limit=MOST)
    return render_template(
        "bookings/mine.html",
        coming=[_mine(each, now) for each in coming],
        past=[_mine(each, now) for each in past],
        has_basket=any(each.state is BookingState.HELD for each in coming),
    )


@signed_in
def booking(ref: str) -> ResponseReturnValue:
    """Show a booking to those who may see it."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        visit = queries.get_visit(session, network, actor, ref, now=now)
        log = queries.find_log(session, visit.booking)
        cards = find_cards(session, network)
        spent = spent_view(session, network, visit.booking)
    found = visit.booking
    page = BookingPage(
        visit=visit,
        place=place_view(found.space, found.site),
        doors=tuple(door.name.get(formats.language()) for door in found.space.doors),
        quote=frozen_quote(cards, found),
        spent=spent,
        big=big_for(found.organisation_id),
        log=[_said(found, line) for line in log],
        has_pass=found.state in OPENING
        and now < found.span.end
        and allowed(actor, Permission.PASS_VIEW, found.subject),
        can_move=found.can_move(now) and allowed(actor, Permission.BOOKING_MOVE, found.subject),
        can_cancel=found.can_cancel(now)
        and allowed(actor, Permission.BOOKING_CANCEL, found.subject),
        can_end=_has_begun(found, now) and allowed(actor, Permission.BOOKING_MOVE, found.subject),
        can_come=found.account_id == actor.account_id and _is_awaited(found, now),
        can_hand_over=found.state is BookingState.CONFIRMED
        and allowed(actor, Permission.BOOKING_HAND_OVER, found.subject),
        can_pardon=found.state is BookingState.NO_SHOW
        and found.release_at is not None
        and allowed(actor, Permission.ABSENCE_PARDON, found.subject),
        can_waive=found.state in CANCELLABLE
        and allowed(actor, Permission.BOOKING_OVERRIDE, found.subject),
        terms=terms_of(found) if found.can_cancel(now) else [],
        is_mine=found.account_id == actor.account_id,
    )
    return render_template(
        "bookings/booking.html", page=page, booking=found, agenda_links=agenda_links(visit, now)
    )


def _said(booking: Booking, line: LogLine) -> LogView:
    more = "\u00a0; ".join(fact_words(booking, line.action, line.facts))
    return LogView(line.at, line.actor or "", action_word(line.action), more)


def _has_begun(booking: Booking, now: datetime) -> bool:
    """Whether people may be there: then its end may move, and they may leave."""
    begun = booking.state is BookingState.CHECKED_IN or now >= booking.span.start
    return begun and booking.can_end(now)


def _is_awaited(booking: Booking, now: datetime) -> bool:
    """Whether its people may say that they are there."""
    awaited = booking.state in (BookingState.CONFIRMED, BookingState.NO_SHOW)
    return awaited and booking.span.start - EARLY <= now < booking.span.end


def _mine(booking: Booking, now: datetime) -> Mine:
    return Mine(
        booking=booking,
        place=booking.space.name.get(formats.language()),
        is_now=booking.span.holds(now)
        and booking.state in (BookingState.CONFIRMED, BookingState.CHECKED_IN),
        is_other=booking.account_id != guards.actor().account_id,
    )
