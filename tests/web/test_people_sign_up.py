"""Signing up and choosing passwords: the mailbox is proven first, and nothing is given away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import clock
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

EMAIL = "nora@people.example"


def sign_up(client: FlaskClient, email: str = EMAIL, name: str = "Nora Weber") -> TestResponse:
    data = {"csrf_token": csrf_of(client, "/sign-up"), "email": email, "name": name}
    return client.post("/sign-up", data=data)


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_somebody_new_confirms_their_address_and_is_in(app: Flask, now: datetime) -> None:
    client = app.test_client()
    assert sign_up(client, "Nora@People.example").status_code == 200
    assert not is_in(client)
    path = mailed_path(app)
    assert EMAIL in client.get(path).get_data(as_text=True)
    assert press(client, path, path, password=PASSWORD).status_code == 303
    assert "Nora Weber" in client.get("/me").get_data(as_text=True)
    assert try_sign_in(app.test_client(), EMAIL).status_code == 303


def test_a_password_is_not_needed(app: Flask, now: datetime) -> None:
    client = app.test_client()
    sign_up(client)
    path = mailed_path(app)
    assert press(client, path, path, password="").status_code == 303
    assert is_in(client)
    assert scalar(app, "SELECT password_hash FROM accounts") is None


def test_a_stranger_who_chose_a_place_finds_it_again_once_confirmed(
    app: Flask, now: datetime
) -> None:
    client, place = app.test_client(), "/spaces/metz-koltes?date=2026-11-24&people=8"
    client.get("/sign-in", query_string={"next": place})
    sign_up(client)
    path = mailed_path(app)
    answer = press(client, path, path, password="")
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_a_letter_opened_in_another_browser_leads_home(app: Flask, now: datetime) -> None:
    first, other = app.test_client(), app.test_client()
    first.get("/sign-in?next=/me/tokens")
    sign_up(first)
    path = mailed_path(app)
    answer = press(other, path, path, password="")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize("password", ["kurz", "neuf sign", " " * 20, "x" * 201])
def test_a_bad_password_keeps_the_link_alive(app: Flask, now: datetime, password: str) -> None:
    client = app.test_client()
    sign_up(client)
    path = mailed_path(app)
    answer = press(client, path, path, password=password)
    assert answer.status_code == 422
    assert password not in answer.get_data(as_text=True) or password.isspace()
    assert press(client, path, path, password=PASSWORD).status_code == 303


def test_signing_up_with_a_known_address_gives_nothing_away(app: Flask, now: datetime) -> None:
    make_member(app)
    known = sign_up(app.test_client(), "anais@people.example")
    unknown = sign_up(app.test_client(), EMAIL)
    assert known.status_code == unknown.status_code == 200
    assert without_tokens(known).replace("anais@people.example", "") == without_tokens(
        unknown
    ).replace(EMAIL, "")
    letters = {to: subject for to, subject, _text in delivered(app)}
    assert letters == {
        "anais@people.example": "Vous avez déjà un compte",
        EMAIL: "Confirmez votre adresse",
    }


def test_the_letter_to_a_known_address_signs_them_in(app: Flask, now: datetime) -> None:
    make_member(app)
    client = app.test_client()
    sign_up(client, "anais@people.example", "Somebody Else")
    path = mailed_path(app)
    assert press(client, path, path).status_code == 303
    assert "Anaïs" in client.get("/me").get_data(as_text=True)


def test_nobody_enters_an_account_before_its_address_is_proven(app: Flask, now: datetime) -> None:
    sign_up(app.test_client())
    assert try_sign_in(app.test_client(), EMAIL).status_code == 422


def test_a_confirmation_dies_after_a_day(app: Flask, now: datetime) -> None:
    client = app.test_client()
    sign_up(client)
    path = mailed_path(app)
    with clock.freeze(now + timedelta(hours=24)):
        assert client.get(path).status_code == 410
        assert press(client, path, "/sign-in", password=PASSWORD).status_code == 410


@pytest.mark.parametrize(
    ("email", "name", "kept"),
    [
        ("", "Nora", "Nora"),
        (EMAIL, "", EMAIL),
        (EMAIL, "   ", EMAIL),
        ("nora", "Nora", "Nora"),
        (EMAIL, "x" * 121, EMAIL),
        (EMAIL, "Gagnez www.evil.example", EMAIL),
        (EMAIL, "https://evil.example", EMAIL),
        (EMAIL, "Nora\r\nBcc: x@y.fr", EMAIL),
        (EMAIL, "\u202eNora", EMAIL),
        (EMAIL, "a\0b", EMAIL),
    ],
)
def test_a_form_that_does_not_do_is_shown_again_as_typed(
    app: Flask, now: datetime, email: str, name: str, kept: str
) -> None:
    answer = sign_up(app.test_client(), email, name)
    assert answer.status_code == 422
    assert f'value="{kept}"' in answer.get_data(as_text=True)
    assert scalar(app, "SELECT count(*) FROM accounts") == 0
    assert scalar(app, "SELECT count(*) FROM outbox") == 0


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "O’Brien & Söhne", "李小龙", "{{ 7*7 }}"]
)
def test_any_name_is_shown_as_it_is(app: Flask, now: datetime, name: str) -> None:
    client = app.test_client()
    sign_up(client, name=name)
    path = mailed_path(app)
    press(client, path, path)
    page = client.get("/me").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "49" not in page.split("<h1>")[1].split("</h1>")[0]
    assert scalar(app, "SELECT name FROM accounts") == name


def test_sign_ups_are_not_sent_without_end(app: Flask, now: datetime) -> None:
    client = app.test_client()
    assert [sign_up(client).status_code for _ in range(6)] == [200] * 5 + [429]


def forgot(client: FlaskClient, email: str) -> TestResponse:
    data = {"csrf_token": csrf_of(client, "/password/forgot"), "email": email}
    return client.post("/password/forgot", data=data)


def test_a_forgotten_password_is_chosen_again_and_signs_out_the_rest(
    app: Flask, now: datetime
) -> None:
    member = make_member(app)
    thief = sign_in(app, member)
    client = app.test_client()
    assert forgot(client, member.email).status_code == 200
    path = mailed_path(app)
    assert press(client, path, path, password="une autre phrase").status_code == 303
    assert is_in(client)
    assert not is_in(thief)
    assert try_sign_in(app.test_client(), member.email).status_code == 422
    assert try_sign_in(app.test_client(), member.email, "une autre phrase").status_code == 303
    to, subject, _text = delivered(app)[-1]
    assert (to, subject) == (member.email, "Votre mot de passe a changé")


def test_a_reset_works_once_and_for_an_hour(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client = app.test_client()
    forgot(client, member.email)
    path = mailed_path(app)
    with clock.freeze(now + timedelta(hours=1)):
        assert client.get(path).status_code == 410
    assert client.get(path).status_code == 200
    assert press(client, path, path, password="une autre phrase").status_code == 303
    other = app.test_client()
    assert press(other, path, "/sign-in", password="encore une phrase").status_code == 410


def test_a_reset_tells_nobody_who_has_an_account(app: Flask, now: datetime) -> None:
    make_member(app)
    known = forgot(app.test_client(), "anais@people.example")
    unknown = forgot(app.test_client(), EMAIL)
    assert without_tokens(known).replace("anais@people.example", "") == without_tokens(
        unknown
    ).replace(EMAIL, "")
    assert [to for to, _subject, _text in delivered(app)] == ["anais@people.example"]


def test_a_password_is_changed_by_who_knows_it(app: Flask, now: datetime) -> None:
    member = make_member(app)
    client, phone = sign_in(app, member), sign_in(app, member)
    page = "/me/password"
    wrong = press(client, page, page, current="une phrase fausse", password="une autre phrase")
    assert wrong.status_code == 422
    right = press(client, page, page, current=PASSWORD, password="une autre phrase")
    assert right.status_code == 303
    assert is_in(client)
    assert not is_in(phone)
    assert try_sign_in(app.test_client(), member.email, "une autre phrase").status_code == 303


def test_an_open_screen_does_not_guess_the_password(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    page = "/me/password"
    answers = [
        press(client, page, page, current="une phrase fausse", password=PASSWORD).status_code
        for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]
