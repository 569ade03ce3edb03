"""How many SQL statements the three common calls take, authentication left aside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.web import clock
from tests import databases
from tests.bench.ratios import Line
from tests.stays import TUESDAY, make_person, make_token

AUTHENTICATION = 1
EARLY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def measure(engine: str, folder: Path) -> list[Line]:
    """Give the statements of a booking, of a site's day and of a search."""
    app = databases.network_app(engine, folder)
    headers = make_token(app, make_person(app))
    client = app.test_client()
    start = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 9, tzinfo=UTC)
    wanted = {
        "space": "metz-mirabelle",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "people": 2,
    }
    query = {"from": wanted["starts_at"], "to": wanted["ends_at"], "people": 2, "site": "metz"}
    with clock.freeze(EARLY):
        client.get("/api/v1/availability", query_string=query)  # the network is read once
        with databases.counting(app) as search:
            found = client.get("/api/v1/availability", query_string=query)
        with databases.counting(app) as day:
            seen = client.get(f"/api/v1/sites/metz/day?date={TUESDAY}")
        with databases.counting(app) as booking:
            made = client.post("/api/v1/bookings", json=wanted, headers=headers)
    databases.close(app)
    if (found.status_code, seen.status_code, made.status_code) != (200, 200, 201):
        raise RuntimeError(f"{found.data!r} {seen.data!r} {made.data!r}")
    return [
        Line(f"statements of a booking, {engine}", len(booking) - AUTHENTICATION, 10),
        Line(f"statements of a site's day, {engine}", len(day), 4),
        Line(f"statements of a search, {engine}", len(search), 6),
    ]
