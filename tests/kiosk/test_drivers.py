"""The drivers, on pipes, pseudo-terminals, pictures and mock pins: no hardware, real code."""

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gpiozero
import pytest
import qrcode
from gpiozero.pins.mock import MockFactory
from PIL import Image, ImageOps
from qrcode.image.pil import PilImage

from devices.drivers.camera import frames
from devices.drivers.camera.driver import CameraReader, codes_in
from devices.drivers.fake.driver import FakeLock, FakeScanner
from devices.drivers.protocol import LockUnreachable, Reader, ReaderUnreachable
from devices.drivers.relay.driver import PIN_FACTORY, Fails, RelayLock
from devices.drivers.scanner.driver import LineScanner, SerialScanner
from devices.drivers.scanner.lines import LONGEST_LINE, LineAssembler
from tests.kiosk import degraded
from tests.unit.passes.papers import sealed

DRIVERS = Path(__file__).parents[2] / "devices" / "drivers"


def seen_by(reader: Reader, act: Callable[[], None], count: int) -> list[str]:
    """Return the first texts a reader sees after something was done."""
    texts = reader.texts()
    found: list[str] = []

    def collect() -> None:
        for text in texts:
            found.append(text)
            if len(found) == count:
                reader.close()

    thread = threading.Thread(target=collect)
    thread.start()
    time.sleep(0.15)
    act()
    thread.join(5)
    assert not thread.is_alive()
    return found


def test_lines_come_whole_however_the_bytes_are_cut() -> None:
    lines = LineAssembler()
    assert lines.feed(b"RB1:A") == []
    assert lines.feed(b"BC\r\nRB1:DEF\n\n") == ["RB1:ABC", "RB1:DEF"]
    assert lines.feed(b"\xff\r") == ["\ufffd"]
    lines.feed(b"half a li")
    lines.forget()
    assert lines.feed(b"whole\n") == ["whole"]


def test_an_endless_line_fills_no_memory() -> None:
    lines = LineAssembler()
    for _ in range(100):
        assert lines.feed(b"x" * 10_000) == []
    assert lines.feed(b"\n") == ["x" * LONGEST_LINE]


def test_a_line_scanner_reads_a_pipe_until_it_ends() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, f"{sealed()}\r\nsecond\n".encode())
    os.close(theirs)
    assert list(LineScanner(ours).texts()) == [sealed(), "second"]
    os.close(ours)
    with pytest.raises(ReaderUnreachable):
        list(LineScanner(ours).texts())


def test_a_serial_scanner_reads_a_port() -> None:
    ours, theirs = os.openpty()
    reader = SerialScanner(os.ttyname(theirs), baud=115200)
    texts = seen_by(reader, lambda: _write(ours, f"{sealed()}\r".encode()), 1)
    assert texts == [sealed()]
    os.close(ours)
    os.close(theirs)


def test_a_line_that_pauses_in_its_middle_is_forgotten() -> None:
    ours, theirs = os.openpty()
    reader = SerialScanner(os.ttyname(theirs))

    def halting() -> None:
        os.write(ours, b"RB1:HALF")
        time.sleep(0.7)
        os.write(ours, b"RB1:WHOLE\r")

    assert seen_by(reader, halting, 1) == ["RB1:WHOLE"]
    os.close(ours)
    os.close(theirs)


def test_a_port_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(ReaderUnreachable):
        SerialScanner("/dev/no-such-port").texts()


def _write(descriptor: int, content: bytes) -> None:
    os.write(descriptor, content)


def test_a_fake_scanner_sees_what_is_appended_and_not_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("old\n")

    def append() -> None:
        with path.open("a") as file:
            file.write("RB1:NEW\n")

    assert seen_by(FakeScanner(path), append, 1) == ["RB1:NEW"]
    with pytest.raises(ReaderUnreachable):
        FakeScanner(tmp_path / "absent" / "scan.txt").texts()


def test_a_fake_lock_writes_down_each_opening(tmp_path: Path) -> None:
    lock = FakeLock(tmp_path / "lock.log")
    lock.pulse(5)
    lock.pulse(0.5)
    assert (tmp_path / "lock.log").read_text() == "open 5\nopen 0.5\n"
    with pytest.raises(LockUnreachable):
        FakeLock(tmp_path / "absent" / "lock.log").pulse(1)


def picture(text: str, size: int = 420) -> Image.Image:
    """Return a photograph-like picture of a code: grey around it, slightly turned."""
    code = qrcode.make(text, image_factory=PilImage).get_image().convert("L").resize((size, size))
    frame = Image.new("L", (1280, 720), 128)
    frame.paste(code, (400, 150))
    return frame.rotate(7, fillcolor=128)


def jpeg(frame: Image.Image) -> bytes:
    """Return a picture as a camera sends it."""
    stream = io.BytesIO()
    frame.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def test_a_camera_reads_a_pass_dark_on_light_and_light_on_dark() -> None:
    frame = picture(sealed())
    assert codes_in(frame) == [sealed()]
    assert codes_in(ImageOps.invert(frame)) == [sealed()]
    assert codes_in(Image.new("L", (1280, 720), 200)) == []


def test_a_camera_reads_frames_from_a_folder_and_passes_over_what_is_no_picture(
    tmp_path: Path,
) -> None:
    (tmp_path / "1.jpg").write_bytes(jpeg(picture(sealed())))
    (tmp_path / "2.jpg").write_bytes(b"\xff\xd8 not a picture \xff\xd9")
    picture("RB1:SECOND").save(tmp_path / "3.png")
    (tmp_path / "4.txt").write_text("RB1:THIRD")
    reader = CameraReader(lambda: frames.from_folder(tmp_path))
    assert list(reader.texts()) == [sealed(), "RB1:SECOND"]
    with pytest.raises(ReaderUnreachable):
        list(frames.from_folder(tmp_path / "absent"))


