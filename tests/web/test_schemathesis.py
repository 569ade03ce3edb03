"""The API does what its OpenAPI document says, against requests that a machine thinks up.

Every check of schemathesis is on but one; the few clean answers that are right here although its
defaults do not know them are named below, each with its reason. Most requests that the
document allows are moved to times, places and bookings that are there, so that the machine also
books, moves, cancels and meets clashes instead of the past and closed doors only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import CheckContext, load_all_checks
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    GenerationConfig,
    HealthCheck,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    SimpleCheckConfig,
)
from schemathesis.core.transport import Response
from schemathesis.engine import Status, StopReason, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.schemas import BaseSchema
from schemathesis.transport.wsgi import WSGITransport

from app.bookings import service
from app.db.transaction import transaction
from app.domain.permissions import Actor, Scope
from tests.conftest import NOW, SOAK
from tests.stays import make_person, make_token, stay

DOCUMENT = "/api/v1/openapi.json"
EXAMPLES = 200 if SOAK else 10
SEED = 57
PROBLEM = "application/problem+json"
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 9 in the morning in Metz
PLACES = ("metz-mirabelle", "metz-seille", "metz-moselle", "metz-poulailler", "nancy-galle")
# Where the machine must have come as a coworker, so that the test proves what it says.
REACHED = {
    "GET /api/v1/availability 200",
    "POST /api/v1/quotes 200",
    "POST /api/v1/bookings 201",
    "GET /api/v1/bookings 200",
    "GET /api/v1/bookings/{ref} 200",
    "PATCH /api/v1/bookings/{ref} 200",
    "DELETE /api/v1/bookings/{ref} 204",
    "409",
    "412",
}
SOCKET_SETTINGS = ("max_redirects", "verify", "cert", "proxies")


def configuration(headers: Mapping[str, str]) -> SchemathesisConfig:
    checks = ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(
            # A document cannot say what the clock and the house know: that a stay is past, closed
            # or too long (422), that a version is stale (412), that an entry is not mine (404).
            # Nor does it know how often one has tried (429).
            # `only_rules_refuse_what_the_document_allows` looks at each of these closer.
            expected_statuses=["2xx", "304", "401", "403", "404", "409", "412", "422", "429"]
        ),
        # DELETE cancels: the booking stays to be seen, as cancelled, by its person and the desk.
        use_after_free=SimpleCheckConfig(enabled=False),
    )
    project = ProjectConfig(
        headers=dict(headers),
        continue_on_failure=True,
        checks=checks,
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, database="none"),
        phases=PhasesConfig(coverage=CoveragePhaseConfig(generate_duplicate_query_parameters=True)),
    )
    return SchemathesisConfig(
        seed=SEED,
        # Both judge the drawing of requests, not the API: any text is a reference, so that wrong
        # ones are rare, and a busy machine draws slowly.
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        projects=ProjectsConfig(default=project),
    )


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what only a socket has from probes in process, on which schemathesis 4.32 stumbles."""
    send = WSGITransport.send

    def send_in_process(
        self: WSGITransport, case: Case, *, session: Any = None, **settings: Any
    ) -> Response:
        if session is None:
            for name in SOCKET_SETTINGS:
                settings.pop(name, None)
        return send(self, case, session=session, **settings)

    monkeypatch.setattr(WSGITransport, "send", send_in_process)


@schemathesis.check
def every_refusal_is_a_problem_with_a_sentence(
    _ctx: CheckContext, response: Response, case: Case
) -> None:
    """Whatever is refused is refused by problem+json: a stable code and a sentence in French."""
    if response.status_code < 400 or case.method in ("HEAD", "OPTIONS"):
        return
    kind = response.headers["content-type"][0]
    assert kind.startswith(PROBLEM), f"{response.status_code} as {kind}"
    told = response.json()
    assert told["status"] == response.status_code
    assert told["code"]
    assert told["type"].endswith(told["code"])
    assert told["detail"].rstrip().endswith((".", "…")), told["detail"]


