"""Who may not: dead tokens, short scopes, other people's bookings, cookies without a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.db.transaction import transaction
from app.domain.permissions import Actor, Scope
from app.people import service
from app.people.tables import AccountRow, ApiTokenRow
from tests.apis import BODY, BOOKINGS, booked, is_problem, nothing_written, on
from tests.members import make_member, sign_in
from tests.stays import BORN, make_person, make_token

Headers = dict[str, str]
OPEN = (
    "/api/v1/availability?from=2026-11-24T10:00:00Z&to=2026-11-24T12:00:00Z",
    "/api/v1/sites/metz/day",
)
DEAD = {
    "no token at all": "",
    "only its kind": "Bearer",
    "an empty one": "Bearer  ",
    "none of ours": "Bearer x",
    "the shape of ours": "Bearer tk_" + "A" * 43,
    "a password": "Basic Y293b3JrZXJAdG90ZW0uZXhhbXBsZTpkZW1vLXRvdGVt",
    "nine thousand letters": "Bearer " + "x" * 9000,
    "no ASCII": "Bearer \xe9\xff",
}


def tokens_of(app: Flask, actor: Actor, *, expires_at: datetime | None = None) -> Headers:
    with app.app_context(), transaction() as session:
        text = service.issue_token(
            session,
            account_id=actor.account_id,
            name="short",
            scopes=frozenset(Scope),
            expires_at=expires_at,
            now=BORN,
        )
    return {"Authorization": f"Bearer {text}"}


def calls(client: FlaskClient, ref: str, headers: Headers) -> list[TestResponse]:
    """Try everything that one may do to a booking."""
    path = f"{BOOKINGS}/{ref}"
    return [
        client.get(path, headers=headers),
        client.patch(path, json={"people": 2}, headers=headers),
        client.delete(path, headers=headers),
        client.get(f"{path}/pass", headers=headers),
    ]


def is_unknown(client: FlaskClient, headers: Headers) -> None:
    """Check that these headers make nobody known, on closed and open addresses alike."""
    asked = [
        client.get(BOOKINGS, headers=headers),
        client.post(BOOKINGS, json=BODY, headers=headers),
        *calls(client, "x", headers),
    ]
    if headers.get("Authorization"):
        asked += [client.get(path, headers=headers) for path in OPEN]
        asked.append(client.post("/api/v1/quotes", json=BODY, headers=headers))
    for answer in asked:
        is_problem(answer, 401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("name", DEAD)
def test_what_is_no_token_makes_nobody_known(sqlite_app: Flask, now: datetime, name: str) -> None:
    with nothing_written(sqlite_app):
        is_unknown(sqlite_app.test_client(), {"Authorization": DEAD[name]})


def test_a_token_ends_with_its_time(app: Flask, client: FlaskClient, now: datetime) -> None:
    anais = make_person(app)
    alive = tokens_of(app, anais, expires_at=now + timedelta(seconds=1))
    dead = tokens_of(app, anais, expires_at=now)
    assert client.get(BOOKINGS, headers=alive).status_code == 200
    with nothing_written(app):
        is_unknown(client, dead)


def test_a_revoked_token_and_a_closed_account_are_dead(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    anais, bruno = make_person(app), make_person(app, "Bruno")
    revoked, closed = tokens_of(app, anais), tokens_of(app, bruno)
    with app.app_context(), transaction() as session:
        mine = select(ApiTokenRow.id).where(ApiTokenRow.account_id == anais.account_id)
        service.revoke_token(session, anais, session.scalars(mine).one(), now=now)
        close = update(AccountRow).where(AccountRow.id == bruno.account_id)
        session.execute(close.values(disabled_at=now))
    with nothing_written(app):
        is_unknown(client, revoked)
        is_unknown(client, closed)


def test_a_scope_that_is_missing_is_named_and_nothing_done(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    anais = make_person(app)
    mine = booked(client, make_token(app, anais))
    path = f"{BOOKINGS}/{mine['id']}"
    reads, books = make_token(app, anais, Scope.READ), make_token(app, anais, Scope.BOOK)
    desk = make_token(app, anais, Scope.DESK)
    refused: list[tuple[Callable[[], TestResponse], str]] = [
        (lambda: client.post(BOOKINGS, json=BODY, headers=reads), "booking:create"),
        (lambda: client.patch(path, json={"people": 2}, headers=reads), "booking:move"),
        (lambda: client.delete(path, headers=reads), "booking:cancel"),
        (lambda: client.get(f"{path}/pass", headers=reads), "pass:view"),
        (lambda: client.get(path, headers=books), "booking:view"),
        (lambda: client.get(BOOKINGS, headers=desk), "booking:view"),
        (
            lambda: client.post("/api/v1/check-ins", json={"booking": mine["id"]}, headers=books),
            "desk:check-in",
        ),
        (
            lambda: client.post("/api/v1/check-ins", json={"booking": mine["id"]}, headers=desk),
            "desk:check-in",  # the scope is there, but its owner is nobody at the desk
        ),
    ]
    with nothing_written(app):
        for call, permission in refused:
            assert is_problem(call(), 403, "not-allowed")["permission"] == permission


def test_bookings_of_others_are_not_there(app: Flask, client: FlaskClient, now: datetime) -> None:
    mine = booked(client, make_token(app, make_person(app)))
    stranger = make_token(app, make_person(app, "Bruno"), *Scope)
    elsewhere = make_token(app, make_person(app, "Odile", concierge_of="nancy"), *Scope)
    with nothing_written(app):
        for headers in (stranger, elsewhere):
            for answer in calls(client, mine["id"], headers):
                told = is_problem(answer, 404, "unknown-booking")
                made_up = is_problem(
                    client.get(f"{BOOKINGS}/2222222222", headers=headers), 404, "unknown-booking"
                )
                assert told["detail"] == made_up["detail"]
            assert client.get(BOOKINGS, headers=headers).json["items"] == []


def test_the_desk_of_its_site_may_and_names_are_for_it_alone(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    mine = booked(client, make_token(app, make_person(app)), title="Comité")
    here = make_token(app, make_person(app, "Odile", concierge_of="metz"), *Scope)
    there = make_token(app, make_person(app, "Paul", concierge_of="nancy"), *Scope)
    short = make_token(app, make_person(app, "Rose", concierge_of="metz"), Scope.READ)
    day = "/api/v1/sites/metz/day?date=2026-11-24"
    assert client.get(f"{BOOKINGS}/{mine['id']}", headers=here).status_code == 200
    assert "Anaïs" in str(client.get(day, headers=here).json)
    for headers in ({}, there, short):
        seen = str(client.get(day, headers=headers).json)
        assert mine["starts_at"] in seen
        assert "Anaïs" not in seen
        assert "Comité" not in seen


def test_a_cookie_alone_reads_but_never_writes(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    member = make_member(app)
    browser = sign_in(app, member)
    assert browser.get(BOOKINGS).json["items"] == []
    headers = {"Origin": "https://evil.example", "Content-Type": "application/json"}
    with nothing_written(app):
        for sent in ({}, headers, {"X-Requested-With": "XMLHttpRequest"}):
            made = browser.post(BOOKINGS, json=BODY, headers=sent)
            is_problem(made, 401, "not-signed-in")
            for answer in calls(browser, "x", dict(sent))[1:3]:
                is_problem(answer, 401, "not-signed-in")
    quoted = browser.post("/api/v1/quotes", json={**BODY, **on("2026-11-25")})
    assert quoted.status_code == 200  # a question, although by POST


def test_a_profile_is_tried_in_quotes_only(app: Flask, client: FlaskClient, now: datetime) -> None:
    headers = make_token(app, make_person(app))
    plain = client.post("/api/v1/quotes", json=BODY, headers=headers).json
    tried = client.post("/api/v1/quotes", json={**BODY, "profile": "student"}, headers=headers)
    assert tried.json["net"]["amount"] == plain["net"]["amount"] * 40 // 100
    with nothing_written(app):
        taken = client.post(BOOKINGS, json={**BODY, "profile": "student"}, headers=headers)
        assert set(is_problem(taken, 422, "invalid-input")["errors"]) == {"profile"}
        odd = client.post("/api/v1/quotes", json={**BODY, "profile": "king"}, headers=headers)
        assert set(is_problem(odd, 422, "invalid-input")["errors"]) == {"profile"}
