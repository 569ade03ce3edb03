"""The screen: every answer has its sentence in three languages, and never colour alone."""

import io
import string
from zoneinfo import ZoneInfo

import pytest

from devices.kiosk import views
from devices.kiosk.screen import TerminalScreen
from devices.kiosk.sentences import CLOCK, DAY, SENTENCES
from devices.kiosk.settings import LANGUAGES
from devices.kiosk.views import Tone, View, Wording
from devices.passes.reasons import Reason
from devices.passes.rules import Refused

NARROW_BEFORE = ":;!?»"


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_is_in_all_languages_with_the_same_facts(name: str) -> None:
    translations = SENTENCES[name]
    assert tuple(translations) == LANGUAGES
    assert len({frozenset(fields(sentence)) for sentence in translations.values()}) == 1


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert str(reason) in SENTENCES


@pytest.mark.parametrize("name", SENTENCES)
def test_french_keeps_its_punctuation_with_its_word(name: str) -> None:
    french = SENTENCES[name]["fr"]
    assert "'" not in french
    for mark in NARROW_BEFORE:
        assert f" {mark}" not in french, "a no-break space goes here"


def test_hours_are_written_as_people_here_write_them() -> None:
    written = {language: CLOCK[language].format(hour=13, minute=5) for language in LANGUAGES}
    assert written == {"fr": "13\xa0h\xa005", "en": "13:05", "de": "13:05\xa0Uhr"}
    assert set(DAY) == set(LANGUAGES)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_open_and_shut_differ_in_word_shape_colour_and_sound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = {}
    for tone, word in ((Tone.OPEN, "OUVERT"), (Tone.SHUT, "FERMÉ")):
        terminal = Terminal()
        TerminalScreen(terminal).show(View(tone, word, "Une phrase."))
        shown[tone] = terminal.getvalue()
    assert shown[Tone.OPEN].startswith("\a\x1b[1;97;42m (✓) OUVERT ")
    assert shown[Tone.SHUT].startswith("\a\a\x1b[1;97;41m <✗> FERMÉ ")


def test_a_file_gets_neither_colour_nor_sound_and_no_view_twice() -> None:
    stream = io.StringIO()
    screen = TerminalScreen(stream)
    for _ in range(2):
        screen.show(View(Tone.SHUT, "FERMÉ", "Une phrase.", ("Une note",)))
    assert stream.getvalue() == " <✗> FERMÉ \n      Une phrase.\n      Une note\n\n"


@pytest.mark.parametrize(
    ("age", "said"), [(74, "74\u00a0s"), (-40, "avance de 40\u00a0s"), (7200, "trop ancien")]
)
def test_a_stale_code_says_by_how_much_unless_it_is_a_picture_of_long_ago(
    age: int, said: str
) -> None:
    now = 1_795_356_000
    refused = Refused(Reason.STALE_CODE, at=now - age)
    view = views.of_decision(refused, None, None, Wording("fr", ZoneInfo("Europe/Paris")), now)
    assert said in view.sentence
