"""`python -m devices.kiosk decide`: what the door would say, with no server installed."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from devices.kiosk.state import StateFolder
from tests.kiosk.doors import DEVICE, IDENTITY, SNAPSHOT, open_door, sealed
from tests.unit.passes.papers import CLAIMS, OTHER_DOOR, PASS_ID
from tests.unit.passes.papers import sealed as pass_text

ROOT = Path(__file__).parents[2]
AT = "2026-11-22T15:00:00+01:00"
# Refuses to import what a kiosk does not have, then runs the module as `python -m` would.
ALONE = """
import runpy, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"flask", "sqlalchemy", "app", "config", "alembic", "werkzeug"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
sys.argv = ["kiosk", *sys.argv[1:]]
runpy.run_module("devices.kiosk", run_name="__main__")
"""


def door_in(folder: Path, door: str = "207", *, is_enrolled: bool = True) -> Path:
    """Write a door's settings and, unless told otherwise, what enrolment and a pull leave."""
    config = folder / "door.toml"
    config.write_text(f'server = "http://127.0.0.1:9"\ndoor = {door}\nstate_dir = "state"\n')
    if is_enrolled:
        state = StateFolder(folder / "state")
        state.make_key()
        state.keep_identity(IDENTITY)
        state.keep_snapshot(sealed(SNAPSHOT))
    return config


def kiosk(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the kiosk where Flask cannot be imported."""
    return subprocess.run(
        [sys.executable, "-c", ALONE, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=30,
        check=False,
    )


def decided(config: Path, *texts: str, at: str = AT) -> list[dict[str, str | None]]:
    """Return the verdicts on these texts."""
    done = kiosk("decide", "--config", config, "--at", at, given="".join(f"{t}\n" for t in texts))
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_text_gets_one_verdict_without_flask(tmp_path: Path) -> None:
    wrong = pass_text(replace(CLAIMS, doors=(OTHER_DOOR,)))
    verdicts = decided(door_in(tmp_path), pass_text(), wrong, "https://x", "", pass_text() + "\r")
    name = PASS_ID.hex()
    assert verdicts == [
        {"decision": "open", "reason": "static", "pass_id": name},
        {"decision": "deny", "reason": "other-door", "pass_id": name},
        {"decision": "deny", "reason": "not-a-pass", "pass_id": None},
        {"decision": "deny", "reason": "not-a-pass", "pass_id": None},
        {"decision": "open", "reason": "static", "pass_id": name},
    ]


def test_the_instant_decides(tmp_path: Path) -> None:
    config = door_in(tmp_path, '"metz-2.07"')
    (late,) = decided(config, pass_text(), at="2026-11-22T16:05:00Z")
    assert late["reason"] == "ended"
    (back,) = decided(config, pass_text(), at="2026-11-22T13:00:00Z")
    assert back["reason"] == "clock"


def test_nothing_is_written_and_the_journal_s_clock_is_heeded(tmp_path: Path) -> None:
    config = door_in(tmp_path)
    door = open_door(tmp_path / "state", now=1_795_356_000 + 3600)
    door.journal.close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "state").iterdir()}
    (verdict,) = decided(config, pass_text())
    assert verdict["reason"] == "clock"
    after = {path.name: path.read_bytes() for path in (tmp_path / "state").iterdir()}
    kept = {f"journal-{DEVICE}.db", "device.key", "identity.json", "snapshot.cose"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_a_door_not_enrolled_refuses_in_words(tmp_path: Path) -> None:
    config = door_in(tmp_path, is_enrolled=False)
    verdicts = decided(config, pass_text(), "x")
    assert [verdict["reason"] for verdict in verdicts] == ["offline-too-long", "not-a-pass"]


def test_misuse_is_told_in_one_sentence_each(tmp_path: Path) -> None:
    unknown = door_in(tmp_path, "999")
    done = kiosk("decide", "--config", unknown)
    assert done.returncode == 1
    assert done.stderr == "the server knows no such door for this device (999)\n"
    spoilt = kiosk("decide", "--config", tmp_path / "absent.toml")
    assert spoilt.returncode == 2
    assert "absent.toml" in spoilt.stderr
    naive = kiosk("decide", "--config", unknown, "--at", "2026-11-22T15:00:00")
    assert naive.returncode == 2
    assert "offset" in naive.stderr
    (tmp_path / "state" / "snapshot.cose").write_bytes(b"spoilt")
    broken = kiosk("decide", "--config", unknown)
    assert broken.stderr == "a file of the state folder cannot be used (snapshot.cose)\n"
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    not_enrolled = kiosk("--config", door_in(fresh, is_enrolled=False))
    assert not_enrolled.returncode == 1
    assert not_enrolled.stderr.startswith("not enrolled")
