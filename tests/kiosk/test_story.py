"""A whole kiosk as a program of its own: enrolled, offline, killed, and back."""

import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.kiosk.journal import Journal
from devices.kiosk.pacing import BETWEEN_DECISIONS
from devices.passes.chain import Kind
from devices.passes.rules import CLOCK_TOLERANCE
from tests.kiosk.doors import DEVICE, SNAPSHOT, entries_of
from tests.kiosk.twin import Twin, serving
from tests.servers import free_port
from tests.unit.passes.papers import CLAIMS, OTHER_DOOR
from tests.unit.passes.papers import sealed as pass_text

pytestmark = pytest.mark.server
ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


def config_in(folder: Path, address: str) -> Path:
    """Write the settings of a door of paper."""
    config = folder / "door.toml"
    config.write_text(
        f'server = "{address}"\ndoor = 207\nstate_dir = "state"\npoll_seconds = 0.2\n'
        '[scanner]\nkind = "fake"\npath = "scan.txt"\n[lock]\nkind = "fake"\npath = "lock.log"\n'
    )
    return config


def current(**changes: object) -> str:
    """Return pass text for the hour around now."""
    now = int(datetime.now(UTC).timestamp())
    claims = replace(CLAIMS, not_before=now - 1800, not_after=now + 1800)
    return pass_text(replace(claims, **changes))  # type: ignore[arg-type]


