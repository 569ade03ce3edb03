"""A series that is changed or given up by scope, and one's dates given up from a day to a day."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.bookings import queries, service
from app.bookings.booking import Visit
from app.bookings.forms import refuse, typed
from app.bookings.routes.series import dates_for
from app.bookings.rule_words import rule_words
from app.bookings.series import Scope, SeriesTable
from app.bookings.series_dates import Dates
from app.bookings.series_forms import ReleaseForm, ScopeForm, SeriesChangeForm, change_of
from app.bookings.series_views import TableView, table_view
from app.db.transaction import reading, transaction
from app.domain.booking_states import CANCELLABLE
from app.domain.errors import DatesRefused, DomainError, NoDates, WrongState
from app.domain.money import Money
from app.domain.permissions import Permission, require
from app.spaces.network import Network
from app.spaces.place_views import place_view
from app.spaces.queries import find_network
from app.web import clock, formats, guards
from app.web.choices import SelectChoice
from app.web.errors import status_of
from app.web.guards import signed_in
from app.web.sentences import sentence

AnyScopeForm = TypeVar("AnyScopeForm", bound=ScopeForm)


@signed_in
def series_change_page(ref: str) -> ResponseReturnValue:
    """Show what a change would make of each date, and what it costs."""
    with reading() as session:
        return _change_page(session, ref, typed(request.args), asked="scope" in request.args)


@signed_in
def change_series(ref: str) -> ResponseReturnValue:
    """Change the dates of a scope, all or none."""
    now, actor = clock.now(), guards.actor()
    values = typed(request.form)
    with reading() as session:
        dates = dates_for(session, actor, ref, now)
        form = _change_form(find_network(session), dates, values)
    if not form.validate():
        with reading() as session:
            return _change_page(session, ref, values, asked=True)
    day = _since(form, dates)
    try:
        with transaction() as session:
            anew = service.change_series(
                session, actor, ref, Scope(form.scope.data), change_of(form, day), day=day, now=now
            )
    except DomainError as refusal:
        with reading() as session:
            return _change_page(session, ref, values, asked=True, refusal=refusal)
    flash(_("C’est changé. Les nouveaux pass partent par courriel."), "done")
    return redirect(url_for("bookings.series", ref=anew.ref), 303)


@signed_in
def series_cancel_page(ref: str) -> ResponseReturnValue:
    """Ask which dates of a series are really to be given up."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        dates = dates_for(session, actor, ref, now)
    require(actor, Permission.BOOKING_CANCEL, dates.series.subject)
    form = _scope_form(ScopeForm(formdata=typed(request.args)), dates)
    if not form.since.choices:
        return redirect(url_for("bookings.series", ref=ref), 303)
    return render_template(
        "bookings/series_cancel.html",
        form=form,
        series=dates.series,
        rule=rule_words(dates.series.recurrence),
        place=place_view(dates.series.space, dates.series.site),
    )


@signed_in
def cancel_series(ref: str) -> ResponseReturnValue:
    """Give up the dates of a scope; pressed twice, they are given up once."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        dates = dates_for(session, actor, ref, now)
    form = _scope_form(ScopeForm(formdata=typed(request.form)), dates)
    try:
        if form.validate():
            with transaction() as session:
                scope, day = Scope(form.scope.data), _since(form, dates)
                service.cancel_series(session, actor, ref, scope, day=day, now=now)
            flash(_("C’est annulé, les lieux sont de nouveau libres."), "done")
    except (NoDates, WrongState) as refusal:
        flash(sentence(refusal), "warning")
    return redirect(url_for("bookings.series", ref=ref), 303)


@signed_in
def release_page() -> ResponseReturnValue:
    """Show which of one's dates would be given up from one day to another."""
    form = ReleaseForm(formdata=typed(request.args))
    asked = bool(request.args)
    if not asked or not form.validate():
        return render_template("bookings/release.html", form=form, found=None), (
            422 if asked else 200
        )
    now, actor = clock.now(), guards.actor()
    first, last = _between(form)
    with reading() as session:
        network = find_network(session)
        found = queries.own_between(session, network, actor.account_id, first, last, now=now)
    return render_template(
        "bookings/release.html",
        form=form,
        found=found,
        back=Money(sum(each.refund_now(now).minor for each in found)),
    )


