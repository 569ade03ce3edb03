"""The page of a door with a camera of paper: the code is seen, judged and shown in a moment."""

import io
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import qrcode
from PIL import Image

from devices.drivers.fake.driver import FakeLock
from devices.kiosk.clock import Moment, system_clock
from devices.kiosk.doorway import Doorway
from devices.kiosk.events import Event, Scanned, Stop
from devices.kiosk.journal import Journal
from devices.kiosk.loop import Doorkeeper, run
from devices.kiosk.page.screen import PageScreen
from devices.kiosk.page.server import PageServer
from devices.kiosk.settings import Page
from devices.kiosk.state import StateFolder
from tests.kiosk.doors import DEVICE, SNAPSHOT
from tests.unit.passes.papers import RULES, STARTS
from tests.unit.passes.papers import sealed as pass_text

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FRAMES, BLANK = 90, 45  # at 30 frames a second: nothing for a while, then a code
VERDICT_WITHIN_MS = 300


def film(path: Path, text: str) -> None:
    """Write an MJPEG film: an empty scene, then a code held before the camera, over and over."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=5, border=4)
    code.add_data(text, optimize=0)
    drawn = code.make_image().convert("RGB")
    with path.open("wb") as file:
        for number in range(FRAMES):
            scene = Image.new("RGB", (640, 480), (150, 150, 150))
            if number >= BLANK:
                scene.paste(drawn, (40 + number % 3, 20))
            frame = io.BytesIO()
            scene.save(frame, "JPEG", quality=90)
            file.write(frame.getvalue())


class Timed:
    """A queue of events that remembers when each code came in."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.scans: list[str] = []

    def put(self, event: Event) -> None:
        """Hand an event to the loop."""
        if isinstance(event, Scanned):
            self.scans.append(event.text)
        self.events.put(event)


@contextmanager
def door(folder: Path) -> Iterator[tuple[PageServer, Timed, FakeLock]]:
    """Run the loop of a door whose clock stands in the hours of the test's pass."""
    screen, timed, lock = PageScreen(), Timed(), FakeLock()
    journal_path = folder / f"journal-{DEVICE}.db"
    server = PageServer(Page(port=0, camera=True, reload_at="03:30"), screen, timed.put)
    begun = system_clock().now

    def clock() -> Moment:
        moment = system_clock()
        return Moment(STARTS + moment.now - begun, moment.uptime)

    def keep() -> None:
        journal = Journal(journal_path, DEVICE, reserve=0)
        way = Doorway(
            door=RULES.door,
            lock=lock,
            journal=journal,
            state=StateFolder(folder),
            screen=screen,
            language="fr",
            fingerprint="",
            boot=b"bootboot",
            open_seconds=5.0,
        )
        run(Doorkeeper(way, SNAPSHOT), timed.events, clock)
        journal.close()

    loop = threading.Thread(target=keep)
    loop.start()
    server.start()
    try:
        yield server, timed, lock
    finally:
        timed.put(Stop())
        loop.join(5)
        server.close()


@contextmanager
def kiosk_browser(film_path: Path, address: str) -> Iterator["BrowserPage"]:
    """Open the page in a Chromium whose camera plays a film."""
    import shutil

    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is missing: apt-get install chromium"
    flags = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film_path}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        page = browser.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.goto(address)
        yield page
        assert troubles == []
        browser.close()


def test_a_code_before_the_camera_opens_the_door_in_a_moment(tmp_path: Path) -> None:
    film(tmp_path / "pass.mjpeg", pass_text())
    with (
        door(tmp_path) as (server, timed, lock),
        kiosk_browser(tmp_path / "pass.mjpeg", server.address) as page,
    ):
        page.wait_for_selector("body[data-tone=idle]")
        assert page.text_content("#sentence") == "Présentez votre code ici."
        taken = page.evaluate(
            """() => new Promise(done => {
                const send = window.fetch;
                let sentAt = 0;
                window.fetch = (...all) => {
                    if (all[0] === '/scan' && !sentAt) sentAt = Date.now();
                    return send(...all);
                };
                new MutationObserver(() => {
                    if (document.body.dataset.tone === 'open') done(Date.now() - sentAt);
                }).observe(document.body, {attributes: true});
            })"""
        )
        assert page.text_content("#word") == "OUVERT"
        assert set(timed.scans) == {pass_text()}
        assert lock.pulses
        assert taken < VERDICT_WITHIN_MS
        assert page.get_attribute("html", "lang") == "fr"
        assert int(page.get_attribute("body", "data-frames") or 0) > 0


def test_the_page_speaks_three_languages_and_says_when_nobody_answers(tmp_path: Path) -> None:
    film(tmp_path / "empty.mjpeg", "HELLO")
    with (
        door(tmp_path) as (server, _timed, _lock),
        kiosk_browser(tmp_path / "empty.mjpeg", server.address) as page,
    ):
        page.wait_for_selector("body[data-tone=idle], body[data-tone=shut]")
        page.click("button[data-language=de]")
        page.wait_for_selector("html[lang=de]")
        assert page.get_attribute("button[data-language=de]", "aria-pressed") == "true"
