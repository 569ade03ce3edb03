"""Fixtures of the house: both engines, a clean database a test, a client, a frozen clock.

``app`` runs each test on SQLite and on PostgreSQL with the four Totems loaded; ``sqlite_app`` on
SQLite only (for what the engine cannot change); ``bare_app`` has no network in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from app.cli import load_network
from app.gateways.mail import MemoryMailer
from app.web import clock
from tests import databases
from tests.databases import Counted

ROOT = Path(__file__).parent.parent
SOAK = os.environ.get("TOTEM_SOAK") == "1"
# A Monday in term time, before any closing day, 9 in the morning in Metz.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

settings.register_profile(
    "totem",
    deadline=None,
    max_examples=400 if SOAK else 60,
    derandomize=not SOAK,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("totem")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open loopback, and only that, to tests that start servers or a browser."""
    for item in items:
        if item.get_closest_marker("server") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


def pytest_sessionfinish() -> None:
    """Leave no PostgreSQL behind."""
    databases.stop_postgres()


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """Give the app of an engine, built on first use with the four Totems loaded."""
    made: dict[str, Flask] = {}

    def give(engine: str) -> Flask:
        if engine not in made:
            app = databases.migrated_app(engine, tmp_path_factory.mktemp(engine))
            with app.app_context():
                load_network(ROOT / "config" / "network")
            made[engine] = app
        return made[engine]

    yield give
    for app in made.values():
        _close(app)


def _close(app: Flask) -> None:
    from app.db.base import db

    with app.app_context():
        db.engine.dispose()


def _clean(app: Flask) -> Flask:
    databases.clear(app)
    app.extensions["totem.mailer"] = MemoryMailer()
    return app


@pytest.fixture(params=["sqlite", "postgres"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine of this run of the test."""
    return str(request.param)


@pytest.fixture
def app(apps: Callable[[str], Flask], engine_name: str) -> Flask:
    """The app on both engines, one after the other, with a clean database."""
    return _clean(apps(engine_name))


@pytest.fixture
def sqlite_app(apps: Callable[[str], Flask]) -> Flask:
    """The app on SQLite, with a clean database."""
    return _clean(apps("sqlite"))


@pytest.fixture
def bare_app(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of its own on an empty, migrated database."""
    app = databases.migrated_app(engine_name, tmp_path)
    yield app
    _close(app)
    databases.drop(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; CSRF is on, see ``tests.factories.csrf_of``."""
    return app.test_client()


@pytest.fixture
def mails(app: Flask) -> MemoryMailer:
    """The mails sent so far (deliver them by ``app.jobs.deliver_due(app)``)."""
    mailer = app.extensions["totem.mailer"]
    assert isinstance(mailer, MemoryMailer)
    return mailer


@pytest.fixture
def now() -> Iterator[datetime]:
    """The frozen instant of the test: Monday 23 November 2026, 9:00 in Metz."""
    with clock.freeze(NOW):
        yield NOW


@pytest.fixture
def count_statements(
    app: Flask,
) -> Callable[[], AbstractContextManager[Counted]]:
    """Count the SQL statements of a block: ``with count_statements() as counted``."""
    return lambda: databases.counting(app)
