"""The kiosk's command line: run a door, ask what it would decide, or enrol it."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from devices.drivers.protocol import LockUnreachable
from devices.kiosk.clock import system_clock
from devices.kiosk.deciding import UnknownDoor, knowledge_on_disk, verdicts
from devices.kiosk.journal import BrokenJournal
from devices.kiosk.mishaps import ThreadDied
from devices.kiosk.running import AlreadyRunning, NotEnrolled, run_door
from devices.kiosk.server import ServerRefused, ServerUnreachable, enrol
from devices.kiosk.settings import Settings, SettingsFaults, load_settings
from devices.kiosk.state import BrokenState, StateFolder
from devices.passes.claims import Seconds
from devices.passes.keys import fingerprint, public_bytes

_EXPECTED: dict[type[Exception], str] = {
    AlreadyRunning: "another kiosk uses this state folder",
    BrokenJournal: "the journal cannot be read",
    BrokenState: "a file of the state folder cannot be used",
    LockUnreachable: "the lock cannot be reached",
    NotEnrolled: "not enrolled: python -m devices.kiosk enrol --config FILE --code CODE",
    ThreadDied: "a part of the kiosk failed",
    ServerRefused: "the server said no",
    ServerUnreachable: "the server does not answer",
    UnknownDoor: "the server knows no such door for this device",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; returns the exit status: 0 done, 1 failed, 2 misused."""
    asked = _parser().parse_args(arguments)
    if asked.config is None:
        return _complain("--config FILE.toml is missing", status=2)
    try:
        settings = load_settings(asked.config)
        _act(asked, settings)
    except SettingsFaults as error:
        return _complain(*error.faults, status=2)
    except tuple(_EXPECTED) as error:
        meaning = _EXPECTED[type(error)]
        return _complain(f"{meaning} ({error})" if str(error) else meaning, status=1)
    return 0


def _act(asked: argparse.Namespace, settings: Settings) -> None:
    match asked.command:
        case "decide":
            _decide(settings, asked.at)
        case "enrol":
            _enrol(settings, asked.code)
        case _:
            run_door(settings)


def _decide(settings: Settings, at: Seconds | None) -> None:
    known = knowledge_on_disk(settings)
    for line in verdicts(known, _texts(at)):
        print(line, flush=True)


def _texts(at: Seconds | None) -> Iterator[tuple[str, Seconds]]:
    for line in sys.stdin.buffer:
        text = line.rstrip(b"\r\n").decode("utf-8", errors="replace")
        yield text, system_clock().now if at is None else at


def _enrol(settings: Settings, code: str) -> None:
    state = StateFolder(settings.state_dir)
    key = state.make_key()
    identity = enrol(settings.server, code=code, key=key)
    state.keep_identity(identity)
    print(f"device       {identity.device}")
    print(f"fingerprint  {fingerprint(public_bytes(key))}")
    print("Compare the fingerprint on screen and approve; then start the kiosk.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devices.kiosk", description=__doc__)
    parser.add_argument("--config", type=Path, metavar="FILE.toml", help="the door's settings")
    commands = parser.add_subparsers(dest="command", metavar="{decide,enrol}")
    decide = commands.add_parser("decide", help="judge pass texts from standard input")
    decide.add_argument("--config", type=Path, required=True, metavar="FILE.toml")
    decide.add_argument("--at", type=_instant, metavar="INSTANT", help="ISO 8601 with offset")
    enrolment = commands.add_parser("enrol", help="ask in with a one-time code")
    enrolment.add_argument("--config", type=Path, required=True, metavar="FILE.toml")
    enrolment.add_argument("--code", required=True)
    return parser


def _instant(text: str) -> Seconds:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("an instant needs its offset: 2026-11-23T14:00:00+01:00")
    return int(instant.timestamp())


def _complain(*faults: str, status: int) -> int:
    for fault in faults:
        print(fault, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
