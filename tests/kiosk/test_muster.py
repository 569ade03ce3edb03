"""Who may be inside, at a door: a count everywhere, names at muster points, gone at closing."""

import io
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.drivers.fake.driver import FakeLock
from devices.drivers.protocol import Input
from devices.kiosk.events import ContactChanged, MusterCame, Tick, WishChosen
from devices.kiosk.muster import FILE, Muster, MusterFile
from devices.kiosk.screen import TerminalScreen
from devices.kiosk.views import Tone, View
from devices.kiosk.wishes import Deed, Wish
from tests.kiosk.doors import SHEET, SNAPSHOT, Door, kinds, open_door
from tests.unit.passes.papers import STARTS, sealed, staff_sealed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
CLOSES = STARTS + 7200
TOLD = Muster(2, ("Anaïs Weber, Mirabelle (2)",), STARTS, CLOSES)


def door_with(folder: Path, *, is_muster: bool) -> Door:
    folder.mkdir(exist_ok=True)
    sheet = replace(SHEET, is_muster=is_muster)
    held = replace(SNAPSHOT, doors=(sheet,))
    door = open_door(folder, held=held, muster=MusterFile(folder, KEY))
    door.act(MusterCame(TOLD))
    return door


def test_on_fire_a_muster_point_shows_who_is_to_be_found_without_a_network(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    view = door.act(ContactChanged(Input.FIRE, True))
    assert any(note.startswith("2 personnes à retrouver") for note in view.notes)
    assert view.people == TOLD.lines


def test_every_other_door_shows_and_keeps_a_count_only(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=False)
    view = door.act(ContactChanged(Input.FIRE, True))
    assert any(note.startswith("2 personnes") for note in view.notes)
    assert view.people == ()
    assert "Anaïs" not in repr(view)
    assert MusterFile(tmp_path, KEY).find(STARTS) == replace(TOLD, lines=())


def test_nobody_is_named_while_nothing_burns(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    assert not any("Anaïs" in repr(view) for view in door.screen.shown)


def test_the_list_is_not_readable_on_the_disk_and_is_gone_at_closing(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    assert "Anaïs".encode() not in (tmp_path / FILE).read_bytes()
    door.act(Tick(), after=CLOSES - STARTS + 60)
    assert not (tmp_path / FILE).exists()


def test_another_device_cannot_read_it_and_a_spoilt_one_is_wiped(tmp_path: Path) -> None:
    MusterFile(tmp_path, KEY).keep(TOLD)
    assert MusterFile(tmp_path, Ed25519PrivateKey.generate()).find(STARTS) is None
    assert not (tmp_path / FILE).exists()


def test_a_list_that_ended_while_the_machine_was_off_is_wiped_when_it_wakes(
    tmp_path: Path,
) -> None:
    MusterFile(tmp_path, KEY).keep(TOLD)
    door = open_door(tmp_path, now=CLOSES + 60, muster=MusterFile(tmp_path, KEY))
    door.act(Tick())
    assert not (tmp_path / FILE).exists()


def test_one_tap_and_the_staff_s_pass_show_the_list_without_a_network(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    assert [each.name for each in door.screen.shown[-1].buttons] == ["muster"]
    assert "pass de secours" in door.act(WishChosen(Wish(Deed.MUSTER))).sentence
    view = door.scan(staff_sealed())
    assert view.people == TOLD.lines
    assert "2 personnes à retrouver" in view.sentence
    assert kinds(door.entries())[-1] == ("mode", "muster")
    assert isinstance(door.lock, FakeLock)
    assert door.lock.pulses == [], "the list is shown, the door stays as it is"
    assert door.act(Tick(), after=301).people == ()


def test_nobody_else_is_shown_the_list(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    door.act(WishChosen(Wish(Deed.MUSTER)))
    view = door.scan(sealed())
    assert (view.tone, view.people) == (Tone.SHUT, ())
    assert kinds(door.entries())[-1] == ("deny", "staff-only")
    other = door_with(tmp_path / "other", is_muster=False)
    assert other.screen.shown[-1].buttons == ()
    other.act(WishChosen(Wish(Deed.MUSTER)))
    assert other.scan(staff_sealed()).people == ()


def test_names_are_never_written_where_the_machine_keeps_what_it_is_told() -> None:
    kept = io.StringIO()
    TerminalScreen(kept).show(View(Tone.WAIT, "Rassemblement", "", people=TOLD.lines))
    assert "Anaïs" not in kept.getvalue()
