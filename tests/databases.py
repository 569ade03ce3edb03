"""Databases for tests: migrated once a process and copied, emptied between tests."""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from flask import Flask, has_request_context, request
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, TextClause, event, text

from app.db.base import Base, db
from app.db.ddl import allow_changes, forbid_changes
from app.factory import create_app
from app.web import clock
from config.settings import Settings
from tests import postgres

NETWORK_FOLDER = Path(__file__).parent.parent / "config" / "network"
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
        "charters",
        "card_withdrawals",
        "vat_rates",
        "index_values",
    }
)
# Which tables the database refuses to change (`app.db.ddl.forbid_changes`).
LEDGERS = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE name LIKE 'append_only_%_delete'",
    "postgresql": (
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'append_only_%'"
    ),
}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
WRITES = ("INSERT", "UPDATE", "DELETE")
WRITTEN = "totem.test.written_by_get"
SQLITE = "totem.sqlite3"
_originals: dict[tuple[str, str, date], str] = {}


def make_settings(url: str, instance: Path, **more: object) -> Settings:
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
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        return f"sqlite:///{folder / SQLITE}"
    return postgres.shared().create(f"t{secrets.token_hex(6)}")


def unmigrated_app(engine: str, folder: Path, **more: object) -> Flask:
    """Build an app on an empty database; a GET that writes is remembered and refused."""
    app = create_app(make_settings(empty_database(engine, folder), folder, **more))
    _refuse_writing_gets(app)
    return app


def migrated_app(engine: str, folder: Path, **more: object) -> Flask:
    """Build an app on a fresh database at the head of the migrations."""
    return _app_on_copy("migrated", engine, folder, **more)


def network_app(engine: str, folder: Path, **more: object) -> Flask:
    """Build an app on a fresh database with the four Totems loaded."""
    return _app_on_copy("network", engine, folder, **more)


def _app_on_copy(filled: str, engine: str, folder: Path, **more: object) -> Flask:
    """Build an app on a copy of a database that was filled once in this process."""
    key = (engine, filled, clock.now().date())
    if key not in _originals:
        _originals[key] = _make_original(engine, filled)
    app = create_app(make_settings(_copy(engine, _originals[key], folder), folder, **more))
    _refuse_writing_gets(app)
    return app


def _make_original(engine: str, filled: str) -> str:
    """Fill a database that nobody uses but to copy it; gives its file or its name."""
    from app.cli import load_network

    folder = Path(tempfile.mkdtemp(prefix="totem-original-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = empty_database(engine, folder)
    app = create_app(make_settings(url, folder))
    with app.app_context():
        upgrade()
        if filled == "network":
            load_network(NETWORK_FOLDER)
        db.engine.dispose()
    return str(folder / SQLITE) if engine == "sqlite" else _database_of(url)


def _copy(engine: str, original: str, folder: Path) -> str:
    """Copy a database that is closed; gives the URL of the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        return f"sqlite:///{shutil.copy(original, folder / SQLITE)}"
    return postgres.shared().create(f"t{secrets.token_hex(6)}", template=original)


def _database_of(url: str) -> str:
    """Give the name of a database of PostgreSQL."""
    return url.split("@/")[1].split("?")[0]


def close(app: Flask) -> None:
    """Let go of the app's connections and drop its PostgreSQL database."""
    with app.app_context():
        db.engine.dispose()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if not url.startswith("sqlite"):
        postgres.shared().drop(_database_of(url))


def clear(app: Flask) -> None:
    """Delete every row that is not network data."""
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in NETWORK]
    with app.app_context(), db.engine.begin() as connection:
        filled = set(connection.scalars(_which_have_rows(tuple(table.name for table in tables))))
        _forget_entered_indices(connection)
        if not filled:
            return
        _unlink(connection)
        _silence_doors(connection)
        ledgers = set(connection.scalars(text(LEDGERS[connection.dialect.name])))
        for table in tables:
            if table.name in filled & ledgers:
                _empty_ledger(connection, table.name)
            elif table.name in filled:
                connection.execute(table.delete())


@cache
def _which_have_rows(tables: tuple[str, ...]) -> TextClause:
    """Ask once which tables have rows: most are empty, and to delete from each takes longer."""
    asked = (
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 — tables of ours
        for name in tables
    )
    return text(" UNION ALL ".join(asked))


def _empty_ledger(connection: Connection, table: str) -> None:
    """Delete the rows of a table that the database keeps for ever."""
    allow_changes(connection, table)
    connection.execute(Base.metadata.tables[table].delete())
    forbid_changes(connection, table)


def _forget_entered_indices(connection: Connection) -> None:
    """Delete the values of indices that a test entered; those of the files stay."""
    entered = "FROM index_values WHERE recorded_by IS NOT NULL"
    if connection.execute(text(f"SELECT 1 {entered} LIMIT 1")).first() is not None:
        allow_changes(connection, "index_values")
        connection.execute(text(f"DELETE {entered}"))
        forbid_changes(connection, "index_values")


def _unlink(connection: Connection) -> None:
    """Break the one circle of references before deleting."""
    if "accounts" in Base.metadata.tables:
        connection.execute(text("UPDATE accounts SET payer_organisation_id = NULL"))


def _silence_doors(connection: Connection) -> None:
    """Forget when doors were heard: the release of a stay waits for a door that fell silent."""
    connection.execute(text("UPDATE doors SET heard_at = NULL WHERE heard_at IS NOT NULL"))


class WritingGet(AssertionError):
    """A view answered GET or HEAD by writing."""


def written_by_get(app: Flask) -> list[str]:
    """Give, and forget, what views wrote while they answered GET or HEAD."""
    written: list[str] = app.extensions[WRITTEN]
    app.extensions[WRITTEN] = []
    return written


def _refuse_writing_gets(app: Flask) -> None:
    app.extensions[WRITTEN] = []

    def refuse(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not has_request_context() or request.method not in ("GET", "HEAD"):
            return
        if statement.lstrip().upper().startswith(WRITES):
            app.extensions[WRITTEN].append(f"{request.method} {request.path}: {statement}")
            raise WritingGet(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", refuse)


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
