"""Waiting in line for a place: joining, one's own waits, and the line as the desk sees it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.bookings.forms import FindForm, span_of, typed
from app.bookings.queries.waits import waits_of_person, waits_of_site
from app.bookings.service.waiting import decline, join, leave_line
from app.bookings.wait_views import wait_view
from app.bookings.waits import WaitWish
from app.db.transaction import reading, transaction
from app.domain.calendars import local_day
from app.domain.errors import DomainError, HoldExpired, WrongState
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.permissions import Permission, Subject, require
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.errors import status_of
from app.web.guards import requires, signed_in
from app.web.sentences import sentence

WHOLE_DAY = "day"


@signed_in
def waits() -> ResponseReturnValue:
    """Show what the person waits for, how far on, and what is offered to them until when."""
    return _page()


@signed_in
def join_line() -> ResponseReturnValue:
    """Join the line for the stay of the search, or for as long a stay at any hour of its day."""
    now, actor = clock.now(), guards.actor()
    form = FindForm(formdata=typed(request.form))
    if not form.validate():
        return _page(_("Cette recherche est incomplète. Reprenez-la."), 422)
    try:
        with transaction() as session:
            wish = _wish(find_network(session), form)
            join(session, actor, wish, now=now)
    except DomainError as refusal:
        return _page(sentence(refusal), status_of(refusal))
    flash(_("C’est noté. Dès qu’une place se libère, un courriel vous la propose."), "done")
    return redirect(url_for("bookings.waits"), 303)


@signed_in
def leave_waiting(ref: str) -> ResponseReturnValue:
    """Wait no more; pressed twice, it is done once."""
    with transaction() as session:
        leave_line(session, guards.actor(), ref, now=clock.now())
    flash(_("Vous n’attendez plus cette place."), "done")
    return redirect(url_for("bookings.waits"), 303)


@signed_in
def decline_offer(ref: str) -> ResponseReturnValue:
    """Give the offered place to the next in line and wait on."""
    try:
        with transaction() as session:
            decline(session, guards.actor(), ref, now=clock.now())
    except (HoldExpired, WrongState):
        return redirect(url_for("bookings.waits"), 303)
    flash(_("C’est noté : la place va à la personne suivante."), "done")
    return redirect(url_for("bookings.waits"), 303)


@requires(Permission.DAY_VIEW_NAMES)
def site_waits(code: str) -> ResponseReturnValue:
    """Show the desk who waits for a place of its Totem, in the order of their turn."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        site = network.get_site(code)
        require(actor, Permission.DAY_VIEW_NAMES, Subject(site=site.code))
        found = waits_of_site(session, network, site, now=now)
    return render_template(
        "bookings/site_waits.html", site=site, waits=[wait_view(each) for each in found]
    )


def _page(trouble: str = "", status: int = 200) -> ResponseReturnValue:
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        network = find_network(session)
        found = waits_of_person(session, network, actor.account_id, now=now)
    views = [wait_view(each) for each in found]
    return render_template("bookings/waits.html", waits=views, trouble=trouble), status


def _wish(network: Network, form: FindForm) -> WaitWish:
    named = request.form.get("space", "")
    space = network.get_space(named) if named else None
    code = form.site.data or None if space is None else space.site
    site = network.sites[0] if code is None else network.get_site(code)
    span = span_of(form, site.zone)
    return WaitWish(
        window=_window(site, span) if request.form.get("hours") == WHOLE_DAY else span,
        minutes=span.minutes,
        people=form.people.data or 0,
        site=code,
        kind=_kind(form) if space is None else space.kind,
        equipment=form.equipment,
        accessible=form.accessible,
        hearing_loop=form.hearing_loop,
    )


def _window(site: Site, span: Span) -> Span:
    """Give the whole day of a stay, and the stay itself should it end after midnight."""
    day = local_day(site.calendar, site.calendar.local_date(span.start))
    return Span(day.start, max(day.end, span.end))


def _kind(form: FindForm) -> SpaceKind | None:
    """Give the kind of place asked for; None for any, and for none that we know."""
    return next((each for each in SpaceKind if each.value == form.kind.data), None)
