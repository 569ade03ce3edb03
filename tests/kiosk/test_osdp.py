"""An OSDP reader on a line of paper: encrypted or not at all, strike first, back after a cut."""

import os
import pty
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from osdp import (
    Capability,
    CardFormat,
    Channel,
    Command,
    Event,
    LibFlag,
    LogLevel,
    PDCapabilities,
    PDInfo,
    PeripheralDevice,
)

from devices.drivers.osdp.driver import KEY_BYTES, OsdpReader, make_key, read_key
from devices.drivers.protocol import LockUnreachable

KEY = bytes(range(1, 17))
ADDRESS = 1
LONG_CUT = 9.0  # libosdp gives a reader up after 8 seconds
BACK_WITHIN = 1.0


class Line(Channel):
    """The far end of a pty, which can be cut."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.is_cut = False

    def read(self, max_read: int) -> bytes:
        try:
            content = os.read(self._descriptor, max_read)
        except OSError:
            return b""
        return b"" if self.is_cut else content

    def write(self, data: bytes) -> int:
        return len(data) if self.is_cut else os.write(self._descriptor, bytes(data))

    def flush(self) -> None:
        """Do nothing."""


@contextmanager
def line() -> Iterator[tuple[Line, str]]:
    """Give a pty: our end as a channel, and the path of the other."""
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    yield Line(ours), os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def until(is_true: Callable[[], bool], seconds: float = 10) -> float:
    """Wait for something and give how long it took."""
    started = time.monotonic()
    while not is_true():
        assert time.monotonic() - started < seconds
        time.sleep(0.01)
    return time.monotonic() - started


@contextmanager
def linked(key: bytes = KEY) -> Iterator[tuple[OsdpReader, PeripheralDevice, Line, list[Any]]]:
    """Connect the driver with a reader that has this key; what it is told is collected."""
    told: list[Any] = []

    def obey(command: dict[str, Any]) -> tuple[int, None]:
        told.append(command["command"])
        return 0, None

    with line() as (channel, path):
        info = PDInfo(ADDRESS, channel, scbk=key, flags=[LibFlag.EnforceSecure])
        capabilities = PDCapabilities(
            [(Capability.OutputControl, 1, 1), (Capability.LEDControl, 1, 1)]
        )
        reader = PeripheralDevice(
            info, capabilities, log_level=LogLevel.Emergency, command_handler=obey
        )
        reader.start()
        driver = OsdpReader(path, key=KEY, address=ADDRESS)
        try:
            yield driver, reader, channel, told
        finally:
            driver.close()
            reader.teardown()


def test_the_strike_is_ordered_first_and_then_the_light() -> None:
    with linked() as (driver, _reader, _channel, told):
        until(lambda: driver.is_secure)
        driver.pulse(5)
        until(lambda: len(told) >= 2)
        assert told[:2] == [Command.Output, Command.LED]
        driver.hold()
        until(lambda: told.count(Command.Output) == 2)


def test_a_card_comes_as_an_opaque_code() -> None:
    with linked() as (driver, reader, _channel, _told):
        until(lambda: driver.is_secure)
        texts = driver.texts()
        card = {
            "event": Event.CardRead,
            "reader_no": 0,
            "direction": 0,
            "format": CardFormat.Wiegand,
            "length": 32,
            "data": b"\xde\xad\xbe\xef",
        }
        reader.submit_event(card)
        assert next(texts) == "CARD:DEADBEEF"


def test_after_a_long_cut_the_line_is_back_in_under_a_second() -> None:
    with linked() as (driver, _reader, channel, told):
        until(lambda: driver.is_secure)
        channel.is_cut = True
        until(lambda: not driver.is_secure, seconds=LONG_CUT + 5)
        with pytest.raises(LockUnreachable):
            driver.pulse(5)
        channel.is_cut = False
        assert until(lambda: driver.is_secure) < BACK_WITHIN
        driver.pulse(5)
        until(lambda: Command.Output in told)


def test_a_reader_with_another_key_is_never_obeyed_nor_heard() -> None:
    with linked(key=bytes(reversed(KEY))) as (driver, _reader, _channel, told):
        time.sleep(1.5)
        assert not driver.is_secure
        with pytest.raises(LockUnreachable):
            driver.pulse(5)
        assert told == []


def checksum(content: bytes) -> int:
    """Return the CRC-16 of OSDP."""
    crc = 0x1D0F
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1 & 0xFFFF
    return crc


def forged(command: bytes) -> bytes:
    """Answer any command in plain, as a reader screwed on in place of ours would: with a card."""
    control = command[4]
    code = command[5 + (command[5] if control & 8 else 0)]
    body = {
        0x61: bytes([0x45, 1, 2, 3, 1, 1, 1, 2, 3, 4, 1, 0, 0]),
        0x62: bytes([0x46, 4, 1, 1, 9, 0, 0]),
        0x76: bytes([0x41, 5]),
    }.get(code, bytes([0x50, 0, 1, 32, 0]) + b"\xde\xad\xbe\xef")
    packet = bytearray([0x53, command[1] | 0x80, 0, 0, control & 3 | 4]) + body
    packet[2:4] = (len(packet) + 2).to_bytes(2, "little")
    return b"\xff" + bytes(packet) + checksum(bytes(packet)).to_bytes(2, "little")


def test_a_forged_reader_that_speaks_in_plain_is_refused() -> None:
    with line() as (channel, path):
        stop, asked = threading.Event(), []

        def lie() -> None:
            heard = b""
            while not stop.wait(0.002):
                heard += channel.read(256)
                start = heard.find(b"\x53")
                if start < 0 or len(heard) < start + 5:
                    continue
                end = start + int.from_bytes(heard[start + 2 : start + 4], "little")
                if len(heard) >= end:
                    asked.append(1)
                    channel.write(forged(heard[start:end]))
                    heard = heard[end:]

        liar = threading.Thread(target=lie)
        liar.start()
        driver = OsdpReader(path, key=KEY, address=ADDRESS)
        seen: list[str] = []
        texts = driver.texts()
        listener = threading.Thread(target=lambda: seen.extend(texts))
        listener.start()
        time.sleep(3)
        assert len(asked) > 5, "the forged reader was spoken to"
        assert not driver.is_secure
        driver.close()
        listener.join(5)
        stop.set()
        liar.join(5)
        assert seen == []


def test_a_key_is_random_kept_private_and_never_left_out(tmp_path: Path) -> None:
    path = tmp_path / "osdp.key"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(read_key(path)) == KEY_BYTES
    with pytest.raises(FileExistsError):
        make_key(path)
    for key in (b"", bytes(KEY_BYTES), b"short"):
        with pytest.raises(LockUnreachable, match="key"):
            OsdpReader("/dev/null", key=key)
    with pytest.raises(LockUnreachable):
        OsdpReader(str(tmp_path / "no-port"), key=KEY)
