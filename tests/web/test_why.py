"""Everywhere a price shows it says why: rule, proof, hours, tax, act, and what would lower it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.db.transaction import transaction
from app.domain.booking_states import BookingState
from app.domain.profiles import Profile
from app.people import service as people
from app.people.service import Holder
from app.web import clock
from tests.apis import body
from tests.cards import (
    changed,
    charter_content,
    make_draft,
    network_boss,
    publish,
    published_here,
)
from tests.databases import Counted
from tests.members import Member, acting, make_member, press, sign_in
from tests.screens import links, text_of
from tests.stays import BORN, booked, held, make_person, make_token, stay

ACT = "Charte du réseau LORnTECH, délibération concordante du 15 décembre 2025"
EVENING = {"date": "2026-11-24", "start": "17:00", "end": "19:00", "people": "4"}
PLACE = "/spaces/metz-mirabelle"
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def make_student(app: Flask, name: str = "Anaïs") -> Member:
    member = make_member(app, name)
    with app.app_context(), transaction() as session:
        people.grant_profile(
            session,
            None,
            holder=Holder(account_id=member.id),
            profile=Profile.STUDENT,
            valid_from=date(2026, 9, 1),
            valid_until=date(2027, 8, 31),
            reason="carte",
            now=BORN,
        )
    return member


def test_a_place_explains_every_line_the_tax_and_the_card(sqlite_app: Flask, now: datetime) -> None:
    words = text_of(sqlite_app.test_client().get(PLACE, query_string=EVENING))
    row = "Ligne « salle de réunion, jusqu’à 12 personnes » de la grille : 25,00 € l’heure"
    assert f"{row} (17 h – 18 h)." in words
    assert "Heures du soir : +25 %, une seule fois." in words
    assert "15,625 €, arrondis une fois à 15,63 €." in words
    assert "Coefficient de ce Totem : × 1,00." in words
    assert (
        "Profil : petite entreprise ou indépendant, le tarif de base, sans justificatif." in words
    )
    assert "TVA au taux normal, 20 % de 53,13 € : 10,63 €." in words
    assert f"Grille nᵒ 1, en vigueur depuis le jeudi 1er janvier 2026 : {ACT}." in words


def test_what_would_lower_a_price_is_told_with_its_proof_and_where_to_prove_it(
    sqlite_app: Flask, now: datetime
) -> None:
    seat = {"date": "2026-11-24", "start": "09:00", "end": "13:00", "people": "1"}
    page = sqlite_app.test_client().get("/spaces/metz-poulailler", query_string=seat)
    words = text_of(page)
    student = (
        "avec le profil étudiant Carte d’étudiant ou certificat de scolarité de l’année en cours."
    )
    assert f"{student} 4,32 € TTC" in words
    assert "avec un carnet de 10 demi-journées, pour cette visite 9,18 € TTC" in words
    assert "/me/profiles" in links(page)
    assert "/sites/metz/prices" in links(page)


def test_the_proof_that_counts_is_told_with_its_days(sqlite_app: Flask, now: datetime) -> None:
    client = sign_in(sqlite_app, make_student(sqlite_app))
    for page in (
        client.get("/", query_string={**EVENING, "site": "metz"}),
        client.get(PLACE, query_string=EVENING),
    ):
        words = text_of(page)
        assert "Profil : étudiant, × 0,40." in words
        assert (
            "Justificatif accepté, valable du mardi 1er septembre 2026 au mardi 31 août 2027."
        ) in words
        assert "Ce qui ferait baisser" not in words


def test_a_pack_to_buy_says_why_and_what_would_lower_it(sqlite_app: Flask, now: datetime) -> None:
    asked = {"site": "epinal", "product": "ten_days", "first": "2026-11-24", "payer": ""}
    base = sign_in(sqlite_app, make_member(sqlite_app, "Bruno"))
    words = text_of(base.get("/me/rights/order", query_string=asked))
    assert "Le carnet coûte 15 % de moins qu’à l’unité." in words
    assert "108,375 €, arrondis une fois à 108,38 €." in words
    assert "avec le profil étudiant Carte d’étudiant" in words
    assert "52,02 € TTC" in words  # 150.00 × 0.85 × 0.85 × 0.40 and 20 %
    student = sign_in(sqlite_app, make_student(sqlite_app))
    told = text_of(student.get("/me/rights/order", query_string=asked))
    assert "52,02 €" in told
    assert "Justificatif accepté, valable du" in told
    assert "Ce qui ferait baisser" not in told


def test_a_hold_a_booking_and_a_move_are_explained(sqlite_app: Flask, now: datetime) -> None:
    member = make_student(sqlite_app)
    client = sign_in(sqlite_app, member)
    hold = held(sqlite_app, acting(sqlite_app, member), stay("10:00-12:00"), now)
    words = text_of(client.get(f"/bookings/{hold.ref}/confirm"))
    assert "Pourquoi ce prix ?" in words
    assert "Justificatif accepté" in words
    press(client, f"/bookings/{hold.ref}/confirm", title="", people="4")
    words = text_of(client.get(f"/bookings/{hold.ref}"))
    assert "Justificatif accepté" in words
    assert ACT in words
    moved = client.get(f"/bookings/{hold.ref}/move", query_string=EVENING)
    words = text_of(moved)
    assert words.count("Pourquoi ce prix ?") == 2  # of what stands, and of what it would become
    assert "Heures du soir" in words


def test_a_booking_is_explained_by_its_own_card_and_never_by_a_later_one(tmp_path: Path) -> None:
    with (
        published_here("sqlite", tmp_path) as app,
        clock.freeze(datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ):
        member = make_member(app)
        now = clock.now()
        made = booked(app, acting(app, member), stay("10:00-12:00", day=date(2026, 12, 15)), now)
        boss = network_boss(app)
        with app.app_context():
            dearer = changed(charter_content(), "rows.meeting_12.hour", "30.00")
            publish(boss, make_draft(boss, dearer), date(2026, 12, 1), "Délibération n° 2026-42")
        with clock.freeze(DECEMBER):
            client = sign_in(app, member)
            old = text_of(client.get(f"/bookings/{made.ref}"))
            new = text_of(
                client.get("/spaces/metz-moselle", query_string={**EVENING, "date": "2026-12-15"})
            )
    assert made.state is BookingState.CONFIRMED
    assert "Grille nᵒ 1, en vigueur" in old
    assert "25,00 € l’heure (10 h – 12 h)" in old
    assert "Délibération n° 2026-42" not in old
    assert "Grille nᵒ 2, en vigueur depuis le mardi 1er décembre 2026" in new


def test_a_quote_of_the_api_is_explained_and_says_what_would_lower_it(
    sqlite_app: Flask, now: datetime
) -> None:
    asked: dict[str, Any] = {**body(), "space": "metz-mirabelle"}
    asked.pop("title", None)
    told = sqlite_app.test_client().post("/api/v1/quotes", json=asked).json
    assert told is not None
    codes = [(step["code"], step["line"]) for step in told["explanation"]]
    assert codes == [("base", 0), ("site", 0), ("profile", 0), ("vat", None), ("card", None)]
    assert all(step["text"] for step in told["explanation"])
    card = told["explanation"][-1]["facts"]
    assert card == {"version": 1, "effective_on": "2026-01-01", "deliberation": ACT}
    first = told["would_lower"][0]
    assert (first["profile"], first["product"], first["name"]) == ("student", None, "étudiant")
    assert first["net"]["amount"] == told["net"]["amount"] * 2 // 5
    assert first["gross"]["amount"] == told["gross"]["amount"] * 2 // 5
    nets = [each["net"]["amount"] for each in told["would_lower"]]
    assert nets == sorted(nets)
    assert nets[-1] < told["net"]["amount"]


def test_the_share_of_a_pack_lowers_the_price_of_a_seat_in_the_api(
    sqlite_app: Flask, now: datetime
) -> None:
    headers = make_token(sqlite_app, make_person(sqlite_app))
    asked = {
        "space": "metz-poulailler",
        "starts_at": "2026-11-24T09:00:00+01:00",
        "ends_at": "2026-11-24T13:00:00+01:00",
        "people": 1,
    }
    told = sqlite_app.test_client().post("/api/v1/quotes", json=asked, headers=headers).json
    assert told is not None
    (pack,) = [each for each in told["would_lower"] if each["product"]]
    assert pack["product"] == "ten_half_days"
    assert (pack["net"]["amount"], pack["gross"]["amount"]) == (765, 918)


def test_explaining_asks_the_database_nothing_more(
    app: Flask,
    client: FlaskClient,
    count_statements: Callable[[], AbstractContextManager[Counted]],
    now: datetime,
) -> None:
    member = make_student(app)
    browser = sign_in(app, member)
    made = booked(app, acting(app, member), stay("10:00-12:00"), now)
    kept = held(app, acting(app, member), stay("14:00-15:00"), now)

    def count(path: str) -> int:
        browser.get(path)  # what is read once a process has been read
        with count_statements() as counted:
            assert browser.get(path).status_code == 200
        return len(counted)

    seen = count(f"/bookings/{made.ref}"), count(f"/bookings/{kept.ref}/confirm")
    for hour in range(8, 18):
        booked(
            app,
            make_person(app, f"P{hour}"),
            stay(f"{hour:02d}:00-{hour:02d}:15", "metz-quetsche"),
            now,
        )
    assert (count(f"/bookings/{made.ref}"), count(f"/bookings/{kept.ref}/confirm")) == seen
    assert max(seen) <= 4
