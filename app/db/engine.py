"""How connections begin: who writes takes SQLite's lock at once, who reads never queues."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 15_000  # longer than any transaction of ours, so that nobody sees "database is locked"


def engine_options(url: str, pool_size: int) -> dict[str, Any]:
    """Give the engine options for ``url``: pools, time limits, and PostgreSQL without its JIT.

    Errors name no values: a mailed link on its way to the outbox has no business in a log.
    """
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False},
            "pool_size": pool_size,
            "max_overflow": 20,
        }
    return {
        "hide_parameters": True,
        "pool_size": pool_size,
        "max_overflow": 10,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        # Planning the JIT cost 378 of 466 ms of one calendar query (baselines.md).
        "connect_args": {"options": "-c jit=off -c timezone=UTC"},
    }


def prepare(engine: Engine) -> None:
    """Attach the begin rules of the house to ``engine``."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-20000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    if kind:  # none for a glance of one statement
        connection.exec_driver_sql(f"BEGIN {kind}")
