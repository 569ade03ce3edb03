"""``make demo`` plays the whole story in under a minute, and says so when something is not true."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.bookings import service
from app.bookings.booking import Wanted
from app.db.base import db
from app.db.transaction import transaction
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.people.queries import find_account_by_email
from tests.architecture.paths import ROOT
from tests.stays import actor_of
from tools.stage import Totem

A_MINUTE = 60
FAILING = """
import sys
from tools import demo
demo.STEPS[:] = [lambda story: story.must(1 == 2, "un et deux font pareil")]
sys.exit(demo.main())
"""


def played(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.server
def test_the_story_is_true_from_the_price_to_the_open_door() -> None:
    began = time.monotonic()
    done = played("-m", "tools.demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - began < A_MINUTE
    for said in (
        "la porte s’ouvre à Camille",
        "refus, et le bon chemin est indiqué",
        "chaque ligne est reçue une fois",
        "refus : réservation annulée",
        "sur son tableau : Camille Fleuriot",
        "Tout est vrai",
    ):
        assert said in done.stdout


@pytest.mark.server
def test_what_is_not_true_ends_the_story_with_a_failure() -> None:
    done = played("-c", FAILING)
    assert done.returncode == 1
    assert "Ce n’est pas vrai : un et deux font pareil" in done.stderr
    assert "Tout est vrai" not in done.stdout


@pytest.mark.server
def test_the_stage_is_open_and_priced_at_every_hour(tmp_path: Path) -> None:
    totem = Totem(tmp_path)
    camille = totem.add("Camille Fleuriot")
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with totem.app.app_context():
        for half_hours in range(1, 48):
            start = now + timedelta(minutes=30 * half_hours)
            wanted = Wanted(SpaceCode("metz-seille"), Span(start, start + timedelta(minutes=30)), 2)
            with transaction() as session:
                person = find_account_by_email(session, camille.email)
                assert person is not None
                service.book(session, actor_of(session, person.id), wanted, now=now)
        db.engine.dispose()
