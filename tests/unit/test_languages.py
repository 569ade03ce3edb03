"""The same moment, price or refusal as a French, a German and a British reader read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, ngettext

from app.domain import errors as e
from app.domain.intervals import Span
from app.domain.money import Money
from app.spaces.public_holidays import holidays_of
from app.web import formats
from app.web.holidays import public_holiday
from app.web.sentences import sentence
from tools import words

APP = Path(__file__).parents[2] / "app"
N = "\u00a0"
SUNDAY = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)  # 14:30 in Metz
FIRST = date(2026, 12, 1)


@contextmanager
def reader(language: str) -> Iterator[None]:
    """Somebody who reads this language."""
    app = Flask("languages", root_path=str(APP))
    Babel(app, default_locale=language)
    with app.test_request_context():
        yield


def closed(reason: str | None) -> e.Closed:
    """A refusal for 1 November, open again the next morning."""
    opens = datetime(2026, 11, 2, 7, tzinfo=UTC)
    return e.Closed(day=date(2026, 11, 1), hours=(), reason=reason, next_opens_at=opens)


@pytest.mark.parametrize(
    ("language", "day", "short", "clock", "money"),
    [
        ("fr", f"dimanche 22{N}novembre 2026", "dim. 22 nov.", f"14{N}h{N}30", f"12,50{N}€"),
        ("de", f"Sonntag, 22.{N}November 2026", "So., 22. Nov.", "14:30", f"12,50{N}€"),
        ("en", f"Sunday 22{N}November 2026", "Sun 22 Nov", "14:30", "€12.50"),
    ],
)
def test_moments_and_money_are_written_as_the_language_writes_them(
    language: str, day: str, short: str, clock: str, money: str
) -> None:
    with reader(language):
        assert formats.day(SUNDAY) == day
        assert formats.short_day(SUNDAY) == short
        assert formats.clock(SUNDAY) == clock
        assert formats.money(Money(1250)) == money


def test_only_french_calls_the_first_of_a_month_by_another_number() -> None:
    with reader("fr"):
        assert formats.day(FIRST) == f"mardi 1er{N}décembre 2026"
    with reader("de"):
        assert formats.day(FIRST) == f"Dienstag, 1.{N}Dezember 2026"
    with reader("en"):
        assert formats.day(FIRST) == f"Tuesday 1{N}December 2026"


@pytest.mark.parametrize(
    ("language", "hours", "days"),
    [
        ("fr", f"1{N}h{N}30", "2 jours"),
        ("de", f"1{N}h{N}30{N}min", f"2{N}Tage"),
        ("en", f"1{N}h{N}30{N}min", f"2{N}days"),
    ],
)
def test_lengths_are_written_as_the_language_writes_them(
    language: str, hours: str, days: str
) -> None:
    with reader(language):
        assert formats.duration(timedelta(minutes=90)) == hours
        assert formats.duration(timedelta(days=2)) == days


def test_a_span_over_midnight_names_both_days() -> None:
    night = Span(SUNDAY, SUNDAY + timedelta(hours=20))
    with reader("de"):
        assert formats.span(night) == (
            f"von So., 22. Nov., 14:30{N}Uhr bis Mo., 23. Nov., 10:30{N}Uhr"
        )
    with reader("en"):
        assert formats.span(night) == "from Sun 22 Nov, 14:30 to Mon 23 Nov, 10:30"


@pytest.mark.parametrize(
    ("language", "none", "one"),
    [
        ("fr", "0 personne", "1 personne"),
        ("de", f"0{N}Personen", f"1{N}Person"),
        ("en", "0 people", "1 person"),
    ],
)
def test_nought_is_singular_in_french_only(language: str, none: str, one: str) -> None:
    with reader(language):
        told = [ngettext("%(num)s personne", "%(num)s personnes", number) for number in (0, 1)]
    assert told == [none, one]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_public_holiday_has_a_name_in_every_language(language: str) -> None:
    names = set(holidays_of({"subdivision": "57"}).values())
    with reader(language):
        told = {name: public_holiday(name) for name in names}
    assert len({*told.values()}) == len(names) == 13
    assert [name for name, said in told.items() if said in (None, name)] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", f"Fermé le dimanche 1er{N}novembre 2026{N}: Toussaint."),
        ("de", f"Geschlossen am Sonntag, 1.{N}November 2026: Allerheiligen."),
        ("en", f"Closed on Sunday 1{N}November 2026: All Saints’ Day."),
    ],
)
def test_a_refusal_names_the_holiday_in_the_readers_language(language: str, said: str) -> None:
    with reader(language):
        assert sentence(closed("Toussaint")).startswith(said)


def test_what_a_site_wrote_in_french_is_told_to_french_readers_only() -> None:
    with reader("fr"):
        assert "Inventaire" in sentence(closed("Inventaire"))
    with reader("de"):
        assert sentence(closed("Inventaire")).startswith(
            f"Dieser Ort ist geschlossen am Sonntag, 1.{N}November 2026."
        )


@pytest.mark.parametrize("language", [words.SOURCE, *words.TRANSLATIONS])
def test_make_words_would_change_nothing(language: str) -> None:
    current = words.brought_up(language, words.extracted())
    assert words.text_of(language, current) == words.path_of(language).read_text(encoding="utf-8")


def test_one_french_word_may_be_several_in_german() -> None:
    several = {each.context: each.string for each in words.read("de") if each.id == "Annuler"}
    assert several == {None: "Stornieren", "form": "Abbrechen", "undo": "Rückgängig"}
