"""The pages of leases: a manager leads one through its life, its tenant only sees it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import jobs
from app.db.transaction import transaction
from app.domain.ids import OrganisationId
from app.domain.permissions import Role
from app.gateways.pdf import PlainPdf
from app.people import queries as people
from tests.conftest import NOW
from tests.factories import csrf_of
from tests.members import make_member, make_organisation, press, scalar, sign_in
from tests.screens import heading, links, text_of, value_of
from tests.tenants import declared

SIGNED_ON = date(2025, 11, 20)
TERMS = {
    "space": "metz-bureau-101",
    "title": "derogatory",
    "first_day": "2025-12-01",
    "last_day": "2028-11-30",
    "area": "18,00",
    "rent": "150",
    "stages-0-months": "12",
    "stages-0-percent": "50",
    "stages-1-months": "24",
    "stages-1-percent": "75",
    "charges": "4,00",
    "services_price": "0",
    "deposit": "112,50",
    "vat": "standard",
    "series": "ILAT",
    "base_year": "2023",
    "base_quarter": "4",
}


@pytest.fixture
def letters(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PlainPdf:
    """The letters written in this test, by the twin in memory."""
    twin = PlainPdf()
    monkeypatch.setitem(app.extensions, "totem.pdf", twin)
    return twin


@pytest.fixture
def manager(app: Flask, now: datetime) -> FlaskClient:
    """A manager of Metz, signed in."""
    return sign_in(app, make_member(app, "Solange", role=Role.MANAGER, site="metz"))


@pytest.fixture
def tenant(app: Flask, manager: FlaskClient) -> tuple[FlaskClient, str]:
    """The owner of an organisation, signed in, and the organisation."""
    owner = make_member(app, "Paule")
    organisation = make_organisation(app, owner)
    return sign_in(app, owner), str(organisation)


def written(manager: FlaskClient, organisation: str, **terms: str) -> TestResponse:
    """Type a lease and save it."""
    return press(
        manager, "/leases/new", "/leases/new", **(TERMS | {"organisation": organisation} | terms)
    )


def declare(app: Flask, organisation: str) -> None:
    """Note that an organisation declared no aid from elsewhere, the day it signs."""
    with app.app_context(), transaction() as session:
        solange = people.find_account_by_email(session, "solange@people.example")
        assert solange is not None
        actor = people.actor_of(session, solange.id)
        assert actor is not None
        declared(session, actor, OrganisationId(int(organisation)), SIGNED_ON, now=NOW)


def signed(manager: FlaskClient, organisation: str, **terms: str) -> str:
    """Write, offer and sign a lease; gives the address of its page."""
    page = written(manager, organisation, **terms).headers["Location"]
    assert press(manager, f"{page}/offer", page).status_code == 303
    declare(manager.application, organisation)
    answer = press(
        manager, f"{page}/sign", page, signed_on=SIGNED_ON.isoformat(), signatory="Paule Quetsche"
    )
    assert answer.status_code == 303, text_of(answer)
    return page


def record(manager: FlaskClient, page: str, way: str, day: str, **more: str) -> TestResponse:
    """Fill in an inventory of one thing."""
    path = f"{page}/inventory/{way}"
    rows = {f"things-{number}-condition": "good" for number in range(10)}
    things = {"things-0-name": "Porte", "done_on": day, "keys": "2"}
    return press(manager, path, path, **(rows | things | more))


def test_the_card_proposes_the_terms_of_an_office(manager: FlaskClient) -> None:
    answer = manager.get("/leases/new?space=metz-bureau-102")
    assert heading(answer) == "Nouveau bail"
    assert (value_of(answer, "area"), value_of(answer, "rent")) == ("24,00", "150,00")
    assert value_of(answer, "deposit") == "150,00"
    assert value_of(answer, "stages-1-percent") == "75"
    assert value_of(answer, "first_day") == "2026-12-01"
    assert value_of(answer, "last_day") == "2029-11-30"
    assert value_of(answer, "base_year") == "2025"
    assert manager.get("/leases/new?space=nancy-bureau-301").status_code == 404


def test_a_manager_leads_a_lease_from_draft_to_deposit(
    app: Flask, manager: FlaskClient, tenant: tuple[FlaskClient, str], letters: PlainPdf
) -> None:
    page = signed(manager, tenant[1])
    assert "Noter la signature" not in text_of(manager.get(page))
    assert record(manager, page, "in", "2025-12-01").status_code == 303
    shown = text_of(manager.get(page))
    assert "en cours" in shown
    assert "bail dérogatoire (L145-5)" in shown
    assert "12 mois à 50 %, puis 24 mois à 75 %" in shown
    damage = {"things-0-condition": "damaged", "things-0-kept": "40,5"}
    assert record(manager, page, "out", "2026-11-20", **damage).status_code == 303
    shown = text_of(manager.get(page))
    assert "À rendre 72,00 €" in shown
    assert press(manager, f"{page}/deposit", page).status_code == 303
    assert "Rendu le" in text_of(manager.get(page))
    assert "libre" in text_of(manager.get("/leases"))
    assert "Quetsche SAS" in text_of(manager.get("/leases?ended"))


def test_an_offer_goes_to_the_owners_with_its_letter(
    app: Flask, manager: FlaskClient, tenant: tuple[FlaskClient, str], letters: PlainPdf
) -> None:
    page = written(manager, tenant[1]).headers["Location"]
    press(manager, f"{page}/offer", page)
    jobs.deliver_due(app)
    mailer = app.extensions["totem.mailer"]
    (mail,) = [each for each in mailer.sent if "Un bureau" in str(each["Subject"])]
    (attached,) = list(mail.iter_attachments())
    assert attached.get_content_type() == "application/pdf"
    words = attached.get_content().decode()
    for said in ("Association TCRM-Blida", "Quetsche SAS", "2 700,00 €", "221,40 €"):
        assert said in words.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_rent_of_each_month_tells_how_it_was_made(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1])
    shown = text_of(manager.get(f"{page}/rent"))
    assert "décembre 2025" in shown
    assert "Loyer : 112,50 € = 2 700,00 € par an × 50 % ÷ 12" in shown
    assert "184,50 €" in shown
    assert "221,40 €" in shown
    table = manager.get(f"{page}/rent.csv").get_data(as_text=True)
    first = table.splitlines()[1].split(";")
    assert first[:5] == ["2025-12", "Loyer", "2025-12-01", "2025-12-31", "112,50"]
    assert len(table.splitlines()) == 1 + 2 * 36


def test_who_stays_on_sees_what_each_day_costs(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1], last_day="2026-11-15")
    assert record(manager, page, "in", "2025-12-01").status_code == 303
    for reader in (manager, tenant[0]):
        shown = text_of(reader.get(f"{page}/rent"))
        assert "Indemnité d’occupation, le bail étant fini : 49,20 €" in shown
        assert "184,50 € par mois × 8/30 jours" in shown
    assert "indemnité" in manager.get(f"{page}/rent.csv").get_data(as_text=True).lower()


def test_letters_are_real_pdf_files(manager: FlaskClient, tenant: tuple[FlaskClient, str]) -> None:
    page = signed(manager, tenant[1])
    letter = manager.get(f"{page}/offer.pdf")
    assert letter.mimetype == "application/pdf"
    assert letter.data.startswith(b"%PDF-1.7")


def test_an_office_let_bare_is_shown_without_tax(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1], vat="exempt_letting")
    assert "221,40 €" not in text_of(manager.get(f"{page}/rent"))


def test_a_revision_is_made_told_and_settled(
    app: Flask, manager: FlaskClient, tenant: tuple[FlaskClient, str], letters: PlainPdf
) -> None:
    terms = {"first_day": "2024-07-01", "last_day": "2027-06-30"}
    page = signed(manager, tenant[1], **terms)
    assert record(manager, page, "in", "2024-07-01").status_code == 303
    assert "2 révisions du loyer sont à faire." in text_of(manager.get(page))
    assert press(manager, f"{page}/revise", page).status_code == 303
    shown = text_of(manager.get(page))
    assert "2 700,00 € × 137,29 ÷ 133,69 = 2 772,71 € par an" in shown
    assert "+2,69 %" in shown
    assert "L’ILAT du T4 2025 n’est pas encore publié" in shown
    notice = manager.get(f"{page}/revisions/2025-07-01.pdf").get_data(as_text=True)
    assert "173,29" in notice
    assert "régularis" not in notice
    assert manager.get(f"{page}/revisions/2025-07-02.pdf").status_code == 404
    subjects = [subject for _to, subject in sent(app)]
    assert sum("Révision du loyer" in subject for subject in subjects) == 2


def sent(app: Flask) -> list[tuple[str, str]]:
    """Deliver what is due; gives all mails so far as (to, subject)."""
    jobs.deliver_due(app)
    return [(str(m["To"]), str(m["Subject"])) for m in app.extensions["totem.mailer"].sent]


def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    answer = written(manager, tenant[1], area="1000000", services="Ménage")
    assert answer.status_code == 422
    assert "Aucun bureau n’a 1 000 000 m²" in text_of(answer)
    assert value_of(answer, "services") == "Ménage"
    answer = written(manager, tenant[1], deposit="225,01")
    assert "jusqu’à deux mois de loyer" in text_of(answer)
    answer = written(manager, tenant[1], title="precarious")
    assert "a besoin d’un motif" in text_of(answer)
    answer = written(manager, tenant[1], rent="cent")
    assert "Écrivez un nombre" in text_of(answer)
    answer = written(manager, tenant[1], **{"stages-1-percent": ""})
    assert "Chaque palier" in text_of(answer)
    answer = written(manager, "999999")
    assert answer.status_code == 422


def test_a_lease_of_more_than_36_months_is_stopped_with_its_last_day(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = written(manager, tenant[1], last_day="2028-12-01").headers["Location"]
    answer = press(manager, f"{page}/offer", page)
    assert answer.status_code == 422
    assert "Le dernier jour possible est le jeudi 30 novembre 2028" in text_of(answer)


def test_an_office_that_is_taken_cannot_be_signed_again(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    signed(manager, tenant[1])
    page = written(manager, tenant[1]).headers["Location"]
    answer = press(manager, f"{page}/offer", page)
    assert answer.status_code == 422  # nothing is left of the 36 months
    page = written(manager, tenant[1], title="services", services="Accueil").headers["Location"]
    press(manager, f"{page}/offer", page)
    answer = press(manager, f"{page}/sign", page, signed_on="2026-11-20", signatory="Paule")
    assert answer.status_code == 422
    assert "déjà pris" in text_of(answer)
    assert "offert" in text_of(manager.get(page))


def test_a_tenant_sees_the_lease_once_offered_and_can_change_nothing(
    manager: FlaskClient, tenant: tuple[FlaskClient, str], letters: PlainPdf
) -> None:
    owner, organisation = tenant
    page = written(manager, organisation).headers["Location"]
    assert owner.get(page).status_code == 404
    theirs = f"/organisations/{organisation}"
    assert page not in links(owner.get(theirs))
    press(manager, f"{page}/offer", page)
    assert page in links(owner.get(theirs))
    assert "Bureau 101, Totem de Metz" in text_of(owner.get(theirs))
    assert page in links(owner.get("/me/leases"))
    shown = text_of(owner.get(page))
    assert "Et maintenant" not in shown
    assert "Ce qui a été fait" not in shown
    assert owner.get(f"{page}/offer.pdf").data.startswith(b"%PDF")
    assert owner.get(f"{page}/rent").status_code == 200
    assert owner.get("/leases").status_code == 403
    token = csrf_of(owner, "/me")
    refused = owner.post(
        f"{page}/sign", data={"csrf_token": token, "signed_on": "2026-11-20", "signatory": "X"}
    )
    assert refused.status_code == 403
    assert f"/organisations/{organisation}" in links(owner.get("/organisations"))


def test_strangers_and_other_tenants_do_not_see_a_lease(
    app: Flask, manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1])
    other = make_member(app, "Basile")
    make_organisation(app, other, "Mirabelle SARL")
    client = sign_in(app, other)
    for path in (page, f"{page}/rent", f"{page}/rent.csv", f"{page}/offer.pdf"):
        assert client.get(path).status_code == 404
    nancy = sign_in(app, make_member(app, "Yvon", role=Role.MANAGER, site="nancy"))
    assert nancy.get(page).status_code == 404
    assert "Quetsche SAS" not in text_of(nancy.get("/leases"))


def test_what_rings_stands_on_top_of_the_list_and_is_mailed_once(
    app: Flask, manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1], first_day="2025-12-01", last_day="2026-12-10")
    shown = text_of(manager.get("/leases"))
    assert "À ne pas manquer" in shown
    assert "Prend fin dans moins d’un mois" in shown
    jobs.tidy_up(app)
    jobs.tidy_up(app)
    warned = [subject for to, subject in sent(app) if "Prend fin" in subject]
    assert warned == ["Prend fin dans moins d’un mois : Quetsche SAS".replace(" :", "\u00a0:")]
    assert "Fixez le jour" in text_of(manager.get(page))


def test_a_value_of_an_index_is_entered_corrected_and_never_erased(
    app: Flask, manager: FlaskClient
) -> None:
    value = {"series": "ILAT", "year": "2025", "quarter": "2", "source": "Insee 001617112"}
    when = {"published_on": "2026-11-20"}
    assert "pas encore publié ou saisi" in text_of(manager.get("/indices"))
    answer = press(manager, "/indices", "/indices", value="138,00", **value, **when)
    assert answer.status_code == 303
    again = press(manager, "/indices", "/indices", value="138.00", **value, **when)
    assert again.status_code == 422
    assert "a déjà cette valeur" in text_of(again)
    press(manager, "/indices", "/indices", value="138,05", **value, **when)
    assert "138,05 corrigé" in text_of(manager.get("/indices"))
    count = "SELECT count(*) FROM index_values WHERE year = 2025 AND quarter = 2"
    assert scalar(app, count) == 2
    early = press(manager, "/indices", "/indices", value="139", published_on="2026-12-24", **value)
    assert "n’est pas encore venue" in text_of(early)
    assert press(manager, "/indices", "/indices", value="x", **value, **when).status_code == 422


def test_values_are_pasted_as_csv_all_or_none(manager: FlaskClient) -> None:
    head = "series,year,quarter,value,published_on,source\n"
    good = f"{head}ILC,2025,1,135.87,2025-06-20,Insee\nICC,2025,1,2146,2025-06-20,Insee\n"
    bad = press(manager, "/indices/import", "/indices", text=good + "ILC,2025,5,1,,x\n")
    assert bad.status_code == 422
    assert "Ces lignes ne se lisent pas : 4." in text_of(bad)
    assert "135,87" not in text_of(manager.get("/indices")).split("Importer plusieurs")[0]
    assert press(manager, "/indices/import", "/indices", text=good).status_code == 303
    assert "135,87" in text_of(manager.get("/indices"))
    assert press(manager, "/indices/import", "/indices", text=good).status_code == 303


def test_a_page_of_an_inventory_at_no_end_does_not_exist(
    manager: FlaskClient, tenant: tuple[FlaskClient, str]
) -> None:
    page = signed(manager, tenant[1])
    assert manager.get(f"{page}/inventory/up").status_code == 404
    assert manager.get(f"{page}/inventory-in.pdf").status_code == 404
    empty = record(manager, page, "in", "2025-12-01", **{"things-0-name": ""})
    assert empty.status_code == 422
    assert "état des lieux d’entrée" in text_of(empty)
