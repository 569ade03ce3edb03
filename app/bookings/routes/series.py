"""A series from the wish to the booking: its form, the table of its dates, and its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.bookings import queries, service
from app.bookings.booking import Booking
from app.bookings.forms import refuse, typed, values_of
from app.bookings.routes.figures import big_figure
from app.bookings.rule_words import rule_words
from app.bookings.series import Choice, SeriesWanted
from app.bookings.series_dates import Dates
from app.bookings.series_forms import WEEKS_SHOWN, SeriesForm, choices_of, wanted_of
from app.bookings.series_views import TableView, table_view, with_defaults
from app.bookings.service.rules import needs_approval
from app.db.transaction import reading, transaction
from app.domain.booking_states import CANCELLABLE, MOVABLE, BookingState
from app.domain.errors import DatesRefused, DomainError
from app.domain.permissions import Actor, Permission, allowed
from app.spaces.place_views import PlaceView, place_view
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.errors import status_of
from app.web.guards import signed_in
from app.web.sentences import sentence

FORM = "bookings/series_new.html"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page of a wish shows."""

    place: PlaceView
    table: TableView | None
    values: dict[str, list[str]]
    big: str
    asks: bool
    status: int = 200
    trouble: str = ""


@signed_in
def series_new() -> ResponseReturnValue:
    """Ask how often, then show every date with its verdict, price and choices."""
    form = SeriesForm(formdata=_given(typed(request.args)))
    with reading() as session:
        drawn = _drawn(session, form, [], asked="repeat" in request.args)
    return _page(form, drawn)


@signed_in
def book_series() -> ResponseReturnValue:
    """Book every date that is kept, or show the table anew with what was chosen."""
    form = SeriesForm(formdata=_given(typed(request.form)))
    choices = choices_of(request.form)
    if "look" in request.form or not form.validate():
        with reading() as session:
            return _page(form, _drawn(session, form, choices, asked=True))
    now, actor = clock.now(), guards.actor()
    try:
        with transaction() as session:
            wanted = _wanted(session, form)
            meant = _meant(choices, wanted)
            series, booked = service.book_series(session, actor, wanted, meant, now=now)
    except DomainError as refusal:
        return _refused(form, choices, refusal)
    flash(_booked_words(booked), "done")
    return redirect(url_for("bookings.series", ref=series.ref), 303)


@signed_in
def series(ref: str) -> ResponseReturnValue:
    """Show a series and each of its dates to those who may see it."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        dates = dates_for(session, actor, ref, now)
        organisation_big = big_figure(session, actor, now)
    coming = [each for each in dates.standing if each.booking.span.start > now]
    subject = dates.series.subject
    return render_template(
        "bookings/series.html",
        dates=dates,
        series=dates.series,
        rule=rule_words(dates.series.recurrence),
        place=place_view(dates.series.space, dates.series.site),
        big=organisation_big,
        can_change=allowed(actor, Permission.BOOKING_MOVE, subject)
        and any(each.booking.state in MOVABLE for each in coming),
        can_cancel=allowed(actor, Permission.BOOKING_CANCEL, subject)
        and any(each.booking.state in CANCELLABLE for each in coming),
    )


def dates_for(session: Session, actor: Actor, ref: str, now: datetime) -> Dates:
    """Give a series with its dates; raises UnknownSeries for those of others."""
    network = find_network(session)
    found = queries.get_series(session, network, actor, ref)
    visits = queries.dates_of_series(session, network, found.id, now=now)
    return Dates(found, tuple(visits))


def _booked_words(booked: Sequence[Booking]) -> str:
    """Say what stands, and what still waits for the staff's answer."""
    waiting = sum(each.stored_state is BookingState.REQUESTED for each in booked)
    if waiting == len(booked):
        return ngettext(
            "C’est demandé : %(num)s date. L’accueil répond par courriel ; le lieu vous est gardé.",
            "C’est demandé : %(num)s dates. L’accueil répond à chacune par courriel ; le lieu vous "
            "est gardé.",
            waiting,
        )
    if waiting:
        return ngettext(
            "%(sure)s réservées, %(num)s demandée : l’accueil vous répond par courriel.",
            "%(sure)s réservées, %(num)s demandées : l’accueil vous répond par courriel.",
            waiting,
            sure=len(booked) - waiting,
        )
    return ngettext(
        "C’est réservé : %(num)s date. Une confirmation part par courriel.",
        "C’est réservé : %(num)s dates. Une confirmation part par courriel.",
        len(booked),
    )


def _wanted(session: Session, form: SeriesForm) -> SeriesWanted:
    network = find_network(session)
    space = network.get_space(form.space.data or "")
    return wanted_of(form, network.get_site(space.site))


def _meant(choices: list[Choice], wanted: SeriesWanted) -> list[Choice]:
    """Give the choices for dates that the wish still has."""
    days = set(wanted.recurrence.days)
    return [each for each in choices if each.day in days]


def _given(values: MultiDict[str, str]) -> MultiDict[str, str]:
    """Give what was typed, filled up with what one mostly wants: every week, for two months."""
    if "repeat" not in values:
        values.setdefault("repeat", "weekly")
        values.setdefault("interval", "1")
        try:
            first = datetime.fromisoformat(values.get("date", "")).date()
        except ValueError:
            return values
        values.setdefault("weekdays", str(first.weekday()))
        values.setdefault("until", (first + WEEKS_SHOWN).isoformat())
    return values


def _drawn(session: Session, form: SeriesForm, choices: list[Choice], *, asked: bool) -> Drawn:
    network = find_network(session)
    space = network.get_space(form.space.data or "")
    place = place_view(space, network.get_site(space.site))
    big = big_figure(session, guards.actor(), clock.now())
    asks = needs_approval(space, guards.actor())
    page = Drawn(place, None, values_of(form), big, asks)
    if not asked:
        return page
    if not form.validate():
        return replace(page, status=422)
    now, actor = clock.now(), guards.actor()
    try:
        wanted = _wanted(session, form)
        meant = _meant(choices, wanted)
        table = service.preview(session, actor, wanted, meant, now=now)
    except DomainError as refusal:
        refuse(form, refusal)
        return replace(page, status=status_of(refusal))
    table = with_defaults(table, [each.day for each in meant])
    return replace(page, table=table_view(network, table, wanted))


def _refused(form: SeriesForm, choices: list[Choice], refusal: DomainError) -> ResponseReturnValue:
    """Show the table anew: somebody was quicker, or a date was kept that cannot be had."""
    with reading() as session:
        drawn = _drawn(session, form, choices, asked=True)
    if drawn.table is None or not isinstance(refusal, DatesRefused):
        refuse(form, refusal)
    trouble = sentence(refusal) if isinstance(refusal, DatesRefused) else ""
    status = status_of(refusal)
    return _page(form, replace(drawn, status=status, trouble=trouble))


def _page(form: SeriesForm, drawn: Drawn) -> ResponseReturnValue:
    return render_template(FORM, form=form, page=drawn), drawn.status
