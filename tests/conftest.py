"""Fixtures of the house: both engines, a clean database a test, a client, a frozen clock.

``app`` runs each test on SQLite and on PostgreSQL with the four Totems loaded; ``sqlite_app`` on
SQLite only (for what the engine cannot change); ``bare_app`` has no network in it. The app is
imported by the fixtures that need it, so that tests of rules start at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from xdist.remote import Producer

    from app.gateways.mail import MemoryMailer
    from tests.databases import Counted
    from tests.sharing import Sharing

SOAK = os.environ.get("TOTEM_SOAK") == "1"
LOOPBACK = ["127.0.0.1", "::1"]
# A Monday in term time, before any closing day, 9 in the morning in Metz.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

settings.register_profile(
    "totem",
    deadline=None,
    database=None,
    max_examples=400 if SOAK else 60,
    derandomize=not SOAK,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("totem")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open loopback, and only that, to tests that start servers or a browser."""
    for item in items:
        if item.get_closest_marker("server") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
    if "PYTEST_XDIST_WORKER" in os.environ:
        from tests.sharing import long_first

        long_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Share the tests between processes as the house does."""
    from tests.sharing import Sharing

    return Sharing(config, log)


@pytest.fixture(scope="session", autouse=True)
def _leave_no_server() -> Iterator[None]:
    """Stop the PostgreSQL of this process, if a test started it."""
    yield
    from tests import postgres

    postgres.stop_shared()


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """Give the app of an engine, built on first use with the four Totems loaded."""
    from tests import databases

    made: dict[str, Flask] = {}

    def give(engine: str) -> Flask:
        if engine not in made:
            made[engine] = databases.network_app(engine, tmp_path_factory.mktemp(engine))
        return made[engine]

    yield give
    for app in made.values():
        databases.close(app)


def _clean(app: Flask) -> Iterator[Flask]:
    """Lend the app with an empty database; fails a test in which a GET wrote."""
    from app.gateways.mail import MemoryMailer
    from app.web import pace
    from tests import databases

    databases.clear(app)
    app.extensions["totem.mailer"] = MemoryMailer()
    app.extensions[pace.EXTENSION] = pace.Pace()
    yield app
    assert databases.written_by_get(app) == []


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine of this run of the test."""
    return str(request.param)


@pytest.fixture
def app(apps: Callable[[str], Flask], engine_name: str) -> Iterator[Flask]:
    """The app on both engines, one after the other, with a clean database."""
    yield from _clean(apps(engine_name))


@pytest.fixture
def sqlite_app(apps: Callable[[str], Flask]) -> Iterator[Flask]:
    """The app on SQLite, with a clean database."""
    yield from _clean(apps("sqlite"))


@pytest.fixture
def bare_app(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own on an empty, migrated database."""
    from tests import databases

    app = databases.migrated_app(engine_name, tmp_path / "instance")
    yield app
    databases.close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; CSRF is on, see ``tests.factories.csrf_of``."""
    return app.test_client()


@pytest.fixture
def mails(app: Flask) -> MemoryMailer:
    """The mails sent so far (deliver them by ``app.jobs.deliver_due(app)``)."""
    from app.gateways.mail import MemoryMailer

    mailer = app.extensions["totem.mailer"]
    assert isinstance(mailer, MemoryMailer)
    return mailer


@pytest.fixture
def now() -> Iterator[datetime]:
    """The frozen instant of the test: Monday 23 November 2026, 9:00 in Metz."""
    from app.web import clock

    with clock.freeze(NOW):
        yield NOW


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[Counted]]:
    """Count the SQL statements of a block: ``with count_statements() as counted``."""
    from tests import databases

    return lambda: databases.counting(app)
