"""Fixtures of the browser tests: the house runs, Chromium looks at it, the clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import pytest

from app.web import clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.browser import House, Visitor
    from tests.e2e.scene import Examples


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The product, served on loopback with its demonstration, for all tests of the browser."""
    from tests.e2e.browser import running_house

    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    from tests.e2e.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def made(house: House) -> Examples:
    """One of everything that a page needs to be shown."""
    from tests.e2e.browser import MORNING, SCREENS
    from tests.e2e.scene import examples

    SCREENS.mkdir(exist_ok=True)
    with clock.freeze(MORNING):
        return examples(house.app)


@pytest.fixture
def morning() -> Iterator[None]:
    """Let the house's clock stand on its Monday morning."""
    from tests.e2e.browser import MORNING

    with clock.freeze(MORNING):
        yield


@pytest.fixture
def visit(house: House, browser: Browser, morning: None) -> Iterator[Callable[..., Visitor]]:
    """Give browsers to people; each is closed, and must have been healthy, at the test's end."""
    from tests.e2e.browser import visiting

    with ExitStack() as open_browsers:

        def give(**wishes: object) -> Visitor:
            who: AbstractContextManager[Visitor] = visiting(house, browser, **wishes)  # type: ignore[arg-type]
            return open_browsers.enter_context(who)

        yield give
