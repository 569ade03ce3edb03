"""A glance reads one statement outside any transaction, and cannot write."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.db.outbox import OutboxRow, put
from app.db.transaction import WriteWhileReading, glancing, transaction
from app.domain.events import BookingHeld

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
COUNT = select(func.count()).select_from(OutboxRow)


def test_a_glance_sees_what_is_committed_and_leaves_the_connection_usable(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            put(session, BookingHeld(1), now=NOW)
        with glancing() as session:
            assert session.execute(COUNT).scalar_one() == 1
        with pytest.raises(ZeroDivisionError):
            _put_and_fail()
        with glancing() as session:
            assert session.execute(COUNT).scalar_one() == 1


def test_a_glance_refuses_to_write(app: Flask) -> None:
    row = OutboxRow(kind="x", payload="{}", created_at=NOW, available_at=NOW, attempts=0)
    with app.app_context(), glancing() as session:
        session.add(row)
        with pytest.raises(WriteWhileReading):
            session.flush()
        session.expunge(row)


def _put_and_fail() -> None:
    with transaction() as session:
        put(session, BookingHeld(2), now=NOW)
        _ = 1 // 0


def test_a_savepoint_undoes_core_statements_and_only_those_inside_it(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        put(session, BookingHeld(1), now=NOW)
        for undone in (2, 3):
            with pytest.raises(ZeroDivisionError):
                _put_in_a_savepoint_and_fail(session, undone)
        with session.begin_nested():
            put(session, BookingHeld(4), now=NOW)
    with app.app_context(), glancing() as session:
        told = session.execute(select(OutboxRow.payload).order_by(OutboxRow.id)).scalars().all()
    assert [json.loads(text)["booking_id"] for text in told] == [1, 4]


def _put_in_a_savepoint_and_fail(session: Session, booking: int) -> None:
    with session.begin_nested():
        session.connection().execute(
            insert(OutboxRow),
            {
                "kind": BookingHeld.kind,
                "payload": json.dumps({"booking_id": booking}),
                "created_at": NOW,
                "available_at": NOW,
                "attempts": 0,
            },
        )
        _ = 1 // 0
