"""Transactions: one a command, all or nothing; pages read without writing or waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import outbox
from app.db.outbox import OutboxRow
from app.db.transaction import NestedTransaction, WriteWhileReading, reading, transaction
from app.domain.events import BookingCheckedIn
from tests.conftest import NOW

A_ROW = {"kind": "k", "payload": "{}", "created_at": NOW, "available_at": NOW, "attempts": 0}


class Interrupted(BaseException):
    """Like KeyboardInterrupt: not an Exception."""


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def write(session: Session) -> None:
    outbox.put(session, BookingCheckedIn(1), now=NOW)


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_what_a_command_wrote_is_there_for_the_next(house: Flask) -> None:
    with transaction() as session:
        write(session)
    assert count() == 1


def test_any_exception_takes_all_of_it_back(house: Flask) -> None:
    def interrupted() -> None:
        with transaction() as session:
            write(session)
            session.flush()
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    assert count() == 0


def test_a_transaction_inside_another_is_refused_and_both_are_undone(house: Flask) -> None:
    def nested() -> None:
        with transaction() as session:
            write(session)
            with transaction():
                pass

    with pytest.raises(NestedTransaction):
        nested()
    assert count() == 0
    with transaction() as session:  # the refusal left nothing open behind it
        write(session)
    assert count() == 1


def test_a_transaction_may_be_open_in_each_of_two_threads(house: Flask) -> None:
    seen: list[BaseException] = []

    def other() -> None:
        try:
            with house.app_context(), transaction() as session:
                write(session)
        except BaseException as error:  # told to the test below
            seen.append(error)

    threads = [threading.Thread(target=other) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen, count()) == ([], 8)


def test_a_reading_session_refuses_a_new_row(house: Flask) -> None:
    with reading() as session:
        session.add(OutboxRow(**A_ROW))
        with pytest.raises(WriteWhileReading):
            session.flush()
    assert count() == 0


def test_a_reading_session_refuses_a_changed_row(house: Flask) -> None:
    with transaction() as session:
        write(session)
    with reading() as session:
        session.scalars(select(OutboxRow)).one().attempts = 9
        with pytest.raises(WriteWhileReading):
            session.flush()


def test_a_reading_session_never_keeps_what_a_statement_wrote(house: Flask) -> None:
    with reading() as session:
        try:
            session.execute(insert(OutboxRow).values(**A_ROW))
        except DBAPIError as error:
            assert "read-only" in str(error)  # PostgreSQL says so itself  # noqa: PT017
    assert count() == 0


def test_a_page_never_waits_for_a_writer(house: Flask) -> None:
    """While one command has written and not yet committed, others read what was there before."""
    read: list[int] = []

    def page() -> None:
        with house.app_context():
            read.append(count())

    with transaction() as session:
        write(session)
        session.flush()
        reader = threading.Thread(target=page)
        reader.start()
        reader.join(5)
        assert not reader.is_alive()
    assert read == [0]
    assert count() == 1


def test_a_writer_waits_for_a_writer_instead_of_failing(house: Flask) -> None:
    order: list[str] = []

    def second() -> None:
        with house.app_context(), transaction() as session:
            write(session)
            order.append("second")

    with transaction() as session:
        write(session)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)  # SQLite: waits for the lock; PostgreSQL: needs not wait for another row
        order.append("first")
    thread.join(20)
    assert sorted(order) == ["first", "second"]
    assert count() == 2


def test_what_was_read_can_be_shown_after_the_session_is_closed(house: Flask) -> None:
    with transaction() as session:
        write(session)
    with reading() as session:
        row = session.scalars(select(OutboxRow)).one()
    assert (row.kind, row.created_at) == (BookingCheckedIn.kind, NOW)


def test_connections_are_set_up_as_the_house_wants(house: Flask) -> None:
    with reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            wanted = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000}
            found = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
        else:
            wanted = {"jit": "off", "TimeZone": "UTC"}
            found = {name: session.execute(text(f"SHOW {name}")).scalar() for name in wanted}
    assert found == wanted


def test_an_error_of_the_database_names_no_values(app: Flask) -> None:
    with (
        app.app_context(),
        pytest.raises(DBAPIError) as caught,
        transaction() as session,
    ):
        session.execute(text("SELECT :mailed FROM nowhere"), {"mailed": "a-secret-link"})
    assert "nowhere" in str(caught.value)
    assert "a-secret-link" not in str(caught.value)
