"""A place kept for a while: taken on the way from the price to the confirmation, or given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.booking import Booking, Wanted
from app.bookings.forms import (
    ConfirmForm,
    HoldForm,
    refuse,
    span_of,
    stay_values,
    typed,
    values_of,
    wanted_of,
)
from app.bookings.frozen import frozen_quote
from app.bookings.queries import Listing
from app.bookings.right_views import SpentView, spent_view
from app.bookings.routes.figures import big_for
from app.bookings.routes.place import Asking, page_of, shown
from app.bookings.term_words import terms_of
from app.db.transaction import reading, transaction
from app.domain.booking_states import GONE, BookingState
from app.domain.errors import DomainError, HoldExpired, RoomTaken, WrongState
from app.domain.permissions import Actor
from app.spaces.place_views import place_view
from app.spaces.queries import find_network
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.web import clock, guards
from app.web.addresses import address
from app.web.errors import status_of
from app.web.guards import public, signed_in
from app.web.sentences import sentence

BASKET = "basket"  # a place put beside the others that one keeps


@public
def hold() -> ResponseReturnValue:
    """Keep a place for the person; somebody not signed in does that first and comes back to it."""
    form = HoldForm(formdata=typed(request.form))
    actor = guards.maybe_actor()
    if actor is None:
        values = values_of(form)
        code = values.pop("space", [""])[0]
        back = address("bookings.place", code=code, **values) if code else "/"
        return redirect(url_for("people.sign_in", next=back), 303)
    now = clock.now()
    try:
        with transaction() as session:
            held = _hold(session, actor, form, now)
    except DomainError as refusal:
        return _refused(actor, form, refusal, now)
    if held is None:
        return _refused(actor, form, None, now)
    if BASKET in request.form:
        flash(_("C’est dans le panier. Ajoutez d’autres lieux, ou confirmez le tout."), "done")
        return redirect(url_for("bookings.basket"), 303)
    return redirect(url_for("bookings.confirm", ref=held.ref), 303)


@signed_in
def confirm_page(ref: str) -> ResponseReturnValue:
    """Show what is held, until when, and for how much."""
    seen = _get(ref)
    booking = seen.booking
    if booking.state is BookingState.HELD:
        form = ConfirmForm(title=booking.title, people=booking.people)
        return _confirm_page(seen, form, 200)
    if booking.state in GONE:
        return _gone(booking)
    return redirect(url_for("bookings.booking", ref=ref), 303)


@signed_in
def confirm(ref: str) -> ResponseReturnValue:
    """Turn the hold into a booking; pressed twice, it is confirmed once."""
    form = ConfirmForm()
    if not form.validate():
        return _confirm_page(_get(ref), form, 422)
    now, actor = clock.now(), guards.actor()
    try:
        with transaction() as session:
            confirmed = _confirm(session, actor, ref, form, now)
    except (HoldExpired, WrongState):
        return confirm_page(ref)
    except DomainError as refusal:
        refuse(form, refusal)
        return _confirm_page(_get(ref), form, status_of(refusal))
    if confirmed.state is BookingState.HELD:
        flash(_("Le nombre de personnes change le prix. Relisez-le, puis confirmez."), "warning")
        return redirect(url_for("bookings.confirm", ref=ref), 303)
    if confirmed.state is BookingState.REQUESTED:
        flash(
            _("C’est demandé. L’accueil vous répond par courriel ; le lieu vous est gardé."), "done"
        )
    else:
        flash(_("C’est réservé. Une confirmation part par courriel avec votre pass."), "done")
    return redirect(url_for("bookings.booking", ref=ref), 303)


@signed_in
def drop(ref: str) -> ResponseReturnValue:
    """Give the held place back."""
    now, actor = clock.now(), guards.actor()
    try:
        with transaction() as session:
            booking = service.drop_hold(session, actor, ref, now=now)
    except WrongState:
        return redirect(url_for("bookings.booking", ref=ref), 303)
    flash(_("Le lieu est rendu."), "done")
    way = url_for("bookings.basket") if BASKET in request.form else _place(booking)
    return redirect(way, 303)


def _hold(session: Session, actor: Actor, form: HoldForm, now: datetime) -> Booking | None:
    """Keep the place, or give what an impatient second press already keeps; None: unreadable."""
    network = find_network(session)
    space = network.get_space(form.space.data or "")
    if not form.validate():
        return None
    span = span_of(form, network.get_site(space.site).zone)
    listing = Listing(window=span, states=frozenset({BookingState.HELD}))
    for held in queries.my_bookings(session, network, actor, listing, now=now).items:
        stands = (held.account_id, held.space.code, held.span, held.people)
        if stands == (actor.account_id, space.code, span, form.people.data):
            return held
    wanted = wanted_of(form, space, span)
    return service.hold_room(session, actor, wanted, now=now, beside=BASKET in request.form)


def _refused(
    actor: Actor, form: HoldForm, refusal: DomainError | None, now: datetime
) -> ResponseReturnValue:
    """Show the place again with the form as typed, the refusal, and what is near."""
    with reading() as session:
        network = find_network(session)
        space = network.get_space(form.space.data or "")
        asking = Asking(session, network, space, actor, form, now)
        clash = None if isinstance(refusal, RoomTaken) else refusal
        page = page_of(asking, clash=clash)
    body, status = shown(page, form)
    return body, status if refusal is None else status_of(refusal)


def _confirm(session: Session, actor: Actor, ref: str, form: ConfirmForm, now: datetime) -> Booking:
    """Confirm at the price shown; other people first mean another price to be read."""
    network = find_network(session)
    booking = queries.get_booking(session, network, actor, ref, now=now)
    people, title = form.people.data or 0, form.title.data or ""
    if booking.state is BookingState.HELD and people != booking.people:
        wanted = Wanted(booking.space.code, booking.span, people, title, setup=booking.setup)
        moved = service.move(session, actor, ref, wanted, now=now)
        if moved.gross != booking.gross:
            return moved
    return service.confirm(
        session, actor, ref, now=now, title=title, shown=form.shown, guest=form.guest
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A hold at the price that confirming it would have now, and the rights it would use up."""

    booking: Booking
    cards: Cards
    spent: tuple[SpentView, ...]


