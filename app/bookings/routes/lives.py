"""The later life of a booking on screen: its end, leaving, coming, handing over, absences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue, RouteCallable
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from app.bookings import queries, service
from app.bookings.arrival_links import is_signed
from app.bookings.booking import Booking, Change
from app.bookings.forms import cents_in
from app.bookings.queries.lengths import Length, lengths_of
from app.bookings.term_words import terms_of
from app.db.transaction import reading, transaction
from app.domain.errors import DomainError, PriceChanged, UnknownBooking, WrongState
from app.domain.permissions import Actor, Permission, require
from app.people.addresses import normal_email
from app.spaces.place_views import place_view
from app.spaces.queries import find_network
from app.web import clock, formats, guards
from app.web.api import InstantField
from app.web.errors import status_of
from app.web.guards import public, requires, signed_in
from app.web.sentences import sentence

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Choice:
    """Another end, with its hour as a clock shows it."""

    length: Length
    hour: str


@signed_in
def end_page(ref: str) -> ResponseReturnValue:
    """Show until when a stay may last instead, and what each end would cost."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        booking = queries.get_booking(session, network, actor, ref, now=now)
        require(actor, Permission.BOOKING_MOVE, booking.subject)
        if not booking.can_end(now):
            flash(sentence(WrongState(booking.state, booking.state)), "warning")
            return redirect(url_for("bookings.booking", ref=ref), 303)
        lengths = lengths_of(session, network, booking, now=now)
    zone = booking.site.zone
    choices = [Choice(each, formats.clock(each.ends_at, zone)) for each in lengths]
    return render_template(
        "bookings/end.html",
        booking=booking,
        place=place_view(booking.space, booking.site),
        longer=[each for each in choices if each.length.is_longer],
        shorter=[each for each in choices if not each.length.is_longer],
        begun=now >= booking.span.start,
    )


@signed_in
def end(ref: str) -> ResponseReturnValue:
    """Put the end of a stay where it was wished, at the price that was shown."""
    price = cents_in(request.form.get("price", ""))
    try:
        ends_at = InstantField().deserialize(request.form.get("ends_at", ""))
    except ValidationError:
        return redirect(url_for("bookings.end_page", ref=ref), 303)
    change = Change(ends_at=ends_at)

    def deed(session: Session, actor: Actor, now: datetime) -> Booking:
        return service.move(session, actor, ref, change, now=now, shown=price)

    told = _("C’est noté : la réservation a une nouvelle heure de fin.")
    return _done(ref, deed, told, again="bookings.end_page")


@signed_in
def leave(ref: str) -> ResponseReturnValue:
    """End one's stay now; pressed twice, it is ended once."""

    def deed(session: Session, actor: Actor, now: datetime) -> Booking:
        return service.leave(session, actor, ref, now=now)

    return _done(ref, deed, _("Bonne route ! Le lieu est libre pour les autres."))


@signed_in
def come(ref: str) -> ResponseReturnValue:
    """Note that one has come to one's own booking."""

    def deed(session: Session, actor: Actor, now: datetime) -> Booking:
        network = find_network(session)
        booking = queries.get_booking(session, network, actor, ref, now=now)
        if booking.account_id != actor.account_id:
            raise UnknownBooking(ref)
        return service.come(session, booking.id, now=now) or booking

    return _done(ref, deed, _("Bienvenue ! Votre arrivée est notée."))


@public
def arrive_page(ref: str, signed: str) -> ResponseReturnValue:
    """Show who follows the link of their mail what it is for, with one button."""
    booking = _signed(ref, signed)
    place = place_view(booking.space, booking.site)
    return render_template("bookings/arrive.html", booking=booking, place=place, signed=signed)


@public
def arrive(ref: str, signed: str) -> ResponseReturnValue:
    """Note that who has the link has come; pressed twice, it is noted once."""
    booking = _signed(ref, signed)
    try:
        with transaction() as session:
            service.come(session, booking.id, now=clock.now())
    except DomainError as refusal:
        flash(sentence(refusal), "warning")
    else:
        flash(_("Bienvenue ! Votre arrivée est notée."), "done")
    return redirect(url_for("bookings.arrive_page", ref=ref, signed=signed), 303)


