"""My pass on screen and on paper; its code is a picture with an address of its own."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import codes, queries, service
from app.access.holder import issuer_keys
from app.access.passes import Pass
from app.access.routes.blueprint import blueprint
from app.access.wallet_ways import ways_into_wallets
from app.db.transaction import reading
from app.domain.permissions import Permission
from app.spaces.queries import find_network
from app.web import clock, formats
from app.web.guards import actor, requires


@blueprint.get("/pass/next")
@requires(Permission.PASS_VIEW)
def next_pass() -> ResponseReturnValue:
    """Show the pass that is needed next, or say that there is none."""
    with reading() as session:
        network = find_network(session)
        booking = queries.next_pass_booking(session, network, actor(), now=clock.now())
    if booking is None:
        return render_template("access/no_pass.html")
    return redirect(url_for("access.show_pass", ref=booking.ref))


@blueprint.get("/bookings/<ref>/pass")
@requires(Permission.PASS_VIEW)
def show_pass(ref: str) -> ResponseReturnValue:
    """Show a pass as wide as the screen, and little else."""
    given = find_pass(ref)
    return render_template(
        "access/pass.html", given=given, doors=_door_names(given), ways=ways_into_wallets(given)
    )


@blueprint.get("/bookings/<ref>/pass.svg")
@requires(Permission.PASS_VIEW)
def pass_picture(ref: str) -> ResponseReturnValue:
    """Draw the code of a pass."""
    return Response(codes.svg(find_pass(ref).text), mimetype="image/svg+xml")


@blueprint.get("/bookings/<ref>/pass/print")
@requires(Permission.PASS_VIEW)
def print_passes(ref: str) -> ResponseReturnValue:
    """Show every pass of a booking, to be printed."""
    with reading() as session:
        given = service.passes_for(session, actor(), ref, keys=issuer_keys(), now=clock.now())
    return render_template("access/print.html", passes=given, doors=_door_names(given[0]))


def find_pass(ref: str) -> Pass:
    """Give the pass that the address asks for; of a long stay that of `?day=`."""
    day = asked_day()
    with reading() as session:
        return service.pass_for(session, actor(), ref, keys=issuer_keys(), now=clock.now(), day=day)


def asked_day() -> date | None:
    """Read `?day=`, or answer 404 when it is no date."""
    asked = request.args.get("day")
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        abort(404)


def _door_names(given: Pass) -> list[str]:
    return [door.name.get(formats.language()) for door in given.doors]
