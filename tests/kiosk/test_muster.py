"""Who may be inside, at a door: a count everywhere, names at muster points, gone at closing."""

from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.drivers.protocol import Input
from devices.kiosk.events import ContactChanged, MusterCame, Tick
from devices.kiosk.muster import FILE, Muster, MusterFile
from tests.kiosk.doors import SHEET, SNAPSHOT, Door, open_door
from tests.unit.passes.papers import STARTS

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
CLOSES = STARTS + 7200
TOLD = Muster(2, ("Anaïs Weber, Mirabelle (2)",), STARTS, CLOSES)


def door_with(folder: Path, *, is_muster: bool) -> Door:
    sheet = replace(SHEET, is_muster=is_muster)
    door = open_door(folder, held=replace(SNAPSHOT, doors=(sheet,)))
    way = door.keeper._way
    door.keeper._way = replace(way, muster=MusterFile(folder, KEY))
    door.act(MusterCame(TOLD))
    return door


def test_on_fire_a_muster_point_shows_who_is_to_be_found_without_a_network(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    notes = door.act(ContactChanged(Input.FIRE, True)).notes
    assert any(note.startswith("2 personnes à retrouver") for note in notes)
    assert TOLD.lines[0] in notes


def test_every_other_door_shows_and_keeps_a_count_only(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=False)
    notes = door.act(ContactChanged(Input.FIRE, True)).notes
    assert any(note.startswith("2 personnes") for note in notes)
    assert not any("Anaïs" in note for note in notes)
    assert MusterFile(tmp_path, KEY).find(STARTS) == replace(TOLD, lines=())


def test_nobody_is_named_while_nothing_burns(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    assert not any("Anaïs" in note for view in door.screen.shown for note in view.notes)


def test_the_list_is_not_readable_on_the_disk_and_is_gone_at_closing(tmp_path: Path) -> None:
    door = door_with(tmp_path, is_muster=True)
    assert "Anaïs".encode() not in (tmp_path / FILE).read_bytes()
    door.act(Tick(), after=CLOSES - STARTS + 60)
    assert not (tmp_path / FILE).exists()


def test_another_device_cannot_read_it_and_a_spoilt_one_is_wiped(tmp_path: Path) -> None:
    MusterFile(tmp_path, KEY).keep(TOLD)
    assert MusterFile(tmp_path, Ed25519PrivateKey.generate()).find(STARTS) is None
    assert not (tmp_path / FILE).exists()
