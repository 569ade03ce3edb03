"""Whoever watches the product learns without signing in whether it lives and is ready."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db.base import db
from tests.architecture.paths import current_head


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.json == {"status": "ready", "migration": current_head()}


def test_a_database_of_another_release_is_not_ready(bare_app: Flask) -> None:
    with bare_app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = bare_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "unready",
        "reason": "migrations",
        "found": "0001",
        "wanted": current_head(),
    }


def test_a_database_that_is_gone_is_not_ready(bare_app: Flask) -> None:
    with bare_app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    answer = bare_app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "unready", "reason": "database"})


def test_every_answer_carries_the_policy_of_the_house(client: FlaskClient) -> None:
    headers = client.get("/healthz").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
