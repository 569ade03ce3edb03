"""The only code that commits: ``transaction()`` for a command, ``reading()`` for a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, UOWTransaction

from app.db.base import db

_open: ContextVar[bool] = ContextVar("totem_transaction_open", default=False)


class NestedTransaction(RuntimeError):
    """A command was started inside another one: only an edge opens a transaction, and once."""


class WriteWhileReading(RuntimeError):
    """A reading session was asked to write."""


class OneConnectionSession(Session):
    """A session of one engine: its connection is looked up once, as every Core statement asks."""

    _held: Connection | None = None

    def connection(
        self,
        bind_arguments: Any = None,
        execution_options: Any = None,
    ) -> Connection:
        """Give the connection of this session's one transaction."""
        if bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        if self._held is None or self._held.closed or not self.in_transaction():
            self._held = super().connection()
        return self._held


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
    session = OneConnectionSession(_engine(sqlite_begin="IMMEDIATE"), expire_on_commit=False)
    token = _open.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _open.reset(token)


@contextmanager
def reading() -> Iterator[Session]:
    """Open a read-only session for a page; it never waits for a writer and never writes."""
    session = ReadingSession(
        _engine(sqlite_begin="DEFERRED", postgresql_readonly=True), expire_on_commit=False
    )
    try:
        yield session
    finally:
        session.close()  # rolls back, and leaves what was read usable


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
