"""Changing one's mind: another time, place or number of people, or giving the booking up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.bookings import queries, service
from app.bookings.booking import NOTHING, Booking, Wanted
from app.bookings.forms import (
    REASON_LENGTH,
    MoveForm,
    cents_in,
    refuse,
    span_of,
    stay_values,
    typed,
    values_of,
)
from app.bookings.frozen import frozen_quote
from app.bookings.routes.figures import big_for
from app.bookings.term_words import terms_of
from app.bookings.ways_out import WayOut, ways_after, ways_from
from app.db.transaction import reading, transaction
from app.domain.booking_states import CANCELLABLE, BookingState
from app.domain.cancellation import kept_of_change
from app.domain.errors import DomainError, RoomTaken, SpanInPast, WrongState
from app.domain.money import Money
from app.domain.permissions import Actor, Permission, allowed, require
from app.spaces.network import Network
from app.spaces.place_views import place_view
from app.spaces.queries import find_network
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView, priced_view
from app.web import clock, formats, guards
from app.web.addresses import address
from app.web.choices import SelectChoice
from app.web.errors import status_of
from app.web.guards import signed_in
from app.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class Change:
    """What a move would make of a booking: its new price and the difference, or a refusal."""

    quote: QuoteView | None = None
    due: Money = NOTHING
    kept: Money = NOTHING
    more: Money | None = None
    less: Money | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    start: datetime | None = None
    end: datetime | None = None
    ways: tuple[WayOut, ...] = ()
    status: int = 200


@signed_in
def move_page(ref: str) -> ResponseReturnValue:
    """Show the form, and the price of the change it asks for, before anything is changed."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        booking = queries.get_booking(session, network, actor, ref, now=now)
        require(actor, Permission.BOOKING_MOVE, booking.subject)
        if not booking.can_move(now):
            flash(sentence(WrongState(booking.state, booking.state)), "warning")
            return redirect(url_for("bookings.booking", ref=ref), 303)
        form = _form(booking, typed(request.args), network)
        asked = bool(request.args)
        change = _preview(session, network, booking, form, now) if asked else Change()
        cards = find_cards(session, network)
    return _page(booking, cards, form, change)


@signed_in
def move(ref: str) -> ResponseReturnValue:
    """Change the booking; a clash shows what is near, with the form as typed."""
    now, actor = clock.now(), guards.actor()
    form = MoveForm(formdata=typed(request.form))
    if form.validate():
        try:
            with transaction() as session:
                moved = _move(session, actor, ref, form, now)
        except DomainError as refusal:
            return _refused(actor, ref, refusal, now)
        renamed = str(moved.version) == form.version.data
        told = (
            _("C’est changé.") if renamed else _("C’est changé. Un nouveau pass part par courriel.")
        )
        flash(told, "done")
        return redirect(url_for("bookings.booking", ref=moved.ref), 303)
    return _refused(actor, ref, None, now)


