"""``flask leases revise``: one command for every lease, that may be stopped and run again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.db.transaction import transaction
from app.domain.ids import SpaceCode
from app.leases.service import revising
from tests.members import scalar
from tests.tenants import add_manager, add_tenant, entered, wish

OFFICES = ("101", "102", "103", "104", "105")
REVISIONS = "SELECT count(*) FROM lease_revisions"


@pytest.fixture
def five(app: Flask, now: datetime) -> Flask:
    """Five offices let since July 2024."""
    with app.app_context(), transaction() as session:
        manager, (tenant, _) = add_manager(session), add_tenant(session)
        for office in OFFICES:
            entered(session, manager, wish(tenant, SpaceCode(f"metz-bureau-{office}")), now=now)
    return app


def said(app: Flask, *more: str) -> str:
    """Run the command and give what it says."""
    with app.app_context():
        answer = app.test_cli_runner().invoke(args=["leases", "revise", *more])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_every_lease_is_revised_batch_by_batch(
    five: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revising, "BATCH", 2)
    assert "5 revisions, 0 of them provisional" in said(five, "--on", "2025-07-01")
    assert scalar(five, REVISIONS) == 5
    assert "0 revisions" in said(five, "--on", "2025-07-01")
    assert "5 revisions, 5 of them provisional" in said(five)
    assert scalar(five, REVISIONS) == 10


def test_a_dry_run_counts_and_writes_nothing(five: Flask) -> None:
    assert "5 revisions" in said(five, "--on", "2025-07-01", "--dry-run")
    assert scalar(five, REVISIONS) == 0


def test_a_command_that_was_stopped_goes_on(five: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revising, "BATCH", 2)
    with five.app_context(), transaction() as session:
        on = date(2025, 7, 1)
        batch = revising.revise_batch(session, on=on, now=datetime(2025, 7, 1, tzinfo=UTC))
    assert (len(batch.steps), batch.after_id is not None) == (2, True)
    assert "3 revisions" in said(five, "--on", "2025-07-01")
    assert scalar(five, REVISIONS) == 5


def test_before_the_first_anniversary_there_is_nothing_to_do(five: Flask) -> None:
    assert "0 revisions" in said(five, "--on", "2025-06-30")


def test_nothing_is_revised_ahead_of_its_day(five: Flask) -> None:
    with five.app_context():
        answer = five.test_cli_runner().invoke(args=["leases", "revise", "--on", "2026-11-24"])
    assert answer.exit_code == 1
    assert "2026-11-24 is still to come" in answer.output
    assert scalar(five, REVISIONS) == 0
    assert "10 revisions" in said(five, "--on", "2026-11-24", "--dry-run")