@signed_in
def hand_over_page(ref: str) -> ResponseReturnValue:
    """Ask to whom a booking goes, and say what that means."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        booking = queries.get_booking(session, find_network(session), actor, ref, now=now)
    require(actor, Permission.BOOKING_HAND_OVER, booking.subject)
    return _hand_over(booking, "", "", 200)


@signed_in
def hand_over(ref: str) -> ResponseReturnValue:
    """Give the booking to a colleague, or offer it by mail."""
    now, actor = clock.now(), guards.actor()
    email = request.form.get("email", "").strip()
    with reading() as session:
        booking = queries.get_booking(session, find_network(session), actor, ref, now=now)
    try:
        to = normal_email(email)
    except ValueError:
        return _hand_over(booking, email, _("Écrivez une adresse de courriel."), 422)
    try:
        with transaction() as session:
            handed = service.hand_over(session, actor, ref, to, now=now)
    except DomainError as refusal:
        return _hand_over(booking, email, sentence(refusal), status_of(refusal))
    if handed.is_done:
        flash(_("C’est fait : la réservation a changé de main."), "done")
        return redirect(url_for("bookings.bookings"), 303)
    told = _(
        "La proposition part par courriel. La réservation reste à vous jusqu’à ce qu’on la prenne."
    )
    flash(told, "done")
    return redirect(url_for("bookings.booking", ref=ref), 303)


@signed_in
def take_over_page(code: str) -> ResponseReturnValue:
    """Show a booking that is offered: where, when, at what price and by what terms."""
    with reading() as session:
        network = find_network(session)
        visit = queries.get_offered(session, network, code, now=clock.now())
    booking = visit.booking
    return render_template(
        "bookings/take_over.html",
        visit=visit,
        booking=booking,
        place=place_view(booking.space, booking.site),
        terms=terms_of(booking),
        code=code,
    )


@signed_in
def take_over(code: str) -> ResponseReturnValue:
    """Accept an offered booking."""
    with transaction() as session:
        booking = service.take_over(session, guards.actor(), code, now=clock.now())
    flash(_("Cette réservation est maintenant la vôtre. Votre pass part par courriel."), "done")
    return redirect(url_for("bookings.booking", ref=booking.ref), 303)


@requires(Permission.ABSENCE_PARDON)
def pardon(ref: str) -> ResponseReturnValue:
    """Let an absence count no more, with a reason."""
    reason = request.form.get("reason", "")

    def deed(session: Session, actor: Actor, now: datetime) -> Booking:
        return service.pardon(session, actor, ref, reason, now=now)

    return _done(ref, deed, _("L’absence ne compte plus."))


@signed_in
def absences() -> ResponseReturnValue:
    """List one's own absences of a year, and which still count."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        found = queries.absences_of(
            session, network, actor.account_id, since=now - LOOKED_BACK, now=now
        )
    return render_template("bookings/absences.html", absences=found)


def _done(
    ref: str,
    deed: Callable[[Session, Actor, datetime], Booking],
    told: str,
    *,
    again: str = "bookings.booking",
) -> ResponseReturnValue:
    """Do one thing to a booking and return to it; a refusal is told and changes nothing."""
    try:
        with transaction() as session:
            deed(session, guards.actor(), clock.now())
    except UnknownBooking:
        raise
    except DomainError as refusal:
        flash(sentence(refusal), "warning" if isinstance(refusal, PriceChanged) else "trouble")
        return redirect(url_for(again, ref=ref), 303)
    flash(told, "done")
    return redirect(url_for("bookings.booking", ref=ref), 303)


def _signed(ref: str, signed: str) -> Booking:
    with reading() as session:
        booking = queries.find_by_ref(session, find_network(session), ref, now=clock.now())
    if booking is None or not is_signed(booking, signed):
        raise UnknownBooking(ref)
    return booking


def _hand_over(booking: Booking, email: str, trouble: str, status: int) -> ResponseReturnValue:
    return render_template(
        "bookings/hand_over.html",
        booking=booking,
        place=place_view(booking.space, booking.site),
        email=email,
        trouble=trouble,
    ), status


PAGES: tuple[tuple[str, str, RouteCallable], ...] = (
    ("/bookings/<ref>/end", "end_page", end_page),
    ("/bookings/<ref>/hand-over", "hand_over_page", hand_over_page),
    ("/hand-overs/<code>", "take_over_page", take_over_page),
    ("/arrive/<ref>/<signed>", "arrive_page", arrive_page),
    ("/me/absences", "absences", absences),
)
DEEDS: tuple[tuple[str, str, RouteCallable], ...] = (
    ("/bookings/<ref>/end", "end", end),
    ("/bookings/<ref>/leave", "leave", leave),
    ("/bookings/<ref>/come", "come", come),
    ("/bookings/<ref>/hand-over", "hand_over", hand_over),
    ("/bookings/<ref>/pardon", "pardon", pardon),
    ("/hand-overs/<code>", "take_over", take_over),
    ("/arrive/<ref>/<signed>", "arrive", arrive),
)
