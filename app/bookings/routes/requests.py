"""What waits for the staff's yes or no: the list, all that is needed to decide, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.validators import Optional

from app.bookings import queries, service
from app.bookings.booking import Booking, Visit
from app.bookings.day_views import Eyes, Stretch, stretches_of
from app.bookings.frozen import frozen_quote
from app.bookings.queries.requests import History, Request, history_of, open_requests
from app.bookings.routes.figures import big_for
from app.bookings.service.approving import REASON_LENGTH
from app.db.transaction import reading, transaction
from app.domain.booking_states import BookingState
from app.domain.errors import DomainError
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.people.forms import NoLongerThan, plain_text, trimmed
from app.spaces.network import Network
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import day_of_space, find_network
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView
from app.web import clock, guards, place_words
from app.web.errors import status_of
from app.web.guards import requires
from app.web.sentences import sentence


class DecisionForm(FlaskForm):
    """The staff's words beside their yes or no."""

    reason = TextAreaField(
        _l("Motif, tel que la personne le lira"),
        filters=[trimmed],
        validators=[Optional(), NoLongerThan(REASON_LENGTH), plain_text],
    )


@dataclass(frozen=True, slots=True)
class RequestPage:
    """All that is needed to decide."""

    visit: Visit
    place: PlaceView
    quote: QuoteView
    big: str
    day: date
    stretches: tuple[Stretch, ...]
    history: History
    setup: str
    is_open: bool


@requires(Permission.BOOKING_APPROVE)
def requests() -> ResponseReturnValue:
    """List what waits at the Totems whose requests this person may answer."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        found = [
            each
            for site in network.sites
            if allowed(actor, Permission.BOOKING_APPROVE, Subject(site=site.code))
            for each in open_requests(session, network, site, now=now)
        ]
    return render_template(
        "bookings/requests.html",
        requests=[(each, _place(each), each.is_late(now)) for each in found],
    )


@requires(Permission.BOOKING_APPROVE)
def request_page(ref: str) -> ResponseReturnValue:
    """Show a request with who asks, what for, the day around it, their history and the price."""
    return _shown(ref, DecisionForm(formdata=None), 200)


@requires(Permission.BOOKING_APPROVE)
def approve(ref: str) -> ResponseReturnValue:
    """Say yes; pressed twice, it is said once."""
    return _decide(ref, service.approve, _("C’est accepté. La confirmation part avec le pass."))


@requires(Permission.BOOKING_APPROVE)
def refuse(ref: str) -> ResponseReturnValue:
    """Say no, with the reason that the person will read."""
    return _decide(ref, service.refuse_request, _("C’est refusé. La personne reçoit votre motif."))


def _decide(ref: str, command: Callable[..., Booking], done: str) -> ResponseReturnValue:
    form = DecisionForm()
    if not form.validate():
        return _shown(ref, form, 422)
    now, actor = clock.now(), guards.actor()
    try:
        with transaction() as session:
            command(session, actor, ref, now=now, reason=form.reason.data or "")
    except DomainError as refusal:
        form.reason.errors = [*form.reason.errors, sentence(refusal)]
        return _shown(ref, form, status_of(refusal))
    flash(done, "done")
    return redirect(url_for("bookings.requests"), 303)


def _shown(ref: str, form: DecisionForm, status: int) -> ResponseReturnValue:
    actor = guards.actor()
    with reading() as session:
        network = find_network(session)
        page = _page(session, network, actor, ref)
    return render_template("bookings/request.html", page=page, form=form), status


def _page(session: Session, network: Network, actor: Actor, ref: str) -> RequestPage:
    now, wish = clock.now(), Permission.BOOKING_APPROVE
    visit = queries.get_visit(session, network, actor, ref, now=now, wish=wish)
    booking = visit.booking
    require(actor, wish, booking.subject)
    day = booking.space.calendar.local_date(booking.span.start)
    here = day_of_space(session, booking.space, day, now)
    holders = [each.holder for each in here.taken]
    found = queries.find_visits_by_id(session, network, holders, now=now)
    named: dict[int, Visit] = {int(number): each for number, each in found.items()}
    return RequestPage(
        visit=visit,
        place=place_view(booking.space, booking.site),
        quote=frozen_quote(find_cards(session, network), booking),
        big=big_for(booking.organisation_id),
        day=day,
        stretches=stretches_of(here, booking.site, Eyes(now, {}, named)),
        history=history_of(session, booking.account_id, now=now),
        setup="" if booking.setup is None else place_words.setup(booking.setup),
        is_open=booking.state is BookingState.REQUESTED,
    )


def _place(request: Request) -> PlaceView:
    booking = request.visit.booking
    return place_view(booking.space, booking.site)
