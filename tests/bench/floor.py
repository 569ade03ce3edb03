"""The floor of a booking: a bare Flask route that does one insert into the allocations.

Served by the same gunicorn settings, on the same database, with the same connections as the house.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, jsonify, request
from sqlalchemy import bindparam, create_engine, insert, select

from app.bookings.tables import BookingLogRow, BookingRow
from app.db.engine import engine_options, prepare
from app.spaces.tables import AllocationRow
from config.settings import Settings

_settings = Settings.from_environment()
_engine = create_engine(
    _settings.database_url, **engine_options(_settings.database_url, _settings.pool_size)
)
prepare(_engine)
_writing = _engine.execution_options(sqlite_begin="IMMEDIATE")
_INSERT = insert(AllocationRow)
_FIND = select(BookingRow.id, BookingRow.ref, BookingRow.state).where(
    BookingRow.ref == bindparam("wanted")
)
_NOTE = insert(BookingLogRow).values(facts={})
app = Flask(__name__)


@app.get("/readyz")
def ready() -> Response:
    """Say that the floor answers."""
    return jsonify(status="ready")


@app.post("/check-in")
def check_in() -> Response:
    """Find a booking and write one line about it: one select and one insert."""
    ref = request.get_json()["booking"]
    with _writing.begin() as connection:
        found = connection.execute(_FIND, {"wanted": ref}).one()
        line = {"booking_id": found.id, "at": datetime.now(UTC), "action": "checked in"}
        connection.execute(_NOTE, line)
    return jsonify(ref=found.ref, state=found.state)


@app.post("/")
def occupy() -> tuple[Response, int]:
    """Write one row and say so."""
    asked = request.get_json()
    with _writing.begin() as connection:
        connection.execute(
            _INSERT,
            {
                "unit_id": asked["unit"],
                "starts_at": datetime.fromisoformat(asked["starts_at"]),
                "ends_at": datetime.fromisoformat(asked["ends_at"]),
                "space_id": asked["space"],
                "kind": "booking",
                "holder_id": 1,
                "expires_at": None,
            },
        )
    return jsonify(asked), 201
