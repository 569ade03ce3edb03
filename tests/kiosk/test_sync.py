"""Speaking to the server: what is pulled, what is pushed, and what happens when it says no."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.kiosk.clock import Moment, system_clock
from devices.kiosk.events import Event, JournalTaken, LinkChanged, MusterCame, SnapshotCame
from devices.kiosk.health import Health
from devices.kiosk.journal import Journal, JournalReader
from devices.kiosk.pulling import Held, Pull, PullThread
from devices.kiosk.server import NoNews, Server, ServerRefused, ServerUnreachable, enrol
from devices.kiosk.state import StateFolder
from devices.kiosk.sync import Sync, SyncThread
from devices.kiosk.vitals import Vitals, certificate_until
from devices.passes.chain import BATCH, Entry, Kind, genesis
from devices.passes.rules import CLOCK_TOLERANCE
from devices.passes.snapshot import seal_snapshot
from tests.kiosk.doors import DEVICE, IDENTITY, SNAPSHOT, SNAPSHOT_KEY
from tests.kiosk.twin import Twin, serving

pytestmark = pytest.mark.server
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


class Device:
    """One device's side of the wire, and the events it sent."""

    def __init__(self, folder: Path, twin: Twin) -> None:
        twin.key = KEY.public_key()
        self.path = folder / "journal.db"
        self.journal = Journal(self.path, DEVICE, reserve=0)
        self.events: list[Event] = []
        self.late_by = 0
        self.server = Server(twin.address, identity=IDENTITY, key=KEY, clock=self.clock)
        self.held, self.health = Held(), Health()
        self.pull = Pull(self.server, identity=IDENTITY, held=self.held, clock=self.clock)
        self.sync = self.new_sync()

    def clock(self) -> Moment:
        """Return this device's own idea of the time."""
        moment = system_clock()
        return replace(moment, now=moment.now - self.late_by)

    def new_sync(self) -> Sync:
        """Return a sync as after a restart."""
        return Sync(
            self.server,
            JournalReader(self.path),
            identity=IDENTITY,
            held=self.held,
            health=self.health,
        )

    def write(self, count: int) -> None:
        """Let things happen at the door."""
        for number in range(count):
            self.journal.append(Entry(number, number, b"bootboot", Kind.GRANT, 207))

    def round(self) -> list[Event]:
        """Speak to the server once and return what it led to."""
        self.events.clear()
        if self.pull.round(self.events.append) is not NoNews.TROUBLE:
            self.sync.round(self.events.append)
        return list(self.events)

    def problem(self) -> str:
        """Speak to the server once and return the word for what went wrong."""
        last = self.round()[-1]
        assert isinstance(last, LinkChanged)
        return last.problem


@contextmanager
def linked(folder: Path, **twin: object) -> Iterator[tuple[Twin, Device]]:
    """Serve a twin and connect a device to it."""
    with serving(Twin(**twin)) as served:  # type: ignore[arg-type]
        device = Device(folder, served)
        yield served, device
        device.server.close()
        device.journal.close()


