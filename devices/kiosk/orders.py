"""What staff order from afar: a door opened once, or held open until an instant; never an exit."""

from typing import Final

from devices.kiosk.journal import Journal
from devices.passes.claims import Seconds
from devices.passes.rules import CLOCK_TOLERANCE, DoorRules, Mode
from devices.passes.sheets import DoorSheet, Ordered

HELD_OPEN: Final = 3.0
"""Seconds for which each tick frees an unlocked door; if the loop dies, the door is held again."""


def due(sheet: DoorSheet | None, journal: Journal, now: Seconds) -> Ordered | None:
    """Return the opening that is to be done now, or None; each is done once and never late."""
    if sheet is None or now < journal.clock_floor - CLOCK_TOLERANCE:
        return None
    done = journal.last_order
    waiting = [each for each in sheet.openings if each.number > done and now <= each.until]
    return min(waiting, key=lambda each: each.number, default=None)


def mode_now(rules: DoorRules, now: Seconds, clock_floor: Seconds) -> Mode:
    """Return how the door is run at this instant; a clock that went back unlocks nothing."""
    if now >= rules.mode_until:
        return Mode.NORMAL
    if rules.mode is Mode.UNLOCKED and now < clock_floor - CLOCK_TOLERANCE:
        return Mode.NORMAL
    return rules.mode
