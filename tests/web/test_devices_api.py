"""Devices ask in, are let in by a person, sign every call, and wait for news."""

from __future__ import annotations

import base64
import threading
import time
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.access import service
from app.access.api import devices as device_calls
from app.access.api.waiting import WaitingRoom
from app.access.devices import EnrolmentCode, Standing
from app.access.tables import DeviceRow, EnrolmentCodeRow
from app.bookings import service as bookings
from app.db.transaction import reading, transaction
from app.domain.errors import DeviceRevoked, NotAllowed, UnknownDevice, UnknownDoor
from app.domain.permissions import Actor
from app.web import clock
from devices.passes.keys import fingerprint, public_bytes
from tests.readers import (
    MIRABELLE_DOOR,
    NANCY_DOOR,
    Reader,
    ask_in,
    find,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import make_person, make_token, stay

PATH = "/api/v1/devices/enrolments"
KEY = Ed25519PrivateKey.generate()
PUBLIC = base64.b64encode(public_bytes(KEY)).decode()


@pytest.fixture
def manager(app: Flask) -> Actor:
    return make_manager(app)


def make_code(
    app: Flask, manager: Actor, now: datetime, door: int = MIRABELLE_DOOR
) -> EnrolmentCode:
    with app.app_context(), transaction() as session:
        return service.make_code(session, manager, door, now=now)


def ask(client: FlaskClient, code: str, key: str = PUBLIC) -> TestResponse:
    return client.post(PATH, json={"code": code, "public_key": key})


def count(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(DeviceRow)) or 0


def refused(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, str((answer.json or {}).get("code"))


def test_a_device_with_the_code_is_let_in_as_pending(
    app: Flask, client: FlaskClient, manager: Actor, now: datetime
) -> None:
    answer = ask(client, make_code(app, manager, now).text)
    assert answer.status_code == 201
    told = answer.json
    assert told["state"] == "pending"
    assert told["fingerprint"] == fingerprint(public_bytes(KEY))
    assert base64.b64decode(told["snapshot_key"]) == keys_of(app).snapshot_public
    with app.app_context(), reading() as session:
        device = find(session, told["device"])
    assert (device.standing, device.door.number) == (Standing.PENDING, MIRABELLE_DOOR)


def test_a_code_may_be_typed_small_and_without_its_dashes(
    app: Flask, client: FlaskClient, manager: Actor, now: datetime
) -> None:
    code = make_code(app, manager, now).text
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert ask(client, typed).status_code == 201


def test_a_code_serves_once(app: Flask, client: FlaskClient, manager: Actor, now: datetime) -> None:
    code = make_code(app, manager, now).text
    ask(client, code)
    assert refused(ask(client, code)) == (403, "enrolment-refused")
    assert count(app) == 1


def test_nothing_is_made_before_the_code_is_right(app: Flask, client: FlaskClient) -> None:
    assert refused(ask(client, "K7QF-2M9X-41TP")) == (403, "enrolment-refused")
    assert count(app) == 0


def test_three_wrong_tries_kill_a_code(
    app: Flask, client: FlaskClient, manager: Actor, now: datetime
) -> None:
    code = make_code(app, manager, now).text
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for _ in range(3):
        assert refused(ask(client, wrong)) == (403, "enrolment-refused")
    assert refused(ask(client, code)) == (403, "enrolment-refused")
    assert count(app) == 0


def test_a_code_lives_ten_minutes(
    app: Flask, client: FlaskClient, manager: Actor, now: datetime
) -> None:
    code = make_code(app, manager, now).text
    with clock.freeze(now + timedelta(minutes=10)):
        assert refused(ask(client, code)) == (403, "enrolment-refused")
    with clock.freeze(now + timedelta(minutes=10) - timedelta(seconds=1)):
        assert ask(client, code).status_code == 201


def test_a_newer_code_of_the_door_kills_the_older(
    app: Flask, client: FlaskClient, manager: Actor, now: datetime
) -> None:
    older, newer = make_code(app, manager, now).text, make_code(app, manager, now).text
    assert refused(ask(client, older)) == (403, "enrolment-refused")
    assert ask(client, newer).status_code == 201


def test_the_secret_of_a_code_is_not_kept(app: Flask, manager: Actor, now: datetime) -> None:
    code = make_code(app, manager, now)
    with app.app_context(), reading() as session:
        row = session.scalars(select(EnrolmentCodeRow)).one()
    secret = code.text.replace("-", "")[4:]
    assert secret not in f"{row.selector}{row.secret_hash}".upper()


def test_guessing_is_stopped_by_address(app: Flask, client: FlaskClient, now: datetime) -> None:
    answers = [ask(client, f"AAAA-AAAA-{number:04}").status_code for number in range(21)]
    assert answers == [403] * 20 + [429]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"code": "K7QF-2M9X-41TP"}, "public_key"),
        ({"code": "K7QF-2M9X-41TP", "public_key": "short"}, "public_key"),
        ({"code": "K7QF-2M9X-41TP", "public_key": "A" * 44}, "public_key"),
        ({"code": "\0" * 12, "public_key": PUBLIC}, "code"),
        ({"code": 7, "public_key": PUBLIC}, "code"),
    ],
)
def test_a_malformed_asking_is_told_by_field(
    sqlite_app: Flask, body: dict[str, object], field: str
) -> None:
    answer = sqlite_app.test_client().post(PATH, json=body)
    assert refused(answer) == (422, "invalid-input")
    assert set(answer.json["errors"]) == {field}


