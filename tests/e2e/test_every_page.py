"""Every page, as whoever opens it, on a phone and on a desk, in light and in dark."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.web import clock
from tests.conftest import SOAK
from tests.e2e.browser import DESK, MORNING, PHONE, SCREENS, House, Visitor, visiting
from tests.e2e.inspection import faults_of, violations
from tests.e2e.pages import MACHINES, NO_PAGES, PAGES, STRANGER, Opening
from tests.e2e.scene import Examples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("morning"),
]
PICTURES = os.environ.get("TOTEM_SCREENS") == "1"  # to look at the pages with one's own eyes
FRENCH, GERMAN = "fr", "de"
BOARD = "[data-behaviour~=timeline]"  # measures its window when it is opened
OPENINGS = tuple(opening for openings in PAGES.values() for opening in openings)


class Crowd:
    """People who stay signed in between tests, each at a browser of their own."""

    def __init__(self, house: House, browser: Browser) -> None:
        self._house = house
        self._browser = browser
        self._open = ExitStack()
        self._known: dict[tuple[str, bool, str], Visitor] = {}

    def find(self, who: str, *, touch: bool = False, language: str = FRENCH) -> Visitor:
        """Give somebody at their desk, or at their phone; they come at the first time."""
        if (who, touch, language) not in self._known:
            size = PHONE if touch else DESK
            visitor = self._open.enter_context(
                visiting(self._house, self._browser, size=size, touch=touch)
            )
            visitor.arrive(account(who), language)
            self._known[who, touch, language] = visitor
        return self._known[who, touch, language]

    def leave(self) -> None:
        """Let everybody read French again, as their account keeps it, and close their browsers."""
        with clock.freeze(MORNING):
            for (who, _touch, language), visitor in self._known.items():
                if language != FRENCH:
                    visitor.arrive(account(who), FRENCH)
        self._open.close()


def account(who: str) -> str | None:
    """Give the login of somebody who has one."""
    return None if who == STRANGER else who


@pytest.fixture(scope="module")
def crowd(house: House, browser: Browser) -> Iterator[Crowd]:
    gathered = Crowd(house, browser)
    yield gathered
    gathered.leave()


def pages_of(app: Flask) -> set[str]:
    """Name every rule that answers GET with a page."""
    rules = {
        rule.rule.replace("int(max=9007199254740991):", "").replace("int:", "")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    return {rule for rule in rules if not rule.startswith(MACHINES)} - NO_PAGES


def test_every_page_of_the_product_is_in_the_table(house: House) -> None:
    known = {rule for rule in PAGES if rule.startswith("/")}
    assert pages_of(house.app) == known


def test_a_page_held_as_a_phone_is_narrow_and_under_a_finger(crowd: Crowd) -> None:
    visitor = crowd.find(STRANGER)
    page = visitor.go("/sites")
    for touch in (True, False):
        visitor.hold(touch=touch)
        assert page.evaluate("innerWidth") == (PHONE if touch else DESK)["width"]
        assert page.evaluate("matchMedia('(pointer: coarse)').matches") is touch


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda opening: opening.name)
def test_a_page_is_for_everybody(opening: Opening, crowd: Crowd, made: Examples) -> None:
    """Opened at a desk, then held as a phone; with soak, opened again on the phone."""
    visitor = crowd.find(opening.who)
    visitor.watch.expected = {opening.status}
    page, faults = visitor.page, []
    for touch in (False, True):
        page.emulate_media(color_scheme="light")
        visitor.hold(touch=touch)
        if SOAK or not touch or page.locator(BOARD).count():
            answer = page.goto(visitor.house.base + opening.path.format(**made))
            assert answer is not None
            assert answer.status == opening.status
        for timeline in page.locator(BOARD).all():
            expect(timeline).to_have_class(re.compile("timeline-ready"))  # it draws itself
        name = f"{opening.name}-{'phone' if touch else 'desk'}"
        faults += faults_of(page, touch=touch)
        keep(page, f"{name}-light", faults)
        if SOAK or touch:
            page.emulate_media(color_scheme="dark")
            faults += violations(page, *([] if SOAK else ["color-contrast"]))
            keep(page, f"{name}-dark", faults)
    assert faults + visitor.watch.told() == []


def keep(page: Page, name: str, faults: list[str]) -> None:
    """Keep a picture of a page: of every one when asked for, else of one with a fault."""
    if SOAK or PICTURES or faults:
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("opening", OPENINGS if SOAK else OPENINGS[::5], ids=lambda each: each.name)
def test_german_words_fit_a_phone(opening: Opening, crowd: Crowd, made: Examples) -> None:
    visitor = crowd.find(opening.who, touch=True, language=GERMAN)
    visitor.watch.expected = {opening.status}
    visitor.go(opening.path.format(**made))
    faults = faults_of(visitor.page, touch=True, language=GERMAN)
    keep(visitor.page, f"{opening.name}-phone-german", faults)
    assert faults + visitor.watch.told() == []