@signed_in
def cancel_page(ref: str) -> ResponseReturnValue:
    """Ask whether the booking is really to be given up."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        booking = queries.get_booking(session, network, actor, ref, now=now)
    require(actor, Permission.BOOKING_CANCEL, booking.subject)
    can_waive = allowed(actor, Permission.BOOKING_OVERRIDE, booking.subject)
    if not booking.can_cancel(now) and not (can_waive and booking.state in CANCELLABLE):
        return redirect(url_for("bookings.booking", ref=ref), 303)
    back = booking.refund_now(now)
    return render_template(
        "bookings/cancel.html",
        booking=booking,
        place=place_view(booking.space, booking.site),
        back=back,
        rest=booking.gross + booking.kept - back,
        terms=terms_of(booking),
        can_waive=can_waive,
    )


@signed_in
def cancel(ref: str) -> ResponseReturnValue:
    """Give the booking up; pressed twice, it is given up once."""
    now, actor = clock.now(), guards.actor()
    try:
        with transaction() as session:
            waived = request.form.get("waived", "")[:REASON_LENGTH].strip()
            service.cancel(session, actor, ref, now=now, waived=waived)
    except (WrongState, SpanInPast) as refusal:
        flash(sentence(refusal), "warning")
        return redirect(url_for("bookings.booking", ref=ref), 303)
    flash(_("La réservation est annulée, le lieu est de nouveau libre."), "done")
    return redirect(url_for("bookings.booking", ref=ref), 303)


def _movable(session: Session, network: Network, actor: Actor, ref: str, now: datetime) -> Booking:
    booking = queries.get_booking(session, network, actor, ref, now=now)
    require(actor, Permission.BOOKING_MOVE, booking.subject)
    if not booking.can_move(now):
        raise WrongState(booking.state, booking.state)
    return booking


def _form(booking: Booking, given: MultiDict[str, str], network: Network) -> MoveForm:
    """Give the form as typed, filled up with what stands."""
    values = {
        **stay_values(booking.span, booking.people, booking.site.zone),
        "space": booking.space.code,
        "title": booking.title,
        "version": str(booking.version),
    }
    if {"date", "start", "end"} & set(given):
        values = {name: value for name, value in values.items() if not name.endswith("_fold")}
    for name, value in values.items():
        given.setdefault(name, value)
    form = MoveForm(formdata=given)
    form.space.choices = [
        SelectChoice(space.code, space.name.get(formats.language()))
        for space in booking.site.spaces
        if space.bookable or space.code == booking.space.code
    ]
    if (other := network.find_space(form.space.data or "")) and other.site != booking.space.site:
        name = f"{other.name.get(formats.language())} ({network.get_site(other.site).town})"
        form.space.choices.append(SelectChoice(other.code, name))
    return form


def _wanted(network: Network, form: MoveForm) -> Wanted:
    space = network.get_space(form.space.data or "")
    span = span_of(form, network.get_site(space.site).zone)
    return Wanted(space.code, span, form.people.data or 0, form.title.data or "")


def _preview(
    session: Session, network: Network, booking: Booking, form: MoveForm, now: datetime
) -> Change:
    if not form.validate():
        return Change(status=422)
    cards = find_cards(session, network)
    try:
        wanted = _wanted(network, form)
        price = queries.price_of(session, network, cards, wanted, booking, now=now)
    except DomainError as refusal:
        return _told(network, booking, form, refusal)
    space = network.get_space(wanted.space)
    zone = network.get_site(space.site).zone
    before = booking.gross + booking.kept
    kept = NOTHING
    if booking.state is not BookingState.HELD:
        kept = kept_of_change(before, price.quote.gross, booking.percent_back(now))
    due = price.quote.gross + kept
    cents = due.minor - before.minor
    return Change(
        quote=priced_view(price, space.site),
        due=due,
        kept=kept,
        more=Money(cents) if cents > 0 else None,
        less=Money(-cents) if cents < 0 else None,
        values={
            "space": wanted.space,
            "title": wanted.title,
            "version": form.version.data or str(booking.version),
            **stay_values(wanted.span, wanted.people, zone),
        },
        place=space.name.get(formats.language()),
        start=wanted.span.start,
        end=wanted.span.end,
    )


def _told(network: Network, booking: Booking, form: MoveForm, refusal: DomainError) -> Change:
    refuse(form, refusal)

    def again(changes: Mapping[str, str]) -> str:
        kept: dict[str, object] = {**values_of(form), **changes}
        return address("bookings.move_page", ref=booking.ref, **kept)

    ways = ways_after(form, refusal, booking.site, again, now=clock.now())
    return Change(ways=tuple(ways), status=status_of(refusal))


def _move(session: Session, actor: Actor, ref: str, form: MoveForm, now: datetime) -> Booking:
    """Change the booking; an impatient second press finds it changed and leaves it."""
    network = find_network(session)
    wanted = _wanted(network, form)
    booking = queries.get_booking(session, network, actor, ref, now=now)
    stands = Wanted(booking.space.code, booking.span, booking.people, booking.title)
    if wanted == stands:
        return booking
    seen = form.version.data or ""
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    shown = cents_in(request.form.get("price", ""))
    return service.move(session, actor, ref, wanted, now=now, expected_version=version, shown=shown)


def _refused(
    actor: Actor, ref: str, refusal: DomainError | None, now: datetime
) -> ResponseReturnValue:
    """Show the form as typed with the refusal beside it, and after a clash what is near."""
    with reading() as session:
        network = find_network(session)
        booking = _movable(session, network, actor, ref, now)
        form, cards = _form(booking, typed(request.form), network), find_cards(session, network)
        if not form.validate() or refusal is None:
            return _page(booking, cards, form, Change(status=422))
        change = _told(network, booking, form, refusal)
        if isinstance(refusal, RoomTaken):
            ways = _near(session, network, booking, form, now)
            change = Change(ways=tuple(ways), status=change.status)
    return _page(booking, cards, form, change)


def _near(
    session: Session, network: Network, booking: Booking, form: MoveForm, now: datetime
) -> list[WayOut]:
    wanted, cards = _wanted(network, form), find_cards(session, network)
    found = queries.alternatives_for(session, network, cards, wanted, booking, now=now)
    return [
        WayOut(way.title, way.text, address("bookings.move_page", ref=booking.ref, **way.values))
        for way in ways_from(network, found, wanted.people)
    ]


def _page(booking: Booking, cards: Cards, form: MoveForm, change: Change) -> ResponseReturnValue:
    return render_template(
        "bookings/move.html",
        booking=booking,
        place=place_view(booking.space, booking.site),
        quote=frozen_quote(cards, booking),
        form=form,
        change=change,
        big=big_for(booking.organisation_id),
    ), change.status
