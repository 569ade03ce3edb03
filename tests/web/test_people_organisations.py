"""Organisations on screen: founded, described, joined by letter, and closed to strangers."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.permissions import Role
from tests.members import (
    PASSWORD,
    add_member,
    delivered,
    mailed_path,
    make_member,
    make_organisation,
    press,
    scalar,
    sign_in,
    try_sign_in,
)

GUEST = "bruno@people.example"


def found(client: FlaskClient, **fields: str) -> str:
    answer = press(client, "/organisations/new", "/organisations/new", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_an_organisation_is_founded_and_described(app: Flask, now: datetime) -> None:
    client = sign_in(app, make_member(app))
    path = found(client, name="Quetsche SAS", siren="424 761 419", vat_id="fr22 424761419")
    page = client.get(path).get_data(as_text=True)
    assert "Quetsche SAS" in page
    assert "424\u00a0761\u00a0419" in page
    assert "FR22424761419" in page
    assert "forme vérifiée, non vérifié en ligne" in page
    edited = press(client, f"{path}/edit", f"{path}/edit", name="Quetsche", siren="", vat_id="")
    assert edited.status_code == 303
    assert scalar(app, "SELECT name FROM organisations") == "Quetsche"
    assert scalar(app, "SELECT siren FROM organisations") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("siren", "123456789"), ("siren", "x" * 50), ("vat_id", "FR00424761419"), ("name", "")],
)
def test_a_wrong_number_is_seen_and_the_form_kept(
    app: Flask, now: datetime, field: str, value: str
) -> None:
    client = sign_in(app, make_member(app))
    given = {"name": "Quetsche SAS", "siren": "424761419", "vat_id": "", field: value}
    answer = press(client, "/organisations/new", "/organisations/new", **given)
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.get_data(as_text=True)
    assert scalar(app, "SELECT count(*) FROM organisations") == 0


def test_a_colleague_with_an_account_signs_in_and_accepts(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    owner = sign_in(app, anais)
    path = f"/organisations/{make_organisation(app, anais)}"
    invited = press(owner, f"{path}/invite", path, email="Bruno@people.example", role="member")
    assert invited.status_code == 303
    to, subject, body = delivered(app)[-1]
    assert to == GUEST
    assert "Quetsche SAS" in subject
    assert "Anaïs" in body
    link = mailed_path(app)
    guest = app.test_client()
    page = guest.get(link).get_data(as_text=True)
    assert f"/sign-in?next={link}" in page
    assert try_sign_in(guest, bruno.email, next_path=link).headers["Location"] == link
    assert press(guest, link, link).status_code == 303
    assert guest.get(path).status_code == 200
    assert guest.get(link).status_code == 410


def test_somebody_new_accepts_in_one_step(app: Flask, now: datetime) -> None:
    anais = make_member(app)
    owner = sign_in(app, anais)
    path = f"/organisations/{make_organisation(app, anais)}"
    press(owner, f"{path}/invite", path, email=GUEST, role="owner")
    link = mailed_path(app)
    guest = app.test_client()
    refused = press(guest, f"{link}/join", link, name="", password=PASSWORD)
    assert refused.status_code == 422
    joined = press(guest, f"{link}/join", link, name="Bruno", password=PASSWORD)
    assert joined.status_code == 303
    assert guest.get(f"{path}/edit").status_code == 200
    assert try_sign_in(app.test_client(), GUEST).status_code == 303


def test_the_wrong_person_is_told_so_and_uses_nothing_up(app: Flask, now: datetime) -> None:
    anais, carla = make_member(app), make_member(app, "Carla")
    owner = sign_in(app, anais)
    path = f"/organisations/{make_organisation(app, anais)}"
    press(owner, f"{path}/invite", path, email=GUEST, role="member")
    link = mailed_path(app)
    intruder = sign_in(app, carla)
    assert GUEST in intruder.get(link).get_data(as_text=True)
    assert press(intruder, link).status_code == 403
    assert app.test_client().get(link).status_code == 200


def test_a_member_invited_again_is_told_on_the_form(app: Flask, now: datetime) -> None:
    anais = make_member(app)
    client = sign_in(app, anais)
    path = f"/organisations/{make_organisation(app, anais)}"
    answer = press(client, f"{path}/invite", path, email=anais.email, role="member")
    assert answer.status_code == 422
    assert "déjà partie" in answer.get_data(as_text=True)


@pytest.mark.parametrize("verb", ["", "/edit"])
def test_a_stranger_does_not_even_learn_that_it_is_there(
    app: Flask, now: datetime, verb: str
) -> None:
    company = make_organisation(app, make_member(app, "Boss"))
    client = sign_in(app, make_member(app))
    there = client.get(f"/organisations/{company}{verb}")
    nowhere = client.get(f"/organisations/{company + 4711}{verb}")
    assert there.status_code == nowhere.status_code == 404


@pytest.mark.parametrize(
    "deed", ["invite", "edit", "members/1/remove", "members/1/role/owner", "profiles"]
)
def test_a_stranger_changes_nothing(app: Flask, now: datetime, deed: str) -> None:
    company = make_organisation(app, make_member(app, "Boss"))
    client = sign_in(app, make_member(app))
    fields = {"name": "X", "email": GUEST, "role": "owner"}
    answer = press(client, f"/organisations/{company}/{deed}", **fields)
    assert answer.status_code in (403, 404)
    assert scalar(app, "SELECT name FROM organisations") == "Quetsche SAS"
    assert scalar(app, "SELECT count(*) FROM invitations") == 0


def test_a_plain_member_sees_but_does_not_manage(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)
    client = sign_in(app, bruno)
    path = f"/organisations/{company}"
    page = client.get(path).get_data(as_text=True)
    assert "Anaïs" in page
    assert f"{path}/invite" not in page
    assert press(client, f"{path}/members/{anais.id}/remove", path).status_code == 403


def test_owners_name_owners_and_everybody_may_leave_but_the_last(app: Flask, now: datetime) -> None:
    anais, bruno = make_member(app), make_member(app, "Bruno")
    company = make_organisation(app, anais)
    add_member(app, company, bruno)
    path = f"/organisations/{company}"
    client = sign_in(app, anais)
    assert press(client, f"{path}/members/{anais.id}/remove", path).status_code == 409
    named = press(client, f"{path}/members/{bruno.id}/role/owner", path)
    assert named.status_code == 303
    assert press(client, f"{path}/members/{bruno.id}/role/king", path).status_code == 422
    assert press(client, f"{path}/members/{anais.id}/remove", path).status_code == 303
    assert client.get(path).status_code == 404


def test_staff_sees_an_organisation_and_proves_its_profile(app: Flask, now: datetime) -> None:
    company = make_organisation(app, make_member(app))
    clerk = sign_in(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="metz"))
    path = f"/organisations/{company}"
    granted = press(
        clerk,
        f"{path}/profiles",
        path,
        profile="association",
        valid_from="2026-11-23",
        valid_until="2027-11-22",
        proof="Récépissé vu",
    )
    assert granted.status_code == 303
    assert "Récépissé vu" in clerk.get(path).get_data(as_text=True)
    assert scalar(app, "SELECT profile FROM profiles WHERE organisation_id = :id", id=company) == (
        "association"
    )
