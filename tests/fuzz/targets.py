"""What hostile texts are thrown at, and what would be wrong: let in, broken, or slow."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Final

from devices.drivers.fake.driver import FakeLock
from devices.drivers.scanner.lines import LineAssembler
from devices.kiosk.clock import Moment
from devices.kiosk.events import LanguageChosen, LinkChanged, Scanned, Tick
from devices.kiosk.views import Tone
from devices.passes.chain import Kind
from devices.passes.reasons import Reason
from devices.passes.rules import DoorRules, Knowledge, Mode, Policy, Refused, judge
from devices.passes.uses import Uses
from tests.fuzz.grammar import GENUINE, Grammar
from tests.kiosk.doors import Door, open_door, snapshot_with
from tests.unit.passes.papers import ASKING, RULES, STARTS

SLOWEST: Final = 0.050
"""Seconds of CPU that one input may take."""
SUSPICIOUS: Final = 0.005
TRIES: Final = 3
A_SHIFT: Final = 5_000
"""Texts after which the loop begins with an empty journal again."""
_POLICIES: Final = tuple(replace(RULES, policy=policy) for policy in Policy)
_LOCKED: Final = replace(RULES, mode=Mode.LOCKED_DOWN, mode_until=STARTS + 10**9)
WORLDS: Final = (
    *(replace(ASKING, rules=rules) for rules in (*_POLICIES, _LOCKED)),
    replace(ASKING, uses=Uses(since=STARTS)),
    Knowledge(RULES),
    Knowledge(DoorRules(site="", door=0)),
)


class Found(AssertionError):
    """A text that did what no text may; its message repeats it."""


@dataclass
class Tally:
    """How many texts were tried, what came of them, and the slowest, in seconds of CPU."""

    tried: int = 0
    slowest: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)

    def timed(self, text: str, act: Callable[[], str]) -> None:
        """Try one text; what took long by the wall is tried again by the clock of the CPU alone."""
        started = time.perf_counter()
        self.reasons[act()] += 1
        took = time.perf_counter() - started
        if took > SUSPICIOUS:
            took = min(_cpu(act) for _ in range(TRIES))
        if took > SLOWEST:
            raise Found(f"slow ({took:.3f} s): {text!r}")
        self.tried += 1
        self.slowest = max(self.slowest, took)

    def add(self, other: Tally) -> None:
        """Count what another process tried."""
        self.tried += other.tried
        self.slowest = max(self.slowest, other.slowest)
        self.reasons += other.reasons


def try_reader(seed: int, count: int) -> Tally:
    """Show texts to the reader and the rules, each to a door of another temper."""
    grammar, tally, worlds = Grammar(seed), Tally(), cycle(WORLDS)
    for _ in range(count):
        text, known = grammar.text(), next(worlds)
        tally.timed(text, partial(_judged, text, known))
    return tally


def try_loop(seed: int, count: int, folder: Path) -> Tally:
    """Send texts down the line of a scanner into the loop of a door with a journal on disk."""
    grammar, tally = Grammar(seed), Tally()
    for door, texts in _shifts(count, folder):
        lines = LineAssembler()
        for _ in range(texts):
            text, after = grammar.text(), grammar.seconds()
            sent = f"{text}\n".encode("utf-8", "surrogatepass")
            portions = grammar.portions(sent)
            scan = partial(_scanned, door, lines, portions, after)
            tally.timed(text, scan)
            if isinstance(door.lock, FakeLock) and door.lock.pulses:
                raise Found(f"opened for {text!r}")
        if any(entry.kind is Kind.GRANT for entry in door.entries()):
            raise Found("the journal tells of an opening")
    return tally


def _shifts(count: int, folder: Path) -> Iterator[tuple[Door, int]]:
    for first in range(0, count, A_SHIFT):
        place = folder / f"shift-{first}"
        place.mkdir(parents=True)
        rules = _POLICIES[first // A_SHIFT % len(_POLICIES)]
        door = open_door(place, held=snapshot_with(rules=rules, server_time=STARTS))
        yield door, min(A_SHIFT, count - first)
        door.journal.close()
        shutil.rmtree(place)


def _judged(text: str, known: Knowledge) -> str:
    decision = judge(text, known, now=STARTS)
    if not isinstance(decision, Refused):
        raise Found(f"let in: {text!r}")
    if decision.reason is Reason.INTERNAL:
        raise Found(f"broke the reader: {text!r}")
    return str(decision.reason)


def _scanned(door: Door, lines: LineAssembler, portions: list[bytes], after: float) -> str:
    """Hand in a line in portions; the clock of the wall stands still, only uptime goes on."""
    door.uptime += after
    moment = Moment(door.now, door.uptime)
    for portion in portions:
        for text in lines.feed(portion):
            if text not in GENUINE:  # the end of a line put into it may have left it whole
                door.keeper.act(Scanned(text), moment)
    shown = door.screen.shown[-1]
    if shown.tone in (Tone.OPEN, Tone.FAULT):
        raise Found(f"{shown.word}: {portions!r}")
    door.screen.shown = [shown]
    if after > 1:
        door.keeper.act(LinkChanged("unreachable"), moment)
        door.keeper.act(LanguageChosen("de"), moment)
    door.keeper.act(Tick(), moment)
    return str(shown.tone)


def _cpu(act: Callable[[], str]) -> float:
    started = time.thread_time()
    act()
    return time.thread_time() - started
