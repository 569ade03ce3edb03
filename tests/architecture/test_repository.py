"""What lies in the repository: documents that are there, and nothing of one machine."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.architecture.paths import ROOT, tracked

DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "docs/README.md",
    "docs/words.md",
    "docs/wire.md",
    "docs/adr/0001-layers.md",
    "docs/adr/0002-transactions.md",
    "docs/adr/0003-pass.md",
    "docs/adr/0004-money-and-time.md",
    "docs/adr/0005-jobs.md",
)
RUNBOOK_PARTS = ("## See", "## Check", "## Do", "## Over")
NOT_OURS = {"run", "shell", "routes", "openapi"}  # commands of Flask and flask-smorest
BINARY = {".png", ".woff2", ".ico", ".svg", ".mo", ".jpg"}
# Written in two halves, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a registry": re.compile(
        r"pypi\.(?:org)|python" + r"hosted|registry\.npm" + r"js|deb\.debian" + r"\.org"
    ),
    "a machine path": re.compile(r"(?<![\w.])/(?:work|root|farm|home)" + r"/\w"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_the_house_is_there(name: str) -> None:
    assert (ROOT / name).read_text().startswith("# ")


def test_a_runbook_says_what_one_sees_checks_does_and_when_it_is_over() -> None:
    runbooks = [path for path in tracked("docs/runbooks/*.md") if path.name != "README.md"]
    assert len(runbooks) >= 6
    for path in runbooks:
        text = path.read_text()
        assert [part for part in RUNBOOK_PARTS if f"\n{part}\n" not in text] == [], path.name


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix not in BINARY
        for match in [FORBIDDEN[what].search(path.read_text(errors="replace"))]
        if match
    ]
    assert found == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked("*.md")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_target_of_the_makefile_is_in_its_help_and_every_command_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text()
    helped = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {"run", "test", "soak", "unit", "fix", "demo", "bench", "fuzz"} <= helped
    readme = (ROOT / "README.md").read_text()
    for command in ("make run", "make test"):
        assert command in readme


def test_every_operators_command_is_documented(sqlite_app: Flask) -> None:
    commands = {name for name in sqlite_app.cli.commands if name not in NOT_OURS}
    text = (ROOT / "README.md").read_text() + (ROOT / "docs" / "README.md").read_text()
    assert {name for name in commands if f"flask --app wsgi {name}" not in text} == set()


def test_what_a_package_manager_installs_is_pinned_with_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "devices/requirements.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==\S+ \\\n +--hash", text, re.MULTILINE)
        lines = [line for line in text.splitlines() if re.match(r"[A-Za-z]", line)]
        assert len(pins) == len(lines) > 0, name
