"""What this door would answer, without driving or writing anything: one JSON line a text."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from devices.kiosk.journal import JournalReader
from devices.kiosk.settings import Settings
from devices.kiosk.state import BrokenState, StateFolder
from devices.passes.claims import Seconds
from devices.passes.rules import Decision, DoorRules, Granted, Knowledge, judge

_NOWHERE: Final = Knowledge(DoorRules(site="", door=0))


class UnknownDoor(Exception):
    """The snapshot says nothing of the door in the settings."""


def knowledge_on_disk(settings: Settings) -> Knowledge:
    """Return what the door knows from its state folder; raises UnknownDoor or BrokenState."""
    state = StateFolder(settings.state_dir)
    identity = state.find_identity()
    snapshot = None if identity is None else state.find_snapshot(identity)
    if identity is None or snapshot is None:
        return _NOWHERE
    sheet = snapshot.find_door(settings.door)
    if sheet is None:
        raise UnknownDoor(str(settings.door))
    return snapshot.knowledge(sheet, clock_floor=_clock_floor(state, identity.device))


def verdicts(known: Knowledge, texts: Iterable[tuple[str, Seconds]]) -> Iterator[str]:
    """Yield one JSON verdict for each text and the instant at which it is shown."""
    for text, now in texts:
        yield json.dumps(verdict(judge(text, known, now=now)))


def verdict(decision: Decision) -> dict[str, str | None]:
    """Return a decision in the words of the published interface."""
    pass_id = decision.pass_id.hex() if decision.pass_id is not None else None
    if isinstance(decision, Granted):
        return {"decision": "open", "reason": str(decision.opening), "pass_id": pass_id}
    return {"decision": "deny", "reason": str(decision.reason), "pass_id": pass_id}


def _clock_floor(state: StateFolder, device: str) -> Seconds:
    path = state.journal_path(device)
    if not path.exists():
        return 0
    try:
        journal = JournalReader(path)
        try:
            return journal.clock_floor()
        finally:
            journal.close()
    except sqlite3.Error as error:
        raise BrokenState(path.name) from error
