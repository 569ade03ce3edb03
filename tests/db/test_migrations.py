"""Migrations: one numbered line, empty to head and one step back on both engines, no drift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Connection, bindparam, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from app.db.base import UtcDateTime, db
from app.db.ddl import is_overlap
from app.spaces.tables import BuildingRow, OperatorRow, SiteRow, SpaceRow, UnitRow
from tests import databases

FOLDER = Path(__file__).parents[2] / "migrations"
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_ROOM: dict[str, object] = {
    "kind": "meeting_room",
    "sharing": "whole",
    "description": {},
    "way": {},
    "capacity": 2,
    "floor": 0,
    "equipment": [],
    "accessible": True,
    "hearing_loop": False,
    "bookable": True,
}


@pytest.fixture
def empty_app(engine_name: str, tmp_path: Path) -> Iterator[Flask]:
    app = databases.unmigrated_app(engine_name, tmp_path / "instance")
    with app.app_context():
        yield app
    databases.close(app)


def head() -> str:
    return (FOLDER / ".current-head").read_text().strip()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def columns() -> set[tuple[str, str]]:
    inspector = inspect(db.engine)
    return {(table, each["name"]) for table in tables() for each in inspector.get_columns(table)}


def version() -> str | None:
    with db.engine.connect() as connection:
        found: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
    return found


def test_migrations_are_one_numbered_line_that_ends_at_the_pinned_head() -> None:
    scripts = list(ScriptDirectory(str(FOLDER)).walk_revisions())
    line = [(script.revision, script.down_revision) for script in reversed(scripts)]
    numbers = [f"{number:04}" for number in range(1, len(line) + 1)]
    assert line == list(zip(numbers, [None, *numbers], strict=False))
    assert line[-1][0] == head()


def test_a_migration_file_is_named_by_its_number_and_what_it_does() -> None:
    for script in ScriptDirectory(str(FOLDER)).walk_revisions():
        name = Path(script.path).stem
        assert name.startswith(f"{script.revision}_"), name
        assert script.doc, name


def test_an_empty_database_reaches_the_head_without_drift(empty_app: Flask) -> None:
    upgrade()
    assert version() == head()
    check()  # raises SystemExit when the tables and the rows in code differ


def test_one_step_down_from_the_head_and_up_again_gives_the_same_tables(empty_app: Flask) -> None:
    upgrade()
    before = columns()
    downgrade(revision="-1")
    assert version() != head()
    assert columns() < before
    upgrade()
    assert columns() == before
    check()


def test_the_whole_line_can_be_taken_back(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}


def test_every_constraint_has_its_name_by_convention(empty_app: Flask) -> None:
    upgrade()
    inspector = inspect(db.engine)
    for table in tables() - {"alembic_version"}:
        foreign = {key["name"] for key in inspector.get_foreign_keys(table)}
        unique = {key["name"] for key in inspector.get_unique_constraints(table)}
        assert all(str(name).startswith(f"fk_{table}_") for name in foreign), (table, foreign)
        assert all(str(name).startswith(f"uq_{table}_") for name in unique), (table, unique)


class TestTheDatabaseItselfRefusesOverlap:
    """By raw SQL, so that no code path, present or future, can sell a place twice."""

    @pytest.fixture
    def unit(self, bare_app: Flask) -> Iterator[Connection]:
        with bare_app.app_context(), db.engine.connect() as connection:
            _insert_place(connection)
            yield connection

    def _occupy(self, connection: Connection, start: datetime, end: datetime) -> None:
        statement = text(
            "INSERT INTO allocations (unit_id, starts_at, ends_at, space_id, kind, holder_id)"
            " VALUES (1, :start, :end, 1, 'booking', 1)"
        ).bindparams(bindparam("start", start, UtcDateTime), bindparam("end", end, UtcDateTime))
        with connection.begin_nested():
            connection.execute(statement)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            pytest.param(NINE, NINE + HOUR, id="the same"),
            pytest.param(NINE - HOUR, NINE + HOUR / 2, id="over the start"),
            pytest.param(NINE + HOUR / 2, NINE + 2 * HOUR, id="over the end"),
            pytest.param(NINE + HOUR / 4, NINE + HOUR / 2, id="within"),
            pytest.param(NINE - HOUR, NINE + 2 * HOUR, id="around"),
        ],
    )
    def test_two_rows_of_a_unit_that_overlap(
        self, unit: Connection, start: datetime, end: datetime
    ) -> None:
        self._occupy(unit, NINE, NINE + HOUR)
        with pytest.raises(IntegrityError) as refused:
            self._occupy(unit, start, end)
        assert is_overlap(refused.value)

    def test_but_not_rows_that_touch(self, unit: Connection) -> None:
        self._occupy(unit, NINE, NINE + HOUR)
        self._occupy(unit, NINE + HOUR, NINE + 2 * HOUR)
        self._occupy(unit, NINE - HOUR, NINE)
        assert unit.execute(text("SELECT count(*) FROM allocations")).scalar() == 3

    def test_a_row_that_is_stretched_over_its_neighbour(self, unit: Connection) -> None:
        self._occupy(unit, NINE, NINE + HOUR)
        self._occupy(unit, NINE + HOUR, NINE + 2 * HOUR)
        with pytest.raises(IntegrityError) as refused, unit.begin_nested():
            unit.execute(
                text(
                    "UPDATE allocations SET ends_at = (SELECT max(ends_at) FROM allocations)"
                    " WHERE starts_at = (SELECT min(starts_at) FROM allocations)"
                )
            )
        assert is_overlap(refused.value)


def _insert_place(connection: Connection) -> None:
    """Insert one operator, site, building, space and unit, all numbered 1."""
    one = {"id": 1, "code": "x", "name": "x", "address": "x", "position": 1, "safe_capacity": 9}
    words = {"fr": "x", "en": "x", "de": "x"}
    site = {"operator_id": 1, "pass_code": "xx", "zone": "Europe/Paris", "town": "x", "hours": {}}
    for row, more in (
        (OperatorRow, {"legal_form": "x"}),
        (SiteRow, site | {"description": words, "arrival": words, "holidays": {}}),
        (BuildingRow, {"site_id": 1, "name": words}),
        (SpaceRow, {"site_id": 1, "building_id": 1, "name": words} | A_ROOM),
        (UnitRow, {"site_id": 1, "label": "x"}),
    ):
        columns = row.__table__.columns.keys()
        values = {name: value for name, value in (one | more).items() if name in columns}
        connection.execute(insert(row).values(values))
