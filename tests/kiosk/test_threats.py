"""What is tried against a door and is shown by no other test; the table is docs/threats.md."""

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devices.drivers.fake.driver import FakeLock
from devices.kiosk.events import MusterCame, SnapshotCame
from devices.kiosk.muster import Muster, MusterFile
from devices.kiosk.screen import TerminalScreen
from devices.kiosk.views import Tone
from devices.passes import base45
from devices.passes.keys import private_bytes
from devices.passes.text import PREFIX
from tests.kiosk.doors import SNAPSHOT_KEY, open_door, sealed, snapshot_with
from tests.unit.passes.papers import ISSUER, SECRET, STAFF, STARTS, live
from tests.unit.passes.papers import sealed as pass_text

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DEVICE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_a_signature_turned_into_its_twin_opens_no_second_time(tmp_path: Path) -> None:
    """Of an ECDSA signature (r, s) anybody can make (r, -s): the same code in another text."""
    content = base45.decode(live(at=STARTS + 5)[len(PREFIX) :])
    s = int.from_bytes(content[-32:], "big")
    twin = PREFIX + base45.encode(content[:-32] + (P256_ORDER - s).to_bytes(32, "big"))
    door = open_door(tmp_path)
    assert door.scan(live(at=STARTS + 5)).tone is Tone.OPEN
    assert door.scan(twin).sentence.startswith("Ce code a déjà servi")


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/pay",
        "<img src=x onerror=alert(1)>",
        "\x1b]0;owned\x07\x1b[2J",
        "{{ config }} %(door)s",
        "RB1:\x00\x1b[31m",
    ],
)
def test_what_a_code_says_is_never_shown_nor_written_down(tmp_path: Path, text: str) -> None:
    door = open_door(tmp_path)
    door.scan(text)
    terminal = io.StringIO()
    for view in door.screen.shown:
        TerminalScreen(terminal).show(view)
        assert text not in repr(view)
    assert "\x1b" not in terminal.getvalue()
    assert [entry.reason for entry in door.entries()][1:] == ["not-a-pass"]


def test_a_stolen_kiosk_gives_away_no_name_and_no_key_that_makes_passes(tmp_path: Path) -> None:
    door = open_door(tmp_path, muster=MusterFile(tmp_path, DEVICE_KEY))
    told = snapshot_with(version=2)
    door.act(SnapshotCame(told, sealed(told)))
    door.act(MusterCame(Muster(1, ("Anaïs Weber",), STARTS, STARTS + 7200)))
    door.scan(pass_text())
    assert isinstance(door.lock, FakeLock)
    assert door.lock.pulses
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    makers = [private_bytes(key) for key in (ISSUER, STAFF, SNAPSHOT_KEY)]
    assert [secret for secret in (*makers, SECRET, "Anaïs".encode()) if secret in kept] == []