@signed_in
def release() -> ResponseReturnValue:
    """Give up all one's dates from one day to another."""
    form = ReleaseForm(formdata=typed(request.form))
    if not form.validate():
        return render_template("bookings/release.html", form=form, found=None), 422
    now, actor = clock.now(), guards.actor()
    first, last = _between(form)
    try:
        with transaction() as session:
            gone = service.release_between(session, actor, first, last, now=now)
    except NoDates as refusal:
        flash(sentence(refusal), "warning")
        return redirect(url_for("bookings.bookings"), 303)
    flash(ngettext("%(num)s date est rendue.", "%(num)s dates sont rendues.", len(gone)), "done")
    return redirect(url_for("bookings.bookings"), 303)


def _change_page(
    session: Session,
    ref: str,
    values: MultiDict[str, str],
    *,
    asked: bool,
    refusal: DomainError | None = None,
) -> ResponseReturnValue:
    now, actor = clock.now(), guards.actor()
    network = find_network(session)
    dates = dates_for(session, actor, ref, now)
    require(actor, Permission.BOOKING_MOVE, dates.series.subject)
    form = _change_form(network, dates, values)
    if not form.since.choices:
        return redirect(url_for("bookings.series", ref=ref), 303)
    table, status = None, 200
    if asked and not form.validate():
        status = 422
    elif asked:
        try:
            table = _preview(session, network, dates, form)
        except DomainError as trouble:
            refusal = trouble
    if refusal is not None:
        status = status_of(refusal)
        if not isinstance(refusal, DatesRefused):
            refuse(form, refusal)
    return render_template(
        "bookings/series_change.html",
        form=form,
        series=dates.series,
        rule=rule_words(dates.series.recurrence),
        place=place_view(dates.series.space, dates.series.site),
        table=table,
        trouble=sentence(refusal) if isinstance(refusal, DatesRefused) else "",
    ), status


def _preview(session: Session, network: Network, dates: Dates, form: SeriesChangeForm) -> TableView:
    day = _since(form, dates)
    change = change_of(form, day)
    table: SeriesTable = service.preview_change(
        session,
        guards.actor(),
        dates.series.ref,
        Scope(form.scope.data),
        change,
        day=day,
        now=clock.now(),
    )
    return table_view(network, table, change.applied_to(dates.series.wanted))


def _change_form(network: Network, dates: Dates, given: MultiDict[str, str]) -> SeriesChangeForm:
    """Give the form as typed, filled up with what stands."""
    series = dates.series
    starts = dates.wall(series.recurrence.first_on)
    end = (series.recurrence.minute + series.recurrence.minutes) % (24 * 60)
    values = {
        "space": series.space.code,
        "start": f"{starts:%H:%M}",
        "end": f"{end // 60:02d}:{end % 60:02d}",
        "people": str(series.people),
        "title": series.title,
    }
    for name, value in values.items():
        given.setdefault(name, value)
    form = _scope_form(SeriesChangeForm(formdata=given), dates)
    form.space.choices = [
        SelectChoice(space.code, space.name.get(formats.language()))
        for space in network.get_site(series.space.site).spaces
        if space.bookable or space.code == series.space.code
    ]
    return form


def _scope_form(form: AnyScopeForm, dates: Dates) -> AnyScopeForm:
    """Offer the dates that are still to come."""
    form.since.choices = [
        SelectChoice(day.isoformat(), formats.day(day))
        for day in (dates.day(each.booking) for each in _coming(dates))
    ]
    return form


def _since(form: ScopeForm, dates: Dates) -> date:
    """Give the date chosen, or the first to come."""
    offered = [dates.day(each.booking) for each in _coming(dates)]
    chosen = next((day for day in offered if day.isoformat() == form.since.data), None)
    if chosen is not None and form.scope.data != Scope.ALL.value:
        return chosen
    return min(offered, default=dates.series.recurrence.first_on)


def _coming(dates: Dates) -> list[Visit]:
    now = clock.now()
    return [
        each
        for each in dates.standing
        if each.booking.span.start > now and each.booking.state in CANCELLABLE
    ]


def _between(form: ReleaseForm) -> tuple[date, date]:
    first, last = form["first"].data, form["last"].data
    return min(first, last), max(first, last)