def test_a_camera_reads_a_stream_of_jpegs_however_it_is_cut(tmp_path: Path) -> None:
    stream = b"junk" + jpeg(picture(sealed())) + b"more" + jpeg(picture("RB1:B")) + b"\xff\xd8"
    path = tmp_path / "frames.mjpeg"
    path.write_bytes(stream)
    reader = CameraReader(lambda: frames.from_mjpeg_file(path))
    assert list(reader.texts()) == [sealed(), "RB1:B"]
    with pytest.raises(ReaderUnreachable):
        list(frames.from_mjpeg_file(tmp_path / "absent"))


def test_a_picture_that_claims_to_be_enormous_is_passed_over() -> None:
    honest = jpeg(picture(sealed()))
    at = honest.index(b"\xff\xc0") + 5
    for side in (b"\x20\x00", b"\xff\xff"):
        bomb = honest[:at] + 2 * side + honest[at + 4 :]
        assert list(frames.from_mjpeg(io.BytesIO(bomb))) == []


def test_a_camera_command_is_read_and_ended_with_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "frames.mjpeg"
    path.write_bytes(jpeg(picture(sealed())))
    program = f"import sys,time;sys.stdout.buffer.write(open({str(path)!r},'rb').read());"
    endless = [sys.executable, "-c", program + "sys.stdout.flush();time.sleep(60)"]
    source = frames.from_command(endless)
    assert codes_in(next(source)) == [sealed()]
    started = time.monotonic()
    source.close()
    assert time.monotonic() - started < 5
    with pytest.raises(ReaderUnreachable, match="ended"):
        list(frames.from_command([sys.executable, "-c", program]))
    with pytest.raises(ReaderUnreachable):
        list(frames.from_command(["no-such-command-here"]))


def test_a_closed_camera_sees_nothing_more() -> None:
    reader = CameraReader(lambda: [picture("A"), picture("B")])
    texts = reader.texts()
    assert next(texts) == "A"
    reader.close()
    assert list(texts) == []


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.close()


@pytest.mark.parametrize(
    ("fails", "active_high", "held"),
    [
        (Fails.SECURE, True, 0),
        (Fails.SECURE, False, 1),
        (Fails.SAFE, True, 1),
        (Fails.SAFE, False, 0),
    ],
)
def test_a_relay_holds_the_door_but_for_its_pulse(
    pins: MockFactory, fails: Fails, active_high: bool, held: int
) -> None:
    lock = RelayLock(17, fails=fails, active_high=active_high, pins=pins)
    pin = pins.pin(17)
    assert pin.state == held
    lock.pulse(0.15)
    assert pin.state == 1 - held
    time.sleep(0.3)
    assert pin.state == held
    lock.close()


def test_a_pulse_during_a_pulse_lengthens_it(pins: MockFactory) -> None:
    lock = RelayLock(17, fails=Fails.SECURE, pins=pins)
    lock.pulse(0.2)
    time.sleep(0.1)
    lock.pulse(0.4)
    time.sleep(0.2)
    assert pins.pin(17).state == 1, "the first timer was overtaken"
    time.sleep(0.4)
    assert pins.pin(17).state == 0
    lock.close()


def test_a_closed_lock_holds_and_drives_nothing_more(pins: MockFactory) -> None:
    lock = RelayLock(17, fails=Fails.SECURE, pins=pins)
    lock.pulse(60)
    lock.close()
    lock.close()
    assert pins.pin(17).state in {0, None}
    with pytest.raises(LockUnreachable):
        lock.pulse(1)


def test_a_pin_that_fails_to_hold_is_tried_again(
    pins: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.drivers.relay.driver._TRY_AGAIN", 0.1)
    lock = RelayLock(17, fails=Fails.SECURE, pins=pins)
    lock.pulse(0.05)
    pin = pins.pin(17)
    failures = iter([gpiozero.exc.PinSetInput("pulled"), None])
    really_set = type(pin)._set_state

    def stumble(self: object, value: float) -> None:
        if (failure := next(failures, None)) is not None:
            raise failure
        really_set(self, value)

    monkeypatch.setattr(type(pin), "_set_state", stumble)
    time.sleep(0.4)
    assert pin.state == 0
    lock.close()


def test_a_relay_without_a_pin_factory_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PIN_FACTORY, raising=False)
    with pytest.raises(LockUnreachable, match=PIN_FACTORY):
        RelayLock(17, fails=Fails.SECURE)


@pytest.mark.parametrize(
    "folder", sorted(path for path in DRIVERS.iterdir() if (path / "driver.py").exists())
)
def test_every_driver_has_its_page_and_an_honest_checklist(folder: Path) -> None:
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    lines = (folder / "checklist.yaml").read_text(encoding="utf-8").splitlines()
    names = {line.split(":")[0] for line in lines}
    assert names >= {"fails_secure", "timeout", "reconnect", "power_cut", "wiring"}
    for line in lines:
        assert any(f"state: {state}, reason: " in line for state in ("done", "todo", "exempt"))


def test_a_camera_reads_most_codes_that_are_badly_seen() -> None:
    """The bench looks at 500; these are the first of them."""
    read = [codes_in(seen) == [text] for text, seen in map(badly_seen, range(12))]
    assert sum(read) >= 9


def badly_seen(number: int) -> tuple[str, Image.Image]:
    """Return a static pass as a cheap camera in a bad light sees it."""
    return degraded.frame(number, kind="static")
