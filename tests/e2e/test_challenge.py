"""The other way round: the door shows a code, the phone's camera reads it and the phone answers."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from playwright.sync_api import Browser, expect

from devices.passes.proofs import challenge_text
from devices.passes.reasons import Opening, Reason
from devices.passes.rules import DoorRules, Granted, Knowledge, Policy, judge
from devices.passes.text import read
from tests.e2e.browser import FLAGS, MORNING, PHONE, House, visiting
from tests.e2e.scene import Examples
from tests.e2e.test_live_pass import AT_ANY_HOUR, activate, shown
from tests.readers import ENTRANCE, keys_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("morning"),
]
NONCE = bytes.fromhex("a0a1a2a3a4a5a6a7")
FRAMES = 30


def film(text: str) -> bytes:
    """Make a film of a screen that shows a code: JPEG pictures one after another."""
    picture = qrcode.make(text, box_size=8).get_image().convert("RGB").resize((480, 480))
    frame = picture.crop((-80, 0, 560, 480))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=90)
    return out.getvalue() * FRAMES


@pytest.fixture
def filming(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees the screen of the entrance of Metz."""
    path = tmp_path / "door.mjpeg"
    path.write_bytes(film(challenge_text(ENTRANCE, NONCE)))
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    started = browser.browser_type.launch(executable_path=program, args=[*FLAGS, *camera])
    yield started
    started.close()


def test_a_phone_answers_the_door_it_looks_at_whatever_its_clock_says(
    house: House, filming: Browser, made: Examples
) -> None:
    with visiting(house, filming, size=PHONE, touch=True) as phone:
        page = activate(phone)
        page.get_by_role("button", name="La porte montre un code : le lire").click()
        expect(page.locator(".live-pass")).to_have_attribute("data-answered", str(ENTRANCE))
        text = shown(page)
    ring, now = keys_of(house.app).ring, int(MORNING.timestamp())
    site = read(text, ring, door=ENTRANCE).claims.site
    rules = DoorRules(site, ENTRANCE, Policy.CHALLENGE, early=AT_ANY_HOUR, max_stale=AT_ANY_HOUR)
    known = Knowledge(rules, ring, server_time=now, challenges=frozenset({NONCE}))
    opened = judge(text, known, now=now)
    assert isinstance(opened, Granted)
    assert opened.opening is Opening.CHALLENGE
    again = judge(text, Knowledge(rules, ring, server_time=now), now=now)
    assert not isinstance(again, Granted)
    assert again.reason is Reason.STALE_CODE
