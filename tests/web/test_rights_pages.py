"""The pages of rights: my own, ordering, the desk's, and what Totems owe one another."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.bookings import service as bookings
from app.db.transaction import transaction
from app.domain.permissions import Role, Scope
from app.domain.tariffs import RightKind
from tests.apis import BOOKINGS, body, on
from tests.factories import csrf_of
from tests.members import Member, acting, make_member, sign_in
from tests.rights import bought, credited, right, wish
from tests.stays import SEATS, TUESDAY, make_token, stay

ORDER = {"site": "metz", "product": "ten_half_days", "first": "2026-11-23", "payer": ""}


@pytest.fixture
def anais(sqlite_app: Flask, now: datetime) -> Member:
    return make_member(sqlite_app)


@pytest.fixture
def browser(sqlite_app: Flask, anais: Member) -> FlaskClient:
    return sign_in(sqlite_app, anais)


@pytest.fixture
def odile(sqlite_app: Flask, now: datetime) -> Member:
    return make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz")


@pytest.fixture
def desk(sqlite_app: Flask, odile: Member) -> FlaskClient:
    return sign_in(sqlite_app, odile)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")


def test_somebody_without_rights_is_told_so_and_where_to_buy(browser: FlaskClient) -> None:
    page = text(browser, "/me/rights")
    assert "Aucun droit pour l’instant" in page
    assert 'href="/me/rights/order"' in page


def test_a_pack_is_priced_then_ordered_and_shown_with_its_movements(browser: FlaskClient) -> None:
    asked = "&".join(f"{name}={value}" for name, value in ORDER.items())
    page = text(browser, f"/me/rights/order?{asked}")
    assert "76,50 €" in page
    assert "91,80 €" in page
    token = csrf_of(browser, f"/me/rights/order?{asked}")
    answer = browser.post("/me/rights/order", data={"csrf_token": token, **ORDER})
    assert answer.status_code == 303
    mine = text(browser, "/me/rights")
    assert "il reste 10 demi-journées" in mine
    assert "Reçu : 10 demi-journées." in mine


def test_the_part_of_a_month_is_told_with_its_price(browser: FlaskClient) -> None:
    page = text(
        browser,
        "/me/rights/order?site=metz&product=month_own_seat&first=2026-11-24&to_month_end=y&payer=",
    )
    assert "49,00 €" in page
    assert "7/30 du mois" in page


def test_a_day_past_is_refused_beside_its_field(browser: FlaskClient) -> None:
    page = text(browser, "/me/rights/order?site=metz&product=ten_days&first=2026-11-01&payer=", 422)
    assert "Choisissez un premier jour" in page
    token = csrf_of(browser, "/me/rights/order")
    fields = {**ORDER, "first": "2026-11-01"}
    answer = browser.post("/me/rights/order", data={"csrf_token": token, **fields})
    assert answer.status_code == 422


def test_an_order_in_the_name_of_a_strange_organisation_is_refused(browser: FlaskClient) -> None:
    token = csrf_of(browser, "/me/rights/order")
    fields = {**ORDER, "payer": "7"}
    answer = browser.post("/me/rights/order", data={"csrf_token": token, **fields})
    assert answer.status_code == 422


def test_the_desk_sells_credits_and_takes_back(
    sqlite_app: Flask, desk: FlaskClient, anais: Member
) -> None:
    page = f"/people/{anais.id}/rights"
    token = csrf_of(desk, page)
    assert (
        desk.post(f"{page}/sell", data={"csrf_token": token, **ORDER}).headers["Location"] == page
    )
    credit = {
        "site": "metz",
        "kind": "half_days",
        "amount": "2",
        "until": "2026-12-31",
        "reason": "chauffage en panne",
    }
    assert desk.post(f"{page}/credit", data={"csrf_token": token, **credit}).status_code == 303
    shown = text(desk, page)
    assert "chauffage en panne" in shown
    assert "il reste 10 demi-journées" in shown
    assert (
        desk.post(f"{page}/1/reverse", data={"csrf_token": token, "reason": "erreur"}).status_code
        == 303
    )
    assert right(sqlite_app, 1).balance == 0


def test_a_credit_without_reason_or_number_keeps_what_was_typed(
    desk: FlaskClient, anais: Member
) -> None:
    page = f"/people/{anais.id}/rights"
    token = csrf_of(desk, page)
    fields = {"site": "metz", "kind": "days", "amount": "0", "until": "2026-12-30", "reason": ""}
    answer = desk.post(f"{page}/credit", data={"csrf_token": token, **fields})
    assert answer.status_code == 422
    assert 'value="2026-12-30"' in answer.get_data(as_text=True)


def test_pages_are_noted_and_given_back(
    sqlite_app: Flask, desk: FlaskClient, anais: Member, now: datetime
) -> None:
    month = bought(sqlite_app, acting(sqlite_app, anais), wish("month_own_seat"), now)
    page = f"/people/{anais.id}/rights"
    token = csrf_of(desk, page)
    desk.post(f"{page}/{month + 2}/use", data={"csrf_token": token, "amount": "7"})
    assert "il reste 43 pages" in text(desk, page)
    entry = right(sqlite_app, month + 2)
    assert entry.balance == 43
    wrong = desk.post(f"{page}/{month + 2}/use", data={"csrf_token": token, "amount": "44"})
    assert wrong.status_code == 409


def test_members_see_nothing_of_the_desk(browser: FlaskClient, odile: Member) -> None:
    assert browser.get(f"/people/{odile.id}/rights").status_code == 403
    assert browser.get("/roaming").status_code == 403


def test_an_offer_says_what_a_pack_pays_and_what_will_be_left(
    sqlite_app: Flask, browser: FlaskClient, anais: Member, now: datetime
) -> None:
    actor = acting(sqlite_app, anais)
    bought(sqlite_app, actor, wish(), now)
    with sqlite_app.app_context(), transaction() as session:
        hold = bookings.hold_room(session, actor, stay("09:00-12:00", SEATS, people=1), now=now)
    page = text(browser, f"/bookings/{hold.ref}/confirm")
    assert "Rien à régler" in page
    assert "il restera 9 demi-journées" in page
    with sqlite_app.app_context(), transaction() as session:
        bookings.confirm(session, actor, hold.ref, now=now)
    assert "il reste 9 demi-journées" in text(browser, f"/bookings/{hold.ref}")


def test_a_price_that_changed_is_shown_before_it_is_taken(
    sqlite_app: Flask, browser: FlaskClient, anais: Member, odile: Member, now: datetime
) -> None:
    actor, staff = acting(sqlite_app, anais), acting(sqlite_app, odile)
    credited(sqlite_app, staff, anais.id, now)
    holds = []
    for day in (TUESDAY, date(2026, 11, 25)):
        with sqlite_app.app_context(), transaction() as session:
            wanted = stay("09:00-12:00", SEATS, day, people=1)
            holds.append(bookings.hold_room(session, actor, wanted, now=now))
    path = f"/bookings/{holds[1].ref}/confirm"
    token = csrf_of(browser, path)
    with sqlite_app.app_context(), transaction() as session:
        bookings.confirm(session, actor, holds[0].ref, now=now)
    fields = {"csrf_token": token, "title": "", "people": "1", "price": "0"}
    refused = browser.post(path, data=fields)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Le prix a changé : il est maintenant de 10,80 €" in page
    assert 'name="price" type="hidden" value="1080"' in page
    accepted = browser.post(path, data={**fields, "price": "1080"})
    assert accepted.status_code == 303


def test_roaming_is_told_by_month_and_as_csv(
    sqlite_app: Flask, anais: Member, now: datetime
) -> None:
    manager = make_member(sqlite_app, "Maude", role=Role.NETWORK_MANAGER)
    nancy = make_member(sqlite_app, "Nadia", role=Role.CONCIERGE, site="nancy")
    actor = acting(sqlite_app, anais)
    bought(sqlite_app, actor, wish("month_any_seat"), now)
    with sqlite_app.app_context(), transaction() as session:
        wanted = stay("09:00-12:00", _seats(sqlite_app, "nancy"), people=1)
        visit = bookings.book(session, actor, wanted, now=now)
    staff = acting(sqlite_app, nancy)
    with sqlite_app.app_context(), transaction() as session:
        bookings.check_in(session, staff, visit.ref, now=visit.span.start)
    browser = sign_in(sqlite_app, manager)
    page = text(browser, "/roaming?month=2026-11")
    assert "Association TCRM-Blida" in page
    assert "5,00 €" in page
    csv = browser.get("/roaming.csv?month=2026-11").get_data(as_text=True).splitlines()
    assert csv[0].startswith("date,debtor,creditor")
    assert csv[1].startswith("2026-11-24,metz,nancy,nancy,month_any_seat,5.00,EUR,")
    assert "Rien n’est dû" in text(browser, "/roaming?month=2026-10")
    assert "Rien n’est dû" in text(browser, "/roaming?month=1999-10") or page


def _seats(app: Flask, site: str) -> str:
    from app.db.transaction import reading
    from app.spaces.queries import find_network

    with app.app_context(), reading() as session:
        spaces = find_network(session).get_site(site).spaces
        return next(space.code for space in spaces if space.kind == "seat")


class TestApi:
    def test_rights_are_listed_and_a_quote_says_which_it_uses(
        self, sqlite_app: Flask, anais: Member, now: datetime
    ) -> None:
        actor = acting(sqlite_app, anais)
        pack = bought(sqlite_app, actor, wish(), now)
        headers = make_token(sqlite_app, actor, *Scope)
        client = sqlite_app.test_client()
        (item,) = client.get("/api/v1/me/rights", headers=headers).json["items"]
        assert (item["id"], item["kind"], item["left"]) == (pack, RightKind.HALF_DAYS, 10)
        assert item["usable"] is True
        wanted = body(**on("2026-11-24"), space=SEATS, people=1)
        made = client.post(BOOKINGS, json=wanted, headers=headers).json
        assert made["quote"]["rights"] == [{"id": pack, "amount": 1}]
        assert made["due"]["amount"] == 0

    def test_rights_need_a_token(self, sqlite_app: Flask) -> None:
        assert sqlite_app.test_client().get("/api/v1/me/rights").status_code == 401