def test_enrolment_pins_the_snapshot_key(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    with serving(Twin()) as twin:
        identity = enrol(twin.address, code="482913", key=state.make_key())
        state.keep_identity(identity)
    assert state.find_identity() == IDENTITY
    assert state.find_key() is not None
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    assert modes == {"device.key": "0o600", "identity.json": "0o600"}


def test_a_wrong_code_is_refused_and_leaves_no_identity(tmp_path: Path) -> None:
    with serving(Twin()) as twin, pytest.raises(ServerRefused, match="enrolment-refused"):
        enrol(twin.address, code="000000", key=KEY)
    assert StateFolder(tmp_path).find_identity() is None


def test_an_enrolment_that_shows_another_fingerprint_is_not_believed() -> None:
    answer = b'{"device": "dev-1", "fingerprint": "0000-0000-0000-0000", "snapshot_key": ""}'
    with (
        serving(Twin(answers={"/enrolments": (201, answer)})) as twin,
        pytest.raises(ServerUnreachable, match="another key"),
    ):
        enrol(twin.address, code="482913", key=KEY)


def test_a_round_pulls_pushes_and_reports(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        device.write(3)
        came, link, taken, inside, reported = device.round()
        assert isinstance(came, SnapshotCame)
        assert came.snapshot.version == SNAPSHOT.version
        assert taken == JournalTaken(device.journal.head)
        assert link == LinkChanged(way="pull")
        assert reported == LinkChanged(way="push")
        assert isinstance(inside, MusterCame)
        assert inside.muster.count == 3
        assert twin.head == device.journal.head
        (heartbeat,) = twin.heartbeats
        assert heartbeat["seq"] == 3
        assert heartbeat["snapshot"] == SNAPSHOT.version
        assert heartbeat["states"] == []
        assert heartbeat["head"] == device.journal.head.digest.hex()


def test_a_heartbeat_tells_how_the_door_fares(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        device.health.set("disk-low", holds=True)
        device.round()
        assert twin.heartbeats[-1]["states"] == ["disk-low"]


def test_an_unchanged_snapshot_is_not_sent_twice(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        assert any(isinstance(event, SnapshotCame) for event in device.round())
        assert not any(isinstance(event, SnapshotCame) for event in device.round())
        twin.snapshot = replace(SNAPSHOT, version=2, revoked=frozenset({bytes(8)}))
        assert any(isinstance(event, SnapshotCame) for event in device.round())


def test_a_door_wants_the_server_s_signature_again_after_ten_minutes(tmp_path: Path) -> None:
    with linked(tmp_path) as (_, device):
        device.round()
        device.late_by = -601
        device.round()  # finds out that its clock is ahead
        assert any(isinstance(event, SnapshotCame) for event in device.round())


def test_an_older_snapshot_is_refused(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        twin.snapshot = replace(SNAPSHOT, version=5)
        device.round()
        twin.snapshot = replace(SNAPSHOT, version=4, revoked=frozenset({bytes(8)}))
        assert device.problem() == "snapshot-refused"
        twin.snapshot = replace(SNAPSHOT, version=5)
        assert device.problem() == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        seal_snapshot(SNAPSHOT, KEY),
        seal_snapshot(replace(SNAPSHOT, device="dev-2"), SNAPSHOT_KEY),
    ],
)
def test_a_snapshot_that_is_not_the_server_s_is_refused(tmp_path: Path, content: bytes) -> None:
    with linked(tmp_path, answers={"/snapshot": (200, content)}) as (_, device):
        assert device.problem() == "snapshot-refused"
        assert not any(isinstance(event, SnapshotCame) for event in device.events)


def test_a_long_journal_goes_in_batches(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        device.write(2 * BATCH + 1)
        device.round()
        assert twin.calls.count("POST /journal") == 3
        assert twin.head == device.journal.head


def test_a_batch_sent_again_after_a_lost_answer_counts_once(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        device.write(5)
        device.round()
        device.sync = device.new_sync()  # restarted before it heard of the answer
        device.round()
        assert twin.calls.count("POST /journal") == 2
        assert len(twin.lines) == 5


def test_a_server_that_lost_its_end_is_sent_it_again(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        device.write(5)
        device.round()
        twin.lines, twin.head = [], genesis(DEVICE)
        device.write(1)
        assert device.problem() == ""
        assert twin.head == device.journal.head


def test_a_journal_cut_short_is_noticed(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        twin.head = replace(twin.head, seq=9)
        assert device.problem() == "journal-cut"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((500, b""), "unreachable"),
        ((404, b""), "unreachable"),
        ((302, b""), "unreachable"),
        ((403, b'{"code": "device-revoked"}'), "device-revoked"),
        ((403, b"no"), "unreachable"),
        ((409, b'{"code": "journal-fork"}'), "journal-fork"),
    ],
)
def test_every_answer_is_understood_or_counts_as_none(
    tmp_path: Path, answer: tuple[int, bytes], problem: str
) -> None:
    with linked(tmp_path, answers={"/snapshot": answer}) as (_, device):
        assert device.problem() == problem


def test_a_device_waiting_for_approval_says_so_and_goes_on_once_approved(tmp_path: Path) -> None:
    with linked(tmp_path, is_approved=False) as (twin, device):
        assert device.problem() == "device-pending"
        twin.is_approved = True
        assert device.problem() == ""


def test_a_server_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    with linked(tmp_path) as (_, device):
        pass
    assert device.problem() == "unreachable"


def test_a_clock_that_is_off_does_not_cut_the_door_off(tmp_path: Path) -> None:
    with linked(tmp_path) as (_, device):
        device.late_by = 10 * CLOCK_TOLERANCE
        assert device.problem() == "bad-signature"
        assert device.problem() == "", "signed in the server's time, heard from its last answer"


def test_the_thread_keeps_trying_and_stops_when_asked(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device):
        thread = SyncThread(device.new_sync, device.events.append, poll=0.05)
        thread.start()
        deadline = time.monotonic() + 5
        while len(twin.heartbeats) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        device.write(1)
        thread.wake()
        while not twin.lines and time.monotonic() < deadline:
            time.sleep(0.01)
        thread.stop()
        thread.join(5)
        assert not thread.is_alive()
        assert len(twin.heartbeats) >= 3
        assert len(twin.lines) == 1


def waited(is_true: Callable[[], bool], *, seconds: float = 5) -> bool:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_true()


@contextmanager
def listening(device: Device, *, poll: float = 0.2) -> Iterator[None]:
    """Run the thread that listens to the server."""
    thread = PullThread(lambda: device.pull, device.events.append, poll=poll)
    thread.start()
    try:
        yield
    finally:
        thread.stop()


def test_a_revocation_reaches_a_listening_door_within_a_second(tmp_path: Path) -> None:
    with linked(tmp_path) as (twin, device), listening(device):
        assert waited(lambda: device.held.snapshot is not None)
        assert waited(lambda: twin.calls.count("GET /snapshot") == 2), "it listens on"
        time.sleep(0.3)
        assert twin.calls.count("GET /snapshot") == 2, "one question is kept waiting, not repeated"
        twin.snapshot = replace(SNAPSHOT, version=2, revoked=frozenset({bytes(8)}))
        assert waited(
            lambda: (
                device.held.snapshot is not None and device.held.snapshot.revoked != frozenset()
            ),
            seconds=1,
        )


def test_without_a_place_to_wait_a_door_asks_again_after_a_while(tmp_path: Path) -> None:
    with linked(tmp_path, has_place=False) as (twin, device), listening(device, poll=0.1):
        assert waited(lambda: device.held.snapshot is not None)
        twin.snapshot = replace(SNAPSHOT, version=2, revoked=frozenset({bytes(8)}))
        time.sleep(0.5)
        assert 3 <= twin.calls.count("GET /snapshot") <= 8
        assert all(event.problem == "" for event in device.events if isinstance(event, LinkChanged))


def test_a_door_tells_of_its_battery_when_it_has_one(tmp_path: Path) -> None:
    assert Vitals("http://127.0.0.1", tmp_path).told() == {}
    for name, charge in (("BAT0", "83\n"), ("BAT1", "nonsense"), ("BAT2", "120")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "capacity").write_text(charge)
    assert Vitals("http://127.0.0.1", tmp_path).told() == {"battery": 83}


def test_a_certificate_that_cannot_be_seen_is_not_told() -> None:
    with serving(Twin()) as twin:
        assert certificate_until(twin.address.replace("http:", "https:")) is None
