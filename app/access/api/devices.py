"""What devices call: they ask in, are told what they must know, and report."""

from __future__ import annotations

import base64
import time
from datetime import datetime
from typing import Final, TypedDict, cast

from flask import Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState

from app.access import queries, service
from app.access.api.schemas import (
    AskInSchema,
    EnrolledSchema,
    HeadSchema,
    HeardSchema,
    HeartbeatSchema,
    InsideSchema,
    LinesSchema,
    WaitSchema,
)
from app.access.api.signatures import signer
from app.access.api.waiting import BETWEEN_LOOKS, Mark, WaitingRoom
from app.access.devices import Device, Standing
from app.access.holder import issuer_keys
from app.access.inside import count_people
from app.access.queries import SiteNews
from app.access.service import Asking, Heartbeat
from app.db.transaction import reading, transaction
from app.domain.errors import BadEnrolment, DeviceRevoked, DomainError
from app.spaces.queries import find_network
from app.web import clock
from app.web.api import instant, refuses
from app.web.guards import device_signed, public
from app.web.json_bodies import ApiBlueprint
from devices.passes.chain import Head, Line
from devices.passes.snapshot import CONTENT_TYPE, Snapshot, etag

blueprint = ApiBlueprint(
    "devices_api", __name__, url_prefix="/api/v1/devices", description="Readers at doors"
)
SIGNED: Final[list[dict[str, list[str]]]] = [{"device": []}]
WAITING: Final = "totem.waiting_doors"


class AskedIn(TypedDict):
    """What ``AskInSchema`` gives."""

    code: str
    public_key: str


class Wait(TypedDict):
    """What ``WaitSchema`` gives."""

    wait: int


class SentLine(TypedDict):
    """What ``LineSchema`` gives."""

    seq: int
    body: str
    hash: str


class SentLines(TypedDict):
    """What ``LinesSchema`` gives."""

    lines: list[SentLine]


class Beat(TypedDict):
    """What ``HeartbeatSchema`` gives."""

    seq: int
    head: str
    snapshot: int
    clock: datetime
    software: str
    states: list[str]
    battery: int | None
    certificate: datetime | None


@blueprint.record_once
def _count_places(state: BlueprintSetupState) -> None:
    cap = state.app.extensions["totem.settings"].long_poll_cap
    state.app.extensions[WAITING] = WaitingRoom(cap)


@blueprint.route("/enrolments", methods=["POST"])
@blueprint.arguments(AskInSchema)
@blueprint.response(201, EnrolledSchema)
@refuses(blueprint, 400, 403, 429)
@public
def post_enrolment(asked: AskedIn) -> Response:
    """Ask in with a one-time code; a person then compares the fingerprint and approves."""
    asking = Asking(asked["code"], base64.b64decode(asked["public_key"]), request.remote_addr or "")
    with transaction() as session:
        device = service.enrol(session, asking, now=clock.now())
    if device is None:  # said after the commit: the try counts
        raise BadEnrolment
    response = jsonify(
        device=device.code,
        snapshot_key=base64.b64encode(issuer_keys().snapshot_public).decode(),
        fingerprint=device.fingerprint,
        state=device.standing.value,
    )
    response.status_code = 201
    return response