def test_a_pending_device_hears_that_it_must_wait(
    app: Flask, manager: Actor, now: datetime
) -> None:
    reader = ask_in(app, manager, now)
    for answer in (reader.pull(), reader.beat(), reader.push([reader.note(now)])):
        assert refused(answer) == (403, "device-pending")


def test_an_approved_device_replaces_the_one_before_it(
    app: Flask, manager: Actor, now: datetime
) -> None:
    old = make_reader(app, manager, now)
    new = make_reader(app, manager, now)
    assert refused(old.pull()) == (403, "device-revoked")
    assert new.pull().status_code == 200
    assert old.device().standing is Standing.REVOKED


def test_a_revoked_device_never_comes_back(app: Flask, manager: Actor, now: datetime) -> None:
    reader = make_reader(app, manager, now)
    with app.app_context():
        for _ in range(2):
            with transaction() as session:
                service.revoke_device(session, manager, reader.code, now=now)
        with pytest.raises(DeviceRevoked), transaction() as session:
            service.approve_device(session, manager, reader.code, now=now)
    assert refused(reader.pull()) == (403, "device-revoked")


def test_only_managers_let_devices_in(app: Flask, manager: Actor, now: datetime) -> None:
    odile = make_person(app, "Odile", concierge_of="metz")
    reader = ask_in(app, manager, now)
    with app.app_context():
        with pytest.raises(NotAllowed), transaction() as session:
            service.make_code(session, odile, MIRABELLE_DOOR, now=now)
        with pytest.raises(NotAllowed), transaction() as session:
            service.approve_device(session, odile, reader.code, now=now)
        with pytest.raises(UnknownDoor), transaction() as session:
            service.make_code(session, manager, 9999, now=now)
        with pytest.raises(UnknownDevice), transaction() as session:
            service.approve_device(session, manager, "nobody", now=now)


def test_a_stranger_is_unknown_and_a_forger_is_refused(
    app: Flask, manager: Actor, now: datetime
) -> None:
    reader = make_reader(app, manager, now)
    reader.key = Ed25519PrivateKey.generate()
    assert refused(reader.pull()) == (401, "bad-signature")
    reader.code = "metz-mirabelle-ffffffff"
    assert refused(reader.pull()) == (401, "device-unknown")


@pytest.mark.parametrize(("seconds", "status"), [(-61, 401), (-59, 200), (4, 200), (6, 401)])
def test_a_signature_lives_a_minute(
    app: Flask, manager: Actor, now: datetime, seconds: int, status: int
) -> None:
    reader = make_reader(app, manager, now)
    assert (
        reader.call("GET", "/snapshot", at=now + timedelta(seconds=seconds)).status_code == status
    )


def test_a_signature_is_for_that_address_and_that_body(
    app: Flask, manager: Actor, now: datetime
) -> None:
    reader = make_reader(app, manager, now)
    signed = reader.call("GET", "/snapshot").request.headers
    client = app.test_client()
    kept = {name: signed[name] for name in ("Signature", "Signature-Input", "Content-Digest")}
    assert client.get("/api/v1/devices/snapshot", headers=kept).status_code == 200
    assert client.get("/api/v1/devices/snapshot?wait=1", headers=kept).status_code == 401
    assert client.post("/api/v1/devices/heartbeat", json={}, headers=kept).status_code == 401
    for gone in kept:
        less = {name: value for name, value in kept.items() if name != gone}
        assert client.get("/api/v1/devices/snapshot", headers=less).status_code == 401


