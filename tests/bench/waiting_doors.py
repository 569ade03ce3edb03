"""Two hundred doors waiting for news at their own gunicorn, while people look at pages of ours."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from devices.passes.letters import Letter, sign_letter
from tests import databases
from tests.bench.ratios import Line
from tests.conftest import NOW
from tests.readers import Reader, make_manager, make_reader
from tests.servers import serving

DOORS = 200
PAGES = 60
WAIT = 25
MOST_SLOWER = 2.0
MOST_SHARE = 0.25
_PATH = "/api/v1/devices/snapshot"


def measure(engine: str, folder: Path) -> Iterator[Line]:
    """Give how much slower a page is while they wait, and how many were kept waiting."""
    app = databases.network_app(engine, folder)
    reader = make_reader(app, make_manager(app), NOW)
    with (
        serving(app) as house,
        serving(app, workers=1, threads=DOORS + 56, places=DOORS) as doors,
    ):
        _page_time(house)
        alone = _page_time(house)
        with _waiting(doors, reader) as kept:
            began, spent = time.monotonic(), _cpu_of(doors)
            beside = _page_time(house)
            waiting = kept()
            share = (_cpu_of(doors) - spent) / (time.monotonic() - began)
    databases.close(app)
    note = f"{beside * 1e3:.1f} ms over {alone * 1e3:.1f} ms; {waiting} wait"
    name = f"a page while {DOORS} doors wait / alone, {engine}"
    yield Line(name, beside / alone, MOST_SLOWER, note=note)
    yield Line(f"doors kept waiting at once, {engine}", waiting, DOORS, is_least=True)
    yield Line(f"share of one core that {DOORS} waiting doors take, {engine}", share, MOST_SHARE)


def _cpu_of(address: str) -> float:
    """Give the seconds of CPU that a server has taken so far, all its processes together.

    They rename themselves, but each writes to the log that is named by the port.
    """
    ticks, log = 0, f"gunicorn-{address.partition(':')[2]}.log"
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # a process that has just ended
            if (folder / "fd" / "1").readlink().name == log:
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                ticks += int(after_name[11]) + int(after_name[12])
    if not ticks:
        raise RuntimeError("no process of the server was found")
    return ticks / os.sysconf("SC_CLK_TCK")


def _page_time(address: str) -> float:
    """Give the median seconds of a page."""
    line, times = http.client.HTTPConnection(address), []
    for _ in range(PAGES):
        started = time.perf_counter()
        line.request("GET", "/sites/metz")
        line.getresponse().read()
        times.append(time.perf_counter() - started)
    line.close()
    return statistics.median(times)


@contextmanager
def _waiting(address: str, reader: Reader) -> Iterator[Callable[[], int]]:
    """Let two hundred doors wait; gives a function that counts those not answered yet."""
    host, _, port = address.partition(":")
    etag = _etag(address, reader)
    lines = [socket.create_connection((host, int(port))) for _ in range(DOORS)]
    for line in lines:
        line.sendall(_question(address, reader, f"{_PATH}?wait={WAIT}", etag))
    time.sleep(5)  # all are in their places

    def kept() -> int:
        return sum(_is_silent(line) for line in lines)

    try:
        yield kept
    finally:
        for line in lines:
            line.close()


def _is_silent(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return not line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True


def _etag(address: str, reader: Reader) -> str:
    line = http.client.HTTPConnection(address)
    line.request("GET", _PATH, headers=_signed(address, reader, _PATH))
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the doors answer {answer.status}")
    return answer.headers["ETag"]


def _question(address: str, reader: Reader, path: str, etag: str) -> bytes:
    headers = _signed(address, reader, path) | {"Host": address, "If-None-Match": etag}
    written = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\n{written}\r\n".encode()


def _signed(address: str, reader: Reader, path: str) -> dict[str, str]:
    letter = Letter("GET", f"http://{address}{path}")
    return sign_letter(letter, device=reader.code, key=reader.key, now=datetime.now(UTC))
