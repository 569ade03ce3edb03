"""Every code of the network has a word of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from app.domain.kinds import SpaceKind
from app.spaces import words
from app.spaces.plan import CLOSED_REASONS, EQUIPMENT
from app.spaces.public_holidays import holidays_of
from app.web.holidays import public_holiday


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    """Somebody who reads French."""
    app = Flask(__name__)
    Babel(app, default_locale="fr")
    with app.test_request_context():
        yield


def test_every_kind_has_a_word() -> None:
    assert len({words.space_kind(kind) for kind in SpaceKind}) == len(SpaceKind)


def test_every_piece_of_equipment_has_a_word() -> None:
    assert [code for code in sorted(EQUIPMENT) if words.equipment(code) == code] == ["wifi"]


def test_every_reason_to_be_closed_has_a_sentence_of_its_own() -> None:
    assert len({words.closed_reason(code) for code in (*CLOSED_REASONS, "other")}) == 5


def test_every_public_holiday_is_written_as_the_law_names_it() -> None:
    names = set(holidays_of({"subdivision": "57"}).values())
    assert len(names) == 13
    assert {name for name in names if public_holiday(name) != name} == {"Jour de l'an"}