@schemathesis.check
def only_rules_refuse_what_the_document_allows(
    _ctx: CheckContext, response: Response, case: Case
) -> None:
    """What the document allows is never called ill-formed; only a rule of the house refuses it."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code in (400, 412, 422):
        told = response.json()
        assert told["code"] not in ("invalid-input", "bad-request"), told


class Sellable:
    """Moves most well-formed requests to what the house sells, and to bookings that are there."""

    def __init__(self, refs: Sequence[str]) -> None:
        self.refs = refs

    def map_case(self, _context: HookContext, case: Case) -> Case:
        """Change a case that the document allows; what it forbids is left as it was drawn."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return case
        draw = crc32(repr((case.body, case.query, case.path_parameters)).encode())
        if draw % 4 == 0:
            return case
        start = MONDAY + timedelta(days=draw % 3, minutes=30 * (draw % 15))
        times = [start.isoformat(), (start + timedelta(minutes=30 + 15 * (draw % 5))).isoformat()]
        stay = {
            "space": PLACES[draw % len(PLACES)],
            "people": 1 + draw % 8,
            **dict(zip(("starts_at", "ends_at"), times, strict=True)),
        }
        if isinstance(case.body, dict):
            case.body = moved(case.body, stay)
        case.query = moved(case.query, dict(zip(("from", "to"), times, strict=True)))
        if self.refs and "/bookings/" in case.operation.path:
            # What is cancelled cannot be moved: each second booking is left to be.
            refs = self.refs[::2] if case.method == "DELETE" else self.refs[1::2]
            case.path_parameters = moved(case.path_parameters, {"ref": refs[draw % len(refs)]})
        if case.method == "PATCH" and draw % 3 == 0:
            case.headers["If-Match"] = '"99"'  # of a version that nobody has seen
        elif case.method == "PATCH":
            case.headers.pop("If-Match", None)  # a version drawn by chance is always a wrong one
            if isinstance(case.body, dict) and draw % 2:
                case.body = {"title": "Point d’équipe"}  # needs no free place
        return case


def moved(drawn: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give ``drawn`` with the values of ``wanted`` for the fields that it has."""
    return {name: wanted.get(name, value) for name, value in drawn.items()}


@dataclass
class Seen:
    """What a run brought to light."""

    failures: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def take(self, recorder: ScenarioRecorder) -> None:
        for interaction in recorder.interactions.values():
            status = interaction.response.status_code if interaction.response else None
            if recorder.label.startswith(interaction.request.method):  # no probe beside it
                self.answers[f"{recorder.label} {status}"] += 1
            self.answers[str(status)] += 1
        for checks in recorder.checks.values():
            for check in checks:
                if check.status is Status.FAILURE and check.failure_info is not None:
                    told = check.failure_info
                    self.failures.append(
                        f"{recorder.label}: {check.name}: {told.failure.title}"
                        f"\n{told.failure.message}\n{told.code_sample}"
                    )


def explore(app: Flask, headers: Mapping[str, str], refs: Sequence[str] = ()) -> Seen:
    """Let the machine try the whole document as somebody: examples, edges, chance, sequences."""
    load_all_checks()
    schema: BaseSchema = schemathesis.openapi.from_wsgi(
        DOCUMENT, app, config=configuration(headers)
    )
    schema.hooks.register_hook_with_name(Sellable(refs).map_case, "map_case")
    seen = Seen()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            seen.take(event.recorder)
        elif isinstance(event, events.NonFatalError):
            seen.failures.append(f"{event.label}: {event.info.format()}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.EngineFinished):
            assert event.stop_reason is StopReason.COMPLETED
    return seen


def some_bookings(app: Flask, actor: Actor) -> list[str]:
    """Book ten hours of a day for somebody, for the machine to find, move and cancel."""
    with app.app_context(), transaction() as session:
        return [
            service.book(session, actor, stay(f"{hour}:00-{hour + 1}:00"), now=NOW).ref
            for hour in range(9, 19)
        ]


def test_nobody_gets_what_the_document_promises(sqlite_app: Flask, now: datetime) -> None:
    seen = explore(sqlite_app, {})
    assert seen.failures == [], "\n\n".join(seen.failures[:5])
    assert seen.answers["GET /api/v1/availability 200"]
    assert seen.answers["POST /api/v1/quotes 200"]


def test_a_coworker_gets_what_the_document_promises(sqlite_app: Flask, now: datetime) -> None:
    coworker = make_person(sqlite_app)
    refs = some_bookings(sqlite_app, coworker)
    seen = explore(sqlite_app, make_token(sqlite_app, coworker), refs)
    assert seen.failures == [], "\n\n".join(seen.failures[:5])
    reached = {name for name in REACHED if seen.answers[name]}
    assert reached == REACHED


def test_a_concierge_gets_what_the_document_promises(sqlite_app: Flask, now: datetime) -> None:
    concierge = make_person(sqlite_app, "Odile", concierge_of="metz")
    refs = some_bookings(sqlite_app, concierge)
    seen = explore(sqlite_app, make_token(sqlite_app, concierge, *Scope), refs)
    assert seen.failures == [], "\n\n".join(seen.failures[:5])
    assert seen.answers["GET /api/v1/bookings/{ref} 200"]