@blueprint.route("/snapshot", methods=["GET"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(WaitSchema, location="query")
@blueprint.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=CONTENT_TYPE,
    description="A COSE_Sign1 by the snapshot key; see docs/wire.md",
)
@blueprint.alt_response(204, description="No place to wait: ask again in five seconds")
@blueprint.alt_response(304, description="What If-None-Match names still holds")
@refuses(blueprint, 401, 403)
@device_signed
def get_snapshot(asked: Wait) -> Response:
    """Tell a door all it must know; with `wait`, as soon as there is news, else after so long."""
    device, room = signer(), _waiting_room()
    ends_at = time.monotonic() + asked["wait"]
    mark = _look() if asked["wait"] else ()
    snapshot = _told(device)
    if not _is_known(snapshot):
        return _sealed(snapshot)
    if not asked["wait"]:
        return _bare(304, snapshot)
    with room.place() as admitted:
        if not admitted:
            return _bare(204, snapshot)
        while time.monotonic() < ends_at:
            time.sleep(BETWEEN_LOOKS)
            mark, before = room.mark(_look), mark
            if mark != before and not _is_known(snapshot := _told_together(device, mark)):
                return _sealed(snapshot)
    return _bare(304, snapshot)


@blueprint.route("/inside", methods=["GET"])
@blueprint.doc(security=SIGNED)
@blueprint.response(200, InsideSchema)
@refuses(blueprint, 401, 403)
@device_signed
def get_inside() -> Response:
    """Say how many people may be inside; who they are only to a door that is a muster point."""
    device, now = signer(), clock.now()
    with reading() as session:
        network = find_network(session)
        inside = queries.people_inside(session, network, device.site, now=now)
    told = inside if device.door.is_muster else []
    response = jsonify(
        count=count_people(inside),
        people=[f"{each.name}, {each.place} ({each.people})" for each in told],
        until=instant(queries.closes_at(device.site, now)),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/journal", methods=["POST"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(LinesSchema)
@blueprint.response(200, HeadSchema)
@refuses(blueprint, 400, 401, 403, 409)
@device_signed
def post_journal(sent: SentLines) -> Response:
    """Take in lines of a door's journal, in order and once; a batch may be sent again."""
    lines = [
        Line(line["seq"], base64.b64decode(line["body"]), bytes.fromhex(line["hash"]))
        for line in sent["lines"]
    ]
    with transaction() as session:
        answer = service.take_lines(session, signer(), lines, keys=issuer_keys(), now=clock.now())
    if isinstance(answer, DomainError):  # said after the commit: the fault is kept
        raise answer
    return jsonify(_head(answer))


@blueprint.route("/heartbeat", methods=["POST"])
@blueprint.doc(security=SIGNED)
@blueprint.arguments(HeartbeatSchema)
@blueprint.response(200, HeardSchema)
@refuses(blueprint, 400, 401, 403)
@device_signed
def post_heartbeat(beat: Beat) -> Response:
    """Hear where a door stands, and say where its journal stands here."""
    heard = Heartbeat(
        Head(beat["seq"], bytes.fromhex(beat["head"])),
        beat["snapshot"],
        beat["clock"],
        beat["software"],
        frozenset(beat["states"]),
        beat["battery"],
        beat["certificate"],
    )
    now = clock.now()
    with transaction() as session:
        head = service.note_heartbeat(session, signer(), heard, now=now)
    return jsonify(time=instant(now), **_head(head))


def _head(head: Head) -> dict[str, int | str]:
    return {"seq": head.seq, "head": head.digest.hex()}


def _waiting_room() -> WaitingRoom:
    return cast(WaitingRoom, current_app.extensions[WAITING])


def _look() -> Mark:
    with reading() as session:
        return queries.change_mark(session)


def _again(device: Device) -> Device:
    """Read the device anew: it may have been told something, or taken out, while it waited."""
    with reading() as session:
        fresh = queries.find_device(session, device.code)
    if fresh is None or fresh.standing is not Standing.APPROVED:
        raise DeviceRevoked
    return fresh


def _told(device: Device) -> Snapshot:
    with reading() as session:
        return queries.snapshot_for(session, device, issuer_keys(), now=clock.now())


def _told_together(device: Device, mark: Mark) -> Snapshot:
    """Write the news down for a door that waited; its site's doors read them once together."""
    fresh, now, keys = _again(device), clock.now().replace(microsecond=0), issuer_keys()

    def read() -> SiteNews:
        with reading() as session:
            return queries.site_news(session, fresh.site, keys, now=now)

    news = _waiting_room().news(fresh.site.code, mark, now, read)
    return queries.snapshot_of(fresh, news, keys)


def _is_known(snapshot: Snapshot) -> bool:
    return etag(snapshot).strip('"') in request.if_none_match


def _sealed(snapshot: Snapshot) -> Response:
    response = Response(issuer_keys().seal_snapshot(snapshot), mimetype=CONTENT_TYPE)
    response.headers["ETag"] = etag(snapshot)
    return response


def _bare(status: int, snapshot: Snapshot) -> Response:
    return Response(status=status, headers={"ETag": etag(snapshot)})
