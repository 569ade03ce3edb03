"""An hour before the camera of a door: the decoders on both ways keep to their memory."""

import base64
import contextlib
import gc
import io
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import qrcode
from PIL import Image

from devices.drivers.camera.driver import CameraReader
from devices.drivers.camera.frames import from_mjpeg
from devices.kiosk.page.screen import PageScreen
from devices.kiosk.page.server import PageServer
from devices.kiosk.settings import Page
from tests.conftest import SOAK
from tests.kiosk.doors import open_door
from tests.kiosk.test_page_camera import film, kiosk_browser
from tests.unit.passes.papers import CLAIMS, live, sealed

PER_SECOND = 30
FRAMES = 3600 * PER_SECOND if SOAK else 3 * PER_SECOND
WARM = FRAMES // 8
"""Frames after which a decoder has all that it will ever need."""
MOST_GROWTH = 16 * 2**20
SCRIPT_GROWTH = 4 * 2**20
BROWSER_GROWTH = 64 * 2**20
"""The whole renderer breathes: pictures that are done with are given back when it is idle."""

CODES = (
    sealed(),
    sealed(replace(CLAIMS, doors=(209,))),
    live(),
    "https://example.org/not-a-pass",
    "RB1:" + "A" * 400,
)


def scenes() -> list[bytes]:
    """Draw what comes before a camera: nobody, a code now and then, several, a wall of noise."""
    chance = random.Random(7)  # noqa: S311 — a picture
    empty = Image.new("L", (640, 480), 150)
    noise = Image.frombytes("L", (160, 120), chance.randbytes(160 * 120)).resize((640, 480))
    drawn = [_scene(empty, code, chance) for code in CODES]
    wall = _scene(_scene(noise, CODES[0], chance, 150), CODES[3], chance, 150)
    every = [empty, *itertools.chain.from_iterable((each, each, empty) for each in drawn)]
    return [_jpeg(each) for each in (*every, noise, wall)]


def _scene(on: Image.Image, code: str, chance: random.Random, size: int = 420) -> Image.Image:
    drawn = qrcode.make(code, border=4).get_image().convert("L").resize((size, size))
    scene = on.copy()
    scene.paste(drawn, (chance.randrange(640 - size), chance.randrange(480 - size)))
    return scene


def _jpeg(scene: Image.Image) -> bytes:
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=85)
    return out.getvalue()


class Camera(io.RawIOBase):
    """A stream of JPEGs without end of its own; nothing of it is kept."""

    def __init__(self, pictures: list[bytes], count: int) -> None:
        self._pictures = itertools.islice(itertools.cycle(pictures), count)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; fewer than asked for, as a camera does."""
        self._rest = self._rest or next(self._pictures, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def memory(process: str = "self") -> int:
    """Give how many bytes of memory a process holds."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * 4096


def test_an_hour_of_frames_grows_no_memory_in_the_loop_of_a_door(tmp_path: Path) -> None:
    kiosk, seen, held = open_door(tmp_path), 0, [0]
    scans = CameraReader(lambda: _counted(held)).texts()
    for seen, text in enumerate(scans, 1):  # noqa: B007 — counted for the assertion below
        kiosk.scan(text, after=2 / PER_SECOND)
        kiosk.screen.shown = kiosk.screen.shown[-1:]
        kiosk.woken.clear()
    assert seen > FRAMES // 3
    grown = memory() - held[0]
    print(f"{FRAMES} frames, {seen} codes: {grown / 2**20:.1f} MiB")  # noqa: T201 — the figure
    assert grown < MOST_GROWTH


def _counted(held: list[int]) -> Iterator[Image.Image]:
    for number, frame in enumerate(from_mjpeg(Camera(scenes(), FRAMES))):
        if number == WARM:
            gc.collect()
            held[0] = memory()
        yield frame


DECODE = """async ([pictures, count]) => {
    const {BarcodeDetector} = await import('/detector.js');
    const detector = new BarcodeDetector({formats: ['qr_code']});
    window.frames_ = window.frames_ ?? await Promise.all(pictures.map(async picture => {
        const image = new Image();
        image.src = 'data:image/jpeg;base64,' + picture;
        await image.decode();
        return image;
    }));
    const canvas = window.canvas_ = window.canvas_ ?? document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const brush = canvas.getContext('2d', {willReadFrequently: true});
    let read = 0;
    for (let number = 0; number < count; number++) {
        brush.drawImage(window.frames_[number % window.frames_.length], 0, 0);
        read += (await detector.detect(canvas)).length;
    }
    return read;
}"""


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_an_hour_of_frames_grows_no_memory_in_the_page_of_a_door(tmp_path: Path) -> None:
    film(tmp_path / "empty.mjpeg", "HELLO")
    pictures = [base64.b64encode(each).decode() for each in scenes()]
    server = PageServer(Page(port=0, camera=False, reload_at="03:30"), PageScreen(), print)
    server.start()
    with (
        contextlib.closing(server),
        kiosk_browser(tmp_path / "empty.mjpeg", server.address) as page,
    ):
        browser = page.context.browser
        assert browser is not None
        asked = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        renderers = [str(one["id"]) for one in asked["processInfo"] if one["type"] == "renderer"]
        collector = page.context.new_cdp_session(page)

        collector.send("Performance.enable")

        def held() -> tuple[int, int]:
            """Give what the script holds, and what its processes do once they are at rest."""
            collector.send("HeapProfiler.collectGarbage")
            page.wait_for_timeout(1000)
            told = collector.send("Performance.getMetrics")["metrics"]
            (script,) = (int(one["value"]) for one in told if one["name"] == "JSHeapUsedSize")
            return script, sum(memory(each) for each in renderers)

        page.evaluate(DECODE, [pictures, WARM])
        before = held()
        read = page.evaluate(DECODE, [[], FRAMES - WARM])
        script, whole = (now - then for now, then in zip(held(), before, strict=True))
    mebibytes = {"script": round(script / 2**20, 2), "renderer": round(whole / 2**20, 1)}
    print(json.dumps({"frames": FRAMES, "read": read} | mebibytes))  # noqa: T201 — the figure
    assert read > FRAMES // 3
    assert script < SCRIPT_GROWTH
    assert whole < BROWSER_GROWTH
