"""No hostile text gets in, breaks a door or keeps it busy; ``make fuzz`` tries ten million."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from devices.passes.rules import Granted, judge
from tests.conftest import SOAK
from tests.fuzz.grammar import GENUINE, Grammar
from tests.fuzz.targets import SLOWEST, WORLDS, Found, Tally, try_loop, try_reader
from tests.unit.passes.papers import STARTS

TEXTS = 400_000 if SOAK else 8_000
SCANS = 40_000 if SOAK else 800
SEED = 20_261_122


def test_no_hostile_text_gets_past_the_reader() -> None:
    tally = try_reader(SEED, TEXTS)
    assert tally.tried == TEXTS
    assert {"not-a-pass", "bad-signature", "unknown-key", "stale-code"} <= set(tally.reasons)


def test_no_hostile_line_gets_past_the_loop_of_a_door(tmp_path: Path) -> None:
    assert try_loop(SEED, SCANS, tmp_path).tried == SCANS


def test_what_would_be_wrong_is_found() -> None:
    assert all(isinstance(judge(text, WORLDS[0], now=STARTS), Granted) for text in GENUINE)
    texts = [Grammar(SEED).text() for _ in range(2)]
    assert texts[0] == texts[1], "a seed repeats itself"
    with pytest.raises(Found, match="slow"):
        Tally().timed("text", _dawdle)


def _dawdle() -> str:
    ends = time.thread_time() + 1.5 * SLOWEST
    while time.thread_time() < ends:
        pass
    return "late"
