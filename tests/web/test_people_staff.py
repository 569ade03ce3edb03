"""The staff's pages: people found, trusted and proven by who may, and by nobody else."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.domain.permissions import Role
from tests.members import acting, make_member, press, scalar, sign_in

PROOF = {
    "profile": "student",
    "valid_from": "2026-11-23",
    "valid_until": "2027-11-22",
    "proof": "Carte vue",
}


def test_staff_finds_people_by_name_or_address(app: Flask, now: datetime) -> None:
    make_member(app, "Nora Weber")
    make_member(app, "Ali Haddad")
    clerk = sign_in(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="nancy"))
    page = clerk.get("/people?q=weber").get_data(as_text=True)
    assert "Nora Weber" in page
    assert "Ali Haddad" not in page
    assert "Ali Haddad" in clerk.get("/people").get_data(as_text=True)
    for hostile in ("%", "_", "\\", "'; --", "x" * 5000, "\0", "é" * 300):
        assert clerk.get("/people", query_string={"q": hostile}).status_code == 200


@pytest.mark.parametrize("path", ["/people", "/people/grants", "/people/1"])
def test_members_do_not_see_the_staffs_pages(app: Flask, now: datetime, path: str) -> None:
    assert sign_in(app, make_member(app)).get(path).status_code == 403


def test_a_concierge_accepts_a_proof_and_ends_it(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora")
    clerk = sign_in(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="metz"))
    path = f"/people/{nora.id}"
    assert press(clerk, f"{path}/profiles", path, **PROOF).status_code == 303
    page = clerk.get(path).get_data(as_text=True)
    assert "Carte vue" in page
    assert "Clerk" in page
    mine = sign_in(app, nora).get("/me").get_data(as_text=True)
    assert "Étudiant" in mine
    assert "Carte vue" not in mine
    profile_id = scalar(app, "SELECT id FROM profiles")
    assert press(clerk, f"/people/profiles/{profile_id}/end", path).status_code == 303
    assert press(clerk, f"/people/profiles/{profile_id}/end", path).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"profile": "king"},
        {"proof": " "},
        {"valid_from": "2027-12-01"},
        {"valid_from": "yesterday"},
        {"valid_from": ""},
        {"valid_until": "9999-12-31"},
        {"valid_until": "0001-01-01"},
        {"proof": "x" * 1001},
    ],
)
def test_a_proof_that_does_not_do_is_not_accepted(
    app: Flask, now: datetime, fields: dict[str, str]
) -> None:
    nora = make_member(app, "Nora")
    clerk = sign_in(app, make_member(app, "Clerk", role=Role.CONCIERGE, site="metz"))
    path = f"/people/{nora.id}"
    answer = press(clerk, f"{path}/profiles", path, **{**PROOF, **fields})
    assert answer.status_code == 422
    assert scalar(app, "SELECT count(*) FROM profiles") == 0


def test_a_concierge_grants_no_role_and_no_profile_to_themselves(app: Flask, now: datetime) -> None:
    clerk = make_member(app, "Clerk", role=Role.CONCIERGE, site="metz")
    client = sign_in(app, clerk)
    path = f"/people/{clerk.id}"
    role = {"role": "manager", "site": "metz", "reason": "moi"}
    assert press(client, f"{path}/roles", path, **role).status_code == 403
    assert press(client, f"{path}/profiles", "/me", **PROOF).status_code == 403
    assert "/roles" not in client.get(path).get_data(as_text=True)


def test_a_manager_grants_at_their_site_only(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora")
    boss = sign_in(app, make_member(app, "Boss", role=Role.MANAGER, site="metz"))
    path = f"/people/{nora.id}"
    for role, site in (
        ("concierge", "nancy"),
        ("network_manager", ""),
        ("network_manager", "metz"),
        ("king", "metz"),
        ("concierge", "atlantis"),
    ):
        given = {"role": role, "site": site, "reason": "essai"}
        assert press(boss, f"{path}/roles", path, **given).status_code == 422
    assert acting(app, nora).grants == frozenset()
    given = {"role": "concierge", "site": "metz", "reason": "Arrivée en novembre"}
    assert press(boss, f"{path}/roles", path, **given).status_code == 303
    assert acting(app, nora).has(Role.CONCIERGE, "metz")
    again = press(boss, f"{path}/roles", path, **given)
    assert again.status_code == 422
    assert "déjà ce rôle" in again.get_data(as_text=True)
    assert "Arrivée en novembre" in boss.get("/people/grants").get_data(as_text=True)


def test_a_manager_does_not_end_a_role_elsewhere(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora", role=Role.CONCIERGE, site="nancy")
    boss = sign_in(app, make_member(app, "Boss", role=Role.MANAGER, site="metz"))
    role_id = scalar(app, "SELECT id FROM roles WHERE account_id = :id", id=nora.id)
    page = boss.get(f"/people/{nora.id}").get_data(as_text=True)
    assert f"/people/roles/{role_id}/revoke" not in page
    assert press(boss, f"/people/roles/{role_id}/revoke").status_code == 403
    assert acting(app, nora).has(Role.CONCIERGE, "nancy")


def test_the_network_grants_everything_and_signs_the_person_out(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora")
    boss = sign_in(app, make_member(app, "Boss", role=Role.NETWORK_MANAGER))
    phone = sign_in(app, nora)
    path = f"/people/{nora.id}"
    for role, site in (("manager", "thionville-gare"), ("network_manager", "")):
        given = {"role": role, "site": site, "reason": "essai"}
        assert press(boss, f"{path}/roles", path, **given).status_code == 303
    assert phone.get("/me").status_code == 302
    mismatched = {"role": "manager", "site": "", "reason": "essai"}
    assert press(boss, f"{path}/roles", path, **mismatched).status_code == 422


def test_the_last_manager_of_the_network_stays(app: Flask, now: datetime) -> None:
    boss = make_member(app, "Boss", role=Role.NETWORK_MANAGER)
    client = sign_in(app, boss)
    role_id = scalar(app, "SELECT id FROM roles")
    refused = press(client, f"/people/roles/{role_id}/revoke")
    assert refused.status_code == 409
    assert "responsable du réseau" in refused.get_data(as_text=True)
    assert press(client, f"/people/{boss.id}/disable").status_code == 409
    make_member(app, "Other", role=Role.NETWORK_MANAGER)
    assert press(client, f"/people/roles/{role_id}/revoke").status_code == 303
    assert client.get("/me").status_code == 200
    assert client.get("/people").status_code == 403


def test_whoever_changes_their_own_rights_goes_on_under_a_fresh_key(
    app: Flask, now: datetime
) -> None:
    boss = make_member(app, "Boss", role=Role.NETWORK_MANAGER)
    client = sign_in(app, boss)
    before = client.get_cookie("totem")
    assert before is not None
    path = f"/people/{boss.id}"
    given = {"role": "concierge", "site": "metz", "reason": "Remplacement"}
    assert press(client, f"{path}/roles", path, **given).status_code == 303
    thief = app.test_client()
    thief.set_cookie("totem", before.value)
    assert client.get("/me").status_code == 200
    assert thief.get("/me").status_code == 302


def test_an_account_is_closed_and_opened_again_by_the_network(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora")
    phone = sign_in(app, nora)
    boss = sign_in(app, make_member(app, "Boss", role=Role.NETWORK_MANAGER))
    path = f"/people/{nora.id}"
    assert press(boss, f"{path}/disable", path).status_code == 303
    assert phone.get("/me").status_code == 302
    assert press(boss, f"{path}/enable", path).status_code == 303
    sign_in(app, nora)


def test_only_the_network_closes_accounts(app: Flask, now: datetime) -> None:
    nora = make_member(app, "Nora")
    boss = sign_in(app, make_member(app, "Boss", role=Role.MANAGER, site="metz"))
    assert press(boss, f"/people/{nora.id}/disable").status_code == 403


@pytest.mark.parametrize("number", ["0", "4711", "9" * 15, "9" * 30, "x"])
def test_a_person_who_is_not_there_is_not_found(app: Flask, now: datetime, number: str) -> None:
    boss = sign_in(app, make_member(app, "Boss", role=Role.NETWORK_MANAGER))
    assert boss.get(f"/people/{number}").status_code == 404
    role = {"role": "concierge", "site": "metz", "reason": "essai"}
    for path, fields in (
        (f"/people/{number}/roles", role),
        (f"/people/{number}/profiles", PROOF),
        (f"/people/{number}/disable", {}),
        (f"/people/{number}/enable", {}),
        (f"/people/roles/{number}/revoke", {}),
        (f"/people/profiles/{number}/end", {}),
    ):
        assert press(boss, path, **fields).status_code == 404, path
