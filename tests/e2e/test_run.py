"""``make run`` serves web, doors and worker together, tells where, and stops them together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.paths import ROOT

pytestmark = [pytest.mark.server, pytest.mark.long]
READY_SECONDS = 90
STOP_SECONDS = 10


def free_port() -> int:
    """Give a port that is free, and whose neighbour is."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two free ports")


def environment(instance: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"TOTEM_INSTANCE": str(instance), "PORT": str(port), "TOTEM_CHEAP_PASSWORDS": "1"}


@contextmanager
def running(instance: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    log = instance.parent / f"run-{port}.log"
    with log.open("w") as output:
        house = subprocess.Popen(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=environment(instance, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        until(lambda: "Stop with Ctrl-C" in log.read_text(), house, log)
        yield house
    finally:
        house.kill() if house.poll() is None else None
        house.wait()


def until(seen: object, house: subprocess.Popen[str], log: Path) -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and house.poll() is None:
        if callable(seen) and seen():
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True)
    return [int(pid) for pid in listed.stdout.split()]


def test_the_house_starts_whole_stops_whole_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "instance", port) as house:
        assert answers(port)
        assert answers(port + 1)
        made = (tmp_path / "instance" / "totem.sqlite3").stat().st_ino
        began = time.monotonic()
        house.send_signal(signal.SIGTERM)
        assert house.wait(STOP_SECONDS) == 0
        assert time.monotonic() - began < STOP_SECONDS
    assert not answers(port)
    assert not answers(port + 1)

    with running(tmp_path / "instance", port) as house:
        assert (tmp_path / "instance" / "totem.sqlite3").stat().st_ino == made
        text = (tmp_path / f"run-{port}.log").read_text()
        assert "Nothing changed." in text
        # One of the three dies: the others stop, and the whole says so by its exit code.
        os.kill(max(_leaves(house.pid)), signal.SIGKILL)
        assert house.wait(STOP_SECONDS) != 0
    assert not answers(port)


def _leaves(parent: int) -> list[int]:
    """Give the processes that do the work: children of the supervisor's children."""
    return [pid for child in children(parent) for pid in children(child)]


def test_a_busy_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tools.run"],
            cwd=ROOT,
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use:")
    assert len(done.stderr.splitlines()) == 1
