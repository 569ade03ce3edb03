"""The page of a door: only this machine's browser is answered, and what it sees is decided on."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest

from devices.kiosk.clock import Moment
from devices.kiosk.events import Event, LanguageChosen, Scanned, Tick
from devices.kiosk.page.screen import PageScreen
from devices.kiosk.page.server import LONGEST_BODY, PageServer
from devices.kiosk.settings import Page
from devices.kiosk.views import Tone, View
from devices.kiosk.watchdog import EVERY, Watchdog
from devices.passes.proofs import CHALLENGE_PREFIX
from devices.passes.rules import Policy
from tests.kiosk.doors import open_door, snapshot_with
from tests.unit.passes.papers import PASS_ID, RULES
from tests.unit.passes.papers import sealed as pass_text

pytestmark = pytest.mark.server


class Browser:
    """A client of the page, as honest or not as a test wants."""

    def __init__(self, server: PageServer, events: "SimpleQueue[Event]") -> None:
        self.host = server.address.removeprefix("http://")
        self.events = events

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Ask once; gives the status and what was answered."""
        line = http.client.HTTPConnection(self.host, timeout=5)
        line.request(method, path, body or None, {"Host": self.host} | headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer.status, content

    def post(self, path: str, content: object, **headers: str) -> int:
        """Post JSON as our own page does."""
        body = json.dumps(content).encode()
        return self.ask("POST", path, body, **{"Origin": f"http://{self.host}", **headers})[0]


@contextmanager
def served(screen: PageScreen | None = None) -> Iterator[Browser]:
    """Serve a page on a free port."""
    events: SimpleQueue[Event] = SimpleQueue()
    page = Page(port=0, camera=True, reload_at="03:30")
    server = PageServer(page, screen or PageScreen(), events.put)
    server.start()
    try:
        yield Browser(server, events)
    finally:
        server.close()


def test_the_page_and_its_parts_are_served_with_a_strict_policy() -> None:
    with served() as browser:
        for name in ("/", "/kiosk.js", "/kiosk.css", "/camera.js", "/challenge.js"):
            assert browser.ask("GET", name)[0] == 200, name
        line = http.client.HTTPConnection(browser.host)
        line.request("GET", "/")
        policy = line.getresponse().headers["Content-Security-Policy"]
        line.close()
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy


@pytest.mark.parametrize("path", ["/../settings.py", "/nothing.js", "/static/../server.py", "/%2e"])
def test_no_other_file_is_given_away(path: str) -> None:
    with served() as browser:
        assert browser.ask("GET", path)[0] == 404


def test_a_page_of_another_name_or_site_is_refused() -> None:
    with served() as browser:
        assert browser.ask("GET", "/", Host="evil.example")[0] == 403
        assert browser.ask("GET", "/views", Host="evil.example")[0] == 403
        scan = {"text": "RB1:X"}
        assert browser.post("/scan", scan, Origin="https://evil.example") == 403
        assert browser.ask("POST", "/scan", json.dumps(scan).encode())[0] == 403
        assert browser.events.empty()


def test_what_the_page_saw_becomes_an_event() -> None:
    with served() as browser:
        assert browser.post("/scan", {"text": "RB1:X"}) == 200
        assert browser.events.get(timeout=1) == Scanned("RB1:X")
        assert browser.post("/language", {"language": "de"}) == 200
        assert browser.events.get(timeout=1) == LanguageChosen("de")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/scan", {"text": 7}),
        ("/scan", ["RB1:X"]),
        ("/scan", {"text": "X" * LONGEST_BODY}),
        ("/language", {"language": "xx"}),
        ("/open", {}),
    ],
)
def test_anything_else_is_refused(path: str, content: object) -> None:
    with served() as browser:
        assert browser.post(path, content) == 422
        assert browser.events.empty()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"[" * LONGEST_BODY, {}),
        (b'{"text": "RB1:X"', {}),
        (b"{}", {"Content-Length": "²"}),
        (b"{}", {"Content-Length": "-1"}),
    ],
)
def test_a_body_made_to_break_the_reader_is_refused(body: bytes, headers: dict[str, str]) -> None:
    with served() as browser:
        origin = {"Origin": f"http://{browser.host}"}
        assert browser.ask("POST", "/scan", body, **origin, **headers)[0] == 422
        assert browser.events.empty()


def test_an_open_page_hears_of_each_view_at_once() -> None:
    screen = PageScreen()
    views = screen.views()
    assert next(views) == "null"
    heard: list[str] = []
    listener = threading.Thread(target=lambda: heard.append(next(views)))
    listener.start()
    screen.show(View(Tone.OPEN, "OUVERT", "Entrez.", language="fr"))
    listener.join(1)
    assert json.loads(heard[0])["word"] == "OUVERT"
    screen.close()
    assert list(views) == []


def test_somebody_reads_another_language_for_a_minute(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    assert door.act(LanguageChosen("en")).sentence == "Hold your code here."
    assert door.scan(pass_text()).word == "OPEN"
    assert door.act(LanguageChosen("en"), after=61).language == "en"
    door.uptime += 61
    door.keeper.act(LanguageChosen("de"), Moment(door.now, door.uptime))
    assert door.screen.shown[-1].language == "de"


def test_a_door_that_challenges_shows_a_fresh_code_and_takes_no_static_pass(tmp_path: Path) -> None:
    rules = replace(RULES, policy=Policy.CHALLENGE)
    door = open_door(tmp_path, held=snapshot_with(rules=rules))
    first = door.screen.shown[-1].challenge
    assert first.startswith(CHALLENGE_PREFIX)
    assert door.scan(pass_text()).tone is Tone.SHUT
    assert PASS_ID in {entry.pass_id for entry in door.entries()}
    assert door.act(Tick(), after=31).challenge not in {"", first}


def test_the_watchdog_of_the_machine_hears_that_the_loop_lives(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(1)
        dog = Watchdog(str(tmp_path / "notify"))
        dog.ready()
        assert systemd.recv(64) == b"READY=1"
        for uptime in (0.0, EVERY / 2, EVERY):
            dog.alive(uptime)
        assert [systemd.recv(64) for _ in range(2)] == [b"WATCHDOG=1"] * 2
        systemd.setblocking(False)
        with pytest.raises(BlockingIOError):
            systemd.recv(64)
    Watchdog(str(tmp_path / "nobody")).ready()
