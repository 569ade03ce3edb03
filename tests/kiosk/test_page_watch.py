"""The page of a door minds itself: it opens a stalled camera again, and begins anew each night."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devices.kiosk.events import LanguageChosen
from tests.kiosk.test_page_camera import Timed, door, film, kiosk_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TWO_AT_NIGHT = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001 — on the clock of this machine, as the page
RELOAD_AT_HALF_PAST_THREE = (90 * 60 + 5) * 1000
STALLED, AGAIN = 6_000, 2_100
TRACK = "document.querySelector('video').srcObject.getVideoTracks()[0]"


@contextmanager
def watched(folder: Path) -> Iterator[tuple["BrowserPage", Timed]]:
    """Open the page at two at night, by a clock that a test sets forward."""
    film(folder / "empty.mjpeg", "HELLO")
    with (
        door(folder) as (server, timed, _lock),
        kiosk_browser(folder / "empty.mjpeg", server.address) as page,
    ):
        page.clock.install(time=TWO_AT_NIGHT)
        page.reload()
        page.wait_for_selector("body[data-tone=idle][data-frames]")
        yield page, timed


def another_camera(page: "BrowserPage", before: str) -> str:
    """Let the rest of a camera pass and give the one that is open then, once it shows frames."""
    page.clock.run_for(AGAIN)
    ends, frames = time.monotonic() + 15, 0
    while time.monotonic() < ends:
        track, seen = page.evaluate(f"[{TRACK}.id, Number(document.body.dataset.frames)]")
        frames = frames or (seen if track != before else 0)
        if frames and seen > frames + 1:
            return str(track)
        time.sleep(0.05)  # frames come by the clock of the camera, not by that of the page
    raise AssertionError("the camera was not opened again")


def test_a_camera_that_stalls_ends_or_is_muted_is_opened_again(tmp_path: Path) -> None:
    with watched(tmp_path) as (page, _timed):
        first = page.evaluate(f"{TRACK}.id")
        page.evaluate(f"{TRACK}.stop()")
        page.clock.run_for(STALLED)
        opened = another_camera(page, first)
        for trouble in ("ended", "mute"):
            page.evaluate(f"{TRACK}.dispatchEvent(new Event('{trouble}'))")
            opened = another_camera(page, opened)


def test_each_night_the_page_begins_anew_but_not_while_nobody_answers(tmp_path: Path) -> None:
    with watched(tmp_path) as (page, timed):
        page.evaluate("document.documentElement.dataset.old = 'yes'")
        page.clock.fast_forward(RELOAD_AT_HALF_PAST_THREE)
        assert page.locator("#alone").is_visible(), "an hour and a half went by unheard"
        assert page.locator("html[data-old]").count() == 1
        timed.put(LanguageChosen("de"))
        page.wait_for_selector("html[lang=de]")
        page.clock.run_for(5_000)
        page.wait_for_selector("html:not([data-old]) body[data-tone=idle]")
