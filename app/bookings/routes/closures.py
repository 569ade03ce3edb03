"""Closing places of a Totem: what is shut, who would lose a booking, and the deed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.bookings import service
from app.bookings.closure_forms import ClosureForm, closure_form, wanted_from
from app.db.transaction import reading, transaction
from app.domain.errors import DomainError
from app.domain.ids import SiteCode
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.permissions import Permission, Subject, require
from app.spaces.closures import Closure
from app.spaces.network import Site
from app.spaces.queries import closures_to_come, find_network
from app.spaces.words import closure_reason
from app.web import clock, formats, guards
from app.web.errors import status_of
from app.web.guards import requires
from app.web.sentences import sentence

FIELDS = ("spaces", "first", "start", "last", "end", "reason", "words")


@dataclass(frozen=True, slots=True)
class ClosureView:
    """A closure in words."""

    number: int
    places: str
    span: Span
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    """What closing would do, to be read before it is done, and the values to do it with."""

    found: service.InTheWay
    back: Money
    values: tuple[tuple[str, str], ...]


@requires(Permission.PLACE_CLOSE)
def closures(code: str) -> ResponseReturnValue:
    """Show what is closed at a Totem; with a wish in the address, who would lose a booking."""
    return _page(code, request.args if request.args else None)


@requires(Permission.PLACE_CLOSE)
def close_places(code: str) -> ResponseReturnValue:
    """Close the places; when other bookings came in between, their list is shown again."""
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        site = find_network(session).get_site(code)
    form = closure_form(site, request.form)
    if not form.validate():
        return _page(code, request.form)
    try:
        wanted = wanted_from(form, site, now)
        with transaction() as session:
            service.close_places(session, actor, wanted, seen=request.form.get("seen", ""), now=now)
    except DomainError as refusal:
        return _page(code, request.form, refusal)
    flash(_("C’est fermé. Les personnes concernées sont prévenues par courriel."), "done")
    return redirect(url_for("bookings.closures", code=code), 303)


@requires(Permission.PLACE_CLOSE)
def reopen(code: str, number: int) -> ResponseReturnValue:
    """End a closure before its time; pressed twice, it ends once."""
    with transaction() as session:
        service.reopen(session, guards.actor(), SiteCode(code), number, now=clock.now())
    flash(_("C’est rouvert : ces lieux se réservent de nouveau."), "done")
    return redirect(url_for("bookings.closures", code=code), 303)


def _page(
    code: str, values: MultiDict[str, str] | None, refusal: DomainError | None = None
) -> ResponseReturnValue:
    now, actor = clock.now(), guards.actor()
    with reading() as session:
        site = find_network(session).get_site(code)
        require(actor, Permission.PLACE_CLOSE, Subject(site=site.code))
        known = closures_to_come(session, site, now=now)
        form, look, status = closure_form(site, values), None, 200
        if values is not None:
            look, status = _look(session, site, form, refusal)
    return render_template(
        "bookings/closures.html",
        site=site,
        closures=[_view(each, site) for each in known],
        form=form,
        look=look,
    ), status


def _look(
    session: Session, site: Site, form: ClosureForm, refusal: DomainError | None
) -> tuple[Look | None, int]:
    """Look at who is in the way; an earlier refusal is told above."""
    if not form.validate():
        return None, 422
    now = clock.now()
    try:
        wanted = wanted_from(form, site, now)
        found = service.preview_closure(session, guards.actor(), wanted, now=now)
    except DomainError as error:
        form.form_errors.append(sentence(error))
        return None, status_of(error)
    if refusal is not None:
        form.form_errors.append(sentence(refusal))
    back = Money(sum(each.booking.gross.minor for each in found.displaced))
    values = tuple(
        (name, str(value)) for name in FIELDS for value in form[name].raw_data or () if value
    )
    look = Look(found, back, (*values, ("seen", found.mark)))
    return look, 200 if refusal is None else status_of(refusal)


def _view(closure: Closure, site: Site) -> ClosureView:
    names = {space.code: space.name.get(formats.language()) for space in site.spaces}
    shut = [names.get(code, code) for code in closure.spaces]
    places = _("tout le Totem") if set(closure.spaces) >= set(names) else ", ".join(shut)
    reason = closure_reason(closure.reason)
    return ClosureView(closure.id, places, closure.span, reason, closure.words)