class Kiosk:
    """A running kiosk, its scanner and what it left behind."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder = folder
        self._config = config
        self._screen = folder / "screen.txt"
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._screen.open("wb") as screen:
            return subprocess.Popen(
                [sys.executable, "-m", "devices.kiosk", "--config", str(self._config)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, sentence: str) -> None:
        """Wait until the screen has shown a sentence."""
        until(lambda: sentence in self.screen(), f"{sentence!r} in {self.screen()!r}")

    def screen(self) -> str:
        """Return all that was shown since the start."""
        return self._screen.read_text(encoding="utf-8")

    def scan(self, text: str) -> None:
        """Hold a code before the reader, when it has had time to rest from the last one."""
        time.sleep(BETWEEN_DECISIONS + 0.05)
        with (self.folder / "scan.txt").open("a") as file:
            file.write(f"{text}\n")

    def pulses(self) -> int:
        """Return how often the lock opened, ever."""
        log = self.folder / "lock.log"
        return len(log.read_text().splitlines()) if log.exists() else 0

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the program and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def restart(self) -> None:
        """Start it again."""
        self.process = self._started()


def until(is_true: Callable[[], bool], what: str = "") -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@contextlib.contextmanager
def running(folder: Path, twin: Twin) -> Iterator[Kiosk]:
    """Enrol a device with the twin and run its kiosk."""
    config = config_in(folder, twin.address)
    enrolled = subprocess.run(
        [sys.executable, "-m", "devices.kiosk", "enrol", "--config", config, "--code", twin.code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"device       {DEVICE}" in enrolled.stdout
    kiosk = Kiosk(folder, config)
    try:
        yield kiosk
    finally:
        if kiosk.process.poll() is None:
            kiosk.end(signal.SIGKILL)


def granted(path: Path) -> int:
    return sum(entry.kind is Kind.GRANT for entry in entries_of(path))


A_DAY = [
    ("boot", ""),
    ("grant", "static"),
    ("deny", "other-door"),
    ("boot", ""),
    ("grant", "static"),
    ("deny", "revoked"),
]


def test_a_door_lives_through_its_day(tmp_path: Path) -> None:
    twin = Twin(is_approved=False)
    with serving(twin), running(tmp_path, twin) as kiosk:
        kiosk.wait_for("À approuver à l’écran si l’empreinte est ")
        twin.is_approved = True
        kiosk.wait_for("Présentez votre code ici.")
        kiosk.scan(current())
        kiosk.wait_for("(✓) OUVERT")
        kiosk.scan(current(doors=(OTHER_DOOR,)))
        kiosk.wait_for("Ici 2.07, la vôtre est 2.09.")
        until(lambda: len(twin.lines) == 3, "the journal arrives at once")
        port = int(twin.address.rsplit(":", 1)[1])

    # The server is gone; the door is started anew and opens all the same.
    kiosk.restart()
    try:
        kiosk.wait_for("Sans réseau depuis")
        kiosk.scan(current(doors=(207,)))
        kiosk.wait_for("(✓) OUVERT")
        assert kiosk.pulses() == 2
        twin.snapshot = replace(SNAPSHOT, version=2, revoked=frozenset({CLAIMS.pass_id}))
        with serving(twin, port):
            until(lambda: len(twin.lines) == 5, "the journal arrives when the link is back")
            held = twin.heartbeats
            until(lambda: held[-1]["snapshot"] == 2)
            kiosk.scan(current(doors=(1, 207)))
            kiosk.wait_for("Code annulé ou remplacé")
        assert kiosk.pulses() == 2
        assert kiosk.end() == 0
    finally:
        if kiosk.process.poll() is None:
            kiosk.end(signal.SIGKILL)
    entries = entries_of(tmp_path / "state" / f"journal-{DEVICE}.db")
    assert [(str(entry.kind), entry.reason) for entry in entries] == A_DAY


def test_two_kiosks_never_share_one_state(tmp_path: Path) -> None:
    twin = Twin()
    with serving(twin), running(tmp_path, twin) as kiosk:
        kiosk.wait_for("Présentez votre code ici.")
        second = subprocess.run(
            [sys.executable, "-m", "devices.kiosk", "--config", tmp_path / "door.toml"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert second.returncode == 1
        assert second.stderr.startswith("another kiosk uses this state folder")


def test_a_kiosk_with_an_old_clock_floor_and_no_server_opens_for_nobody(tmp_path: Path) -> None:
    ahead = int(datetime.now(UTC).timestamp()) + 10 * CLOCK_TOLERANCE
    twin = Twin()
    with serving(twin), running(tmp_path, twin) as kiosk:
        kiosk.wait_for("Présentez votre code ici.")
        assert kiosk.end() == 0
    journal = Journal(tmp_path / "state" / f"journal-{DEVICE}.db", DEVICE)
    journal.set_clock_floor(ahead)
    journal.close()
    kiosk.restart()
    kiosk.wait_for("Sans réseau")
    kiosk.scan(current())
    kiosk.wait_for("L’horloge de cette porte est fausse")
    assert kiosk.end() == 0
    assert kiosk.pulses() == 0


BROKEN_DRIVER = """
import sys
from devices.drivers.fake.driver import FakeScanner
from devices.kiosk.__main__ import main

FakeScanner._appended = lambda self, file: iter(lambda: 1 / 0, None)
sys.exit(main(["--config", sys.argv[1]]))
"""


def test_a_mistake_in_a_thread_ends_the_kiosk_so_that_it_is_started_anew(tmp_path: Path) -> None:
    with serving(Twin()) as twin, running(tmp_path, twin) as kiosk:
        kiosk.end()
        ended = subprocess.run(
            [sys.executable, "-c", BROKEN_DRIVER, tmp_path / "door.toml"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert ended.returncode == 1
    assert "a part of the kiosk failed (reader: ZeroDivisionError)" in ended.stderr


def test_a_door_with_a_page_serves_it_on_this_machine(tmp_path: Path) -> None:
    port = free_port()
    with serving(Twin()) as twin, running(tmp_path, twin) as kiosk:
        kiosk.end()
        with (tmp_path / "door.toml").open("a") as config:
            config.write(f"[page]\nport = {port}\n")
        kiosk.restart()
        kiosk.wait_for("Présentez votre code")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/settings", timeout=5) as answer:
            assert json.load(answer) == {"camera": False, "reload_at": "03:30"}
        assert kiosk.end() == 0, "open pages keep no door from ending"
