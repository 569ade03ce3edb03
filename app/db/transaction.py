"""The only code that commits: ``transaction()`` for a command, ``reading()`` for a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from app.db.base import db

_open: ContextVar[bool] = ContextVar("totem_transaction_open", default=False)


class NestedTransaction(RuntimeError):
    """A command was started inside another one: only an edge opens a transaction, and once."""


class WriteWhileReading(RuntimeError):
    """A reading session was asked to write."""


class OneConnectionSession(Session):
    """A session of one connection and one transaction, opened by the first that asks for it.

    Core statements, which is what hot paths are made of, go straight to the connection: half the
    price of asking the ORM for it each time. What is mapped joins the same transaction.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._opened: Connection | None = None
        self._engine = engine

    def connection(self, *_: object, **__: object) -> Connection:
        """Give the connection of the transaction."""
        if self._opened is None:
            self._opened = self._engine.connect()
            self._opened.begin()
        return self._opened

    def get_bind(self, *_: object, **__: object) -> Connection:
        """Let what is mapped join the transaction of the connection."""
        return self.connection()

    def begin_nested(self) -> SessionTransaction:
        """Set a savepoint at once, so that it undoes Core statements as well as what is mapped.

        The ORM sets it when it first needs the connection; Core statements here never ask it.
        """
        nested = super().begin_nested()
        super().connection()
        return nested

    def commit(self) -> None:
        """Write what is mapped and commit the transaction."""
        if self.in_transaction():  # something mapped was touched
            super().commit()
        if self._opened is not None:
            self._opened.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if self.in_transaction():  # something mapped was touched
            super().close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class ReadingSession(OneConnectionSession):
    """A session that refuses to flush a change."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one transaction of a command and commit it; any exception rolls all of it back.

    Raises ``NestedTransaction`` inside another one. On SQLite it begins IMMEDIATE, so that the
    look and the write are one; on PostgreSQL the rows that matter are locked by the services.
    """
    if _open.get():
        raise NestedTransaction("a transaction is open already")
    session = OneConnectionSession(_engine(sqlite_begin="IMMEDIATE"))
    token = _open.set(True)
    try:
        yield session
        session.commit()
    finally:
        session.close()  # undoes what an exception left uncommitted
        _open.reset(token)


@contextmanager
def reading() -> Iterator[Session]:
    """Open a read-only session for a page; it never waits for a writer and never writes."""
    session = ReadingSession(_engine(sqlite_begin="DEFERRED", postgresql_readonly=True))
    try:
        yield session
    finally:
        session.close()  # rolls back, and leaves what was read usable


@contextmanager
def glancing() -> Iterator[Session]:
    """Open a read-only session for one statement, with no transaction around it.

    Who is asking is looked up by one statement before every request: BEGIN and ROLLBACK would
    cost two more round trips each time.
    """
    options: dict[str, Any] = {"sqlite_begin": ""}
    if db.engine.dialect.name != "sqlite":
        options["isolation_level"] = "AUTOCOMMIT"
    session = ReadingSession(_engine(**options))
    try:
        yield session
    finally:
        session.close()


_engines: dict[tuple[int, str], Engine] = {}


def _engine(**options: Any) -> Engine:
    """Give the view of the app's engine with these options, made once."""
    key = (id(db.engine), str(options["sqlite_begin"]))
    if key not in _engines:
        _engines[key] = db.engine.execution_options(**options)
    return _engines[key]


@event.listens_for(ReadingSession, "before_flush")
def _refuse_writes(session: Session, _: UOWTransaction, __: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise WriteWhileReading("this session only reads")