def _get(ref: str) -> _Seen:
    with reading() as session:
        network = find_network(session)
        booking = queries.get_booking(session, network, guards.actor(), ref, now=clock.now())
        if booking.state is BookingState.HELD:
            booking = queries.as_it_stands(session, network, booking)
        cards = find_cards(session, network)
        return _Seen(booking, cards, spent_view(session, network, booking))


def _confirm_page(seen: _Seen, form: ConfirmForm, status: int) -> ResponseReturnValue:
    booking, now = seen.booking, clock.now()
    if booking.state is not BookingState.HELD:
        return confirm_page(booking.ref)
    form.price.data = str(booking.gross.minor)
    return render_template(
        "bookings/confirm.html",
        booking=booking,
        left=(booking.hold_expires_at or now) - now,
        place=place_view(booking.space, booking.site),
        quote=frozen_quote(seen.cards, booking),
        big=big_for(booking.organisation_id),
        spent=seen.spent,
        terms=terms_of(booking),
        form=form,
    ), status


def _gone(booking: Booking) -> ResponseReturnValue:
    expired_at = booking.hold_expires_at or booking.span.start
    return render_template(
        "bookings/hold_over.html",
        booking=booking,
        place=place_view(booking.space, booking.site),
        sentence=sentence(HoldExpired(expired_at))
        if booking.state is BookingState.EXPIRED
        else _("Ce lieu n’est plus gardé pour vous."),
        again=_place(booking),
    ), 409


def _place(booking: Booking) -> str:
    values = stay_values(booking.span, booking.people, booking.site.zone)
    return address("bookings.place", code=booking.space.code, **values)
