"""Signing in and out: by password, by mailed link, safely, and as often as is allowed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db.base import db
from app.people.passwords import PasswordKeeper
from app.web import clock
from tests.databases import Counted
from tests.factories import csrf_of
from tests.members import (
    PASSWORD,
    delivered,
    mailed_path,
    make_member,
    press,
    scalar,
    sign_in,
    try_sign_in,
    without_tokens,
)

Count = Callable[[], AbstractContextManager[Counted]]
WRONG = "ne vont pas ensemble"


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_a_member_signs_in_and_lands_where_they_wanted(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    answer = client.get("/me/tokens")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/me/tokens"
    answer = try_sign_in(client, member.email, next_path="/me/tokens")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/tokens")
    assert is_in(client)


@pytest.mark.parametrize(
    ("page", "leads"),
    [
        ("http://localhost/me/tokens", "/sign-in?next=/me/tokens"),
        ("http://localhost/people?q=zoe", "/sign-in?next=/people?q%3Dzoe"),
        ("http://elsewhere.example/me/tokens", "/sign-in?next=/"),
        ("http://[", "/sign-in?next=/"),
        ("", "/sign-in?next=/"),
    ],
)
def test_whoever_was_signed_out_elsewhere_comes_back_to_the_form(
    app: Flask, now: datetime, page: str, leads: str
) -> None:
    client = app.test_client()
    token = csrf_of(client, "/sign-up")
    answer = client.post("/me/tokens", data={"csrf_token": token}, headers={"Referer": page})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads)


@pytest.mark.parametrize("typed", ["ANAIS@People.Example", "  anais@people.example "])
def test_the_case_of_an_address_does_not_matter(app: Flask, now: datetime, typed: str) -> None:
    make_member(app)
    client = app.test_client()
    assert try_sign_in(client, typed).status_code == 303
    assert is_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, now: datetime
) -> None:
    make_member(app)
    client = app.test_client()
    known = try_sign_in(client, "anais@people.example", "une phrase fausse")
    unknown = try_sign_in(client, "nobody@people.example", "une phrase fausse")
    assert (known.status_code, unknown.status_code) == (422, 422)
    bare = [without_tokens(answer) for answer in (known, unknown)]
    assert bare[0] == bare[1]
    assert WRONG in bare[0]
    assert not is_in(client)


def test_the_form_is_kept_as_typed_but_never_the_password(app: Flask, now: datetime) -> None:
    answer = try_sign_in(app.test_client(), "Nobody@people.example", "une phrase secrète")
    page = answer.get_data(as_text=True)
    assert 'value="nobody@people.example"' in page
    assert "une phrase secrète" not in page


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("not an address", PASSWORD),
        ("anais@people.example", ""),
        ("x" * 5000 + "@people.example", PASSWORD),
        ("anais@people.example\r\nBcc: x@y.fr", PASSWORD),
        ("anais@people.example\0", PASSWORD),
        ("anais@people.example", "x" * 100_000),
        ("‮anais@people.example", "\u202e" * 20),
    ],
)
def test_hostile_input_gets_a_sentence(
    app: Flask, now: datetime, email: str, password: str
) -> None:
    make_member(app)
    answer = try_sign_in(app.test_client(), email, password)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_the_sixth_try_has_to_wait_and_is_told_how_long(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    for _ in range(5):
        assert try_sign_in(client, member.email, "une phrase fausse").status_code == 422
    answer = try_sign_in(client, member.email)  # even with the right one
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "9\u00a0h\u00a015" in answer.get_data(as_text=True)
    with clock.freeze(now + timedelta(minutes=15)):
        assert try_sign_in(client, member.email).status_code == 303


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    csrf_of(client)
    before = client.get_cookie("totem")
    assert before is not None
    try_sign_in(client, member.email)
    thief = app.test_client()
    thief.set_cookie("totem", before.value)
    assert is_in(client)
    assert not is_in(thief)


def test_signing_in_again_voids_the_key_before(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = sign_in(app, member)
    before = client.get_cookie("totem")
    assert before is not None
    press(client, "/sign-out")
    thief = app.test_client()
    thief.set_cookie("totem", before.value)
    assert not is_in(thief)
    assert scalar(app, "SELECT count(*) FROM sign_in_sessions") == 0


def test_only_the_hash_of_a_session_key_is_kept(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    with client.session_transaction() as cookie:
        key = cookie["sid"]
    assert len(key) >= 43
    found = scalar(app, "SELECT count(*) FROM sign_in_sessions WHERE key_hash = :key", key=key)
    assert found == 0


def test_a_session_ends_after_thirty_days_however_busy(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    for day in range(1, 30):
        with clock.freeze(now + timedelta(days=day)):
            assert press(client, "/language", language="fr").status_code == 303
            assert is_in(client)
    with clock.freeze(now + timedelta(days=30)):
        assert not is_in(client)


def test_a_session_ends_after_fourteen_idle_days(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    with clock.freeze(now + timedelta(days=14, seconds=-1)):
        assert is_in(client)
    with clock.freeze(now + timedelta(days=14)):
        assert not is_in(client)


def test_use_is_noted_once_an_hour_and_never_by_reading(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))

    def seen() -> datetime:
        with app.app_context(), db.engine.connect() as connection:
            return connection.execute(
                text("SELECT last_seen_at FROM sign_in_sessions")
            ).scalar_one()

    first = seen()
    with clock.freeze(now + timedelta(minutes=50)):
        press(client, "/language", language="fr")
        assert seen() == first
    with clock.freeze(now + timedelta(minutes=61)):
        client.get("/me")
        assert seen() == first
        press(client, "/language", language="fr")
        assert seen() != first


def test_a_closed_account_is_told_so_only_with_the_right_password(
    app: Flask, now: datetime
) -> None:
    member = make_member(app)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET disabled_at = created_at"))
    client = app.test_client()
    assert "fermé" in try_sign_in(client, member.email).get_data(as_text=True)
    assert WRONG in try_sign_in(client, member.email, "une phrase fausse").get_data(as_text=True)
    assert not is_in(client)


def test_an_old_hash_is_renewed_by_signing_in(app: Flask, now: datetime) -> None:
    member = make_member(app, password=None)
    old = PasswordKeeper(cheap=False).hash(PASSWORD)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET password_hash = :old"), {"old": old})
    sign_in(app, member)
    assert scalar(app, "SELECT password_hash FROM accounts") != old
    sign_in(app, member)


def test_a_member_without_password_is_not_entered_by_one(app: Flask, now: datetime) -> None:
    member = make_member(app, password=None)
    assert WRONG in try_sign_in(app.test_client(), member.email).get_data(as_text=True)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(app: Flask, now: datetime, target: str) -> None:
    member = make_member(app)
    client = app.test_client()
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": csrf_of(client),
            "email": member.email,
            "password": PASSWORD,
            "next": target,
        },
    )
    assert answer.headers["Location"] == "/"
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/"


def test_signing_out_everywhere_signs_out_everywhere(app: Flask, now: datetime) -> None:
    member = make_member(app)
    phone, desk = sign_in(app, member), sign_in(app, member)
    assert press(phone, "/sign-out/everywhere").status_code == 303
    assert not is_in(phone)
    assert not is_in(desk)


def test_signing_out_twice_is_no_fault(app: Flask, now: datetime) -> None:
    client = app.test_client()
    for _ in range(2):
        assert press(client, "/sign-out", "/sign-in").status_code == 303


def test_no_form_works_without_its_token(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    data = {"email": member.email, "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 400
    assert sign_in(app, member).post("/sign-out/everywhere").status_code == 400


def ask_link(client: FlaskClient, email: str) -> int:
    data = {"csrf_token": csrf_of(client, "/sign-in/link"), "email": email}
    return client.post("/sign-in/link", data=data).status_code


def test_a_mailed_link_shows_a_button_and_the_button_signs_in(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    assert ask_link(client, "Anais@People.example") == 200
    path = mailed_path(app)
    scanner = app.test_client()
    for _ in range(3):  # mail scanners open links
        assert scanner.get(path).status_code == 200
    assert member.email in client.get(path).get_data(as_text=True)
    assert press(client, path, path).status_code == 303
    assert is_in(client)
    again = app.test_client()
    assert again.get(path).status_code == 410
    assert press(again, path, "/sign-in").status_code == 410
    assert not is_in(again)


def test_a_link_too_old_says_how_to_get_another(app: Flask, now: datetime) -> None:
    make_member(app)
    client = app.test_client()
    ask_link(client, "anais@people.example")
    path = mailed_path(app)
    with clock.freeze(now + timedelta(minutes=15)):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "/sign-in/link" in answer.get_data(as_text=True)
        assert press(client, path, "/sign-in").status_code == 410


def test_asking_for_a_link_tells_nobody_who_has_an_account(app: Flask, now: datetime) -> None:
    make_member(app)
    pages = []
    for email in ("anais@people.example", "nobody@people.example"):
        client = app.test_client()
        data = {"csrf_token": csrf_of(client, "/sign-in/link"), "email": email}
        answer = client.post("/sign-in/link", data=data)
        pages.append(without_tokens(answer).replace(email, ""))
    assert pages[0] == pages[1]
    assert [to for to, _subject, _text in delivered(app)] == ["anais@people.example"]


def test_links_are_not_sent_without_end(app: Flask, now: datetime) -> None:
    make_member(app)
    client = app.test_client()
    assert [ask_link(client, "anais@people.example") for _ in range(6)] == [200] * 5 + [429]


def test_a_link_of_letters_and_nonsense_is_dead(app: Flask, now: datetime) -> None:
    client = app.test_client()
    for token in ("x", "é" * 500, "%00", "..%2f..", "'--"):
        assert client.get(f"/sign-in/link/{token}").status_code in (404, 410)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_language_is_kept_for_browser_and_account(
    app: Flask, now: datetime, language: str
) -> None:
    member = make_member(app)
    client = sign_in(app, member)
    answer = press(client, "/language", language=language, next="/me?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me?x=1")
    assert f'<html lang="{language}"' in client.get("/me").get_data(as_text=True)
    assert scalar(app, "SELECT locale FROM accounts") == language
    assert f'<html lang="{language}"' in sign_in(app, member).get("/me").get_data(as_text=True)


def test_an_unknown_language_changes_nothing(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    assert press(client, "/language", language="xx", next="//evil.example").status_code == 303
    assert scalar(app, "SELECT locale FROM accounts") == "fr"


def test_a_page_of_a_signed_in_person_asks_who_they_are_once(
    app: Flask, now: datetime, count_statements: Count
) -> None:
    client = sign_in(app, make_member(app))
    with count_statements() as counted:
        assert client.get("/me/password").status_code == 200
    assert len(counted) == 2  # who it is; the page
