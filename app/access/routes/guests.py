"""Guests of a booking: the host's list, the desk's arrivals and badges, the guest's own pass."""

from __future__ import annotations

import hmac
from datetime import datetime

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.access import codes, queries, service
from app.access.guest_forms import GuestsForm
from app.access.holder import issuer_keys
from app.access.holders import Guest
from app.access.passes import Pass
from app.access.routes.blueprint import blueprint
from app.access.routes.passes import asked_day
from app.bookings.booking import Booking
from app.bookings.queries import get_booking
from app.db.transaction import reading, transaction
from app.domain.errors import NoPass, UnknownGuest
from app.domain.permissions import Permission, Subject, allowed, require
from app.gateways.pdf import Pdf
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.guards import actor, public, requires


@blueprint.get("/bookings/<ref>/guests")
@requires(Permission.GUESTS_INVITE)
def guests(ref: str) -> ResponseReturnValue:
    """Show who is invited to a booking, and the form to invite more."""
    return _guests_page(ref, GuestsForm()), 200


@blueprint.post("/bookings/<ref>/guests")
@requires(Permission.GUESTS_INVITE)
def invite_guests(ref: str) -> ResponseReturnValue:
    """Put people on the list; who has an address is mailed a pass."""
    form = GuestsForm()
    if not form.validate():
        return _guests_page(ref, form), 422
    invitees = form.invitees(formats.language())
    with transaction() as session:
        service.invite_guests(session, actor(), ref, invitees, now=clock.now())
    mailed = sum(each.email is not None for each in invitees)
    flash(
        ngettext("%(num)d pass part par courriel.", "%(num)d pass partent par courriel.", mailed),
        "done",
    )
    return redirect(url_for("access.guests", ref=ref))


@blueprint.post("/bookings/<ref>/guests/<code>/remove")
@requires(Permission.GUESTS_INVITE)
def remove_guest(ref: str, code: str) -> ResponseReturnValue:
    """Take somebody off the list."""
    with transaction() as session:
        service.remove_guest(session, actor(), ref, code, now=clock.now())
    return redirect(url_for("access.guests", ref=ref))


@blueprint.post("/bookings/<ref>/guests/<code>/arrived")
@requires(Permission.CHECK_IN)
def check_in_guest(ref: str, code: str) -> ResponseReturnValue:
    """Note at the desk that somebody on the list has come."""
    with transaction() as session:
        service.check_in_guest(session, actor(), ref, code, now=clock.now())
    return redirect(url_for("access.guests", ref=ref))


@blueprint.post("/bookings/<ref>/guests/<code>/left")
@requires(Permission.CHECK_IN)
def check_out_guest(ref: str, code: str) -> ResponseReturnValue:
    """Note at the desk that somebody has left."""
    with transaction() as session:
        service.check_out_guest(session, actor(), ref, code, now=clock.now())
    return redirect(url_for("access.guests", ref=ref))


@blueprint.get("/bookings/<ref>/guests/<code>/badge.pdf")
@requires(Permission.CHECK_IN)
def badge(ref: str, code: str) -> ResponseReturnValue:
    """Give a label for the printer at the desk: name, host, place, and the pass."""
    keys, now = issuer_keys(), clock.now()
    with reading() as session:
        booking = _booking(session, ref, now)
        require(actor(), Permission.CHECK_IN, Subject(site=booking.site.code))
        guest, passes = service.guest_passes(session, code, keys=keys, now=now)
    if guest.booking_id != booking.id:
        raise UnknownGuest(code)
    given = _of_today(passes, now)
    page = render_template(
        "access/parts/badge.html", guest=guest, booking=booking, picture=codes.data_uri(given.text)
    )
    writer: Pdf = current_app.extensions["totem.pdf"]
    return Response(
        writer.write(page, style="label"),
        mimetype="application/pdf",
        headers={"Content-Disposition": 'inline; filename="badge.pdf"'},
    )


@blueprint.get("/guests/<code>/<token>")
@public
def guest_pass(code: str, token: str) -> ResponseReturnValue:
    """Show a guest their pass, by the link they were mailed; no account is needed."""
    guest, passes = _by_link(code, token)
    given = _of_today(passes, clock.now())
    return render_template(
        "access/guest_pass.html", guest=guest, passes=passes, given=given, token=token
    )


@blueprint.get("/guests/<code>/<token>/pass.svg")
@public
def guest_picture(code: str, token: str) -> ResponseReturnValue:
    """Draw the code of a guest's pass; of a long stay that of `day`."""
    day = asked_day()
    _guest, passes = _by_link(code, token)
    wanted = [each for each in passes if day is None or each.day == day]
    if not wanted:
        raise UnknownGuest(code)
    return Response(codes.svg(_of_today(wanted, clock.now()).text), mimetype="image/svg+xml")


def _by_link(code: str, token: str) -> tuple[Guest, list[Pass]]:
    keys = issuer_keys()
    if not hmac.compare_digest(keys.guest_token(code).encode(), token.encode()):
        raise UnknownGuest(code)
    with reading() as session:
        return service.guest_passes(session, code, keys=keys, now=clock.now())


def _of_today(passes: list[Pass], now: datetime) -> Pass:
    """Give the pass that opens now or next; the last one when all are over."""
    if not passes:
        raise NoPass("")
    return next((each for each in passes if each.valid_until > now), passes[-1])


def _booking(session: Session, ref: str, now: datetime) -> Booking:
    return get_booking(session, find_network(session), actor(), ref, now=now)


def _guests_page(ref: str, form: GuestsForm) -> str:
    with reading() as session:
        booking = _booking(session, ref, clock.now())
        require(actor(), Permission.GUESTS_INVITE, booking.subject)
        listed = queries.guests_of(session, {booking.id})[booking.id]
    return render_template(
        "access/guests.html",
        booking=booking,
        guests=listed,
        form=form,
        may_check_in=allowed(actor(), Permission.CHECK_IN, Subject(site=booking.site.code)),
        arrived=sum(guest.is_present for guest in listed),
        asked=request.method == "POST",
    )
