"""The server as a kiosk reaches it: a few calls, each signed, each with a time limit."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

import requests
import urllib3.exceptions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.kiosk.clock import Clock, as_instant
from devices.kiosk.health import SOFTWARE
from devices.kiosk.muster import Muster
from devices.kiosk.state import Identity, identity_from
from devices.kiosk.vitals import Vitals
from devices.passes.cbor import SNAPSHOT_LIMITS
from devices.passes.chain import Head, Line
from devices.passes.keys import fingerprint, public_bytes
from devices.passes.letters import Letter, sign_letter

TIME_LIMIT: Final = (5, 10)
_API: Final = "/api/v1/devices"
_FRESH_ENOUGH: Final = 30
_REFUSALS: Final = frozenset({401, 403, 404, 409, 422, 429})


class ServerUnreachable(Exception):
    """No answer, or one that is no use; trying again later may help."""


class ServerRefused(Exception):
    """The server said no: `code` is its stable word, `seq` the journal line it waits for.

    `reason` is a door's own word for what is wrong with a pass, `sentence` what to tell a person.
    """

    def __init__(
        self, code: str, seq: int | None = None, *, reason: str = "", sentence: str = ""
    ) -> None:
        super().__init__(code)
        self.code = code
        self.seq = seq
        self.reason = reason
        self.sentence = sentence


class NoNews(StrEnum):
    """Why asking for a snapshot brought none."""

    SAME = "same"
    NO_PLACE = "no-place"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response read to its end, within a limit of size."""

    status: int
    body: bytes
    etag: str

    def json(self) -> dict[str, object]:
        """Return the JSON object in it; raises ServerUnreachable when there is none."""
        try:
            content = json.loads(self.body)
        except ValueError as error:
            raise ServerUnreachable("not JSON") from error
        if not isinstance(content, dict):
            raise ServerUnreachable("not a JSON object")
        return content


def enrol(server: str, *, code: str, key: Ed25519PrivateKey) -> Identity:
    """Ask in with a one-time code; the server then waits for a person to approve.

    Raises ServerRefused for a wrong code, ServerUnreachable without a usable answer.
    """
    public = public_bytes(key)
    body = json.dumps({"code": code, "public_key": base64.b64encode(public).decode()}).encode()
    with requests.Session() as session:
        content = _sent(session, Letter("POST", f"{server}{_API}/enrolments", body)).json()
    if content.get("fingerprint") != fingerprint(public):
        raise ServerUnreachable("the server saw another key than ours")
    try:
        return identity_from(content)
    except ValueError as error:
        raise ServerUnreachable("not an enrolment") from error


