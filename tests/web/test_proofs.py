"""Asking for a profile with documents, and staff who read and decide; with attackers among them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app import jobs
from app.domain.permissions import Role
from app.people.routes.proofs import BODY
from app.web import clock
from tests.conftest import NOW
from tests.factories import csrf_of
from tests.members import (
    Member,
    add_member,
    delivered,
    make_member,
    make_organisation,
    press,
    scalar,
    sign_in,
)
from tests.papers import HTML, PDF, picture

FORM = "/me/profiles/new"
Upload = tuple[str, bytes]
CARD: Upload = ("carte.pdf", PDF)


def ask(
    client: FlaskClient, *uploads: Upload, kind: str = "student", holder: str = "me", **more: str
) -> TestResponse:
    fields: dict[str, object] = {
        "csrf_token": csrf_of(client, FORM),
        "kind": kind,
        "holder": holder,
        "site": "metz",
        "documents": [upload(*each) for each in uploads],
        **more,
    }
    return send(client, FORM, fields)


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), name, "documents")


def send(client: FlaskClient, path: str, fields: dict[str, object]) -> TestResponse:
    """Post a form with files, written in memory: the test client would leave a file open."""
    boundary, body = encode_multipart(MultiDict(fields))
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def asked(client: FlaskClient, *uploads: Upload, **more: str) -> None:
    answer = ask(client, *(uploads or (CARD,)), **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def staff(app: Flask, role: Role = Role.CONCIERGE, site: str | None = "metz") -> FlaskClient:
    return sign_in(app, make_member(app, f"Odile {site} {role}", role=role, site=site))


def number(app: Flask) -> int:
    found = scalar(app, "SELECT max(id) FROM proof_requests")
    assert isinstance(found, int)
    return found


def files(app: Flask) -> Sequence[Path]:
    folder = Path(app.instance_path) / "proofs"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def accept(client: FlaskClient, request: int, **more: str) -> TestResponse:
    page = f"/proofs/{request}"
    days = {"valid_from": "2026-11-23", "valid_until": "2027-10-31", "seen": "Carte 2026-2027"}
    return press(client, f"{page}/accept", page, **{**days, **more})


@pytest.fixture(autouse=True)
def _no_files_yet(app: Flask) -> None:
    for path in files(app):
        path.unlink()


def test_a_student_sends_a_card_and_pays_less_once_it_is_accepted(
    app: Flask, now: datetime
) -> None:
    anais = make_member(app)
    client = sign_in(app, anais)
    page = client.get("/me/profiles").get_data(as_text=True)
    assert "100\u00a0% du tarif de base" in page
    assert "kind=student" in page
    asked(client, CARD, ("recto.jpg", picture("JPEG")), message="Voici ma carte.")
    assert len(files(app)) == 2
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files(app))
    assert "en attente" in client.get("/me/profiles").get_data(as_text=True)
    desk = staff(app)
    queue = desk.get("/proofs").get_data(as_text=True)
    assert "Anaïs" in queue
    shown = desk.get(f"/proofs/{number(app)}").get_data(as_text=True)
    assert "Voici ma carte." in shown
    assert 'value="2027-10-31"' in shown
    assert accept(desk, number(app)).status_code == 303
    to, subject, _body = delivered(app)[-1]
    assert (to, "accepté" in subject) == (anais.email, True)
    page = client.get("/me/profiles").get_data(as_text=True)
    assert "Étudiant\u00a0: 40\u00a0% du tarif de base" in page
    assert scalar(app, "SELECT reason FROM profiles") == "Carte 2026-2027"


def test_a_refusal_says_why_and_another_proof_may_follow(app: Flask, now: datetime) -> None:
    client, desk = sign_in(app, make_member(app)), staff(app)
    asked(client)
    page = f"/proofs/{number(app)}"
    assert press(desk, f"{page}/refuse", page, reason="").status_code == 422
    assert press(desk, f"{page}/refuse", page, reason="La carte est de 2019.").status_code == 303
    assert "La carte est de 2019." in delivered(app)[-1][2]
    assert "La carte est de 2019." in client.get("/me/profiles").get_data(as_text=True)
    assert press(desk, f"{page}/refuse", "/proofs/0", reason="x").status_code in (400, 409)
    asked(client)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (("carte.pdf", HTML), "ni un PDF ni une photo"),
        (("vide.pdf", b""), "est vide"),
        (("lourd.pdf", PDF + bytes(6 * 1024 * 1024)), "trop lourd"),
        (("../../../etc/cron.d/x.png", picture("PNG")[:80]), "abîmé"),
        (("prog.pdf", PDF.replace(b"/Type", b"/JavaScript/Type")), "programme"),
    ],
)
def test_a_bad_document_is_refused_and_the_form_kept(
    app: Flask, now: datetime, sent: Upload, said: str
) -> None:
    client = sign_in(app, make_member(app))
    answer = ask(client, sent, message="Ma carte")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "Ma carte" in page
    assert files(app) == []
    assert scalar(app, "SELECT count(*) FROM proof_requests") == 0


def test_no_document_or_six_of_them_are_refused(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    assert "au moins un document" in ask(client).get_data(as_text=True)
    assert "trop de fichiers" in ask(client, *[CARD] * 6).get_data(as_text=True)
    assert scalar(app, "SELECT count(*) FROM proof_requests") == 0


def test_a_profile_is_asked_for_once_at_a_time(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    asked(client)
    again = ask(client, CARD)
    assert again.status_code == 422
    assert "déjà demandé" in again.get_data(as_text=True)
    page = press(client, f"/me/profiles/requests/{number(app)}/withdraw", "/me/profiles")
    assert page.status_code == 303
    asked(client)


def test_only_this_route_takes_large_bodies_and_only_from_people_we_know(
    app: Flask, now: datetime
) -> None:
    client = sign_in(app, make_member(app))
    large = ("lourd.pdf", PDF + bytes(2 * 1024 * 1024))
    assert ask(client, large).status_code == 422
    token = csrf_of(client, FORM)
    body: dict[str, object] = {
        "csrf_token": token,
        "documents": upload("x", bytes(2 * 1024 * 1024)),
    }
    assert send(client, "/me", body).status_code == 413
    body = {"csrf_token": token, "documents": upload("x", bytes(BODY))}
    assert send(client, FORM, body).status_code == 413
    stranger = app.test_client()
    body = {"documents": upload("x", bytes(BODY))}
    answer = send(stranger, FORM, body)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


class TestDocuments:
    """Staff of the Totem read them, as files; nobody else does."""

    @pytest.fixture
    def address(self, app: Flask, now: datetime) -> str:
        asked(sign_in(app, make_member(app)), ("<b>carte</b>.pdf", PDF))
        document = scalar(app, "SELECT id FROM proof_documents")
        return f"/proofs/{number(app)}/documents/{document}"

    def test_it_is_a_download_that_no_browser_runs_and_its_reading_is_logged(
        self, app: Flask, address: str
    ) -> None:
        desk = staff(app)
        with structlog.testing.capture_logs() as logs:
            answer = desk.get(address)
        assert answer.data == PDF
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith(
            "attachment; filename=justificatif-"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        (line,) = [each for each in logs if each["event"] == "proof document read"]
        assert line["request"] == number(app)

    def test_nobody_else_reads_it(self, app: Flask, address: str) -> None:
        own = sign_in(app, Member(1, "anais@people.example", "Anaïs"))  # type: ignore[arg-type]
        assert own.get(address).status_code == 403
        bruno = sign_in(app, make_member(app, "Bruno"))
        assert bruno.get(address).status_code == 403
        assert bruno.get(f"/proofs/{number(app)}").status_code == 403
        nancy = staff(app, site="nancy")
        assert nancy.get(address).status_code == 404
        assert nancy.get(f"/proofs/{number(app)}").status_code == 404
        assert "Anaïs" not in nancy.get("/proofs").get_data(as_text=True)
        assert accept_blindly(nancy, number(app)).status_code == 404
        assert app.test_client().get(address).status_code == 302

    def test_the_number_of_another_request_gives_nothing(self, app: Flask, address: str) -> None:
        other = sign_in(app, make_member(app, "Bruno"))
        asked(other)
        document = address.rsplit("/", 1)[1]
        desk = staff(app)
        assert desk.get(f"/proofs/{number(app)}/documents/{document}").status_code == 404

    def test_it_is_gone_when_due_before_any_timer_and_deleted_by_it(
        self, app: Flask, address: str
    ) -> None:
        desk = staff(app)
        assert accept(desk, number(app)).status_code == 303
        with clock.freeze(datetime(2027, 2, 22, 8, 0, tzinfo=NOW.tzinfo)):
            assert (
                sign_in(app, make_member(app, "Late", role=Role.NETWORK_MANAGER))
                .get(address)
                .status_code
                == 200
            )
        with clock.freeze(datetime(2027, 2, 23, 8, 0, tzinfo=NOW.tzinfo)):
            later = staff(app, Role.MANAGER)
            assert later.get(address).status_code == 410
            assert len(files(app)) == 1
            jobs.tidy_up(app)
            assert files(app) == []
            assert later.get(address).status_code == 404
            page = later.get(f"/proofs/{number(app)}").get_data(as_text=True)
            assert "supprimés" in page

    def test_a_file_that_went_missing_is_gone_and_no_fault(self, app: Flask, address: str) -> None:
        files(app)[0].unlink()
        assert staff(app).get(address).status_code == 410


def accept_blindly(client: FlaskClient, request: int) -> TestResponse:
    """Accept without having seen the page."""
    fields = {"valid_from": "2026-11-23", "valid_until": "2027-10-31", "seen": "x"}
    return press(client, f"/proofs/{request}/accept", "/me", **fields)


def test_a_start_up_is_dated_and_priced_by_its_age(app: Flask, now: datetime) -> None:
    owner = make_member(app)
    organisation = make_organisation(app, owner)
    client, desk = sign_in(app, owner), staff(app)
    asked(client, kind="startup", holder=str(organisation))
    undated = accept(desk, number(app), valid_until="2031-11-22")
    assert undated.status_code == 422
    old = accept(desk, number(app), valid_until="2031-11-22", created_on="2019-01-01")
    assert old.status_code == 422
    assert "moins de 5 ans" in old.get_data(as_text=True)
    taken = accept(desk, number(app), valid_until="2031-11-22", created_on="2026-02-01")
    assert taken.status_code == 303
    assert scalar(app, "SELECT count(*) FROM profiles") == 3
    assert str(scalar(app, "SELECT created_on FROM organisations")).startswith("2026-02-01")
    last = scalar(app, "SELECT max(valid_until) FROM profiles")
    assert str(last).startswith(str(date(2031, 1, 31)))
    first = scalar(app, "SELECT min(id) FROM profiles")
    page = f"/organisations/{organisation}"
    assert press(desk, f"/people/profiles/{first}/end", page).status_code == 303
    assert scalar(app, "SELECT count(*) FROM profiles WHERE revoked_at IS NULL") == 0


def test_only_owners_ask_for_an_organisation_and_nobody_judges_their_own(
    app: Flask, now: datetime
) -> None:
    owner, colleague = make_member(app), make_member(app, "Bruno", role=Role.CONCIERGE, site="metz")
    organisation = make_organisation(app, owner)
    add_member(app, organisation, colleague)
    insider = sign_in(app, colleague)
    assert ask(insider, CARD, kind="startup", holder=str(organisation)).status_code == 422
    asked(sign_in(app, owner), kind="association", holder=str(organisation))
    assert "doit en décider" in insider.get(f"/proofs/{number(app)}").get_data(as_text=True)
    assert accept_blindly(insider, number(app)).status_code == 403


def test_a_company_is_no_student_and_a_person_no_association(app: Flask, now: datetime) -> None:
    owner = make_member(app)
    organisation = make_organisation(app, owner)
    client = sign_in(app, owner)
    assert ask(client, CARD, kind="student", holder=str(organisation)).status_code == 422
    assert ask(client, CARD, kind="association").status_code == 422


def test_the_withdrawal_of_another_ones_request_finds_nothing(app: Flask, now: datetime) -> None:
    asked(sign_in(app, make_member(app)))
    bruno = sign_in(app, make_member(app, "Bruno"))
    assert press(bruno, f"/me/profiles/requests/{number(app)}/withdraw").status_code == 404


def test_its_holder_is_told_once_thirty_days_before_a_profile_ends(
    app: Flask, now: datetime
) -> None:
    anais = make_member(app)
    client, desk = sign_in(app, anais), staff(app)
    asked(client)
    assert accept(desk, number(app), valid_until="2027-01-15").status_code == 303
    before = len(delivered(app))
    jobs.tidy_up(app)
    assert len(delivered(app)) == before
    with clock.freeze(NOW + timedelta(days=23)):
        jobs.tidy_up(app)
        jobs.tidy_up(app)
        told = delivered(app)[before:]
        assert [to for to, _subject, _body in told] == [anais.email]
        assert "15\u00a0janvier 2027" in told[0][2]
        page = sign_in(app, anais).get("/me/profiles").get_data(as_text=True)
        assert "prend bientôt fin" in page
    with clock.freeze(NOW + timedelta(days=40)):
        jobs.tidy_up(app)
        assert len(delivered(app)) == before + 1


def test_a_profile_that_goes_on_ends_without_a_letter(app: Flask, now: datetime) -> None:
    client, desk = sign_in(app, make_member(app)), staff(app)
    asked(client)
    assert accept(desk, number(app), valid_until="2026-12-10").status_code == 303
    asked(client)
    renewed = accept(desk, number(app), valid_from="2026-12-11", valid_until="2027-10-31")
    assert renewed.status_code == 303
    before = len(delivered(app))
    jobs.tidy_up(app)
    assert len(delivered(app)) == before


def test_a_file_without_its_request_is_swept_after_an_hour(app: Flask, now: datetime) -> None:
    store = app.extensions["totem.documents"]
    store.put(PDF)
    written = datetime.now(tz=NOW.tzinfo)  # files know the machine's clock only
    with clock.freeze(written + timedelta(minutes=59)):
        jobs.tidy_up(app)
    assert len(files(app)) == 1
    with clock.freeze(written + timedelta(minutes=61)):
        jobs.tidy_up(app)
    assert files(app) == []


def test_two_answers_at_once_leave_one(app: Flask, now: datetime) -> None:
    asked(sign_in(app, make_member(app)))
    desk, manager = staff(app), staff(app, Role.MANAGER)
    assert accept(desk, number(app)).status_code == 303
    assert accept_blindly(manager, number(app)).status_code == 409
    assert scalar(app, "SELECT count(*) FROM profiles") == 1


def test_ones_own_profiles_by_api(app: Flask, now: datetime) -> None:
    client, desk = sign_in(app, make_member(app)), staff(app)
    asked(client)
    accept(desk, number(app))
    told = client.get("/api/v1/me/profiles").json
    assert told is not None
    assert told["counting"][0] == {
        "family": "seats",
        "profile": "student",
        "percent": 40,
        "valid_until": "2027-10-31",
    }
    assert [(each["kind"], each["state"]) for each in told["asked"]] == [("student", "accepted")]
    assert app.test_client().get("/api/v1/me/profiles").status_code == 401


def test_a_text_where_a_file_belongs_is_no_document(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    fields = {"kind": "student", "holder": "me", "site": "metz", "documents": "carte.pdf"}
    answer = press(client, FORM, FORM, **fields)
    assert answer.status_code == 422
    assert "au moins un document" in answer.get_data(as_text=True)
