"""Cards by command: exported, changed in an editor, imported as a draft that says its faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.db.base import db
from tests.cards import charter_content, own_content, the_draft


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["network", "card", *words])
    return result.exit_code, result.output


def drafts(app: Flask) -> int:
    with app.app_context(), db.engine.connect() as connection:
        return int(str(connection.execute(text("SELECT count(*) FROM card_drafts")).scalar()))


@pytest.mark.parametrize("owner", ["charter", "metz", "thionville-3eme-lieu"])
def test_what_is_exported_is_imported_as_the_same_draft(
    app: Flask, tmp_path: Path, owner: str
) -> None:
    code, written = run(app, "export", owner)
    assert code == 0
    assert written.startswith(f"# {owner} 1, 2026-01-01, Charte du réseau")
    file = tmp_path / "card.toml"
    file.write_text(written, encoding="utf-8")
    code, told = run(app, "import", owner, str(file), "--note", "Essai")
    assert code == 0
    assert "\n-" not in told
    with app.app_context():
        draft = the_draft(int(told.split("\n")[0].rsplit("/", 1)[1]))
        published = charter_content() if owner == "charter" else own_content(owner)
    assert (draft.content, draft.note, draft.author) == (published, "Essai", None)


def test_an_import_says_what_stands_against_it(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "card.toml"
    _code, written = run(app, "export", "charter")
    file.write_text(written.replace('half_day = "9.00"', "half_day = 9.0"), encoding="utf-8")
    code, told = run(app, "import", "charter", str(file))
    assert code == 0
    assert "- rows.seat.half_day: content '9.0 without quotes' is not a price in euros" in told


@pytest.mark.parametrize(
    ("owner", "content", "told"),
    [
        ("metz", b"[card", "Expected"),
        ("atlantis", b"", "unknown-site"),
        ("metz", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_cannot_be_a_draft_is_refused(
    app: Flask, tmp_path: Path, owner: str, content: bytes, told: str
) -> None:
    file = tmp_path / "card.toml"
    file.write_bytes(content)
    code, output = run(app, "import", owner, str(file))
    assert (code, told in output, drafts(app)) == (1, True, 0)


def test_an_unknown_version_is_not_exported(app: Flask) -> None:
    assert run(app, "export", "metz", "--version", "7") == (1, "Error: unknown-card card=metz 7\n")
    assert run(app, "export", "atlantis")[0] == 1
