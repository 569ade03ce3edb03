"""Somebody walks in: person, place, price, booking and check-in on one screen, in one press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.bookings import service as bookings
from app.bookings.booking import Booking, Wanted
from app.db.transaction import reading, transaction
from app.desk.routes.board import Done, blueprint, tell_arrival, tell_booked
from app.desk.walk_in import Answer, answer, people_of
from app.desk.walk_in_form import Choice, WalkInForm
from app.domain.asking import Ask, read_ask
from app.domain.errors import DomainError
from app.domain.ids import AccountId, SiteCode, SpaceCode
from app.domain.permissions import Permission, Subject, require
from app.people import queries as people
from app.people import service as accounts
from app.people.queries import Person
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.web import clock, formats, guards
from app.web.errors import status_of
from app.web.sentences import sentence

MOST_PEOPLE = 6
LETTERS = 3


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A place that can be taken, in words, and the value of its button."""

    name: str
    hours: str
    capacity: int
    price: str
    value: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What the page shows beside the form."""

    site: Site
    ask: Ask
    offers: tuple[OfferLine, ...]
    is_later: bool
    found: tuple[Person, ...]
    person: Person | None


@blueprint.get("/desk/<site>/walk-in")
@guards.requires(Permission.BOOKING_CREATE_FOR_OTHERS)
def walk_in(site: str) -> ResponseReturnValue:
    """Show what is free for the line typed, priced for the person found."""
    _require(site)
    form = WalkInForm(formdata=request.args)
    form.validate()
    return _page(site, form)


@blueprint.post("/desk/<site>/walk-in")
@guards.requires(Permission.BOOKING_CREATE_FOR_OTHERS)
def take_walk_in(site: str) -> ResponseReturnValue:
    """Book the place for the person, found or new, and note that they have come."""
    _require(site)
    form, now = WalkInForm(), clock.now()
    if not (form.validate() and (choice := _chosen(form))):
        return _page(site, form, 422)
    try:
        with transaction() as session:
            booking = _booked(session, site, form, choice, now)
            name = people.names(session, [booking.account_id])[booking.account_id]
    except DomainError as refusal:
        form.form_errors.append(sentence(refusal))
        return _page(site, form, status_of(refusal))
    done = Done(booking, name)
    if booking.checked_in_at is None:
        tell_booked(done)
    else:
        tell_arrival(site, done)
    day = booking.site.calendar.local_date(booking.span.start)
    return redirect(url_for("desk.board", site=site, date=day.isoformat()), 303)


def _require(site: str) -> None:
    wish = Permission.BOOKING_CREATE_FOR_OTHERS
    require(guards.actor(), wish, Subject(site=SiteCode(site)))


def _chosen(form: WalkInForm) -> Choice | None:
    """Give the place chosen for somebody who is known or named; else tell what is missing."""
    choice = form.choice
    if choice is None:
        form.form_errors.append(_("Choisissez un lieu dans la liste."))
    if form.person_id is None and not (form.name.data and form.email.data):
        form.form_errors.append(
            _("Choisissez une personne, ou donnez son nom et son adresse électronique.")
        )
        return None
    return choice


def _booked(
    session: Session, site: str, form: WalkInForm, choice: Choice, now: datetime
) -> Booking:
    actor, network = guards.actor(), find_network(session)
    place = network.get_site(site)
    ask = read_ask(form.q.data or "", today=place.calendar.local_date(now))
    person = form.person_id or _account(session, form, now)
    wanted = Wanted(SpaceCode(choice.space), choice.span, people_of(ask))
    booking = bookings.book_for(session, actor, person, wanted, now=now)
    if choice.span.start <= now:
        return bookings.check_in(session, actor, booking.ref, now=now)
    return booking


def _account(session: Session, form: WalkInForm, now: datetime) -> AccountId:
    """Give the account of that address, made now if there is none; the mail leads there."""
    email, name = form.email.data or "", form.name.data or ""
    if known := people.find_account_by_email(session, email):
        return known.id
    return accounts.create_account(
        session, email=email, name=name, locale=formats.language(), confirmed=False, now=now
    )


def _page(site: str, form: WalkInForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    with reading() as session:
        screen = _screen(session, find_network(session), site, form, now)
    return render_template("desk/walk_in.html", form=form, screen=screen), status


def _screen(
    session: Session, network: Network, code: str, form: WalkInForm, now: datetime
) -> Screen:
    site = network.get_site(code)
    ask = read_ask(form.q.data or "", today=site.calendar.local_date(now))
    found = _people(session, form)
    person = next((each for each in found if each.id == form.person_id), None)
    if person is None and len(found) == 1:
        person = found[0]
    told = Answer()
    if form.q.data and not form.q.errors:
        try:
            told = answer(session, network, site, ask, person.id if person else None, now=now)
        except DomainError as refusal:
            form.q.errors = [*form.q.errors, sentence(refusal)]
    lines = tuple(
        OfferLine(
            name=each.space.name.get(formats.language()),
            hours=formats.short_stay(each.span, site.zone),
            capacity=each.space.capacity,
            price=formats.money(each.quote.gross),
            value=str(Choice(each.space.code, each.span)),
        )
        for each in told.offers
    )
    return Screen(site, ask, lines, told.is_later, found, person)


def _people(session: Session, form: WalkInForm) -> tuple[Person, ...]:
    """Give who may be meant: those found by three letters, and the one chosen before."""
    typed = form.who.data or ""
    found = people.search_people(session, typed, most=MOST_PEOPLE) if len(typed) >= LETTERS else []
    if form.person_id and form.person_id not in [each.id for each in found]:
        chosen = people.find_account(session, form.person_id)
        found = [chosen, *found] if chosen else found
    return tuple(each for each in found if each.disabled_at is None)
