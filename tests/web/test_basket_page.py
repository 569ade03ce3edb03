"""The basket on screen: added from a place, totals by who sells, taken out, confirmed together."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.bookings import service
from app.db.transaction import transaction
from tests.members import acting, make_member, press, sign_in
from tests.screens import ASKED, forms, heading, text_of
from tests.stays import SEILLE, stay

NANCY = "nancy-galle"


def test_places_are_put_together_and_confirmed_at_once(sqlite_app: Flask, now: datetime) -> None:
    member = make_member(sqlite_app)
    browser = sign_in(sqlite_app, member)
    assert "Votre panier est vide" in text_of(browser.get("/basket"))
    for space in ("metz-mirabelle", SEILLE, NANCY):
        (kept,) = forms(browser.get(f"/spaces/{space}", query_string=ASKED), "/hold")
        assert browser.post("/hold", data={**kept, "basket": "1"}).location == "/basket"
    page = browser.get("/basket")
    assert heading(page) == "Panier"
    assert text_of(page).count("Total chez ce vendeur") == 2
    assert "Panier" in text_of(browser.get("/bookings"))
    (shown,) = forms(page, "/basket")
    refs = [name.removeprefix("price-") for name in shown if name.startswith("price-")]
    assert len(refs) == 3
    taken_out = browser.post(f"/bookings/{refs[0]}/drop", data={**shown, "basket": "1"})
    assert taken_out.location == "/basket"
    stale = browser.post("/basket", data=shown)
    assert stale.status_code == 409
    assert "Rien n’est réservé" in text_of(stale)
    assert "N’est plus gardé" in text_of(stale)
    assert "Voir ce qui est libre à la même heure" in text_of(stale)
    (shown,) = forms(stale, "/basket")
    assert len([name for name in shown if name.startswith("price-")]) == 2
    assert browser.post("/basket", data=shown).location == "/bookings"
    assert text_of(browser.get("/bookings")).count("confirmée") == 2
    assert browser.post("/basket", data={**shown, f"price-{refs[1]}": "x"}).status_code == 409
    assert browser.post("/basket", data={"csrf_token": shown["csrf_token"]}).status_code == 303


def test_the_hold_of_another_is_not_found(sqlite_app: Flask, now: datetime) -> None:
    marc = make_member(sqlite_app, "Marc")
    actor = acting(sqlite_app, marc)
    with sqlite_app.app_context(), transaction() as session:
        held = service.hold_room(session, actor, stay(), now=now)
    browser = sign_in(sqlite_app, make_member(sqlite_app))
    assert press(browser, "/basket", **{f"price-{held.ref}": "6000"}).status_code == 404
