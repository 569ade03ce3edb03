"""Readers at doors for tests: enrolled, approved, signing as real ones do."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.access import queries, service
from app.access.devices import Device
from app.access.keys import IssuerKeys
from app.access.service import Asking
from app.db.transaction import transaction
from app.domain.permissions import Actor, Role
from app.people import service as people
from app.web import clock
from devices.passes.chain import Entry, Head, Kind, Line, genesis, link, to_body
from devices.passes.keys import public_bytes
from devices.passes.letters import Letter, sign_letter
from devices.passes.snapshot import Snapshot, read_snapshot
from tests.stays import BORN, actor_of

API = "/api/v1/devices"
ENTRANCE, MIRABELLE_DOOR, NANCY_DOOR = 101, 104, 201
BOOT = b"bootboot"


def keys_of(app: Flask) -> IssuerKeys:
    """Give the keys the app opened."""
    keys = app.extensions["totem.pass_keys"]
    assert isinstance(keys, IssuerKeys)
    return keys


def make_manager(app: Flask, name: str = "Solange") -> Actor:
    """Make a manager of the network, who may let readers in."""
    with app.app_context(), transaction() as session:
        account_id = people.create_account(
            session, email=f"{name.lower()}@people.example", name=name, now=BORN
        )
        people.grant_role(
            session, None, account_id=account_id, role=Role.NETWORK_MANAGER, site=None, now=BORN
        )
        return actor_of(session, account_id)


@dataclass
class Reader:
    """A reader with a key of its own and a journal in memory."""

    app: Flask
    code: str
    key: Ed25519PrivateKey
    head: Head
    lines: list[Line] = field(default_factory=list)

    def call(
        self,
        method: str,
        path: str,
        content: object | None = None,
        *,
        at: datetime | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Call the server, signed as of ``at`` (now)."""
        body = b"" if content is None else json.dumps(content).encode()
        letter = Letter(method, f"http://localhost{API}{path}", body)
        signed = sign_letter(letter, device=self.code, key=self.key, now=at or clock.now())
        return self.app.test_client().open(
            f"{API}{path}",
            method=method,
            data=body,
            headers={**signed, **(headers or {})},
            content_type="application/json" if body else None,
        )

    def pull(self, etag: str = "") -> TestResponse:
        """Ask for the snapshot."""
        return self.call("GET", "/snapshot", headers={"If-None-Match": etag} if etag else {})

    def snapshot(self) -> Snapshot:
        """Pull the snapshot and read it as a door does, with the pinned key."""
        answer = self.pull()
        assert answer.status_code == 200, answer.get_data(as_text=True)
        pinned = Ed25519PublicKey.from_public_bytes(keys_of(self.app).snapshot_public)
        return read_snapshot(answer.get_data(), pinned)

    def note(
        self,
        at: datetime,
        kind: Kind = Kind.GRANT,
        *,
        door: int = MIRABELLE_DOOR,
        reason: str = "static",
        pass_id: bytes = b"",
        online: bool = False,
    ) -> Line:
        """Write a line into the journal."""
        entry = Entry(
            int(at.timestamp()), 1, BOOT, kind, door, reason, pass_id, online=online, snapshot=1
        )
        return self.write(to_body(entry))

    def write(self, body: bytes) -> Line:
        """Write any body as the next line."""
        line = link(self.head, body)
        self.head = Head(line.seq, line.digest)
        self.lines.append(line)
        return line

    def push(self, lines: list[Line] | None = None) -> TestResponse:
        """Hand in lines (all of them)."""
        sent = [
            {
                "seq": line.seq,
                "body": base64.b64encode(line.body).decode(),
                "hash": line.digest.hex(),
            }
            for line in (self.lines if lines is None else lines)
        ]
        return self.call("POST", "/journal", {"lines": sent})

    def beat(
        self, *, head: Head | None = None, snapshot: int = 0, clock_at: str = ""
    ) -> TestResponse:
        """Give a sign of life."""
        head = head or self.head
        at = clock_at or clock.now().isoformat()
        return self.call(
            "POST",
            "/heartbeat",
            {"seq": head.seq, "head": head.digest.hex(), "snapshot": snapshot, "clock": at},
        )

    def device(self) -> Device:
        """Give what the server holds of it."""
        with self.app.app_context(), transaction() as session:
            return find(session, self.code)


def find(session: Session, code: str) -> Device:
    """Give a device."""
    device = queries.find_device(session, code)
    assert device is not None
    return device


def ask_in(app: Flask, manager: Actor, now: datetime, door: int = MIRABELLE_DOOR) -> Reader:
    """Let a reader ask in with a fresh code; it waits for approval."""
    key = Ed25519PrivateKey.generate()
    with app.app_context(), transaction() as session:
        code = service.make_code(session, manager, door, now=now)
        asking = Asking(code.text, public_bytes(key), "127.0.0.1")
        device = service.enrol(session, asking, now=now)
        assert device is not None
    return Reader(app, device.code, key, genesis(device.code))


def make_reader(app: Flask, manager: Actor, now: datetime, door: int = MIRABELLE_DOOR) -> Reader:
    """Let a reader in and approve it."""
    reader = ask_in(app, manager, now, door)
    with app.app_context(), transaction() as session:
        service.approve_device(session, manager, reader.code, now=now)
    return reader
