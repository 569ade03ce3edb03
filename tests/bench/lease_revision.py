"""The yearly revision of a thousand leases by its command, over its bare writes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select, text

from app.db.base import db
from app.db.outbox import OutboxRow
from app.db.transaction import transaction
from app.leases.queries.rows import stages_json
from app.leases.service import BATCH
from app.leases.tables import LeaseLogRow, LeaseRevisionRow, LeaseRow
from app.spaces.queries import find_network
from tests import databases
from tests.bench.ratios import Line, seconds
from tests.tenants import CLIMB, OFFICE, add_tenant

LEASES = 1_000
ON = date(2025, 7, 1)
BORN = datetime(2024, 6, 1, tzinfo=UTC)
WANTED = 10.0


def measure(engine: str, folder: Path) -> Line:
    """Give the command's time over that of inserting the same rows in as many transactions."""
    app = _filled(engine, folder)
    runner = app.test_cli_runner()
    told: list[str] = []

    def revise() -> None:
        with app.app_context():
            told.append(runner.invoke(args=["leases", "revise", "--on", ON.isoformat()]).output)

    reached = seconds(revise)
    if f"{LEASES} revisions, 0 of them provisional" not in told[0]:
        raise RuntimeError(told[0])
    floor = _floor(app)
    databases.close(app)
    note = f"{reached:.2f} s over {floor:.2f} s"
    return Line(
        f"revision of 1 000 leases / bare writes, {engine}", reached / floor, WANTED, note=note
    )


def _filled(engine: str, folder: Path) -> Flask:
    """Let a thousand tenancies run; the rows alone, as no network has so many offices."""
    app = databases.network_app(engine, folder)
    with app.app_context():
        with transaction() as session:
            space = find_network(session).get_space(OFFICE)
            tenant, _ = add_tenant(session)
            rows = [
                {
                    "ref": f"bench{number:05}",
                    "organisation_id": tenant,
                    "site_id": space.site_id,
                    "space_id": space.id,
                    "state": "entered",
                    "title": "services",
                    "motive": "",
                    "call_reference": "",
                    "first_day": date(2024, 7, 1),
                    "last_day": date(2027, 6, 30),
                    "area_m2": 18,
                    "rent_per_m2": 150,
                    "stages": stages_json(CLIMB),
                    "charges_per_m2": 4,
                    "services_minor": 1000,
                    "services": "Accueil",
                    "deposit_minor": 11250,
                    "vat_code": "standard",
                    "index_series": "ILAT",
                    "base_year": 2023,
                    "base_quarter": 4,
                    "created_at": BORN,
                    "signatory": "Paule",
                }
                for number in range(LEASES)
            ]
            session.execute(insert(LeaseRow), rows)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return app


def _floor(app: Flask) -> float:
    """Time the bare inserts of what the command wrote: revisions, log and outbox."""
    tables = (LeaseRevisionRow, LeaseLogRow, OutboxRow)
    with app.app_context(), transaction() as session:
        kept = [
            [dict(row._mapping) for row in session.execute(select(*table.__table__.columns))]
            for table in tables
        ]
        for table in tables:
            session.execute(table.__table__.delete())
        if session.scalar(select(func.count()).select_from(LeaseRevisionRow)):
            raise RuntimeError("not emptied")

    def write() -> None:
        for start in range(0, LEASES, BATCH):
            with app.app_context(), transaction() as session:
                for table, rows in zip(tables, kept, strict=True):
                    connection = session.connection()
                    connection.execute(insert(table.__table__), rows[start : start + BATCH])

    return seconds(write)
