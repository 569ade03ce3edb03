"""A pass on paper from the desk, asked for with a reason and shown once, to be printed."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import codes, service
from app.access.guest_forms import PaperPassForm
from app.access.holder import issuer_keys
from app.access.routes.blueprint import blueprint
from app.bookings.booking import Booking
from app.bookings.queries import get_booking
from app.db.transaction import reading, transaction
from app.domain.permissions import Permission, require
from app.spaces.queries import find_network
from app.web import clock
from app.web.guards import actor, requires


@blueprint.get("/bookings/<ref>/emergency-pass")
@requires(Permission.PASS_EMERGENCY)
def ask_emergency_pass(ref: str) -> ResponseReturnValue:
    """Ask why somebody needs a pass on paper."""
    return _question(ref, PaperPassForm())


@blueprint.post("/bookings/<ref>/emergency-pass")
@requires(Permission.PASS_EMERGENCY)
def give_emergency_pass(ref: str) -> ResponseReturnValue:
    """Give a pass on paper; it is shown this once, and who gave it and why is kept."""
    form = PaperPassForm()
    if not form.validate():
        return _question(ref, form), 422
    with transaction() as session:
        given = service.give_emergency_pass(
            session, actor(), ref, form.reason.data or "", keys=issuer_keys(), now=clock.now()
        )
    return render_template(
        "access/paper_pass_given.html", given=given, picture=codes.data_uri(given.text)
    )


def _question(ref: str, form: PaperPassForm) -> str:
    booking = _booking(ref)
    require(actor(), Permission.PASS_EMERGENCY, booking.subject)
    return render_template("access/paper_pass.html", booking=booking, form=form)


def _booking(ref: str) -> Booking:
    with reading() as session:
        return get_booking(session, find_network(session), actor(), ref, now=clock.now())
