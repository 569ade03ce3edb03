"""A glance reads one statement outside any transaction, and cannot write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

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
