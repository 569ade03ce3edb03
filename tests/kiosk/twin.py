"""A small twin of the server's device calls, on loopback: real signatures, real chain."""

import base64
import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from devices.passes.chain import BrokenChain, Head, Line, extend, genesis
from devices.passes.keys import fingerprint, public_bytes
from devices.passes.letters import InvalidLetter, Letter, verify_letter
from devices.passes.snapshot import Snapshot, etag, seal_snapshot
from tests.kiosk.doors import DEVICE, SNAPSHOT, SNAPSHOT_KEY


@dataclass
class Twin:
    """What the twin knows; tests change it while it serves."""

    snapshot: Snapshot = SNAPSHOT
    code: str = "482913"
    key: Ed25519PublicKey | None = None
    is_approved: bool = True
    has_place: bool = True
    people: list[str] = field(default_factory=list)
    is_ending: bool = False
    lines: list[Line] = field(default_factory=list)
    head: Head = field(default_factory=lambda: genesis(DEVICE))
    heartbeats: list[dict[str, object]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    address: str = ""

    def answer(self, letter: Letter) -> tuple[int, bytes, dict[str, str]]:
        """Answer one request as the wire document says."""
        path, _, query = letter.url.removeprefix(self.address).partition("?")
        path = path.removeprefix("/api/v1/devices")
        self.calls.append(f"{letter.method} {path}")
        if path in self.answers:
            return *self.answers[path], {}
        if path == "/enrolments":
            return self._enrol(json.loads(letter.body))
        try:
            verify_letter(letter, find_key=self._find_key, now=datetime.now(UTC))
        except InvalidLetter:
            return _problem(401, "bad-signature")
        if not self.is_approved:
            return _problem(403, "device-pending")
        if path == "/snapshot":
            wait = int(query.removeprefix("wait=") or 0)
            return self._snapshot(letter.headers.get("If-None-Match", ""), wait)
        if path == "/journal":
            return self._journal(json.loads(letter.body)["lines"])
        if path == "/inside":
            content = {"count": 3, "people": self.people, "until": "2030-01-01T00:00:00Z"}
            return _json(200, content)
        self.heartbeats.append(json.loads(letter.body))
        return _json(200, self._stand() | {"time": "2026-11-22T14:00:00Z"})

    def _find_key(self, device: str) -> Ed25519PublicKey | None:
        return self.key if device == DEVICE else None

    def _enrol(self, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if asked["code"] != self.code:
            return _problem(403, "enrolment-refused")
        public = base64.b64decode(asked["public_key"])
        self.key = Ed25519PublicKey.from_public_bytes(public)
        content = {
            "device": DEVICE,
            "snapshot_key": base64.b64encode(public_bytes(SNAPSHOT_KEY)).decode(),
            "fingerprint": fingerprint(public),
            "state": "pending",
        }
        return _json(201, content)

    def _snapshot(self, known: str, wait: int) -> tuple[int, bytes, dict[str, str]]:
        if wait and not self.has_place:
            return 204, b"", {}
        ends_at = time.monotonic() + wait
        while known == etag(self.snapshot) and time.monotonic() < ends_at and not self.is_ending:
            time.sleep(0.02)
        tag = etag(self.snapshot)
        if known == tag:
            return 304, b"", {"ETag": tag}
        now = int(datetime.now(UTC).timestamp())
        fresh = replace(self.snapshot, server_time=now)
        sealed = seal_snapshot(fresh, SNAPSHOT_KEY)
        return 200, sealed, {"ETag": tag, "Content-Type": "application/cose"}

    def _journal(self, sent: list[dict[str, str]]) -> tuple[int, bytes, dict[str, str]]:
        lines = [
            Line(int(line["seq"]), base64.b64decode(line["body"]), bytes.fromhex(line["hash"]))
            for line in sent
        ]
        new = [line for line in lines if line.seq > self.head.seq]
        held = {line.seq: line.digest for line in self.lines}
        if any(held.get(line.seq, line.digest) != line.digest for line in lines):
            return _problem(409, "journal-fork")
        try:
            self.head = extend(self.head, new)
        except BrokenChain as error:
            return _problem(409, f"journal-{error.why}", seq=error.seq)
        self.lines += new
        return _json(200, self._stand())

    def _stand(self) -> dict[str, object]:
        return {"seq": self.head.seq, "head": self.head.digest.hex()}


def _json(status: int, content: object) -> tuple[int, bytes, dict[str, str]]:
    return status, json.dumps(content).encode(), {"Content-Type": "application/json"}


def _problem(status: int, code: str, **facts: int) -> tuple[int, bytes, dict[str, str]]:
    return _json(status, {"status": status, "code": code, **facts})


class _Handler(BaseHTTPRequestHandler):
    twin: Twin
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        letter = Letter(self.command, self.twin.address + self.path, body, dict(self.headers))
        status, content, headers = self.twin.answer(letter)
        with contextlib.suppress(ConnectionError):  # a kiosk that ended does not wait
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = _answer  # noqa: N815 — names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Say nothing of a kiosk whose plug was pulled while it asked."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serving(twin: Twin, port: int = 0) -> Iterator[Twin]:
    """Serve the twin on loopback until the block ends."""
    handler = type("Handler", (_Handler,), {"twin": twin})
    server = _Server(("127.0.0.1", port), handler)
    twin.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield twin
    finally:
        twin.is_ending = True
        server.shutdown()
        server.server_close()
        thread.join()
