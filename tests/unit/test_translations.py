"""Every word of the screens is said in English and German too: whole, current and well formed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.words import extracted

APP = Path(__file__).parents[2] / "app"
LANGUAGES = ["en", "de"]
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
FRENCH_TYPE = re.compile(r"[«»]|[\u00a0\u202f][:;!?]")
BREAKING = re.compile(r" [:;!?»](?!\w)|« |\.\.\.|\w'\w")
MessageId = tuple[str, ...]


@cache
def wanted() -> frozenset[MessageId]:
    """Give every message that the product says, as the source holds it today."""
    return frozenset(key(message) for message in extracted() if message.id)


@cache
def catalogue(language: str) -> Catalog:
    """Read the translations of a language."""
    path = APP / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> dict[MessageId, Message]:
    """Give the messages of a catalogue by the French they translate, without its header."""
    return {key(message): message for message in catalogue(language) if message.id}


def key(message: Message) -> MessageId:
    """Give what tells a message from others: its context and its French, for one and for many."""
    return (message.context or "", *originals(message))


def forms(message: Message) -> list[str]:
    """Give the translation, or the translations for one and for many."""
    said = message.string
    return list(said) if isinstance(said, list | tuple) else [said or ""]


def originals(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]


def test_the_source_says_many_things() -> None:
    assert len(wanted()) > 400


def test_french_is_set_with_no_break_spaces_and_curved_apostrophes() -> None:
    texts = [text for one in wanted() for text in one]
    assert sorted(text for text in texts if BREAKING.search(text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = {name for name, message in messages(language).items() if all(forms(message))}
    assert sorted(map(str, wanted() - known)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in messages(language).values() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    assert sorted(map(str, messages(language).keys() - wanted())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_facts(language: str) -> None:
    for message in messages(language).values():
        allowed = {frozenset(PLACE.findall(text)) for text in originals(message)}
        facts = frozenset().union(*allowed)
        for text in forms(message):
            found = frozenset(PLACE.findall(text))
            # One thing may be said without its number: « one person », « 2 persons ».
            assert found in allowed or (message.pluralizable and found <= facts), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_set_as_its_language_sets_type(language: str) -> None:
    texts = [text for one in messages(language).values() for text in forms(one)]
    assert [text for text in texts if FRENCH_TYPE.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_all_their_forms(language: str) -> None:
    count = catalogue(language).num_plurals
    plural = [message for message in messages(language).values() if message.pluralizable]
    assert plural
    assert [message.id for message in plural if len(forms(message)) != count] == []
