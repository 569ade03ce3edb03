"""Databases for tests: one per engine and process, migrated once, emptied between tests."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, event, text

from app.db.base import Base, db
from app.factory import create_app
from config.settings import Settings
from tests.postgres import TemporaryPostgres

NETWORK = frozenset(
    {
        "operators",
        "sites",
        "buildings",
        "spaces",
        "units",
        "space_units",
        "doors",
        "space_doors",
        "network_revision",
        "rate_cards",
    }
)
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
_server: TemporaryPostgres | None = None


def postgres() -> TemporaryPostgres:
    """Give this process's PostgreSQL, started on first use."""
    global _server
    if _server is None:
        _server = TemporaryPostgres()
    return _server


def stop_postgres() -> None:
    """Stop this process's PostgreSQL if it was started."""
    global _server
    if _server is not None:
        _server.stop()
        _server = None


def test_settings(url: str, instance: Path, **more: object) -> Settings:
    """Settings of a test app: cheap passwords, quiet logs, a secret of its own."""
    values: dict[str, object] = {
        "secret_key": secrets.token_urlsafe(32),
        "environment": "test",
        "log_level": "ERROR",
        "cheap_passwords": True,
        **more,
    }
    return Settings(database_url=url, instance=instance, **values)  # type: ignore[arg-type]


def empty_database(engine: str, folder: Path) -> str:
    """Make an unmigrated database of that engine; gives its URL."""
    name = f"t{secrets.token_hex(6)}"
    if engine == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    return postgres().create(name)


def drop(url: str) -> None:
    """Remove a database made here."""
    if url.startswith("sqlite"):
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent, ignore_errors=True)
    else:
        postgres().drop(url.split("@/")[1].split("?")[0])


def migrated_app(engine: str, folder: Path, **more: object) -> Flask:
    """Build an app on a fresh database at the head of the migrations."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(test_settings(empty_database(engine, folder), folder, **more))
    with app.app_context():
        upgrade()
    return app


def clear(app: Flask) -> None:
    """Delete every row that is not network data."""
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in NETWORK]
    with app.app_context(), db.engine.begin() as connection:
        _unlink(connection)
        for table in tables:
            connection.execute(table.delete())


def _unlink(connection: Connection) -> None:
    """Break the one circle of references before deleting."""
    if "accounts" in Base.metadata.tables:
        connection.execute(text("UPDATE accounts SET payer_organisation_id = NULL"))


class Counted:
    """The statements seen so far."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting(app: Flask) -> Iterator[Counted]:
    """Count the statements of a block, without BEGIN, COMMIT, SAVEPOINT and their like."""
    counted = Counted()
    with app.app_context():
        engine: Engine = db.engine

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            counted.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
