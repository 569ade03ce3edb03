"""A real server on loopback with the demonstration in it, and a real browser that looks at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Literal, TypedDict
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

from app import jobs
from app.db.transaction import transaction
from app.demonstration.showcase import top_up
from app.web import clock
from tests import databases
from tests.factories import post

# Monday 23 November 2026, 10:40 in Metz: every Totem is open, its board is full.
MORNING = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
PASSWORD = "demo-totem"
PATIENCE = 15_000  # ms: a machine busy with other tests is slow, not wrong
SCREENS = Path(__file__).parent / "screens"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",  # tests run as root in CI
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Size(TypedDict):
    """A window, in CSS pixels."""

    width: int
    height: int


Scheme = Literal["light", "dark"]
PHONE: Size = {"width": 390, "height": 844}
DESK: Size = {"width": 1440, "height": 900}


class QuietHandler(WSGIRequestHandler):
    """Answers and says nothing: the watch of each page tells what failed."""

    def log_message(self, format: str, *args: object) -> None:  # the library's name
        """Say nothing."""


class Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True
    request_queue_size = 128


@dataclass(frozen=True)
class House:
    """The running product: its app and its address."""

    app: Flask
    base: str

    def deliver(self) -> None:
        """Let the worker's hand go round once: mails, passes, cancellations."""
        jobs.deliver_due(self.app)


@contextmanager
def running_house(folder: Path) -> Iterator[House]:
    """Serve the product with its demonstration on a port of loopback until the block ends."""
    with Server(("127.0.0.1", 0), QuietHandler) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        app = _furnished(folder, base)
        server.set_app(app)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield House(app, base)
        finally:
            server.shutdown()
            thread.join()
            databases.close(app)


def _furnished(folder: Path, base: str) -> Flask:
    with clock.freeze(MORNING):
        app = databases.network_app("sqlite", folder, demonstration=True, base_url=base)
        with app.app_context(), transaction() as session:
            top_up(session, cheap=True, now=MORNING)
    return app


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is missing: apt-get install chromium"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watch:
    """Notes everything that a healthy page never does."""

    base: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of ``context``."""
        context.on("page", self._listen)
        context.on("response", self._answered)

    def _listen(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if "Failed to load resource" in message.text:  # told, with its status, by _answered
            return
        self.faults.append(f"{message.location.get('url', '')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if not response.url.startswith((self.base, "data:")):
            self.faults.append(f"asked somebody else: {response.url}")
        elif response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def told(self) -> list[str]:
        """Give, and forget, what was noted."""
        told, self.faults = self.faults, []
        return told


@dataclass
class Visitor:
    """Somebody at a browser of their own."""

    house: House
    context: BrowserContext
    page: Page
    watch: Watch
    devtools: CDPSession | None = None

    def go(self, path: str) -> Page:
        """Open a page of the house."""
        self.page.goto(self.house.base + path)
        return self.page

    def sign_in(self, login: str) -> None:
        """Sign in as somebody of the demonstration, through the form."""
        self.go("/sign-in")
        self.page.fill("input[name=email]", f"{login}@totem.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def arrive(self, login: str | None, language: str) -> None:
        """Come as somebody who is signed in already, or as a stranger, and reads ``language``."""
        client = self.house.app.test_client()
        if login:
            post(client, "/sign-in", email=f"{login}@totem.example", password=PASSWORD)
        post(client, "/language", page="/sites", language=language, next="/sites")
        cookie = client.get_cookie(self.house.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        self.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.house.base}]
        )

    def hold(self, *, touch: bool) -> None:
        """Look at the page on a phone, with a finger, or at a desk."""
        self.page.set_viewport_size(PHONE if touch else DESK)
        fingers = {"enabled": touch, "maxTouchPoints": 1}
        self._devtools().send("Emulation.setTouchEmulationEnabled", fingers)

    def _devtools(self) -> CDPSession:
        if self.devtools is None:
            self.devtools = self.context.new_cdp_session(self.page)
        return self.devtools

    def newest_mail(self) -> None:
        """Let the mails leave and open the newest one on the page of demonstration mail."""
        self.house.deliver()
        self.go("/demo/mail")
        self.page.locator("main ul a").first.click()

    def path(self) -> str:
        """Give the path of the page."""
        return self.page.url.removeprefix(self.house.base)


@contextmanager
def visiting(
    house: House,
    browser: Browser,
    *,
    size: Size = DESK,
    language: str = "fr-FR",
    scheme: Scheme = "light",
    scripts: bool = True,
    touch: bool = False,
    own_clock: bool = False,
) -> Iterator[Visitor]:
    """Give somebody a browser; at the end nothing unhealthy may have been noted.

    The browser's clock stands on the house's morning, unless it keeps its own.
    """
    context = browser.new_context(
        viewport=size,
        locale=language,
        timezone_id="Europe/Paris",
        color_scheme=scheme,
        java_script_enabled=scripts,
        has_touch=touch,
        is_mobile=touch,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    if scripts and not own_clock:
        context.clock.set_fixed_time(MORNING)
    watch = Watch(house.base)
    watch.follow(context)
    try:
        yield Visitor(house, context, context.new_page(), watch)
        assert watch.told() == []
    finally:
        context.close()
