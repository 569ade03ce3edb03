"""The table of threats names tests that are there, at least one a row."""

from __future__ import annotations

import re

from tests.architecture.paths import ROOT, tracked


def test_every_threat_is_answered_by_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "threats.md").read_text()
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 15
    source = "\n".join(path.read_text() for path in tracked("tests/*.py"))
    there = set(re.findall(r"def (test_\w+)", source))
    named = {row[1].strip(): re.findall(r"`(test_\w+)`", row[3]) for row in rows}
    assert {threat for threat, tests in named.items() if not tests} == set()
    assert {test for tests in named.values() for test in tests} - there == set()
