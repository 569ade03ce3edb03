"""Templates keep the strict content policy and leave no word untranslated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment

APP = Path(__file__).parents[2] / "app"
TEMPLATES = sorted(APP.glob("**/templates/**/*.html"))
# The page of the unknown trouble speaks three languages by itself, because nothing else may work.
SPEAKS_BY_ITSELF = "errors/500.html"
# Names are the same in every language.
NAMES = {"totem"}

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=|<style\b",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']|\shx-on\b",
    "a script of its own": r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))",
    "code made from text": r"[\"'](?:js|javascript):",
    "a file of another site": r"(?:src|href)=\"(?:https?:)?//",
}


def _name(template: Path) -> str:
    return template.relative_to(APP).as_posix()


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_a_template_has_nothing_the_content_policy_refuses(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert found == []


@pytest.mark.parametrize(
    "template", [each for each in TEMPLATES if SPEAKS_BY_ITSELF not in _name(each)], ids=_name
)
def test_every_word_of_a_template_can_be_translated(template: Path) -> None:
    assert _bare_words(template.read_text(encoding="utf-8")) == []


def _bare_words(text: str) -> list[str]:
    """Find the words that stand in a page, or in an attribute people hear, outside ``_( )``."""
    tokens = Environment(autoescape=True).lex(text)
    page = "".join(value if kind == "data" else "\0" for _line, kind, value in tokens)
    heard = re.findall(r"(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", page)
    seen = re.sub(r"<svg\b.*?</svg>|<[^>]*>|&\w+;", " ", page, flags=re.DOTALL)
    words = re.findall(r"[^\W\d_]{2,}", " ".join([seen, *heard]))
    return [word for word in words if word.lower() not in NAMES]
