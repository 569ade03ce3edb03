"""The phone page: a shell that works without a network, and what it is told when there is one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from flask import Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from app.access import queries, service
from app.access.holder import issuer_keys
from app.access.holders import Phone, PhoneAsking
from app.access.offices import OfficePass
from app.access.passes import Pass
from app.access.routes.blueprint import blueprint
from app.db.transaction import reading, transaction
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission
from app.spaces.network import Door, Space
from app.web import clock, formats
from app.web.assets import asset_url, built_files
from app.web.guards import actor, public, requires
from app.web.security import CONTENT_POLICY, HEADERS

LONGEST_NAME = 60
_OWN_PARTS = ("css/app.css", "img/mark.svg", "vendor/htmx.js", "vendor/qr.js", "vendor/detector.js")
_OWN_FOLDERS = (
    "vendor/zxing",
    "js/app.js",
    "js/pass/",
    "js/behaviours/livepass.js",
    "js/behaviours/shortcuts.js",
)


@blueprint.get("/pass")
@requires(Permission.PASS_VIEW)
def live_pass() -> ResponseReturnValue:
    """Show the page of the live pass; the same for everybody, so that a phone may keep it."""
    response = Response(render_template("access/live.html", words=_words()))
    # This page alone may read a door's challenge: by the camera, decoded by WebAssembly.
    response.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace(
        "camera=()", "camera=(self)"
    )
    response.headers["Content-Security-Policy"] = CONTENT_POLICY.replace(
        "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
    )
    return response


@blueprint.get("/pass/passes.json")
@requires(Permission.PASS_VIEW)
def phone_passes() -> ResponseReturnValue:
    """Tell a phone its passes of the week ahead, our time, and how to enrol."""
    person, now, keys = actor(), clock.now(), issuer_keys()
    with reading() as session:
        phone = queries.find_phone(session, request.args.get("phone", ""))
        mine = phone if phone is not None and phone.account_id == person.account_id else None
        given: list[Pass] = []
        offices: list[OfficePass] = []
        if mine is not None and mine.revoked_at is None:
            given = service.passes_of_phone(session, person, mine, keys=keys, now=now)
            offices = service.office_passes_of_phone(session, person, mine, keys=keys, now=now)
    return jsonify(
        account=str(person.account_id),
        now=now.timestamp(),
        csrf=generate_csrf(),
        nonce=_base64(keys.enrolment_nonces(person.account_id, now)[0]),
        phone=_standing(mine),
        passes=[_pass(each) for each in given] + [_office(each) for each in offices],
    )


@blueprint.post("/pass/phones")
@requires(Permission.PHONES_OWN)
def enrol_phone() -> ResponseReturnValue:
    """Let this phone hold the person's passes."""
    asking = _asking(request.get_json(silent=True))
    with transaction() as session:
        phone = service.enrol_phone(session, actor(), asking, keys=issuer_keys(), now=clock.now())
    return jsonify(code=phone.code), 201


@blueprint.get("/pass-worker.js")
@public
def pass_worker() -> ResponseReturnValue:
    """Give the script that keeps the page for hours without a network."""
    kept = [asset_url(name) for name in (*_OWN_PARTS, *_parts())]
    script = render_template("access/worker.js", kept=kept)
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/pass.webmanifest")
@public
def pass_manifest() -> ResponseReturnValue:
    """Give what a phone needs to put the pass on its home screen."""
    return Response(
        render_template("access/manifest.json", icon=asset_url("img/mark.svg")),
        mimetype="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


def _parts() -> list[str]:
    return [name for name in built_files() if name.startswith(_OWN_FOLDERS)]


def _standing(phone: Phone | None) -> str:
    if phone is None:
        return "unknown"
    return "known" if phone.revoked_at is None else "revoked"


def _asking(body: object) -> PhoneAsking:
    """Read what a phone says of itself; anything else is answered by 422."""
    if not isinstance(body, dict):
        abort(422)
    name = body.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        abort(422)
    return PhoneAsking(
        public_key=_octets(body.get("public_key")),
        signature=_octets(body.get("signature")),
        nonce=_octets(body.get("nonce")),
        name=name.strip(),
    )


def _octets(value: object) -> bytes:
    if not isinstance(value, str) or len(value) > 200:
        abort(422)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        abort(422)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _pass(given: Pass) -> JsonObject:
    zone = given.booking.site.calendar.zone
    day = formats.day(given.valid_from, zone)
    return {
        "key": f"{given.booking.ref}:{'' if given.day is None else given.day.isoformat()}",
        "text": given.text,
        "when": f"{day}, {formats.span(given.span, zone)}",
        **_place(given.booking.space, given.doors),
        **_hours(given.span),
    }


def _office(given: OfficePass) -> JsonObject:
    place = given.tenancy.space
    return {
        "key": f"office:{given.tenancy.lease_id}",
        "text": given.text,
        "when": _("Votre bureau, à toute heure"),
        **_place(place, given.doors),
        **_hours(given.span),
    }


def _place(space: Space, doors: Sequence[Door]) -> JsonObject:
    names = [door.name.get(formats.language()) for door in doors]
    return {
        "name": space.name.get(formats.language()),
        "numbers": [door.number for door in doors],
        "doors_said": ngettext(
            "Porte : %(doors)s", "Portes : %(doors)s", len(names), doors=", ".join(names)
        ),
    }


def _hours(span: Span) -> JsonObject:
    return {"from": int(span.start.timestamp()), "until": int(span.end.timestamp())}


def _words() -> dict[str, str]:
    """Give the sentences that the page says by itself; `{…}` is filled in on the phone."""
    return {
        "offline": _("Sans réseau : vos pass datent de {since} et ouvrent toujours."),
        "slow": _("Votre téléphone retarde de {length} : le code en tient compte."),
        "fast": _("Votre téléphone avance de {length} : le code en tient compte."),
        "answered": _("Présentez maintenant cette réponse au lecteur de la porte."),
        "other-door": _("Aucun de vos pass n’ouvre cette porte."),
        "no-challenge": _(
            "Aucun code de porte n’a été lu : tenez le téléphone face à l’écran de la porte."
        ),
    }
