"""What tests of the API ask again and again: a body to begin with, a problem, nothing written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.bookings.tables import BookingLogRow, BookingRow
from app.db.idempotency import IdempotencyKeyRow
from app.db.outbox import OutboxRow
from app.db.transaction import reading
from app.spaces.tables import AllocationRow

Headers = dict[str, str]
TABLES = (BookingRow, BookingLogRow, AllocationRow, OutboxRow, IdempotencyKeyRow)
FRENCH = frozenset(
    ("ce", "cette", "de", "et", "ici", "l", "la", "le", "les", "n", "on", "pour", "vous")
)
BOOKINGS = "/api/v1/bookings"
BODY = {
    "space": "metz-mirabelle",
    "starts_at": "2026-11-24T10:00:00+01:00",
    "ends_at": "2026-11-24T12:00:00+01:00",
    "people": 4,
}


def body(**changes: object) -> dict[str, object]:
    """Give a lawful wish with changes; a field that is changed to ``...`` is left out."""
    return {name: value for name, value in {**BODY, **changes}.items() if value is not ...}


def on(day: str, hours: str = "10:00-12:00", offset: str = "+01:00") -> dict[str, object]:
    """Give the times of a wish on a day."""
    start, end = hours.split("-")
    return {"starts_at": f"{day}T{start}:00{offset}", "ends_at": f"{day}T{end}:00{offset}"}


def send(client: FlaskClient, headers: Headers, content: object, **more: str) -> TestResponse:
    """Ask for a booking, whatever JSON the wish is made of."""
    sent = {**headers, "Content-Type": "application/json", **more}
    return client.post(BOOKINGS, data=json.dumps(content), headers=sent)


def booked(client: FlaskClient, headers: Headers, **changes: object) -> dict[str, Any]:
    """Book; gives the booking."""
    answer = send(client, headers, body(**changes))
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def is_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a problem: its status, code, type, and a sentence in French."""
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    assert answer.mimetype == "application/problem+json"
    told = dict(answer.json or {})
    assert (told["status"], told["code"]) == (status, code), told
    assert told["type"] == f"https://totem.example/problems/{code}"
    assert told["title"]
    assert is_french(told["detail"]), told["detail"]
    return told


def is_french(sentence: str) -> bool:
    """Whether this is a sentence to be read in French: it ends as one and says a French word."""
    words = set(re.split(r"[\s,.:’-]+", sentence.lower()))
    return sentence.endswith(".") and bool(words & FRENCH)


def counted(app: Flask) -> dict[str, int]:
    """Count the rows of everything that a booking writes."""
    with app.app_context(), reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in TABLES
        }


@contextmanager
def nothing_written(app: Flask) -> Iterator[None]:
    """Check that no row came or went meanwhile."""
    before = counted(app)
    yield
    assert counted(app) == before
