"""State aid on screen: managers keep the ledger, tenants see and declare their own."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db.transaction import transaction
from app.domain.aid import Rebate
from app.domain.ids import OrganisationId
from app.domain.money import Money
from app.domain.permissions import Role
from app.gateways.pdf import PlainPdf
from app.leases import service
from app.leases.aid import AidSource, Declaration
from app.leases.service import Grant
from app.spaces.queries import find_network
from tests.conftest import NOW
from tests.members import (
    Member,
    acting,
    make_member,
    make_organisation,
    press,
    scalar,
    sign_in,
)
from tests.tenants import wish

TODAY = date(2026, 11, 23)
DECLARED = {
    "declared_on": "2026-11-20",
    "signatory": "Paule Quetsche",
    "is_economic": "y",
    "legal_form": "SAS",
    "nace": "62.01Z",
}


@pytest.fixture
def owner(app: Flask, now: datetime) -> Member:
    return make_member(app)


@pytest.fixture
def company(app: Flask, owner: Member) -> OrganisationId:
    return make_organisation(app, owner, "=Quetsche SAS")


@pytest.fixture
def manager(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    member = make_member(app, "Solange", role=Role.NETWORK_MANAGER)
    monkeypatch.setitem(app.extensions, "totem.pdf", PlainPdf())
    return sign_in(app, member)


def address(company: OrganisationId) -> str:
    return f"/aid/organisations/{company}"


def declare(client: FlaskClient, company: OrganisationId, **more: str) -> TestResponse:
    return press(client, f"{address(company)}/declare", address(company), **{**DECLARED, **more})


def give(app: Flask, company: OrganisationId, owner: Member, minor: int = 198_598) -> int:
    """Enter an aid as a signature would."""
    said = Declaration(company, TODAY, True, "SAS", "62.01Z", "", "Paule")
    actor = acting(app, owner)
    with app.app_context(), transaction() as session:
        service.declare_aid(session, actor, said, now=NOW)
        grant = Grant(
            company,
            find_network(session).get_site("metz"),
            AidSource.LEASE,
            "abcd2345",
            (Rebate(TODAY, Money(minor), Money(0)),),
            TODAY,
        )
        service.record_aid(session, None, grant, now=NOW)
    found = scalar(app, "SELECT max(id) FROM aid_entries")
    assert isinstance(found, int)
    return found


def test_an_owner_declares_and_sees_what_remains(
    app: Flask, owner: Member, company: OrganisationId
) -> None:
    client = sign_in(app, owner)
    page = client.get(address(company)).get_data(as_text=True)
    assert "300\u202f000,00\u00a0€" in page
    answer = declare(
        client,
        company,
        **{
            "aids-0-received_on": "2025-05-02",
            "aids-0-granter": "Région",
            "aids-0-amount": "1000.50",
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.get(address(company)).get_data(as_text=True)
    assert "298\u202f999,50\u00a0€" in page
    assert "=Quetsche SAS" in client.get("/aid").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nace", "abc"),
        ("signatory", ""),
        ("declared_on", "1726-01-01"),
        ("aids-0-amount", "12.00"),
        ("aids-0-amount", "-5"),
        ("aids-0-received_on", "2025-05-02"),
    ],
)
def test_a_declaration_with_a_gap_is_refused_and_kept(
    app: Flask, owner: Member, company: OrganisationId, field: str, value: str
) -> None:
    answer = declare(sign_in(app, owner), company, **{field: value})
    assert answer.status_code == 422
    assert "À revoir" in answer.get_data(as_text=True) or "à revoir" in answer.get_data(
        as_text=True
    )
    assert scalar(app, "SELECT count(*) FROM aid_declarations") == 0


def test_nobody_sees_the_aid_of_others(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    entry = give(app, company, owner)
    bruno = make_member(app, "Bruno")
    make_organisation(app, bruno, "Autre SARL")
    stranger = sign_in(app, bruno)
    for path in (
        address(company),
        f"{address(company)}/declaration.pdf",
        f"/aid/{entry}/letter.pdf",
    ):
        assert stranger.get(path).status_code == 404
    assert press(stranger, f"{address(company)}/declare", "/me", **DECLARED).status_code == 404
    assert press(stranger, f"/aid/{entry}/reverse", "/me", reason="x").status_code == 403
    assert stranger.get("/aid/export.csv").status_code == 403
    assert "Quetsche" not in stranger.get("/aid").get_data(as_text=True)
    assert manager.get(address(company)).status_code == 200


def test_the_ledger_is_exported_for_the_register_without_formulas(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    entry = give(app, company, owner)
    answer = manager.get("/aid/export.csv?year=2026")
    assert answer.mimetype == "text/csv"
    heads, line = answer.get_data(as_text=True).removeprefix("\ufeff").strip().split("\r\n")
    fields = dict(zip(heads.split(";"), line.split(";"), strict=True))
    assert fields["numero_unique"] == f"TOTEM-{entry:06d}"
    assert fields["beneficiaire_nom"] == "'=Quetsche SAS"
    assert fields["montant_esb_eur"] == "1985,98"
    assert fields["date_octroi"] == "2026-11-23"
    assert fields["secteur_nace"] == "62.01Z"
    assert fields["reglement"].startswith("Règlement (UE) 2023/2831")
    empty = manager.get("/aid/export.csv?year=2024").get_data(as_text=True)
    assert len(empty.strip().split("\r\n")) == 1
    assert manager.get("/aid?year=abcd").status_code == 200


def test_the_papers_name_amount_regulation_and_years_to_keep(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    entry = give(app, company, owner)
    tenant = sign_in(app, owner)
    letter = tenant.get(f"/aid/{entry}/letter.pdf")
    assert letter.mimetype == "application/pdf"
    declaration = tenant.get(f"{address(company)}/declaration.pdf")
    assert declaration.status_code == 200
    letter_html, declaration_html = app.extensions["totem.pdf"].written
    assert "1\u202f985,98\u00a0€" in letter_html
    assert "2,5\u00a0%" in letter_html
    assert "2023/2831" in letter_html
    assert "10\u00a0ans" in letter_html or "10 ans" in letter_html
    assert "298\u202f014,02\u00a0€" in declaration_html


def test_an_aid_is_reversed_with_a_reason_and_stays_on_record(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    entry = give(app, company, owner)
    assert press(manager, f"/aid/{entry}/reverse", address(company), reason="").status_code == 303
    assert scalar(app, "SELECT count(*) FROM aid_entries") == 1
    done = press(manager, f"/aid/{entry}/reverse", address(company), reason="Bail rompu")
    assert done.status_code == 303
    page = manager.get(address(company)).get_data(as_text=True)
    assert "Bail rompu" in page
    assert press(manager, f"/aid/{entry}/reverse", address(company), reason="x").status_code == 404


def test_linked_companies_are_shown_and_count_together(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    other = make_organisation(app, make_member(app, "Bruno"), "Mirabelle SARL")
    give(app, company, owner)
    fields = {"other": str(other), "reason": "Filiale à 80 %"}
    linked = press(manager, f"{address(company)}/links", address(company), **fields)
    assert linked.status_code == 303
    assert "298\u202f014,02" in manager.get(address(other)).get_data(as_text=True)
    again = press(
        manager, f"{address(other)}/links", address(other), other=str(company), reason="x"
    )
    assert again.status_code == 422
    link = scalar(app, "SELECT id FROM undertaking_links")
    ended = press(manager, f"{address(company)}/links/{link}/end", address(company))
    assert ended.status_code == 303
    assert "298\u202f014,02" not in manager.get(address(other)).get_data(as_text=True)


def test_headroom_stands_on_the_lease_and_its_lack_refuses_the_signature(
    app: Flask, owner: Member, company: OrganisationId, manager: FlaskClient
) -> None:
    boss = acting(app, make_member(app, "Reine", role=Role.NETWORK_MANAGER))
    wanted = wish(company, first=date(2026, 12, 1), last=date(2029, 11, 30))
    with app.app_context(), transaction() as session:
        ref = service.draft_lease(session, boss, wanted, now=NOW).ref
        service.offer(session, boss, ref, now=NOW)
    page = manager.get(f"/leases/{ref}").get_data(as_text=True)
    assert "Aide d’État" in page
    fields = {"signed_on": "2026-11-23", "signatory": "Paule"}
    refused = press(manager, f"/leases/{ref}/sign", f"/leases/{ref}", **fields)
    assert refused.status_code == 422
    assert "aides de minimis" in refused.get_data(as_text=True)
    assert declare(manager, company).status_code == 303
    assert press(manager, f"/leases/{ref}/sign", f"/leases/{ref}", **fields).status_code == 303
    assert scalar(app, "SELECT count(*) FROM aid_entries") == 1


def test_a_month_of_rebates_is_valued_on_screen(app: Flask, manager: FlaskClient) -> None:
    assert press(manager, "/aid/rebates", "/aid", month="2026-13").status_code == 422
    assert press(manager, "/aid/rebates", "/aid", month="2026-10").status_code == 303


def test_the_command_values_a_month(app: Flask, now: datetime) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["leases", "value-aid", "2026-10"])
    assert result.exit_code == 0, result.output
    assert "Nothing new" in result.output
