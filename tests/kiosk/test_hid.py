"""A scanner that types: read from the device itself, grabbed, whole or not at all."""

import os
import struct
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.drivers.hid.driver import HidScanner
from devices.drivers.hid.keys import EVENT, KeyAssembler
from devices.drivers.protocol import ReaderUnreachable
from devices.drivers.scanner.lines import LONGEST_LINE
from devices.passes.base45 import ALPHABET
from tests.unit.passes.papers import sealed as pass_text

SHIFT, ENTER = 42, 28
CODES = {
    sign: (code, False)
    for code, sign in {
        2: "1",
        3: "2",
        4: "3",
        5: "4",
        6: "5",
        7: "6",
        8: "7",
        9: "8",
        10: "9",
        11: "0",
        12: "-",
        52: ".",
        53: "/",
        57: " ",
    }.items()
}
CODES |= {sign: (code, True) for code, sign in {5: "$", 6: "%", 9: "*", 13: "+", 39: ":"}.items()}
CODES |= {
    sign: (first + at, True)
    for first, row in ((16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
    for at, sign in enumerate(row)
}


def event(kind: int, code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, kind, code, value)


def report() -> bytes:
    return event(0, 0, 0)


def press(code: int) -> bytes:
    return event(1, code, 1) + report() + event(1, code, 0) + report()


def typed(text: str) -> bytes:
    """Return the events of a scanner in US layout that types a text and Enter."""
    events = []
    for sign in text:
        code, is_shifted = CODES[sign]
        if is_shifted:
            events += [event(1, SHIFT, 1), press(code), event(1, SHIFT, 0)]
        else:
            events.append(press(code))
    return b"".join([*events, press(ENTER)])


@given(
    st.text(ALPHABET, min_size=1, max_size=60), st.lists(st.integers(1, 50), min_size=1, max_size=9)
)
def test_every_sign_of_a_code_survives_any_portions(text: str, portions: list[int]) -> None:
    keys, content, texts = KeyAssembler(), typed(text), []
    at, turn = 0, 0
    while at < len(content):
        size = portions[turn % len(portions)]
        texts += keys.feed(content[at : at + size])
        at, turn = at + size, turn + 1
    assert texts == [text]


def test_a_text_in_which_events_were_lost_is_dropped_and_the_next_one_read() -> None:
    keys = KeyAssembler()
    lost = event(0, 3, 0) + event(1, 30, 1) + report()
    assert keys.feed(typed("AB")[: -2 * EVENT.size * 2] + lost + press(ENTER)) == []
    assert keys.feed(typed("AB")) == ["AB"]


def test_a_flood_fills_no_memory() -> None:
    keys = KeyAssembler()
    (text,) = keys.feed(press(2) * (3 * LONGEST_LINE) + press(ENTER))
    assert len(text) == LONGEST_LINE


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    KeyAssembler().feed(content)


def test_a_scanner_is_grabbed_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "event7"
    os.mkfifo(path)
    grabbed: list[int] = []
    scanner = HidScanner(str(path), grab=grabbed.append)
    code = pass_text()

    def scan() -> None:
        with path.open("wb") as device:
            device.write(typed(code))
            device.flush()
            done.wait(5)

    done = threading.Event()
    typist = threading.Thread(target=scan)
    typist.start()
    texts = scanner.texts()
    assert len(grabbed) == 1
    assert next(texts) == code
    done.set()
    with pytest.raises(ReaderUnreachable, match="unplugged"):
        next(texts)
    typist.join(5)


def test_a_device_that_cannot_be_grabbed_is_no_reader(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(struct.pack("5l", 1, 2, 3, 4, 5))
    with pytest.raises(ReaderUnreachable):
        HidScanner(str(tmp_path / "file")).texts()
    with pytest.raises(ReaderUnreachable):
        HidScanner(str(tmp_path / "nothing")).texts()
