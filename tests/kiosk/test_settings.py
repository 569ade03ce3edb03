"""The kiosk's file: everything wrong with it is told at once."""

from pathlib import Path

import pytest

from devices.kiosk.settings import (
    Camera,
    FollowedFile,
    Lines,
    OsdpCards,
    PaperLock,
    Relay,
    SerialPort,
    SettingsFaults,
    load_settings,
    settings_from,
)

SMALLEST = 'server = "http://127.0.0.1:8000"\ndoor = 207\nstate_dir = "state"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "door.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsFaults) as found:
        load_settings(written(folder, text))
    return found.value.faults


def test_the_smallest_file_reads_lines_and_drives_a_paper_lock(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, SMALLEST))
    assert settings.state_dir == tmp_path / "state"
    assert (settings.scanner, settings.lock) == (Lines(), PaperLock(None))
    assert (settings.language, settings.poll_seconds, settings.open_seconds) == ("fr", 30, 5)


def test_a_word_stands_for_a_table_with_that_kind(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, SMALLEST + 'scanner = "lines"\nlock = "fake"\n'))
    assert (settings.scanner, settings.lock) == (Lines(), PaperLock(None))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            'kind = "serial"\npath = "/dev/ttyACM0"\nbaud = 115200',
            SerialPort("/dev/ttyACM0", 115200),
        ),
        ('kind = "fake"\npath = "/tmp/scan"', FollowedFile(Path("/tmp/scan"))),  # noqa: S108
        ('kind = "camera"\nsource = "mjpeg"\npath = "/x"', Camera("mjpeg", Path("/x"), ())),
        (
            'kind = "camera"\nsource = "command"\ncommand = ["v4l2-ctl"]',
            Camera("command", Path(), ("v4l2-ctl",)),
        ),
    ],
)
def test_every_scanner_has_its_settings(tmp_path: Path, table: str, expected: object) -> None:
    assert load_settings(written(tmp_path, f"{SMALLEST}[scanner]\n{table}\n")).scanner == expected


def test_a_relay_must_say_how_it_fails(tmp_path: Path) -> None:
    text = f'{SMALLEST}[lock]\nkind = "relay"\npin = 17\nfails = "safe"\nactive_high = false\n'
    assert load_settings(written(tmp_path, text)).lock == Relay(17, "safe", active_high=False)
    assert faults(tmp_path, f'{SMALLEST}[lock]\nkind = "relay"\n') == [
        "lock.pin is missing",
        "lock.fails is missing",
    ]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = """
server = "http://totem.example"
dor = 207
language = "it"
poll_seconds = "often"
[scanner]
kind = "serial"
speed = 9600
[lock]
kind = "rope"
open_seconds = 0
"""
    assert faults(tmp_path, text) == [
        "server must be https:// unless it is on this machine",
        "door is missing",
        "state_dir is missing",
        "language must be one of: fr, en, de",
        "poll_seconds must be a number from 0.1 to 3600",
        "lock.open_seconds must be a number from 0.1 to 60",
        "scanner.path is missing",
        "lock.kind must be one of: fake, osdp, relay",
        "dor is not a setting",
        "scanner.speed is not a setting",
    ]


@pytest.mark.parametrize("text", ["not toml at all", "server = 5\nscanner = 7", ""])
def test_a_file_that_is_no_settings_is_refused(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_a_missing_file_is_a_fault_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaults, match=r"absent\.toml"):
        load_settings(tmp_path / "absent.toml")


def test_cards_come_from_the_reader_that_is_the_lock_and_from_no_other(tmp_path: Path) -> None:
    osdp = {"kind": "osdp", "path": "/dev/ttyUSB0", "key_path": "osdp.key"}
    base = {"server": "https://totem.example", "door": 104, "state_dir": "state"}
    wanted = {**base, "scanner": {"kind": "osdp"}, "page": {"camera": True}}
    settings = settings_from({**wanted, "lock": osdp}, folder=tmp_path)
    assert isinstance(settings.scanner, OsdpCards)
    assert settings.page is not None
    assert settings.page.camera, "codes may come from the page beside them"
    with pytest.raises(SettingsFaults, match="OSDP reader as its lock"):
        settings_from({**wanted, "lock": {"kind": "fake"}}, folder=tmp_path)
