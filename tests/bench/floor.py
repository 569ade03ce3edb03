"""The floor of a booking: a bare Flask route that does one insert into the allocations.

Served by the same gunicorn settings, on the same database, with the same connections as the house.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, insert

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
app = Flask(__name__)


@app.get("/readyz")
def ready() -> Response:
    """Say that the floor answers."""
    return jsonify(status="ready")


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
