"""Templates: one frame, no style or script within them, every word translatable."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.paths import ROOT, tracked

PAGES = tracked("app/*.html")
FRAMES = {"base.html", "parts/bare.html"}
WITHOUT_FRAME = {"errors/500.html"}  # sent as it is, even when nothing else works
TAG_OF_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def name_of(path: Path) -> str:
    return path.as_posix().split("/templates/", 1)[1]


class Attributes(HTMLParser):
    """Gathers what the content policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.refused += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        if "style" in given:
            self.refused.append(f"<{tag} style>")
        if tag == "style":
            self.refused.append("<style>")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.refused.append("<script> without src")


def refused_in(source: str) -> list[str]:
    parser = Attributes()
    parser.feed(TAG_OF_JINJA.sub("", source))
    return parser.refused


def test_there_are_pages() -> None:
    assert len(PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_holds_nothing_that_the_content_policy_refuses(page: Path) -> None:
    assert refused_in(page.read_text()) == []


@pytest.mark.parametrize(
    "source",
    ['<b style="x">', '<b onclick="x">', "<script>x</script>", "<style>x</style>"],
)
def test_what_the_content_policy_refuses_would_be_seen(source: str) -> None:
    assert len(refused_in(source)) == 1


def test_every_page_stands_in_the_frame_or_is_a_part() -> None:
    loose = [
        name_of(page)
        for page in PAGES
        if not name_of(page).startswith(("parts/", "base.html", "letters/letter.html"))
        and name_of(page) not in WITHOUT_FRAME
        and "/parts/" not in name_of(page)
        and not Path(name_of(page)).name.startswith("_")
        and not re.search(r"\{%-? extends ['\"]([\w/]+\.html)['\"]", page.read_text())
    ]
    assert loose == []


def test_a_page_belongs_to_its_feature() -> None:
    for page in PAGES:
        feature = page.relative_to(ROOT / "app").parts[0]
        if feature != "web":
            assert name_of(page).startswith(f"{feature}/"), page
