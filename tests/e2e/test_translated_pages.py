"""Read in English or German, no page says a word of French but names and what people typed."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.e2e.browser import PASSWORD, House
from tests.e2e.pages import PAGES, STRANGER, Opening
from tests.e2e.scene import Examples
from tests.factories import post
from tests.unit.test_translations import PLACE, forms, messages, originals

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("morning"),
]
OPENINGS = [opening for openings in PAGES.values() for opening in openings]
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-over", "data-title", "data-copied")
SILENT = ("script", "style")
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
FEWEST_LETTERS = 6  # of a message's own words: less says nothing about its language


class Words(HTMLParser):
    """Gathers what a page says, but for what is marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hear the attributes that are spoken, and whether the element speaks at all."""
        given = dict(attrs)
        foreign = tag != "html" and "lang" in given
        if tag not in VOID:
            self._inside.append((tag, foreign or tag in SILENT))
        if not foreign:
            self.said += [given[name] or "" for name in SPOKEN if name in given]

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Hear a text."""
        if not any(silent for _tag, silent in self._inside):
            self.said.append(data)


def spaced(text: str) -> str:
    return " ".join(text.split())


@cache
def french(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Give the French texts that this language says otherwise: whole ones, and with blanks."""
    plain, blanks = set(), []
    for message in messages(language).values():
        said = {spaced(text) for text in forms(message)}
        for text in map(spaced, originals(message)):
            own = PLACE.sub("", text)
            if text in said or sum(map(str.isalpha, own)) < FEWEST_LETTERS:
                continue
            if own == text:
                plain.add(text)
            else:
                parts = map(re.escape, PLACE.split(text))
                blanks.append(re.compile(".+?".join(parts)))
    return frozenset(plain), tuple(blanks)


@cache
def is_french(text: str, language: str) -> bool:
    """Whether this is a message of ours that was left as it was written."""
    plain, blanks = french(language)
    return text in plain or any(blank.fullmatch(text) for blank in blanks)


def reader(house: House, who: str, language: str) -> FlaskClient:
    client = house.app.test_client()
    if who != STRANGER:
        post(client, "/sign-in", email=f"{who}@totem.example", password=PASSWORD)
    speak(client, language)
    return client


def speak(client: FlaskClient, language: str) -> None:
    """Choose a language; an account keeps the choice."""
    post(client, "/language", page="/sites", language=language, next="/sites")


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_page_says_a_word_of_french(house: House, made: Examples, language: str) -> None:
    readers = {who: reader(house, who, language) for who in {each.who for each in OPENINGS}}
    left = {each.name: french_of(readers[each.who], each, made, language) for each in OPENINGS}
    for client in readers.values():
        speak(client, "fr")  # the house is others' too
    assert {name: texts for name, texts in left.items() if texts} == {}


def french_of(client: FlaskClient, opening: Opening, made: Examples, language: str) -> list[str]:
    """List what a page still says in French."""
    answer = client.get(opening.path.format(**made), follow_redirects=True)
    words = Words()
    words.feed(answer.get_data(as_text=True))
    assert words.said, opening.name
    return sorted({text for text in map(spaced, words.said) if text and is_french(text, language)})
