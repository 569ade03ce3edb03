"""The plug of a door is pulled at any moment of an opening, and nothing goes unrecorded."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import SOAK
from tests.kiosk.doors import DEVICE, entries_of
from tests.kiosk.test_story import ROOT, config_in, current, granted, until
from tests.kiosk.twin import Twin, serving

pytestmark = pytest.mark.server
KILLS = 1000 if SOAK else 25
AN_OPENING = 0.012
"""Seconds from a scan to a driven lock, and a little longer: the plug is pulled within them."""

# Imports the kiosk once and brings one into the world for each line it reads: whole processes of
# the whole program, without the second that Python takes to read it.
NURSERY = """
import os, sys
from devices.kiosk.__main__ import main
config, scanner, screen = sys.argv[1:]
while sys.stdin.readline():
    child = os.fork()
    if not child:
        os.dup2(os.open(scanner, os.O_RDONLY | os.O_NONBLOCK), 0)
        for stream in (1, 2):
            os.dup2(os.open(screen, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        os._exit(main(["--config", config]))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class PluggedDoor:
    """A kiosk whose plug is pulled; its scanner is a pipe, so that a code is there at once."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        config = config_in(folder, address)
        told = config.read_text().replace('kind = "fake"\npath = "scan.txt"', 'kind = "lines"')
        config.write_text(told)
        self._screen, pipe = folder / "screen.txt", folder / "scanner"
        os.mkfifo(pipe)
        self._scanner = os.open(pipe, os.O_RDWR)
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", NURSERY, config, pipe, self._screen],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._kiosk = 0

    def plug_in(self) -> None:
        """Start the kiosk and wait until it invites people."""
        self._screen.write_text("")
        self._kiosk = int(self._say())
        until(lambda: "Présentez votre code ici." in self._screen.read_text(), str(self._screen))

    def scan(self, text: str) -> None:
        """Hold a code before the reader."""
        os.write(self._scanner, f"{text}\n".encode())

    def end(self, how: signal.Signals) -> int:
        """Pull the plug, or end it in peace; gives the exit status."""
        os.kill(self._kiosk, how)
        return int(self._hear())

    def pulses(self) -> int:
        """Give how often the lock was driven, ever."""
        log = self._folder / "lock.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def close(self) -> None:
        """Let everything go."""
        self._nursery.kill()
        self._nursery.communicate()
        os.close(self._scanner)

    def _say(self) -> str:
        assert self._nursery.stdin is not None
        self._nursery.stdin.write("\n")
        self._nursery.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        assert self._nursery.stdout is not None
        return self._nursery.stdout.readline()


@contextmanager
def plugged(folder: Path, twin: Twin) -> Iterator[PluggedDoor]:
    """Enrol a door with the twin."""
    door = PluggedDoor(folder, twin.address)
    asking = [sys.executable, "-m", "devices.kiosk", "enrol", "--config", folder / "door.toml"]
    subprocess.run([*asking, "--code", twin.code], cwd=ROOT, check=True, capture_output=True)
    try:
        yield door
    finally:
        door.close()


def test_no_opening_goes_unrecorded_however_often_the_plug_is_pulled(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 — when to pull the plug, not a secret
    journal = tmp_path / "state" / f"journal-{DEVICE}.db"
    when: Counter[str] = Counter()
    with serving(Twin()) as twin, plugged(tmp_path, twin) as door:
        written = opened = 0
        for number in range(KILLS):
            door.plug_in()
            door.scan(current(doors=(207, 1000 + number)))
            time.sleep(chance.random() * AN_OPENING)
            assert door.end(signal.SIGKILL) == -signal.SIGKILL
            now_written, now_opened = granted(journal), door.pulses()
            assert now_written >= now_opened, "a door never opens before its line is on disk"
            assert 0 <= now_opened - opened <= now_written - written <= 1
            when[f"written {now_written - written}, opened {now_opened - opened}"] += 1
            written, opened = now_written, now_opened
        door.plug_in()
        until(lambda: [line.seq for line in twin.lines] == list(range(1, count(journal) + 1)))
        assert door.end(signal.SIGTERM) == 0
    assert count(journal) >= KILLS + 1 + written, "each waking and each opening has its line"
    print(dict(when))  # noqa: T201 — the figure that the soak is run for


def count(journal: Path) -> int:
    """Give how many lines a journal has, its chain checked."""
    return len(entries_of(journal))
