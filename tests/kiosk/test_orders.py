"""What staff order from afar: done once, never late, and never against a person who leaves."""

from dataclasses import replace
from pathlib import Path

from devices.drivers.fake.driver import FakeLock
from devices.kiosk.events import SnapshotCame, Tick
from devices.kiosk.health import DISK_LOW
from devices.kiosk.journal import Journal
from devices.kiosk.loop import A_DAY, THREE_MONTHS
from devices.kiosk.orders import HELD_OPEN
from devices.kiosk.views import Tone
from devices.passes.chain import Entry, Kind
from devices.passes.rules import Mode
from devices.passes.sheets import Ordered
from devices.passes.snapshot import Snapshot
from tests.kiosk.doors import DEVICE, SHEET, SNAPSHOT, Door, kinds, open_door, sealed, snapshot_with
from tests.unit.passes.papers import RULES, STARTS
from tests.unit.passes.papers import sealed as pass_text


def pulses(door: Door) -> list[float]:
    assert isinstance(door.lock, FakeLock)
    return door.lock.pulses


def told(door: Door, snapshot: Snapshot) -> None:
    door.act(SnapshotCame(snapshot, sealed(snapshot)), after=1)


def opening(number: int, until: int) -> Snapshot:
    sheet = replace(SHEET, openings=(Ordered(number, until),))
    return replace(SNAPSHOT, doors=(sheet,), version=number + 1)


def test_an_opening_from_afar_is_done_once_and_written_down_first(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    told(door, opening(7, STARTS + 30))
    told(door, opening(7, STARTS + 30))
    door.act(Tick(), after=1)
    assert pulses(door) == [5.0]
    assert kinds(door.entries())[1:] == [("grant", "remote")]
    again = Journal(tmp_path / f"journal-{DEVICE}.db", DEVICE, reserve=0)
    assert again.last_order == 7, "not even after a restart"


def test_an_opening_that_comes_late_is_left_alone(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.act(Tick(), after=60)
    told(door, opening(7, STARTS + 30))
    assert pulses(door) == []


def test_an_unlocked_door_stays_free_tick_by_tick_and_locks_by_itself(tmp_path: Path) -> None:
    rules = replace(RULES, mode=Mode.UNLOCKED, mode_until=STARTS + 10)
    door = open_door(tmp_path, held=snapshot_with(rules=rules))
    for _ in range(3):
        door.act(Tick(), after=1)
    assert pulses(door) == [HELD_OPEN] * 3
    door.act(Tick(), after=10)
    door.act(Tick(), after=1)
    assert pulses(door) == [HELD_OPEN] * 3
    assert kinds(door.entries())[1:] == [("mode", "unlocked"), ("mode", "normal")]


def test_a_lock_down_refuses_whoever_comes_until_it_ends(tmp_path: Path) -> None:
    rules = replace(RULES, mode=Mode.LOCKED_DOWN, mode_until=STARTS + 60)
    door = open_door(tmp_path, held=snapshot_with(rules=rules))
    assert door.scan(pass_text()).sentence.startswith("Porte fermée par le personnel")
    assert door.scan(pass_text(), after=60).tone is Tone.OPEN


def test_a_clock_set_back_unlocks_nothing(tmp_path: Path) -> None:
    rules = replace(RULES, mode=Mode.UNLOCKED, mode_until=STARTS + 100)
    door = open_door(tmp_path, held=snapshot_with(rules=rules, server_time=STARTS + 5000))
    told(door, snapshot_with(rules=rules, server_time=STARTS + 6000, version=9))
    assert pulses(door) == []


def test_a_disk_nearly_full_is_told_to_the_server(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    (tmp_path / f"journal-{DEVICE}.reserve").unlink()
    door.act(Tick(), after=1)
    assert DISK_LOW in door.keeper.health.states


def test_lines_older_than_three_months_go_once_the_server_holds_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path / f"journal-{DEVICE}.db", DEVICE, reserve=0)
    for number in range(6):
        at = STARTS - THREE_MONTHS - 10 + number * 4
        journal.append(Entry(at, number, b"bootboot", Kind.GRANT, 207))
    assert journal.forget_before(STARTS - THREE_MONTHS) == 0, "nothing is sent yet"
    journal.mark_sent(journal.head)
    assert journal.forget_before(STARTS - THREE_MONTHS) == 3
    journal.close()
    door = open_door(tmp_path)
    door.act(Tick(), after=A_DAY)
    reader = Journal(tmp_path / f"journal-{DEVICE}.db", DEVICE, reserve=0)
    assert reader.head.seq == 7
