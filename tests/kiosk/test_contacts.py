"""The contacts of a door: opened, forced, held, somebody leaving, fire; only ever watched."""

from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from devices.drivers.contact.driver import Contacts
from devices.drivers.fake.driver import FakeLock
from devices.drivers.protocol import Input, LockUnreachable
from devices.drivers.relay.driver import PIN_FACTORY, Fails, RelayLock
from devices.kiosk.contact import EXPECTED_FOR
from devices.kiosk.events import ContactChanged, Tick
from devices.kiosk.health import FIRE
from tests.kiosk.doors import Door, kinds, open_door
from tests.unit.passes.papers import sealed as pass_text


def moved(door: Door, *, is_open: bool, after: float = 1) -> None:
    door.act(ContactChanged(Input.DOOR, is_open), after=after)


def seen(door: Door) -> list[str]:
    return [kind for kind, _ in kinds(door.entries())[1:]]


def test_a_door_pushed_after_a_pass_is_opened_and_one_pushed_without_is_forced(
    tmp_path: Path,
) -> None:
    door = open_door(tmp_path)
    door.scan(pass_text())
    moved(door, is_open=True)
    moved(door, is_open=False)
    moved(door, is_open=True)
    assert seen(door) == ["grant", "opened", "forced"]


def test_a_pass_shown_long_before_excuses_no_opening(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.scan(pass_text())
    moved(door, is_open=True, after=EXPECTED_FOR + 1)
    assert seen(door) == ["grant", "forced"]


def test_somebody_who_leaves_is_noted_and_nothing_is_asked_of_them(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.act(ContactChanged(Input.EXIT, True))
    moved(door, is_open=True)
    assert seen(door) == ["rex", "opened"]
    assert isinstance(door.lock, FakeLock)
    assert door.lock.pulses == [], "the way out is hardware, the lock is not even touched"


def test_the_lock_holds_at_once_when_the_door_falls_shut(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.scan(pass_text())
    moved(door, is_open=True)
    moved(door, is_open=False)
    assert isinstance(door.lock, FakeLock)
    assert door.lock.holds == 1


def test_a_door_held_open_is_told_once_an_opening(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    door.scan(pass_text())
    moved(door, is_open=True)
    for _ in range(5):
        door.act(Tick(), after=20)
    assert seen(door) == ["grant", "opened", "held"]


def test_fire_is_observed_shown_and_told_to_the_server(tmp_path: Path) -> None:
    door = open_door(tmp_path)
    view = door.act(ContactChanged(Input.FIRE, True))
    assert any(note.startswith("Alarme incendie") for note in view.notes)
    assert FIRE in door.keeper.health.states
    assert "sortez" not in " ".join(door.act(ContactChanged(Input.FIRE, False)).notes)
    door.act(ContactChanged(Input.TAMPER, True))
    assert seen(door) == ["fire", "tamper"]


@pytest.fixture
def pins() -> MockFactory:
    factory = MockFactory()
    yield factory
    factory.reset()


def test_contacts_tell_their_state_at_start_and_each_change(pins: MockFactory) -> None:
    told: list[tuple[str, bool]] = []
    contacts = Contacts(
        {Input.DOOR: 5, Input.FIRE: 13},
        lambda which, away: told.append((which, away)),
        factory=pins,
    )
    assert told == [("door", True), ("fire", True)], "what is open at start shows: a cut wire too"
    pins.pin(5).drive_low()
    pins.pin(5).drive_high()
    assert told[2:] == [("door", False), ("door", True)]
    contacts.close()
    contacts.close()


def test_contacts_want_the_pin_factory_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PIN_FACTORY, raising=False)
    with pytest.raises(LockUnreachable, match=PIN_FACTORY):
        Contacts({Input.DOOR: 5}, lambda _which, _away: None)


def test_a_relay_holds_before_its_pulse_ends(pins: MockFactory) -> None:
    lock = RelayLock(17, fails=Fails.SECURE, pins=pins)
    lock.pulse(30)
    assert pins.pin(17).state == 1
    lock.hold()
    assert pins.pin(17).state == 0
    lock.close()
    lock.hold()