def test_an_unsigned_call_is_refused(client: FlaskClient) -> None:
    assert refused(client.get("/api/v1/devices/snapshot")) == (401, "bad-signature")
    assert refused(client.post("/api/v1/devices/journal", json={})) == (401, "bad-signature")


def test_a_bearer_token_is_no_signature(app: Flask, manager: Actor, now: datetime) -> None:
    headers = make_token(app, manager)
    answer = app.test_client().get("/api/v1/devices/snapshot", headers=headers)
    assert answer.status_code == 401


def test_what_is_known_is_not_sent_again(app: Flask, manager: Actor, now: datetime) -> None:
    reader = make_reader(app, manager, now)
    first = reader.pull()
    assert first.mimetype == "application/cose"
    again = reader.pull(first.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert reader.pull('"another"').status_code == 200


@pytest.fixture
def quick_looks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often, in a room that remembers no look at the database of an earlier test."""
    monkeypatch.setattr(device_calls, "BETWEEN_LOOKS", 0.02)
    monkeypatch.setitem(app.extensions, device_calls.WAITING, WaitingRoom(200))


def waiting(reader: Reader, etag: str, seconds: int = 20) -> TestResponse:
    return reader.call("GET", f"/snapshot?wait={seconds}", headers={"If-None-Match": etag})


@pytest.mark.usefixtures("quick_looks")
def test_a_waiting_door_hears_of_a_cancelling_at_once(
    app: Flask, manager: Actor, now: datetime
) -> None:
    anais = make_person(app)
    with app.app_context(), transaction() as session:
        ref = bookings.book(session, anais, stay(), now=now).ref
    reader = make_reader(app, manager, now)
    etag = reader.pull().headers["ETag"]

    def cancel() -> None:
        time.sleep(0.2)
        with app.app_context(), transaction() as session:
            bookings.cancel(session, anais, ref, now=now)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    began = time.monotonic()
    answer = waiting(reader, etag)
    canceller.join()
    assert answer.status_code == 200
    assert time.monotonic() - began < 10
    assert answer.headers["ETag"] != etag


@pytest.mark.usefixtures("quick_looks")
def test_a_door_that_waits_in_vain_hears_so(app: Flask, manager: Actor, now: datetime) -> None:
    reader = make_reader(app, manager, now)
    etag = reader.pull().headers["ETag"]
    assert waiting(reader, etag, 1).status_code == 304


@pytest.mark.usefixtures("quick_looks")
def test_a_device_taken_out_while_it_waits_hears_that(
    app: Flask, manager: Actor, now: datetime
) -> None:
    reader = make_reader(app, manager, now)
    etag = reader.pull().headers["ETag"]

    def take_out() -> None:
        time.sleep(0.2)
        with app.app_context(), transaction() as session:
            session.execute(update(DeviceRow).values(revoked_at=now))

    taker = threading.Thread(target=take_out)
    taker.start()
    answer = waiting(reader, etag)
    taker.join()
    assert refused(answer) == (403, "device-revoked")


def test_when_all_places_are_taken_a_door_asks_again_later(
    app: Flask, manager: Actor, now: datetime
) -> None:
    reader = make_reader(app, manager, now)
    etag = reader.pull().headers["ETag"]
    places = app.extensions[device_calls.WAITING].places
    taken = [places.acquire(blocking=False) for _ in range(100)]
    try:
        assert waiting(reader, etag).status_code == 204
        assert reader.pull(etag).status_code == 304  # who does not wait needs no place
    finally:
        for _ in range(sum(taken)):
            places.release()


def test_each_door_is_told_of_its_own_site(app: Flask, manager: Actor, now: datetime) -> None:
    told = make_reader(app, manager, now, NANCY_DOOR).snapshot()
    assert told.site == "nc"
    assert all(200 <= number < 300 for number in told.others)


@pytest.mark.parametrize(
    "content",
    [
        {"lines": []},
        {"lines": [{"seq": 0, "body": "", "hash": "0" * 64}]},
        {"lines": [{"seq": 1, "body": "?", "hash": "0" * 64}]},
        {"lines": [{"seq": 1, "body": "", "hash": "0" * 63}]},
        {"lines": [{"seq": 1, "body": "", "hash": "0" * 64}] * 201},
        {"more": 1},
    ],
)
def test_a_malformed_journal_is_refused_whole(
    app: Flask, manager: Actor, now: datetime, content: object
) -> None:
    reader = make_reader(app, manager, now)
    assert refused(reader.call("POST", "/journal", content)) == (422, "invalid-input")
