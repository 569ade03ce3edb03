"""One's pass in the wallet of a phone, where the operator has the certificates."""

from __future__ import annotations

from flask import Response, abort, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.holder import issuer_keys, wallets
from app.access.passes import Pass
from app.access.routes.blueprint import blueprint
from app.access.routes.passes import find_pass
from app.domain.permissions import Permission
from app.gateways.wallets import PKPASS, Card
from app.web import clock, formats
from app.web.guards import requires
from devices.passes.text import read


@blueprint.get("/bookings/<ref>/pass.pkpass")
@requires(Permission.PASS_VIEW)
def apple_pass(ref: str) -> ResponseReturnValue:
    """Give the file that an iPhone adds to its wallet."""
    apple = wallets().apple
    if apple is None:
        abort(404)
    given = find_pass(ref)
    return Response(
        apple.pkpass(_card(given)),
        mimetype=PKPASS,
        headers={"Content-Disposition": f'attachment; filename="totem-{ref}.pkpass"'},
    )


@blueprint.get("/bookings/<ref>/pass/google")
@requires(Permission.PASS_VIEW)
def google_pass(ref: str) -> ResponseReturnValue:
    """Lead to Google's page that saves the pass; what it holds is in the address."""
    google = wallets().google
    if google is None:
        abort(404)
    return redirect(google.link(_card(find_pass(ref)), now=clock.now()))


def _card(given: Pass) -> Card:
    booking, language = given.booking, formats.language()
    zone = booking.site.calendar.zone
    return Card(
        serial=read(given.text, issuer_keys().ring).claims.pass_id.hex(),
        code=given.text,
        title=_("Pass Totem"),
        place=booking.space.name.get(language),
        when=f"{formats.day(given.valid_from, zone)}, {formats.span(given.span, zone)}",
        when_label=_("Quand"),
        site=booking.site.name,
        starts_at=given.valid_from,
        ends_at=given.valid_until,
    )
