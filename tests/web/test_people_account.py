"""One's own account: what one may change, and that it is nobody else's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.transaction import transaction
from app.domain.permissions import Scope
from app.people import service
from app.people.finders import find_by_token
from app.web import clock
from tests.members import BORN, add_member, make_member, make_organisation, press, scalar, sign_in

TOKEN = re.compile(r"tk_[\w-]{43}")


def test_name_and_language_are_ones_own(app: Flask, now: datetime) -> None:
    member, other = make_member(app), make_member(app, "Other")
    client = sign_in(app, member)
    assert press(client, "/me", name="  Anaïs K. ", locale="de").status_code == 303
    page = client.get("/me").get_data(as_text=True)
    assert "Anaïs K." in page
    assert '<html lang="de"' in page
    assert scalar(app, "SELECT name FROM accounts WHERE id = :id", id=other.id) == "Other"


@pytest.mark.parametrize(("name", "locale"), [("", "fr"), ("x" * 121, "fr"), ("Anaïs", "xx")])
def test_a_bad_name_or_language_changes_nothing(
    app: Flask, now: datetime, name: str, locale: str
) -> None:
    client = sign_in(app, make_member(app))
    assert press(client, "/me", name=name, locale=locale).status_code == 422
    assert scalar(app, "SELECT name FROM accounts") == "Anaïs"


def test_an_organisation_one_belongs_to_may_pay(app: Flask, now: datetime) -> None:
    member = make_member(app)
    company = make_organisation(app, member)
    client = sign_in(app, member)
    assert press(client, "/me/payer", payer=str(company)).status_code == 303
    assert scalar(app, "SELECT payer_organisation_id FROM accounts") == company
    assert press(client, "/me/payer", payer="").status_code == 303
    assert scalar(app, "SELECT payer_organisation_id FROM accounts") is None


@pytest.mark.parametrize("payer", ["4711", "x", "9" * 40, "-1"])
def test_no_other_organisation_pays(app: Flask, now: datetime, payer: str) -> None:
    stranger = make_organisation(app, make_member(app, "Boss"), "Grande SA")
    client = sign_in(app, make_member(app))
    for wanted in (payer, str(stranger)):
        assert press(client, "/me/payer", payer=wanted).status_code == 422
    assert scalar(app, "SELECT count(payer_organisation_id) FROM accounts") == 0


def session_id(app: Flask, member_id: int) -> object:
    return scalar(app, "SELECT min(id) FROM sign_in_sessions WHERE account_id = :id", id=member_id)


def test_one_signs_a_lost_phone_out(app: Flask, now: datetime) -> None:
    member = make_member(app)
    phone, desk = sign_in(app, member), sign_in(app, member)
    assert "celui-ci" in desk.get("/me").get_data(as_text=True)
    lost = session_id(app, member.id)
    assert press(desk, f"/me/sessions/{lost}/end").status_code == 303
    assert phone.get("/me").status_code == 302
    assert desk.get("/me").status_code == 200


def test_nobody_signs_somebody_else_out(app: Flask, now: datetime) -> None:
    member, other = make_member(app), make_member(app, "Other")
    victim, intruder = sign_in(app, member), sign_in(app, other)
    assert press(intruder, f"/me/sessions/{session_id(app, member.id)}/end").status_code == 404
    assert victim.get("/me").status_code == 200


@pytest.mark.parametrize("number", ["0", "9" * 15, "9" * 25, "x", "-1"])
def test_numbers_of_nothing_are_not_found(app: Flask, now: datetime, number: str) -> None:
    client = sign_in(app, make_member(app))
    for path in (f"/me/sessions/{number}/end", f"/me/tokens/{number}/revoke"):
        assert press(client, path).status_code == 404


def issue(client: FlaskClient, **fields: object) -> str:
    given = {"name": "export", "scopes": ["read", "book"], "days": "30", **fields}
    answer = press(client, "/me/tokens", "/me/tokens", **given)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found = TOKEN.search(answer.get_data(as_text=True))
    assert found is not None
    return found.group(0)


def holder_of(app: Flask, token: str) -> str | None:
    with app.app_context(), transaction() as session:
        found = find_by_token(session, token)
    return found.email if found else None


def test_a_token_is_shown_once_and_kept_as_a_hash(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = sign_in(app, member)
    token = issue(client)
    assert TOKEN.search(client.get("/me/tokens").get_data(as_text=True)) is None
    assert holder_of(app, token) == member.email
    assert scalar(app, "SELECT scopes FROM api_tokens") == "read book"
    kept = scalar(app, "SELECT count(*) FROM api_tokens WHERE token_hash = :token", token=token)
    assert kept == 0


def test_a_token_ends_with_its_time_or_when_revoked(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    token = issue(client)
    with clock.freeze(now + timedelta(days=30)):
        assert holder_of(app, token) is None
    assert holder_of(app, token) is not None
    token_id = scalar(app, "SELECT id FROM api_tokens")
    assert press(client, f"/me/tokens/{token_id}/revoke").status_code == 303
    assert holder_of(app, token) is None
    assert press(client, f"/me/tokens/{token_id}/revoke").status_code == 404


def test_nobody_revokes_somebody_elses_token(app: Flask, now: datetime) -> None:
    token = issue(sign_in(app, make_member(app)))
    token_id = scalar(app, "SELECT id FROM api_tokens")
    intruder = sign_in(app, make_member(app, "Other"))
    assert press(intruder, f"/me/tokens/{token_id}/revoke").status_code == 404
    assert holder_of(app, token) is not None


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"days": "99999"}, {"name": "x" * 200}],
)
def test_a_token_that_does_not_do_is_not_issued(
    app: Flask, now: datetime, fields: dict[str, object]
) -> None:
    client = sign_in(app, make_member(app))
    given = {"name": "export", "scopes": ["read"], "days": "30", **fields}
    assert press(client, "/me/tokens", "/me/tokens", **given).status_code == 422
    assert scalar(app, "SELECT count(*) FROM api_tokens") == 0


def test_the_command_line_issues_a_token(app: Flask, now: datetime) -> None:
    member = make_member(app)
    arguments = ["token", member.email, "--scope", "read", "--scope", "desk"]
    with app.app_context():
        result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert holder_of(app, result.output.strip()) == member.email
    assert scalar(app, "SELECT scopes FROM api_tokens") == "read desk"


@pytest.mark.parametrize("token", ["", "tk_", "tk_" + "x" * 5000, "é", "\ud800"])
def test_no_other_text_is_a_token(app: Flask, now: datetime, token: str) -> None:
    member = make_member(app)
    with app.app_context(), transaction() as session:
        service.issue_token(
            session, account_id=member.id, name="x", scopes=frozenset({Scope.READ}), now=BORN
        )
    assert holder_of(app, token) is None


def test_every_page_of_ones_own_is_for_signed_in_people(app: Flask, now: datetime) -> None:
    client = app.test_client()
    for path in ("/me", "/me/password", "/me/tokens", "/organisations", "/organisations/new"):
        assert client.get(path).headers["Location"] == f"/sign-in?next={path}"


def test_a_member_of_two_organisations_sees_both_and_only_those(app: Flask, now: datetime) -> None:
    member, boss = make_member(app), make_member(app, "Boss")
    make_organisation(app, member, "Atelier Un")
    add_member(app, make_organisation(app, boss, "Atelier Deux"), member)
    make_organisation(app, boss, "Atelier Trois")
    page = sign_in(app, member).get("/organisations").get_data(as_text=True)
    assert "Atelier Un" in page
    assert "Atelier Deux" in page
    assert "Atelier Trois" not in page