class Server:
    """The signed calls of one enrolled device; used by one thread."""

    def __init__(
        self, address: str, *, identity: Identity, key: Ed25519PrivateKey, clock: Clock
    ) -> None:
        self._address = address + _API
        self._vitals = Vitals(address)
        self._device = identity.device
        self._key = key
        self._clock = clock
        self._session = requests.Session()
        self.clock_error = 0

    def pull_snapshot(self, etag: str, *, wait: int = 0) -> tuple[bytes, str] | NoNews:
        """Return the signed snapshot and its ETag, or that the one named still holds.

        With `wait` the server may answer that late; without a place to wait it says so at once.
        """
        path = f"/snapshot?wait={wait}" if wait and etag else "/snapshot"
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._call("GET", path, headers=headers, patience=wait)
        match answer.status:
            case 304:
                return NoNews.SAME
            case 204:
                return NoNews.NO_PLACE
            case _:
                return answer.body, answer.etag

    def push_journal(self, lines: list[Line]) -> Head:
        """Hand in lines and return where the server now stands; raises ServerRefused."""
        content = [
            {
                "seq": line.seq,
                "body": base64.b64encode(line.body).decode(),
                "hash": line.digest.hex(),
            }
            for line in lines
        ]
        return _head(self._call("POST", "/journal", {"lines": content}).json())

    def heartbeat(self, head: Head, snapshot: int, states: Iterable[str] = ()) -> Head:
        """Say where we stand and how we fare, and return where the server stands."""
        clock = as_instant(self._clock().now).isoformat().replace("+00:00", "Z")
        content = {
            "seq": head.seq,
            "head": head.digest.hex(),
            "snapshot": snapshot,
            "clock": clock,
            "software": SOFTWARE,
            "states": sorted(states),
            **self._vitals.told(),
        }
        return _head(self._call("POST", "/heartbeat", content).json())

    def pull_inside(self) -> Muster:
        """Return who may be inside; names come to muster points only."""
        content = self._call("GET", "/inside").json()
        count, people, until = (content.get(name) for name in ("count", "people", "until"))
        try:
            if not isinstance(people, list):
                raise ValueError("people")  # noqa: TRY301, TRY004 — one way out for bad content
            ends_at = int(datetime.fromisoformat(str(until)).timestamp())
        except ValueError as error:
            raise ServerUnreachable("not a list of people") from error
        lines = tuple(str(line) for line in people)
        return Muster(_number(count) or 0, lines, self._clock().now, ends_at)

    def ask(self, path: str, content: object, headers: dict[str, str]) -> dict[str, object]:
        """Ask something for who stands at the door; raises ServerRefused with why not."""
        return self._call("POST", path, content, headers=headers).json()

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def _call(
        self,
        method: str,
        path: str,
        content: object | None = None,
        headers: dict[str, str] | None = None,
        patience: int = 0,
    ) -> Answer:
        body = b"" if content is None else json.dumps(content).encode()
        letter = Letter(method, self._address + path, body)
        # A clock that is off must not cut the door off: sign in the server's time, as last heard.
        now = as_instant(self._clock().now) + timedelta(seconds=self.clock_error)
        letter.headers = sign_letter(letter, device=self._device, key=self._key, now=now)
        letter.headers.update(headers or {})
        return _sent(self._session, letter, heard=self._hear_date, patience=patience)

    def _hear_date(self, date: str) -> None:
        try:
            server_time = int(parsedate_to_datetime(date).timestamp())
        except ValueError:
            return
        error = server_time - self._clock().now
        self.clock_error = error if abs(error) > _FRESH_ENOUGH else 0


def _sent(
    session: requests.Session,
    letter: Letter,
    heard: Callable[[str], None] | None = None,
    patience: int = 0,
) -> Answer:
    connecting, reading = TIME_LIMIT
    headers = {"Content-Type": "application/json"} if letter.body else {}
    try:
        with session.request(
            letter.method,
            letter.url,
            data=letter.body or None,
            headers=headers | letter.headers,
            timeout=(connecting, reading + patience),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = response.raw.read(SNAPSHOT_LIMITS.size + 1, decode_content=True)
            answer = Answer(response.status_code, body, response.headers.get("ETag", ""))
            date = response.headers.get("Date")
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise ServerUnreachable(type(error).__name__) from error
    if heard is not None and date is not None:
        heard(date)
    return _useful(answer)


def _useful(answer: Answer) -> Answer:
    if len(answer.body) > SNAPSHOT_LIMITS.size:
        raise ServerUnreachable("an answer too long")
    if answer.status in {200, 201, 204, 304}:
        return answer
    if answer.status in _REFUSALS:
        problem = answer.json()
        raise ServerRefused(
            str(problem.get("code", answer.status)),
            _number(problem.get("seq")),
            reason=_text(problem.get("reason")),
            sentence=_text(problem.get("detail")),
        )
    raise ServerUnreachable(f"status {answer.status}")


def _head(content: dict[str, object]) -> Head:
    seq, digest = _number(content.get("seq")), content.get("head")
    try:
        if seq is None or not isinstance(digest, str):
            raise ValueError("seq or head")  # noqa: TRY301 — one way out for bad content
        return Head(seq, bytes.fromhex(digest))
    except ValueError as error:
        raise ServerUnreachable("not a head") from error


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
